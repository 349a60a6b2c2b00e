//! The IDX format in which MNIST is published: <http://yann.lecun.com/exdb/mnist/>.

use std::ops::Range;

use rand::RngExt;

use super::{PIXELS, SIDE};
use crate::error::{Error, Result, Value};
use crate::random::{Stream, generator};

const IMAGES_MAGIC: u32 = 0x0000_0803;
const LABELS_MAGIC: u32 = 0x0000_0801;
const IMAGES_HEADER: usize = 16;
const LABELS_HEADER: usize = 8;

/// Grey images of 28 x 28 bytes, 255 = ink.
///
/// Holds the file itself: 60,000 images take 47 MB, and a phone should hold them once.
#[derive(Debug, Clone)]
pub struct Images {
    file: Vec<u8>,
    count: usize,
}

/// The class of each image, as an index; empty where they are unknown.
#[derive(Debug, Clone)]
pub struct Labels(Vec<u8>);

impl Images {
    /// Parses a file; errors name it `name`.
    ///
    /// # Errors
    /// When the magic number, the dimensions, the count or the length is wrong.
    pub fn parse(name: &str, file: Vec<u8>) -> Result<Self> {
        let [magic, count, rows, columns] = header(name, &file)?;
        if magic != IMAGES_MAGIC {
            let (found, expected) = (hexadecimal(magic), hexadecimal(IMAGES_MAGIC));
            return Err(Error::DataNotImages { file: name.into(), found, expected });
        }
        if (rows as usize, columns as usize) != (SIDE, SIDE) {
            let (rows, columns) = (rows.into(), columns.into());
            return Err(Error::DataImageSize { file: name.into(), rows, columns, side: SIDE.into() });
        }
        check_length(name, file.len() - IMAGES_HEADER, count, PIXELS)?;
        Ok(Self { file, count: count as usize })
    }

    /// From `bytes` `[n * P]`, row by row, 255 = ink.
    ///
    /// # Errors
    /// When there are none, or they are no whole images.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self> {
        let name = "images";
        let count = bytes.len().div_ceil(PIXELS);
        let header = [IMAGES_MAGIC, count as u32, SIDE as u32, SIDE as u32];
        let mut file = Vec::with_capacity(IMAGES_HEADER + bytes.len());
        file.extend(header.iter().flat_map(|word| word.to_be_bytes()));
        file.extend_from_slice(bytes);
        Self::parse(name, file)
    }

    /// The file.
    pub fn as_idx(&self) -> &[u8] {
        &self.file
    }

    /// The number of images.
    pub fn len(&self) -> usize {
        self.count
    }

    /// Whether there are no images; a parsed file has at least one.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// These images with each pixel set once to 0 or 1, to 1 with the probability of its grey value: static binarisation
    /// (Salakhutdinov & Murray 2008).
    pub fn binarised(&self, seed: u64) -> Self {
        let random = &mut generator(seed, Stream::StaticBinarisation);
        let mut file = self.file.clone();
        for pixel in &mut file[IMAGES_HEADER..] {
            *pixel = if random.random_range(0..255) < *pixel { 255 } else { 0 };
        }
        Self { file, count: self.count }
    }

    /// These images with rows and columns exchanged.
    pub fn transposed(&self) -> Self {
        let mut file = self.file.clone();
        let images = file[IMAGES_HEADER..].chunks_exact_mut(PIXELS);
        for (transposed, image) in images.zip(self.file[IMAGES_HEADER..].chunks_exact(PIXELS)) {
            (0..PIXELS).for_each(|at| transposed[at] = image[at % SIDE * SIDE + at / SIDE]);
        }
        Self { file, count: self.count }
    }

    /// These images with ink and background exchanged.
    #[cfg(feature = "cli")]
    pub fn inverted(mut self) -> Self {
        self.file[IMAGES_HEADER..].iter_mut().for_each(|pixel| *pixel = 255 - *pixel);
        self
    }

    /// Image `index` as `P` numbers in 0..=1, row by row.
    pub fn pixels(&self, index: usize) -> impl Iterator<Item = f32> {
        self.bytes(index..index + 1).iter().copied().map(pixel)
    }

    /// The images of `range` as `P` bytes each, row by row.
    ///
    /// # Panics
    /// When there are fewer images.
    pub fn bytes(&self, range: Range<usize>) -> &[u8] {
        &self.file[IMAGES_HEADER..][range.start * PIXELS..range.end * PIXELS]
    }
}

/// A byte as a number in 0..=1; 255 is 1.
#[inline]
pub fn pixel(byte: u8) -> f32 {
    f32::from(byte) / 255.0
}

impl Labels {
    /// Labels that are not known.
    pub fn unknown() -> Self {
        Self(Vec::new())
    }

    /// The classes of images, by index, each below [`MOST_CLASSES`](super::MOST_CLASSES).
    pub fn from_classes(classes: Vec<u8>) -> Self {
        Self(classes)
    }

    /// Parses a file of labels in `0..classes`; errors name it `name`.
    ///
    /// # Errors
    /// When the magic number, the count, the length or a label is wrong.
    pub fn parse(name: &str, file: &[u8], classes: usize) -> Result<Self> {
        let [magic, count] = header(name, file)?;
        if magic != LABELS_MAGIC {
            let (found, expected) = (hexadecimal(magic), hexadecimal(LABELS_MAGIC));
            return Err(Error::DataNotLabels { file: name.into(), found, expected });
        }
        let labels = &file[LABELS_HEADER..];
        check_length(name, labels.len(), count, 1)?;
        match labels.iter().position(|&label| usize::from(label) >= classes) {
            Some(index) => {
                let (index, label) = (index.into(), labels[index].into());
                Err(Error::DataLabel { file: name.into(), index, label, classes: classes.into() })
            }
            None => Ok(Self(labels.to_vec())),
        }
    }

    /// The number of labels.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none: a parsed file has at least one.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether the images have labels.
    pub fn are_known(&self) -> bool {
        !self.is_empty()
    }

    /// The class of image `index`; 0 where the labels are not known, which no model reads then.
    pub fn class(&self, index: usize) -> u8 {
        self.0.get(index).copied().unwrap_or(0)
    }

    /// The classes of the first `count` images; none where they are not known.
    pub fn first(&self, count: usize) -> &[u8] {
        &self.0[..count.min(self.len())]
    }

    /// The file.
    pub fn to_idx(&self) -> Vec<u8> {
        let header = [LABELS_MAGIC, self.len() as u32];
        header.iter().flat_map(|word| word.to_be_bytes()).chain(self.0.iter().copied()).collect()
    }
}

/// The first `N` big-endian words of a file.
fn header<const N: usize>(name: &str, file: &[u8]) -> Result<[u32; N]> {
    if file.len() < 4 * N {
        return Err(Error::DataHeader { file: name.into(), bytes: file.len().into() });
    }
    Ok(std::array::from_fn(|word| u32::from_be_bytes(std::array::from_fn(|byte| file[4 * word + byte]))))
}

fn hexadecimal(magic: u32) -> Value {
    format!("{magic:#010x}").into()
}

fn check_length(name: &str, found: usize, count: u32, size: usize) -> Result<()> {
    if count == 0 {
        return Err(Error::DataEmpty { file: name.into() });
    }
    let expected = u64::from(count) * size as u64; // on wasm32 the product overflows a `usize` when the count is wrong
    if found as u64 != expected {
        return Err(Error::DataLength { file: name.into(), expected: expected.into(), found: found.into() });
    }
    Ok(())
}
