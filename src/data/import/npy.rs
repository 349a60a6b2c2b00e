//! NumPy arrays (`.npy`, format versions 1 to 3: <https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html>) of pictures or labels.
//!
//! The crate `npyz` takes 44 kB of the page's module with brotli, most of it a parser of Python; of a header it allocates what its length claims, and it multiplies the
//! shape without a check.

use std::io::Read;

use super::column::Column;
use super::npy_layout::Layout;
use super::part::Content;
use super::scale::Range;
use super::source::Source;
use crate::error::Value;
use crate::{Error, Result};

/// The longest header, in bytes: NumPy writes 118 for an array of numbers.
const LONGEST_HEADER: usize = 8192;
/// The largest number of values, which a file of any size that is read has not.
const MOST_VALUES: usize = 1_000_000_000;

/// What an array consists of.
struct Header {
    kind: Kind,
    is_fortran: bool,
    shape: Vec<usize>,
}

/// The type of its values.
struct Kind {
    letter: u8, // b: truth, u, i: whole numbers, f: floating-point
    size: usize,
    is_big_endian: bool,
}

/// Reads an array of at most so many pictures; also the value that was taken for full ink.
///
/// # Errors
/// When the header, the type, the shape or a value is none of those that are read.
pub fn read(source: &Source, most: usize) -> Result<(Content, f64)> {
    let name = source.name.as_str();
    let Header { is_fortran, shape, .. } = Header::read(name, &mut source.open())?;
    if shape.contains(&0) {
        return Err(Error::DataEmpty { file: name.into() });
    }
    let too_many = || Error::ImportTooMany { file: name.into(), most: most.into() };
    if let [count] | [count, 1] = shape[..] {
        if count > most {
            return Err(too_many());
        }
        let mut labels = Column::default();
        each_value(source, |value| labels.push_number(name, value))?;
        return Ok((Content::Labels(labels), 1.0));
    }
    let shown = || shape.iter().map(usize::to_string).collect::<Vec<_>>().join(" × ").into();
    let layout = Layout::of(&shape).ok_or_else(|| Error::ImportShape { file: name.into(), shape: shown() })?;
    if layout.count > most {
        return Err(too_many());
    }
    let mut range = Range::default();
    each_value(source, |value| range.include(name, value))?;
    let top = range.top(name)?;
    let pixels = match is_fortran {
        false => layout.in_order(|take| each_value(source, take), top),
        true => layout.reordered(|take| each_value(source, take), top, &shape),
    };
    Ok((Content::Images(pixels?), top))
}

/// Calls `take` with every value, in the file's order.
fn each_value(source: &Source, mut take: impl FnMut(f64) -> Result<()>) -> Result<()> {
    let mut reader = source.open();
    let Header { kind, shape, .. } = Header::read(&source.name, &mut reader)?;
    let mut bytes = [0; 8];
    for _ in 0..shape.iter().product() {
        reader.read_exact(&mut bytes[..kind.size]).map_err(|error| source.failed(&error))?;
        take(kind.number(&bytes[..kind.size]))?;
    }
    source.check_end(&mut reader)
}

impl Header {
    /// From the beginning of a file, up to its values.
    fn read(name: &str, reader: &mut impl Read) -> Result<Self> {
        let unreadable = || Error::ImportHeader { file: name.into() };
        let mut start = [0; 10]; // magic, version, length
        reader.read_exact(&mut start).map_err(|_| unreadable())?;
        let mut long = [0; 2];
        if start[6] > 1 {
            reader.read_exact(&mut long).map_err(|_| unreadable())?;
        }
        let length = u32::from_le_bytes([start[8], start[9], long[0], long[1]]) as usize;
        let mut text = vec![0; length.min(LONGEST_HEADER)];
        reader.read_exact(&mut text).map_err(|_| unreadable())?;
        let text = String::from_utf8(text).map_err(|_| unreadable())?;
        let field = |key: &str| {
            let (_, rest) = text.split_once(key)?;
            Some(rest.trim_start().strip_prefix(':')?.trim_start())
        };
        let descr = field("'descr'").ok_or_else(unreadable)?;
        let shape = field("'shape'").and_then(shape).filter(|_| length <= LONGEST_HEADER).ok_or_else(unreadable)?;
        let order = field("'fortran_order'").ok_or_else(unreadable)?;
        let is_fortran = order.starts_with("True");
        if !is_fortran && !order.starts_with("False") {
            return Err(unreadable());
        }
        Ok(Self { kind: Kind::parse(name, descr)?, is_fortran, shape })
    }
}

/// A tuple of sizes, whose product is no more than there can be values.
fn shape(text: &str) -> Option<Vec<usize>> {
    let (sizes, _) = text.strip_prefix('(')?.split_once(')')?;
    let sizes = sizes.split(',').map(|size| size.trim().trim_end_matches('L')).filter(|size| !size.is_empty());
    let sizes: Vec<usize> = sizes.map(|size| size.parse().ok()).collect::<Option<_>>()?;
    let product = sizes.iter().try_fold(1_usize, |product, &size| product.checked_mul(size.max(1)))?;
    (product <= MOST_VALUES).then_some(sizes)
}

impl Kind {
    /// From `'<f4'` and what follows.
    fn parse(name: &str, descr: &str) -> Result<Self> {
        let plain = descr.strip_prefix('\'').and_then(|rest| rest.split_once('\''));
        let text = plain.map_or(descr, |(text, _)| text);
        let found: Value = text.chars().take(40).collect::<String>().into();
        let other = || Error::ImportType { file: name.into(), found: found.clone() };
        if text.contains('O') {
            return Err(Error::ImportPickle { file: name.into() });
        }
        let [order, letter, size] = *text.as_bytes() else { return Err(other()) };
        let is_read = match letter {
            b'b' => size == b'1',
            b'u' | b'i' => matches!(size, b'1' | b'2' | b'4' | b'8'),
            b'f' => matches!(size, b'2' | b'4' | b'8'),
            _ => false,
        };
        match is_read && plain.is_some() && matches!(order, b'<' | b'>' | b'|' | b'=') {
            true => Ok(Self { letter, size: usize::from(size - b'0'), is_big_endian: order == b'>' }),
            false => Err(other()),
        }
    }

    /// The number that these bytes are.
    fn number(&self, bytes: &[u8]) -> f64 {
        let add = |bits: u64, &byte: &u8| bits << 8 | u64::from(byte);
        let bits = match self.is_big_endian {
            true => bytes.iter().fold(0, add),
            false => bytes.iter().rev().fold(0, add),
        };
        let unused = 64 - 8 * self.size as u32;
        match (self.letter, self.size) {
            (b'b', _) => f64::from(u8::from(bits != 0)),
            (b'u', _) => bits as f64,
            (b'i', _) => ((bits << unused) as i64 >> unused) as f64,
            (_, 2) => half::f16::from_bits(bits as u16).into(),
            (_, 4) => f32::from_bits(bits as u32).into(),
            _ => f64::from_bits(bits),
        }
    }
}
