//! Labs that other programs have unpacked and packed again: `tests/archives/make.py` says which and how. And bombs.

use std::io::Write;
use std::path::Path;

use flate2::Compression;
use flate2::write::DeflateEncoder;
use latent_lab::archive::{Writer, read};
use latent_lab::error::{Error, InCatalogue};
use latent_lab::messages::sentence;

use crate::archive::{self, Files, inflate};

const READ: [&str; 12] = [
    "deflated",
    "stored",
    "other-order",
    "folders",
    "in-a-folder",
    "streamed",
    "streamed-stored",
    "zip64",
    "zip64-streamed",
    "info-zip",
    "info-zip-piped",
    "info-zip-zip64",
];

fn fixture(name: &str) -> Vec<u8> {
    std::fs::read(Path::new("tests/archives").join(name).with_extension("zip")).unwrap()
}

fn deflate(contents: &[u8]) -> Vec<u8> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(contents).unwrap();
    encoder.finish().unwrap()
}

/// The files of an archive by name, in the order of the names.
fn files(bytes: &[u8]) -> Result<Files<'_>, Error> {
    let mut files = archive::read(bytes)?;
    files.sort();
    Ok(files)
}

fn kind(bytes: &[u8]) -> &'static str {
    let error = files(bytes).unwrap_err();
    assert!(!sentence(&error).contains('{'), "{error}");
    error.kind()
}

#[test]
fn a_lab_that_was_packed_again_is_the_same_lab() {
    let stored = fixture("stored");
    let expected = files(&stored).unwrap();
    assert_eq!(
        expected.iter().map(|(name, contents)| (*name, contents.len())).collect::<Vec<_>>(),
        [("lab.json", 837), ("runs/01-vae/history.csv", 636), ("weights/model.safetensors", 768)]
    );
    for name in READ {
        assert_eq!(files(&fixture(name)).unwrap(), expected, "{name}");
    }
}

#[test]
fn other_compressions_and_encryption_are_refused() {
    assert_eq!(kind(&fixture("bzip2")), "archive_compressed");
    assert_eq!(kind(&fixture("lzma")), "archive_compressed");
    assert_eq!(kind(&fixture("info-zip-encrypted")), "archive_encrypted");
}

#[test]
fn every_truncation_of_each_is_refused() {
    for name in READ {
        let whole = fixture(name);
        for length in 0..whole.len() {
            assert!(files(&whole[..length]).is_err(), "{name}, {length} bytes");
        }
    }
}

/// Any single bit: those of dates, versions and attributes are not read.
#[test]
fn no_flipped_bit_changes_what_is_read() {
    for name in ["deflated", "in-a-folder", "zip64-streamed", "info-zip-zip64"] {
        let whole = fixture(name);
        let expected = files(&whole).unwrap();
        for bit in 0..8 * whole.len() {
            let mut bytes = whole.clone();
            bytes[bit / 8] ^= 1 << (bit % 8);
            match files(&bytes) {
                Ok(found) => assert_eq!(found, expected, "{name}, bit {bit}"),
                Err(error) => assert!(error.kind().starts_with("archive_"), "{error}"),
            }
        }
    }
}

/// An archive of lab.json and of an entry that is deflated to `packed`, and says that it has `size` bytes.
fn with_deflated(packed: &[u8], size: u32, crc: u32) -> Vec<u8> {
    let mut writer = Writer::default();
    let mut bytes = Vec::new();
    for (name, contents) in [("lab.json", &b"{}"[..]), ("zeros", packed)] {
        bytes.extend(writer.header(name, contents));
        bytes.extend(contents);
    }
    bytes.extend(writer.finish());
    let headers: Vec<usize> = (0..bytes.len() - 4).filter(|&at| bytes[at..].starts_with(b"PK")).collect();
    for (at, shift) in [(headers[1], 0), (headers[3], 2)] {
        bytes[at + 8 + shift] = 8;
        bytes[at + 14 + shift..at + 18 + shift].copy_from_slice(&crc.to_le_bytes());
        bytes[at + 22 + shift..at + 26 + shift].copy_from_slice(&size.to_le_bytes());
    }
    bytes
}

