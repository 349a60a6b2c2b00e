//! Archives: written and read again, and whatever damage they have, the whole or an error.

use std::borrow::Cow;
use std::io::Read;
use std::process::Command;

use flate2::read::DeflateDecoder;
use latent_lab::archive::{Writer, read as layout};
use latent_lab::error::{Error, InCatalogue};
use latent_lab::messages::sentence;
use proptest::prelude::*;

use crate::damaged_data::{damage, damaged};
use crate::foreign_properties::cases;

const LAB: &[u8] = b"{\"format\":\"latent-lab\"}";

fn archive(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = Writer::default();
    let mut bytes = Vec::new();
    for (name, contents) in files {
        bytes.extend(writer.header(name, contents));
        bytes.extend(*contents);
    }
    bytes.extend(writer.finish());
    bytes
}

/// An archive of a small lab.
fn lab() -> Vec<u8> {
    archive(&[("lab.json", LAB), ("runs/1-vae/checkpoint.safetensors", &[7; 90]), ("drawing.png", b"\x89PNG")])
}

pub type Files<'a> = Vec<(&'a str, Cow<'a, [u8]>)>;

pub fn inflate(packed: &[u8], size: usize) -> Option<Vec<u8>> {
    let mut contents = Vec::new();
    DeflateDecoder::new(packed).take(size as u64 + 1).read_to_end(&mut contents).ok()?;
    Some(contents)
}

/// The files of an archive, unpacked and checked.
pub fn read(bytes: &[u8]) -> Result<Files<'_>, Error> {
    layout(bytes)?.into_iter().map(|entry| Ok((entry.name, entry.contents(inflate)?))).collect()
}

fn kind(bytes: &[u8]) -> &'static str {
    let error = read(bytes).unwrap_err();
    assert!(!sentence(&error).contains('{'), "{error}");
    error.kind()
}

/// The archive with other bytes in both headers of its first entry: `local` and `central` are where they have them.
fn with_first(mut bytes: Vec<u8>, local: usize, value: &[u8]) -> Vec<u8> {
    let central = bytes.windows(4).position(|window| window == b"PK\x01\x02").unwrap();
    let of_central = if local >= 30 { local + 16 } else { local + 2 };
    for at in [local, central + of_central] {
        bytes[at..at + value.len()].copy_from_slice(value);
    }
    bytes
}

#[test]
fn an_archive_holds_what_was_written_and_has_the_same_bytes_again() {
    let files: [(&str, &[u8]); 3] = [("lab.json", LAB), ("weights/größe.safetensors", &[1; 1000]), ("empty", b"")];
    let bytes = archive(&files);
    let found = read(&bytes).unwrap();
    let found: Vec<_> = found.iter().map(|(name, contents)| (*name, &**contents)).collect();
    assert_eq!(found, files);
    assert_eq!(archive(&found), bytes);
}

/// Known values of CRC-32 and of the format, so that other programs read what this one writes.
#[test]
fn the_checksum_is_that_of_the_format() {
    let bytes = archive(&[("lab.json", b"123456789")]);
    assert_eq!(bytes[14..18], 0xcbf4_3926_u32.to_le_bytes());
    assert_eq!(bytes[..4], *b"PK\x03\x04");
    assert_eq!(bytes[10..14], [0, 0, 0x21, 0], "1 January 1980");
}

#[test]
fn what_is_no_archive_of_ours_is_said() {
    assert_eq!(kind(b""), "archive_not_zip");
    assert_eq!(kind(b"\x89PNG\r\n"), "archive_not_zip");
    assert_eq!(kind(b"PK\x05\x06"), "archive_cut");
    assert_eq!(kind(&archive(&[])), "archive_foreign");
    assert_eq!(kind(&archive(&[("a/data.pkl", b"x")])), "archive_foreign");
    assert!(sentence(&read(&archive(&[("a/data.pkl", b"x")])).unwrap_err()).contains("a/data.pkl"));
}

#[test]
fn every_truncation_is_refused() {
    let whole = lab();
    for length in 0..whole.len() {
        let expected = if length < 4 { "archive_not_zip" } else { "archive_cut" };
        assert_eq!(kind(&whole[..length]), expected, "{length} bytes");
    }
}

/// Any single bit of contents, names, sizes and checksums: those of neither are dates and attributes.
#[test]
fn no_flipped_bit_changes_what_is_read() {
    let whole = lab();
    let expected: Vec<_> = read(&whole).unwrap();
    for bit in 0..8 * whole.len() {
        let mut bytes = whole.clone();
        bytes[bit / 8] ^= 1 << (bit % 8);
        if let Ok(entries) = read(&bytes) {
            assert_eq!(entries, expected, "bit {bit}");
        }
    }
}

#[test]
fn encrypted_entries_and_those_of_other_compressions_have_their_sentences() {
    assert_eq!(kind(&with_first(lab(), 6, &[1, 8])), "archive_encrypted");
    for method in [1, 9, 12, 14, 93] {
        assert_eq!(kind(&with_first(lab(), 8, &[method, 0])), "archive_compressed");
    }
    assert_eq!(kind(&with_first(lab(), 8, &[8, 0])), "archive_checksum", "no deflate stream");
    assert_eq!(kind(&with_first(lab(), 18, &[0xff; 8])), "archive_damaged", "sizes that are nowhere");
    let mut bytes = lab();
    let end = bytes.len() - 22;
    bytes[end + 8..end + 12].copy_from_slice(&[0xff; 4]);
    assert_eq!(kind(&bytes), "archive_damaged", "numbers that are nowhere");
}

