//! What is examined: a model, and images one at a time.

use burn::tensor::{Device, Tensor};

use super::upload;
use crate::Result;
use crate::data::{DIGITS, Dataset, PIXELS, one_hot};
use crate::model::{BodyKind, ModelConfig, Posterior, Vae};
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

    /// The same image, said to be each of the ten digits.
    pub fn as_each_digit(&self) -> impl Iterator<Item = Self> {
        (0..DIGITS as u8).map(|digit| Self { digit, ..self.clone() })
    }
}

/// How much longer an image takes through convolutions than through one hidden layer, roughly.
const CONVOLUTION: usize = 16;

impl Subject {
    /// How many of `rows` rows make a piece of work that takes no longer than `rows` of the plain body.
    pub(super) fn at_once(&self, rows: usize) -> usize {
        let body = if self.config.body == BodyKind::Conv { CONVOLUTION } else { 1 };
        let labels = if self.config.classifier { DIGITS } else { 1 }; // each image is scored as every digit
        rows.div_ceil(body * labels)
    }

    /// Images `[B, P]` and, for a labelled model, labels `[B, 10]`.
    pub(super) fn tensors(&self, cases: &[Case]) -> (Tensor<2>, Option<Tensor<2>>) {
        let rows = cases.len();
        let pixels = cases.iter().flat_map(|case| case.pixels.iter().copied()).collect();
        let labels = || cases.iter().flat_map(|case| one_hot(case.digit)).collect();
        let labels = self.config.labelled.then(|| upload(labels(), [rows, DIGITS], &self.device));
        (upload(pixels, [rows, PIXELS], &self.device), labels)
    }

    /// The codes of the cases: posterior means `[n * Z]`, or a codebook's whole numbers `[n * N]`.
    ///
    /// # Errors
    /// When the device is lost.
    pub async fn codes(&self, cases: &[Case]) -> Result<Vec<f32>> {
        let (images, labels) = self.tensors(cases);
        let posterior = self.model.encode(images, labels);
        let codes = match &posterior {
            Posterior::Codebook(codes) => codes.indices(),
            with_mean => with_mean.mean(),
        };
        Ok(snapshot::read(vec![codes]).await?.remove(0))
    }
}