#[test]
fn what_would_be_much_larger_unpacked_is_refused_before_it_is_unpacked() {
    let refused = |bytes: &[u8]| read(bytes).unwrap_err();
    let zeros = deflate(&vec![0; 30_000_000]);
    assert!(zeros.len() < 40_000);
    let error = refused(&with_deflated(&zeros, 30_000_000, 0));
    assert_eq!(error.kind(), "archive_unpacked_too_large");
    assert!(sentence(&error).contains("31 MB"), "{}", sentence(&error));
    let most = refused(&with_deflated(&vec![0; 5_000_000], 4_000_000_000, 0));
    assert_eq!(most.kind(), "archive_unpacked_too_large");
    let impossible = refused(&with_deflated(&[3, 0], 1_000_000, 0));
    assert_eq!(impossible.kind(), "archive_damaged", "deflate packs at most 1032 times");
}

#[test]
fn an_entry_is_never_unpacked_beyond_the_size_that_it_says() {
    let zeros = deflate(&vec![0; 30_000_000]);
    assert_eq!(kind(&with_deflated(&zeros, 1000, 0)), "archive_checksum");
    let few = deflate(&[7; 1000]);
    assert_eq!(kind(&with_deflated(&few, 1001, 0)), "archive_checksum", "fewer bytes than it says");
    let entry = read(&with_deflated(&few, 1000, 0)).unwrap().pop().map(|it| it.contents(inflate).unwrap_err().kind());
    assert_eq!(entry, Some("archive_checksum"), "other bytes than it says");
}

/// Entries that all are the same bytes of the file would be many times larger than it: the names in their headers differ, or are there twice.
#[test]
fn entries_that_share_bytes_are_refused_in_any_order() {
    let whole = fixture("other-order");
    let central = |from: usize| from + whole[from..].windows(4).position(|window| window == b"PK\x01\x02").unwrap();
    let [first, second] = [central(0), central(central(0) + 4)];
    let mut bytes = whole.clone();
    bytes.copy_within(second + 42..second + 46, first + 42);
    assert_eq!(kind(&bytes), "archive_damaged");
    let folder = with_deflated(&deflate(&[7; 60_000]), 60_000, 0);
    assert_eq!(kind(&folder), "archive_checksum");
    let start = folder.windows(4).position(|window| window == b"PK\x01\x02").unwrap();
    let entry = start + 46 + "lab.json".len()..folder.len() - 22;
    let mut many = folder[..start].to_vec();
    many[folder[..start].windows(5).position(|window| window == b"zeros").unwrap() + 4] = b'/'; // folders may be there twice
    let mut directory = folder[entry].to_vec();
    directory[46 + 4] = b'/';
    let count = 20_u16;
    let directory = directory.repeat(usize::from(count));
    many.extend(&directory);
    many.extend([&b"PK\x05\x06\0\0\0\0"[..], &count.to_le_bytes(), &count.to_le_bytes()].concat());
    many.extend([directory.len() as u32, start as u32].map(u32::to_le_bytes).concat());
    many.extend([0; 2]);
    assert_eq!(kind(&many), "archive_damaged");
}

#[test]
fn more_files_than_any_lab_has_are_refused() {
    let mut bytes = fixture("stored");
    let end = bytes.len() - 22;
    bytes[end + 8..end + 12].copy_from_slice(&[30_000_u16.to_le_bytes(), 30_000_u16.to_le_bytes()].concat());
    assert_eq!(kind(&bytes), "archive_entries");
}

#[test]
fn the_lab_is_the_one_nearest_to_the_root() {
    let of_names = |names: &[&str]| {
        let mut writer = Writer::default();
        let mut bytes = Vec::new();
        for name in names {
            bytes.extend(writer.header(name, name.as_bytes()));
            bytes.extend(name.as_bytes());
        }
        bytes.extend(writer.finish());
        bytes
    };
    let names = |bytes: &[u8]| files(bytes).unwrap().iter().map(|(name, _)| (*name).to_owned()).collect::<Vec<_>>();
    assert_eq!(names(&of_names(&["old/lab.json", "lab.json", "a"])), ["a", "lab.json", "old/lab.json"]);
    assert_eq!(names(&of_names(&["a/b/lab.json", "a/lab.json", "a/x", "y"])), ["b/lab.json", "lab.json", "x"]);
    assert_eq!(kind(&of_names(&["notlab.json", "a/otherlab.json"])), "archive_foreign");
}
