//! Images and where they come from: MNIST's files, read in shuffled batches, and drawings framed like MNIST's digits.

#[cfg(feature = "cpu")]
mod augment;
mod batches;
mod corruption;
mod drawing;
#[cfg(feature = "cpu")]
mod framed;
mod idx;
#[cfg(feature = "cpu")]
pub mod import;
#[cfg(feature = "cpu")]
mod mix;
#[cfg(feature = "cpu")]
mod split;
#[cfg(feature = "cpu")]
mod sprites;

#[cfg(feature = "cpu")]
pub use augment::{Augmentation, augment};
pub use batches::{Batches, Position};
pub use corruption::{Corruption, binarise};
pub use drawing::{Drawing, ERASER, PEN};
pub use idx::{Images, Labels};
#[cfg(feature = "cpu")]
pub use mix::{Classed, mix};
#[cfg(feature = "cpu")]
pub use split::{Halves, split_off};
#[cfg(feature = "cpu")]
pub use sprites::{FACTORS, SHAPES, Sprites, sprites};

use rand::seq::SliceRandom;

use crate::random::{Stream, generator};
use crate::{Error, Result};

/// Width and height of an image.
pub const SIDE: usize = 28;
/// `P`: pixels of an image.
pub const PIXELS: usize = SIDE * SIDE;
/// The largest number of classes: digits, capital and small letters.
pub const MOST_CLASSES: usize = 62;
/// Classes of digits: the length of a one-hot label.
pub const DIGITS: usize = 10;

/// Labelled images: row `i` of `images` shows the digit `labels[i]`.
#[derive(Debug, Clone)]
pub struct Dataset {
    /// The images.
    pub images: Images,
    /// Their digits.
    pub labels: Labels,
}

impl Dataset {
    /// Parses the two files of one split; errors name them by `split` ("train", "t10k").
    ///
    /// # Errors
    /// When either file is damaged, or the numbers of images and labels differ.
    pub fn parse(split: &str, images: Vec<u8>, labels: &[u8]) -> Result<Self> {
        let images = Images::parse(&format!("{split} images"), images)?;
        let labels = Labels::parse(&format!("{split} labels"), labels)?;
        if images.len() != labels.len() {
            let file = format!("{split} labels").into();
            return Err(Error::DataCount { file, labels: labels.len().into(), images: images.len().into() });
        }
        Ok(Self { images, labels })
    }

    /// Indices of the `count` images that keep their label in semi-supervised training: a random choice by `seed`, with at most
    /// a tenth of them, rounded up, of each digit.
    pub fn labelled_subset(&self, count: usize, seed: u64) -> Vec<usize> {
        let mut order: Vec<usize> = (0..self.len()).collect();
        order.shuffle(&mut generator(seed, Stream::LabelledSubset));
        let mut left = [count.div_ceil(DIGITS); DIGITS];
        order.retain(|&image| {
            let left = &mut left[usize::from(self.labels.digit(image))];
            let keeps = *left > 0;
            *left = left.saturating_sub(1);
            keeps
        });
        order.truncate(count);
        order
    }

    /// The number of images.
    pub fn len(&self) -> usize {
        self.images.len()
    }

    /// Whether there are no images; parsed files have at least one.
    pub fn is_empty(&self) -> bool {
        self.images.is_empty()
    }
}

/// The one-hot vector `[10]` of a digit.
pub fn one_hot(digit: u8) -> [f32; DIGITS] {
    std::array::from_fn(|class| if class == usize::from(digit) { 1.0 } else { 0.0 })
}