/// A declared size is never allocated: it has to be in the file.
#[test]
fn declared_sizes_beyond_the_file_are_damage() {
    for size in [1_u32, 40, 5000, 0xffff_fffe] {
        let sizes = [size, size].map(u32::to_le_bytes).concat();
        assert!(matches!(
            read(&with_first(lab(), 18, &sizes)),
            Err(Error::ArchiveDamaged {} | Error::ArchiveChecksum { .. })
        ));
    }
    let mut bytes = lab();
    let central = bytes.windows(4).rposition(|window| window == b"PK\x01\x02").unwrap();
    bytes[central + 42..central + 46].fill(0); // the last entry lies over the first one
    assert_eq!(kind(&bytes), "archive_damaged");
}

#[test]
fn names_that_lead_elsewhere_and_names_twice_are_refused() {
    for name in ["../lab.json", "/etc/passwd", "a/../../b", "a\\..\\b", "C:x", "a//b", "./a", "a\0b", "a\nb", ""] {
        assert_eq!(kind(&archive(&[("lab.json", LAB), (name, b"x")])), "archive_name", "{name:?}");
    }
    assert_eq!(kind(&archive(&[("lab.json", LAB), (&"a/".repeat(150), b"x")])), "archive_name");
    assert_eq!(kind(&archive(&[("lab.json", LAB), ("lab.json", LAB)])), "archive_name_twice");
    assert_eq!(kind(&with_first(lab(), 30, b"\xff")), "archive_name", "not UTF-8");
    let folders = archive(&[("runs/", b""), ("lab.json", LAB), ("runs/a", b"x")]);
    assert_eq!(read(&folders).unwrap().len(), 2, "folders are left out");
}

#[test]
fn a_comment_may_follow_the_end() {
    let mut bytes = lab();
    let end = bytes.len() - 2;
    bytes[end..].copy_from_slice(&[5, 0]);
    bytes.extend(b"hello");
    assert_eq!(read(&bytes).unwrap().len(), 3);
}

#[test]
fn the_command_line_lists_an_archive() {
    let folder = tempfile::tempdir().unwrap();
    let run = |name: &str, bytes: &[u8], arguments: &[&str]| {
        let file = folder.path().join(name);
        std::fs::write(&file, bytes).unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_latent-lab"));
        let output = command.arg("archive").arg(&file).args(arguments).output().unwrap();
        let [printed, error] = [output.stdout, output.stderr].map(|text| String::from_utf8(text).unwrap());
        (output.status.success(), printed, error)
    };
    let (done, list, _) = run("lab.zip", &lab(), &[]);
    assert!(done && list.contains("90  runs/1-vae/checkpoint.safetensors"), "{list}");
    let (_, printed, _) = run("lab.zip", &lab(), &["--lab"]);
    assert_eq!(printed.trim_end().as_bytes(), LAB);
    let (done, _, error) = run("cut.zip", &lab()[..60], &[]);
    assert!(!done && error.contains("cut short"), "{error}");
}

proptest! {
    #![proptest_config(cases())]

    /// Never a panic; what is read has names that lead nowhere else, and its files are parts of the archive.
    #[test]
    fn damaged_archives(damages in proptest::collection::vec(damage(), 1..4)) {
        let whole = lab();
        let bytes = damages.iter().fold(whole.clone(), |file, each| damaged(&file, each, whole.len()));
        match read(&bytes) {
            Ok(entries) => {
                prop_assert!(entries.iter().map(|(_, contents)| contents.len()).sum::<usize>() <= 20 * bytes.len() + 4_000_000);
                prop_assert!(entries.iter().all(|(name, _)| !name.split('/').any(|part| part == "..")));
            }
            Err(error) => prop_assert!(error.kind().starts_with("archive_"), "{error}"),
        }
    }

    #[test]
    fn any_bytes(start in prop::sample::select(vec![&b""[..], b"PK\x03\x04", b"PK\x05\x06"]), rest in proptest::collection::vec(any::<u8>(), 0..200)) {
        prop_assert!(read(&[start, &rest].concat()).is_err());
    }

    #[test]
    fn what_was_written(files in proptest::collection::btree_map("[a-z]{1,8}(/[a-z0-9.-]{1,8}[a-z])?", proptest::collection::vec(any::<u8>(), 0..100), 0..6)) {
        let files: Vec<_> = files.iter().map(|(name, contents)| (name.as_str(), contents.as_slice())).collect();
        let all = [&[("lab.json", LAB)][..], &files].concat();
        let bytes = archive(&all);
        let found = read(&bytes).unwrap();
        prop_assert_eq!(found.iter().map(|(name, contents)| (*name, &**contents)).collect::<Vec<_>>(), all);
    }
}

/// A decoder that knows nothing of this crate reads the picture of a drawing.
#[test]
fn a_picture_is_a_png_of_its_pixels() {
    use std::io::Read;
    let picture: Vec<f32> = (0..784).map(|at| at as f32 / 783.0).collect();
    let file = latent_lab::archive::png(&picture);
    assert_eq!(file[..8], *b"\x89PNG\r\n\x1a\n");
    assert_eq!(file[16..26], [0, 0, 0, 224, 0, 0, 0, 224, 8, 0]);
    let mut pixels = Vec::new();
    flate2::read::ZlibDecoder::new(&file[41..]).read_to_end(&mut pixels).unwrap();
    assert_eq!(pixels.len(), 224 * 225);
    for (at, ink) in picture.iter().enumerate() {
        let (row, column) = (at / 28 * 8 + 7, at % 28 * 8);
        assert_eq!(pixels[row * 225 + 1 + column], 255 - (255.0 * ink).round() as u8);
    }
}
