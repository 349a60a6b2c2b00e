//! What kind of file some bytes are, by the bytes alone.

use super::decimal::number;

/// A kind of file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Images or labels as MNIST has them.
    Idx,
    /// A NumPy array.
    Npy,
    /// A ZIP archive, such as `.npz`.
    Zip,
    /// A table of numbers with this separator.
    Table(u8),
    /// An encoded picture: PNG, JPEG, WebP, GIF or BMP.
    Picture,
    /// A Python object.
    Pickle,
    /// Anything else.
    Unknown,
}

impl Format {
    /// Of a file that begins with `head`.
    pub fn of(head: &[u8]) -> Self {
        match head {
            [0, 0, 8..=14, 1..=4, ..] => Self::Idx,
            [0x93, b'N', b'U', b'M', b'P', b'Y', ..] => Self::Npy,
            [b'P', b'K', 3, 4, ..] | [b'P', b'K', 5, 6, ..] => Self::Zip,
            [0x89, b'P', b'N', b'G', ..] | [0xff, 0xd8, 0xff, ..] | [b'G', b'I', b'F', b'8', ..] => Self::Picture,
            [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Self::Picture,
            [b'B', b'M', _, _, _, _, 0, 0, 0, 0, ..] => Self::Picture,
            [0x80, 2..=5, ..] => Self::Pickle,
            _ => table(head).map_or(Self::Unknown, Self::Table),
        }
    }
}

/// The separator of the cells in a text whose first line has some, or is a number, or whose second is.
fn table(head: &[u8]) -> Option<u8> {
    let is_text = |byte: &u8| matches!(byte, b'\t' | b'\n' | b'\r' | b' '..=b'~' | 0x80..);
    if !head.iter().all(is_text) {
        return None;
    }
    let head = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head);
    let mut lines = head.split(|byte| matches!(byte, b'\n' | b'\r')).filter(|line| !line.trim_ascii().is_empty());
    let (first, second) = (lines.next()?, lines.next().unwrap_or_default());
    let count = |separator: &u8| first.iter().filter(|byte| *byte == separator).count();
    let most = [b',', b';', b'\t'].into_iter().max_by_key(count)?;
    let is_number = |line: &[u8]| number(line.trim_ascii()).is_some();
    match count(&most) {
        0 => (is_number(first) || is_number(second)).then_some(most),
        _ => Some(most),
    }
}
