//! Recognises files that are not safetensors by their content: a file name proves nothing.

use serde_json::Value;

use super::zip;
use crate::Error;

/// A longer header is not read; the same limit as the safetensors library's.
const LONGEST_HEADER: u64 = 100_000_000;
/// Bytes before the header: its length.
const LENGTH: usize = size_of::<u64>();
/// How far into a text its kind is looked for, in bytes.
const BEGINNING: usize = 1024;

/// Formats by the bytes at an offset. Their names are proper names, the same in every language.
const MAGIC: &[(usize, &[u8], Format)] = &[
    (0, b"\x1f\x8b", Format::Packed("gzip")),
    (0, b"BZh", Format::Packed("bzip2")),
    (0, b"\xfd7zXZ\0", Format::Packed("xz")),
    (0, b"\x28\xb5\x2f\xfd", Format::Packed("Zstandard")),
    (0, b"7z\xbc\xaf\x27\x1c", Format::Packed("7-Zip")),
    (0, b"Rar!\x1a\x07", Format::Packed("RAR")),
    (257, b"ustar", Format::Packed("tar")),
    (0, b"\x89PNG\r\n\x1a\n", Format::Image("PNG")),
    (0, b"\xff\xd8\xff", Format::Image("JPEG")),
    (0, b"GIF8", Format::Image("GIF")),
    (8, b"WEBP", Format::Image("WebP")),
    (4, b"ftypavif", Format::Image("AVIF")),
    (4, b"ftyphei", Format::Image("HEIC")),
    (0, b"II*\0", Format::Image("TIFF")),
    (0, b"MM\0*", Format::Image("TIFF")),
    (0, b"BM", Format::Image("BMP")),
    (0, b"\x89HDF\r\n\x1a\n", Format::Hdf5),
    (0, b"\x93NUMPY", Format::Numpy),
    (4, b"TFL3", Format::Other("TensorFlow Lite")),
    (0, b"GGUF", Format::Other("GGUF")),
    (0, b"%PDF", Format::Other("PDF")),
    (0, b"\x7fELF", Format::Other("ELF")),
    (0, b"\0asm", Format::Other("WebAssembly")),
    (0, b"SQLite format 3\0", Format::Other("SQLite")),
    (0, b"ARROW1", Format::Other("Arrow")),
    (0, b"PAR1", Format::Other("Parquet")),
    (0, b"\0\0\x08\x01", Format::Other("IDX")),
    (0, b"\0\0\x08\x03", Format::Other("IDX")),
];

#[derive(Clone, Copy)]
enum Format {
    Packed(&'static str),
    Image(&'static str),
    Hdf5,
    Numpy,
    Other(&'static str),
}

/// Why these bytes are no safetensors file; `detail` is the parser's message for one that is damaged inside.
pub(super) fn recognise(bytes: &[u8], detail: &str) -> Error {
    if bytes.is_empty() {
        return Error::FileEmpty {};
    }
    let damaged = || Error::WeightsNotSafetensors { detail: detail.into() };
    cut(bytes)
        .or_else(|| lfs_pointer(bytes))
        .or_else(|| zip::recognise(bytes))
        .or_else(|| by_magic(bytes))
        .or_else(|| pickle(bytes))
        .or_else(|| protocol_buffers(bytes))
        .or_else(|| text(bytes))
        .or_else(|| bytes.iter().all(|&byte| byte == 0).then_some(Error::WeightsZeros {}))
        .unwrap_or_else(damaged)
}

/// A safetensors file that is shorter or longer than its header says, or ends inside it. `None` where its length is right, or
/// where it does not begin like a safetensors file.
fn cut(bytes: &[u8]) -> Option<Error> {
    let (length, rest) = bytes.split_first_chunk::<LENGTH>()?;
    let header = u64::from_le_bytes(*length);
    if header > LONGEST_HEADER || rest.first() != Some(&b'{') {
        return None;
    }
    let found = bytes.len();
    let Some(text) = rest.get(..header as usize) else {
        return Some(Error::WeightsHeaderCut { header: header.into(), found: found.into() });
    };
    let header: Value = serde_json::from_slice(text).ok()?;
    let ends = header.as_object()?.values().filter_map(|tensor| tensor["data_offsets"][1].as_u64());
    let expected = ends.max().unwrap_or(0).saturating_add((LENGTH + text.len()) as u64);
    (expected != found as u64).then(|| Error::WeightsLength { expected: expected.into(), found: found.into() })
}

/// What a clone without Git LFS has in the place of a large file.
fn lfs_pointer(bytes: &[u8]) -> Option<Error> {
    bytes.starts_with(b"version https://git-lfs.github.com/spec/").then_some(Error::WeightsLfsPointer {})
}

fn by_magic(bytes: &[u8]) -> Option<Error> {
    let is = |&&(at, magic, _): &&(usize, &[u8], Format)| bytes.get(at..).is_some_and(|rest| rest.starts_with(magic));
    let (_, _, format) = MAGIC.iter().find(is)?;
    Some(match *format {
        Format::Packed(format) => Error::WeightsPacked { format: format.into() },
        Format::Image(format) => Error::WeightsImage { format: format.into() },
        Format::Hdf5 => Error::WeightsKeras {},
        Format::Numpy => Error::WeightsNumpy {},
        Format::Other(format) => Error::WeightsOtherFormat { format: format.into() },
    })
}

/// A pickle without a zip around it: protocols 2 to 5, as PyTorch wrote until version 1.6 and joblib writes.
fn pickle(bytes: &[u8]) -> Option<Error> {
    matches!(bytes, [0x80, 2..=5, ..]).then_some(Error::WeightsPickle {})
}

/// A model in Protocol Buffers: field 1, the version, then a field of text or a message. ONNX and TensorFlow begin so.
fn protocol_buffers(bytes: &[u8]) -> Option<Error> {
    let begins = matches!(bytes, [0x08, 1..=31, 0x12 | 0x1a | 0x22 | 0x3a, ..]);
    begins.then(|| Error::WeightsOtherFormat { format: "ONNX / Protocol Buffers".into() })
}

/// A page or a message that a server sent in the place of the file.
fn text(bytes: &[u8]) -> Option<Error> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let beginning = String::from_utf8_lossy(&bytes[..bytes.len().min(BEGINNING)]).trim_start().to_ascii_lowercase();
    if beginning.starts_with('<') {
        let drawing = beginning.contains("<svg") && !beginning.contains("<html");
        return Some(if drawing { Error::WeightsImage { format: "SVG".into() } } else { Error::WeightsHtml {} });
    }
    let json = beginning.starts_with(['{', '[']) && serde_json::from_slice::<Value>(bytes).is_ok();
    json.then_some(Error::WeightsJson {})
}
