//! Files that nobody vouches for: whatever their bytes are, they are read or refused by name, without a panic and without memory of a claimed size.

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;
use latent_lab::data::import::{Import, MOST_PICTURES, Options};
use latent_lab::data::{Images, PIXELS};
use latent_lab::error::InCatalogue;
use latent_lab::messages::sentence;
use proptest::prelude::*;

use crate::damaged_data::{damage, damaged};
use crate::foreign_properties::cases;
use crate::imports::file;

/// What is read is a data set, and what is not has a sentence that names the file.
fn is_read_or_refused(name: &str, bytes: Vec<u8>) -> Result<(), TestCaseError> {
    let mut import = Import::new(MOST_PICTURES);
    match import.add(name, bytes) {
        Ok(pictures) => {
            for index in 0..pictures {
                if import.picture(index).is_ok() {
                    import.take_pixels(index, 3, 2, &[7; 24]).unwrap();
                } else {
                    import.refuse(index, "damaged").unwrap();
                }
            }
        }
        Err(error) => {
            let message = sentence(&error);
            prop_assert!(message.starts_with(name) && !message.contains("{file}"), "{message}");
            prop_assert!(error.kind().starts_with("import_") || error.kind().starts_with("data_"));
        }
    }
    let summary = import.summary();
    prop_assert!(summary.count <= MOST_PICTURES && summary.classes.len() <= 62);
    prop_assert!(summary.mean.iter().all(|pixel| (0.0..=1.0).contains(pixel)));
    if let Ok(set) = import.finish(&Options { mnist_frame: true, ..Options::default() }) {
        let images = Images::parse("train", set.train_images).unwrap();
        prop_assert_eq!(images.len(), set.train);
        let labels = set.train_labels.map(|labels| labels[8..].to_vec()).unwrap_or_default();
        prop_assert!(labels.iter().all(|&label| usize::from(label) < set.classes.len()));
        prop_assert!(labels.is_empty() || labels.len() == set.train);
    }
    Ok(())
}

/// The bytes in a gzipped file of `data-files`.
fn unpacked(name: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    std::io::Read::read_to_end(&mut flate2::read::GzDecoder::new(&file(name)[..]), &mut bytes).unwrap();
    bytes
}

