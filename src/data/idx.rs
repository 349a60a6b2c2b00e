//! The IDX files MNIST is published in: <http://yann.lecun.com/exdb/mnist/>.

use rand::RngExt;

use super::{PIXELS, SIDE};
use crate::random::{Stream, generator};
use crate::{Error, Result};

const IMAGES_MAGIC: u32 = 0x0000_0803;
const LABELS_MAGIC: u32 = 0x0000_0801;
const IMAGES_HEADER: usize = 16;
const LABELS_HEADER: usize = 8;

/// Grey images of 28 x 28 bytes, 255 = ink. Keeps the whole file: 60,000 images are 47 MB that a phone should hold once.
#[derive(Debug, Clone)]
pub struct Images {
    file: Vec<u8>,
    count: usize,
}

/// Digits 0 to 9.
#[derive(Debug, Clone)]
pub struct Labels(Vec<u8>);

impl Images {
    /// # Errors
    /// When the magic number, the dimensions, the count or the length is wrong; the message starts with `name`.
    pub fn parse(name: &str, file: Vec<u8>) -> Result<Self> {
        let [magic, count, rows, columns] = header(name, &file)?;
        check_magic(name, magic, IMAGES_MAGIC, "images")?;
        if (rows as usize, columns as usize) != (SIDE, SIDE) {
            return damaged(name, format!("its images are {rows} x {columns}, not {SIDE} x {SIDE}"));
        }
        check_length(name, file.len() - IMAGES_HEADER, count, PIXELS)?;
        Ok(Self { file, count: count as usize })
    }

    pub fn len(&self) -> usize {
        self.count
    }

    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// These images with each pixel on or off for good, on with the probability of its grey: fixed binarisation, as in
    /// Salakhutdinov & Murray 2008.
    pub fn binarised(&self, seed: u64) -> Self {
        let random = &mut generator(seed, Stream::Binarise);
        let mut file = self.file.clone();
        for pixel in &mut file[IMAGES_HEADER..] {
            *pixel = if random.random_range(0..255) < *pixel { 255 } else { 0 };
        }
        Self { file, count: self.count }
    }

    /// Image `index` as `P` numbers in 0..=1, row by row.
    pub fn pixels(&self, index: usize) -> impl Iterator<Item = f32> {
        let start = IMAGES_HEADER + index * PIXELS;
        self.file[start..start + PIXELS].iter().map(|&byte| f32::from(byte) / 255.0)
    }
}

impl Labels {
    /// # Errors
    /// When the magic number, the count, the length or a label is wrong; the message starts with `name`.
    pub fn parse(name: &str, file: &[u8]) -> Result<Self> {
        let [magic, count] = header(name, file)?;
        check_magic(name, magic, LABELS_MAGIC, "labels")?;
        let labels = &file[LABELS_HEADER..];
        check_length(name, labels.len(), count, 1)?;
        match labels.iter().position(|&label| label > 9) {
            Some(at) => damaged(name, format!("label {at} is {}, not a digit", labels[at])),
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

fn damaged<T>(name: &str, reason: String) -> Result<T> {
    Err(Error::Data { file: name.into(), reason })
}

/// The first `N` big-endian words.
fn header<const N: usize>(name: &str, file: &[u8]) -> Result<[u32; N]> {
    if file.len() < 4 * N {
        return damaged(name, format!("the file ends after {} bytes, inside its header", file.len()));
    }
    Ok(std::array::from_fn(|word| u32::from_be_bytes(std::array::from_fn(|byte| file[4 * word + byte]))))
}

fn check_magic(name: &str, found: u32, expected: u32, kind: &str) -> Result<()> {
    if found != expected {
        return damaged(name, format!("it starts with {found:#010x}, not {expected:#010x}: no IDX file of {kind}"));
    }
    Ok(())
}

fn check_length(name: &str, found: usize, count: u32, size: usize) -> Result<()> {
    if count == 0 {
        return damaged(name, "it holds no entry".into());
    }
    let promised = u64::from(count) * size as u64; // a damaged count may be beyond 32 bits
    if found as u64 != promised {
        return damaged(name, format!("its header promises {promised} bytes of data, but there are {found}"));
    }
    Ok(())
}
