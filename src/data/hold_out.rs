//! Training images that are held out for validation.

use std::sync::Arc;

use rand::seq::SliceRandom;

use super::{Dataset, Factors, Images, Labels, PIXELS};
use crate::random::{Stream, generator};

/// `data` in two parts: the images to train on, and `count` others for validation. The held-out images depend only on `seed` and the numbers of images; both parts keep the order.
///
/// The classes are not balanced: of MNIST's digits, 10,000 of 60,000 hold every class within a few percent of its share.
///
/// # Panics
/// When no image would be left to train on, or none is held out.
pub fn hold_out(data: &Dataset, count: usize, seed: u64) -> [Dataset; 2] {
    assert!(0 < count && count < data.len(), "both parts have images");
    let mut order: Vec<usize> = (0..data.len()).collect();
    order.shuffle(&mut generator(seed, Stream::ValidationSplit));
    let (held_out, trained_on) = order.split_at_mut(count);
    held_out.sort_unstable();
    trained_on.sort_unstable();
    [&*trained_on, &*held_out].map(|images| data.subset(images))
}

impl Dataset {
    /// The images of these indices, of which there is at least one.
    fn subset(&self, indices: &[usize]) -> Self {
        let labels = match self.labels.are_known() {
            true => Labels::from_classes(indices.iter().map(|&image| self.labels.class(image)).collect()),
            false => Labels::unknown(),
        };
        Self {
            info: self.info.clone(),
            images: self.images.subset(indices),
            labels,
            factors: self.factors.as_ref().map(|factors| Arc::new(factors.subset(indices))),
        }
    }
}

impl Images {
    fn subset(&self, indices: &[usize]) -> Self {
        let mut bytes = Vec::with_capacity(indices.len() * PIXELS);
        indices.iter().for_each(|&image| bytes.extend_from_slice(self.bytes(image..image + 1)));
        Self::from_bytes(&bytes).expect("whole images, at least one")
    }
}

impl Factors {
    fn subset(&self, indices: &[usize]) -> Self {
        let of_factor = |all: &Vec<u8>| indices.iter().map(|&image| all[image]).collect();
        Self { names: self.names.clone(), intervals: self.intervals.iter().map(of_factor).collect() }
    }
}
