//! The IDX files MNIST is published in: <http://yann.lecun.com/exdb/mnist/>.

use super::{PIXELS, SIDE};
use crate::{Error, Result};

const IMAGES_MAGIC: u32 = 0x0000_0803;
const LABELS_MAGIC: u32 = 0x0000_0801;

/// Grey images of 28 x 28 bytes, 255 = ink.
#[derive(Debug, Clone)]
pub struct Images(Vec<u8>);

/// Digits 0 to 9.
#[derive(Debug, Clone)]
pub struct Labels(Vec<u8>);

impl Images {
    /// # Errors
    /// When the magic number, the dimensions, the count or the length is wrong; the message starts with `file`.
    pub fn parse(file: &str, bytes: &[u8]) -> Result<Self> {
        let [magic, count, rows, columns] = header(file, bytes)?;
        check_magic(file, magic, IMAGES_MAGIC, "images")?;
        if (rows as usize, columns as usize) != (SIDE, SIDE) {
            return damaged(file, format!("its images are {rows} x {columns}, not {SIDE} x {SIDE}"));
        }
        Ok(Self(body(file, &bytes[16..], count, PIXELS)?.to_vec()))
    }

    pub fn len(&self) -> usize {
        self.0.len() / PIXELS
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Image `index` as `P` numbers in 0..=1, row by row.
    pub fn pixels(&self, index: usize) -> impl Iterator<Item = f32> {
        self.0[index * PIXELS..(index + 1) * PIXELS].iter().map(|&byte| f32::from(byte) / 255.0)
    }
}

impl Labels {
    /// # Errors
    /// When the magic number, the count, the length or a label is wrong; the message starts with `file`.
    pub fn parse(file: &str, bytes: &[u8]) -> Result<Self> {
        let [magic, count] = header(file, bytes)?;
        check_magic(file, magic, LABELS_MAGIC, "labels")?;
        let labels = body(file, &bytes[8..], count, 1)?;
        match labels.iter().position(|&label| label > 9) {
            Some(at) => damaged(file, format!("label {at} is {}, not a digit", labels[at])),
            None => Ok(Self(labels.to_vec())),
        }
    }

    pub fn len(&self) -> usize {
        self.0.len()
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn digit(&self, index: usize) -> u8 {
        self.0[index]
    }
}

fn damaged<T>(file: &str, reason: String) -> Result<T> {
    Err(Error::Data { file: file.into(), reason })
}

/// The first `N` big-endian words.
fn header<const N: usize>(file: &str, bytes: &[u8]) -> Result<[u32; N]> {
    if bytes.len() < 4 * N {
        return damaged(file, format!("the file ends after {} bytes, inside its header", bytes.len()));
    }
    Ok(std::array::from_fn(|word| u32::from_be_bytes(std::array::from_fn(|byte| bytes[4 * word + byte]))))
}

fn check_magic(file: &str, found: u32, expected: u32, kind: &str) -> Result<()> {
    if found != expected {
        return damaged(file, format!("it starts with {found:#010x}, not {expected:#010x}: no IDX file of {kind}"));
    }
    Ok(())
}

fn body<'a>(file: &str, bytes: &'a [u8], count: u32, size: usize) -> Result<&'a [u8]> {
    if count == 0 {
        return damaged(file, "it holds no entry".into());
    }
    let promised = count as usize * size;
    if bytes.len() != promised {
        return damaged(file, format!("its header promises {promised} bytes of data, but there are {}", bytes.len()));
    }
    Ok(bytes)
}
