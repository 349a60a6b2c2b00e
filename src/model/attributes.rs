//! The label as attributes: the segments that show its digit, so that a digit which was never trained on has a label made of parts that
//! others have too (the idea of zero-shot learning by attributes, Lampert et al. 2009; of zero-shot VAE-GANs, Gao et al. 2020).

use burn::tensor::{Device, Tensor, TensorData};

use super::ModelConfig;
use crate::layers::product;

/// Segments of a digit.
pub const SEGMENTS: usize = 7;

/// Whether each of the seven segments of a digit is lit, for 0 to 9: top, upper right, lower right, bottom, lower left, upper left, middle
/// (a to g in data sheets of seven-segment displays).
pub const DIGITS: [[u8; SEGMENTS]; 10] = [
    [1, 1, 1, 1, 1, 1, 0],
    [0, 1, 1, 0, 0, 0, 0],
    [1, 1, 0, 1, 1, 0, 1],
    [1, 1, 1, 1, 0, 0, 1],
    [0, 1, 1, 0, 0, 1, 1],
    [1, 0, 1, 1, 0, 1, 1],
    [1, 0, 1, 1, 1, 1, 1],
    [1, 1, 1, 0, 0, 0, 0],
    [1, 1, 1, 1, 1, 1, 1],
    [1, 1, 1, 1, 0, 1, 1],
];

/// What the networks of a model take as its label: the one-hot vector itself, or its attributes.
#[derive(Debug, Clone, Default)]
pub struct Attributes {
    segments: Option<Tensor<2>>, // [10, 7]
}

impl Attributes {
    /// Of the model that `config` describes.
    pub fn new(config: &ModelConfig, device: &Device) -> Self {
        let values = || DIGITS.iter().flatten().map(|&lit| f32::from(lit)).collect::<Vec<_>>();
        let device = device.clone().without_autodiff();
        let segments = (config.labelled && config.attributes)
            .then(|| Tensor::from_data(TensorData::new(values(), [DIGITS.len(), SEGMENTS]), &device));
        Self { segments }
    }

    /// # Shapes
    /// One-hot labels, or weights of classes that sum to one, `[B, Y]`, to what the networks take, `[B, 7]` or `[B, Y]`.
    pub fn of(&self, labels: Option<Tensor<2>>) -> Option<Tensor<2>> {
        match &self.segments {
            Some(segments) => labels.map(|labels| product(labels, segments.clone())),
            None => labels,
        }
    }
}