fn npy(header: &str, data: &[u8]) -> Vec<u8> {
    [b"\x93NUMPY\x01\x00", &(header.len() as u16).to_le_bytes()[..], header.as_bytes(), data].concat()
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn any_bytes(bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
        is_read_or_refused("file", bytes)?;
    }

    #[test]
    fn bytes_that_begin_as_a_format_does(
        start in prop::sample::select(vec![&b"PK\x03\x04"[..], b"\x93NUMPY\x01\x00", b"\0\0\x08\x03", b"\0\0\x08\x01", b"\x1f\x8b\x08", b"1,2,", b"\x89PNG"]),
        bytes in proptest::collection::vec(any::<u8>(), 0..300),
    ) {
        is_read_or_refused("file", [start, &bytes].concat())?;
    }

    #[test]
    fn texts(text in "[0-9a-z.,;\t\n\"-]{0,200}") {
        is_read_or_refused("file", text.into_bytes())?;
    }

    #[test]
    fn tables_with_a_damaged_byte(damages in proptest::collection::vec(damage(), 1..3)) {
        let table = unpacked("label-first.csv.gz");
        is_read_or_refused("table.csv", damages.iter().fold(table, |table, each| damaged(&table, each, 16)))?;
    }

    #[test]
    fn archives(name in prop::sample::select(vec!["mnist.npz", "pictures.zip", "files.zip", "climbs.zip", "positional.npz"]), damages in proptest::collection::vec(damage(), 1..4)) {
        is_read_or_refused("archive", damages.iter().fold(file(name), |bytes, each| damaged(&bytes, each, 64)))?;
    }

    #[test]
    fn arrays(name in prop::sample::select(vec!["float32", "fortran", "float64-big-endian", "bool", "object"]), damages in proptest::collection::vec(damage(), 1..4)) {
        let array = unpacked(&format!("{name}.npy.gz"));
        is_read_or_refused("array", damages.iter().fold(array, |bytes, each| damaged(&bytes, each, 128)))?;
    }

    #[test]
    fn headers_of_arrays(
        descr in prop::sample::select(vec!["'<f4'", "'|u1'", "'>i8'", "'|O'", "'<f16'", "'<U7'", "[('a', '<f4')]", "''", "1"]),
        shape in proptest::collection::vec(prop_oneof![0_u64..5, Just(28), Just(784), Just(1 << 20), any::<u64>()], 0..6),
        order in prop::sample::select(vec!["True", "False", "None"]),
        data in proptest::collection::vec(any::<u8>(), 0..4000),
    ) {
        let shape: String = shape.iter().map(|size| format!("{size}, ")).collect();
        let header = format!("{{'descr': {descr}, 'fortran_order': {order}, 'shape': ({shape}), }}\n");
        is_read_or_refused("array", npy(&header, &data))?;
    }

    #[test]
    fn gzipped_files(damages in proptest::collection::vec(damage(), 1..3)) {
        let gzipped = file("train-images-idx3-ubyte.gz");
        is_read_or_refused("train-images.gz", damages.iter().fold(gzipped, |bytes, each| damaged(&bytes, each, 16)))?;
    }

    #[test]
    fn pictures_of_any_size(width in 1_usize..90, height in 1_usize..90, shade in any::<u8>(), alpha in any::<u8>()) {
        let mut import = Import::new(MOST_PICTURES);
        import.add("a/1.png", b"\x89PNG\r\n\x1a\n".to_vec()).unwrap();
        let rgba = [shade, shade, shade, alpha].repeat(width * height);
        import.take_pixels(0, width, height, &rgba).unwrap();
        let pixels = import.finish(&Options::default()).unwrap().train_images[16..].to_vec();
        prop_assert_eq!(pixels.len(), PIXELS);
        prop_assert!(pixels.iter().all(|&pixel| pixel == pixels[0]), "one shade stays one shade");
        prop_assert!(alpha < 255 || pixels[0] == shade);
    }
}

#[test]
fn what_would_need_more_memory_than_there_is_is_refused_by_its_header() {
    let of = |bytes: Vec<u8>| sentence(&Import::new(MOST_PICTURES).add("large", bytes).unwrap_err());
    let huge = "{'descr': '<f8', 'fortran_order': True, 'shape': (1000000, 1000000), }\n";
    assert!(of(npy(huge, &[])).contains("header of the array"));
    let many = "{'descr': '|u1', 'fortran_order': False, 'shape': (200000, 784), }\n";
    assert!(of(npy(many, &[])).contains("more than 100000 pictures"));
    let nested = format!("{{'descr': '|u1', 'shape': {}, 'fortran_order': False}}", "(".repeat(60_000));
    assert!(of(npy(&nested, &[])).contains("header of the array"));
    let idx = |sizes: [u32; 3]| [&[0x803_u32][..], &sizes].concat().into_iter().flat_map(u32::to_be_bytes).collect();
    assert!(of(idx([1, 1 << 16, 1 << 16])).contains("larger than 1000 MB"));
    assert!(of(idx([u32::MAX, 28, 28])).contains("more than 100000 pictures"));
    let row = [&b"1,2,"[..], &b"3".repeat(9_000_000)].concat();
    assert!(of(row).contains("is not read"), "a row without an end");
}

#[test]
fn a_gzipped_file_is_read_no_further_than_its_limit() {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(&b"1\n".repeat(MOST_PICTURES + 1)).unwrap();
    let error = Import::new(MOST_PICTURES).add("bomb.gz", encoder.finish().unwrap()).unwrap_err();
    assert!(sentence(&error).contains("more than 100000 pictures"), "{error}");
}
