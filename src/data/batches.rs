//! The order in which training sees the images: a new seeded shuffle each epoch, in batches of one size.

use rand::seq::SliceRandom;
use serde::{Deserialize, Serialize};

use crate::random::{Stream, generator};

/// How far training has read: the epoch, and how many of its images are taken.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Position {
    pub epoch: u64,
    pub image: usize,
}

/// An endless, seeded sequence of batches of image indices.
///
/// Shapes stay fixed: images that do not fill a batch wait for a later epoch's shuffle, and a batch larger than the data
/// set goes round it.
#[derive(Debug)]
pub struct Batches {
    seed: u64,
    position: Position,
    order: Vec<u32>,
}

impl Batches {
    pub fn new(seed: u64, position: Position) -> Self {
        Self { seed, position, order: Vec::new() }
    }

    pub fn position(&self) -> Position {
        self.position
    }

    /// Indices of the next `batch` of `images` images.
    ///
    /// A new epoch begins here, not at the end of the last one: a finished epoch stays finished until more is asked for.
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
