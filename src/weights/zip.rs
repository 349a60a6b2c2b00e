//! Distinguishes zip archives by the names of their entries (PKWARE's APPNOTE, sections 4.3.7 and 4.3.12).

use crate::Error;

/// Signatures of a local file header, an entry of the central directory, and the end of an archive without entries.
const LOCAL: &[u8] = b"PK\x03\x04";
const CENTRAL: &[u8] = b"PK\x01\x02";
const END: &[u8] = b"PK\x05\x06";
/// Where a central entry has the lengths of its name, its extra field and its comment; the name follows at `CENTRAL_NAME`.
const CENTRAL_LENGTHS: usize = 28;
const CENTRAL_NAME: usize = 46;
/// The same of a local header, without a comment.
const LOCAL_LENGTHS: usize = 26;
const LOCAL_NAME: usize = 30;

/// What a zip archive holds; `None` for another file. A truncated archive has no directory: its first entry decides.
pub(super) fn recognise(bytes: &[u8]) -> Option<Error> {
    if !bytes.starts_with(LOCAL) && !bytes.starts_with(END) {
        return None;
    }
    let mut names = directory(bytes);
    if names.is_empty() {
        names.extend(name(bytes, 0, LOCAL_LENGTHS, LOCAL_NAME));
    }
    Some(kind(&names))
}

fn kind(names: &[String]) -> Error {
    let any = |ending: &str| names.iter().find(|name| name.ends_with(ending));
    if any("data.pkl").is_some() || any("/.format_version").is_some() {
        Error::WeightsPytorch {}
    } else if any(".weights.h5").is_some() || any(".h5").is_some() {
        Error::WeightsKeras {}
    } else if any(".npy").is_some() {
        Error::WeightsNumpy {}
    } else {
        let entry = any(".safetensors").or(names.first());
        Error::WeightsZip { entry: entry.map_or("\u{2013}", String::as_str).into() }
    }
}

/// Names in the central directory, which begins at the first of its entries.
fn directory(bytes: &[u8]) -> Vec<String> {
    let start = end_of_directory(bytes).and_then(|end| number::<4>(bytes, end + 16));
    let (mut names, mut at) = (Vec::new(), start.unwrap_or(bytes.len()));
    while bytes.get(at..).is_some_and(|rest| rest.starts_with(CENTRAL)) {
        let lengths = [0, 2, 4].map(|offset| number::<2>(bytes, at + CENTRAL_LENGTHS + offset).unwrap_or(0));
        names.extend(name(bytes, at, CENTRAL_LENGTHS, CENTRAL_NAME));
        at += CENTRAL_NAME + lengths.iter().sum::<usize>();
    }
    names
}

/// Where the record at the archive's end begins; a comment of at most 65,535 bytes follows its 22.
fn end_of_directory(bytes: &[u8]) -> Option<usize> {
    const LONGEST: usize = 22 + 0xffff;
    let from = bytes.len().saturating_sub(LONGEST);
    bytes[from..].windows(END.len()).rposition(|window| window == END).map(|at| from + at)
}

fn name(bytes: &[u8], at: usize, lengths: usize, start: usize) -> Option<String> {
    let length = number::<2>(bytes, at + lengths)?;
    let name = bytes.get(at + start..at + start + length)?;
    Some(String::from_utf8_lossy(name).into_owned())
}

/// A little-endian number of `N` bytes.
fn number<const N: usize>(bytes: &[u8], at: usize) -> Option<usize> {
    let bytes = bytes.get(at..)?.first_chunk::<N>()?;
    Some(bytes.iter().rev().fold(0, |number, &byte| number << 8 | usize::from(byte)))
}
