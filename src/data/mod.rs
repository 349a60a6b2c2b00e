//! Images and the ways they arrive: MNIST's files, shuffled batches, and drawings framed as MNIST was.

mod batches;
mod corruption;
mod framing;
mod idx;

pub use batches::{Batches, Position};
pub use corruption::{Corruption, binarise};
pub use framing::frame;
pub use idx::{Images, Labels};

use rand::seq::SliceRandom;

use crate::random::{Stream, generator};
use crate::{Error, Result};

/// Width and height of an image.
pub const SIDE: usize = 28;
/// `P`: pixels of an image.
pub const PIXELS: usize = SIDE * SIDE;
/// Kinds of digits: the length of a one-hot label.
pub const DIGITS: usize = 10;

/// Labelled images: row `i` of `images` shows the digit `labels[i]`.
#[derive(Debug, Clone)]
pub struct Dataset {
    pub images: Images,
    pub labels: Labels,
}

impl Dataset {
    /// Reads the two files of one split; `split` names it in messages ("train", "t10k").
    ///
    /// # Errors
    /// When either file is damaged, or they count differently.
    pub fn parse(split: &str, images: Vec<u8>, labels: &[u8]) -> Result<Self> {
        let images = Images::parse(&format!("{split} images"), images)?;
        let labels = Labels::parse(&format!("{split} labels"), labels)?;
        if images.len() != labels.len() {
            return Err(Error::Data {
                file: format!("{split} labels"),
                reason: format!("there are {} labels for {} images", labels.len(), images.len()),
            });
        }
        Ok(Self { images, labels })
    }

    /// `count` of the images, drawn by `seed`, as many of each digit: those that keep their label when others lose it.
    pub fn few(&self, count: usize, seed: u64) -> Vec<usize> {
        let mut order: Vec<usize> = (0..self.len()).collect();
        order.shuffle(&mut generator(seed, Stream::Labels));
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

    pub fn len(&self) -> usize {
        self.images.len()
    }

    pub fn is_empty(&self) -> bool {
        self.images.is_empty()
    }
}

/// A digit as ten numbers, one of them 1.
pub fn one_hot(digit: u8) -> [f32; DIGITS] {
    std::array::from_fn(|kind| if kind == usize::from(digit) { 1.0 } else { 0.0 })
}
