//! The order of the training images: a new seeded shuffle each epoch, cut into batches of one size.

use rand::seq::SliceRandom;
use serde::{Deserialize, Serialize};

use crate::random::{Stream, generator};

/// A position in the sequence of batches: the epoch, and the number of its images already used.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Position {
    /// Epochs completed before this one.
    pub epoch: u64,
    /// Images of this epoch already used.
    pub image: usize,
}

impl Position {
    /// The position after as many `epochs`, the last of them in part, of `images` images in batches of `batch`.
    pub fn after(epochs: f64, images: usize, batch: usize) -> Self {
        let per_epoch = (images / batch).max(1);
        let steps = (epochs * per_epoch as f64).round() as u64;
        let [epoch, step] = [steps / per_epoch as u64, steps % per_epoch as u64];
        Self { epoch, image: step as usize * batch }
    }
}

/// An endless, seeded sequence of batches of image indices.
///
/// Every batch has the same size: an epoch leaves out the images that do not fill a batch, and a batch larger than the data
/// set repeats it.
#[derive(Debug)]
pub struct Batches {
    seed: u64,
    position: Position,
    order: Vec<u32>,
}

impl Batches {
    /// The sequence that `seed` gives, from `position` on.
    pub fn new(seed: u64, position: Position) -> Self {
        Self { seed, position, order: Vec::new() }
    }

    /// Where the next batch starts.
    pub fn position(&self) -> Position {
        self.position
    }

    /// Indices `[B]` of the next batch, of `batch` out of `images` images.
    ///
    /// An epoch starts when its first batch is requested, not when the one before ends, so the position after the last batch
    /// still belongs to the finished epoch.
    pub fn next(&mut self, images: usize, batch: usize) -> Vec<usize> {
        assert!(images > 0, "a data set holds at least one image");
        if self.position.image > 0 && self.position.image.saturating_add(batch) > images {
            self.position = Position { epoch: self.position.epoch + 1, image: 0 };
            self.order.clear();
        }
        if self.order.len() != images {
            self.order = (0..images as u32).collect();
            let stream = Stream::Shuffle { epoch: self.position.epoch };
            self.order.shuffle(&mut generator(self.seed, stream));
        }
        let start = self.position.image;
        self.position.image += batch;
        (start..start + batch).map(|at| self.order[at % images] as usize).collect()
    }
}
