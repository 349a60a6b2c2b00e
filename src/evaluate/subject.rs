//! What is examined: a model, and images one at a time.

use burn::tensor::{Device, Tensor};

use super::upload;
use crate::Result;
use crate::data::{DIGITS, Dataset, PIXELS, one_hot};
use crate::model::{ModelConfig, Vae};
use crate::snapshot;

/// A model with the settings it was built from. Clones share the weights.
#[derive(Debug, Clone)]
pub struct Subject {
    pub model: Vae,
    pub config: ModelConfig,
    pub device: Device,
}

/// One image to be scored.
#[derive(Debug, Clone, PartialEq)]
pub struct Case {
    pub pixels: Vec<f32>, // [P], in 0..=1
    /// Which digit a labelled model is told it is.
    pub digit: u8,
    /// Which random draws it is scored with: its place in the data, or any number of its own.
    pub index: u64,
}

impl Case {
    /// The index of an image that is none of the data.
    pub const STRANGER: u64 = u64::MAX;

    pub fn of(data: &Dataset, index: usize) -> Self {
        let pixels = data.images.pixels(index).collect();
        Self { pixels, digit: data.labels.digit(index), index: index as u64 }
    }
}

impl Subject {
    /// Images `[B, P]` and, for a labelled model, labels `[B, 10]`.
    pub(super) fn tensors(&self, cases: &[Case]) -> (Tensor<2>, Option<Tensor<2>>) {
        let rows = cases.len();
        let pixels = cases.iter().flat_map(|case| case.pixels.iter().copied()).collect();
        let labels = || cases.iter().flat_map(|case| one_hot(case.digit)).collect();
        let labels = self.config.labelled.then(|| upload(labels(), [rows, DIGITS], &self.device));
        (upload(pixels, [rows, PIXELS], &self.device), labels)
    }

    /// Posterior means of the cases, `[n * Z]`.
    ///
    /// # Errors
    /// When the device is lost.
    pub async fn means(&self, cases: &[Case]) -> Result<Vec<f32>> {
        let (images, labels) = self.tensors(cases);
        Ok(snapshot::read(vec![self.model.encode(images, labels).mean()]).await?.remove(0))
    }
}
