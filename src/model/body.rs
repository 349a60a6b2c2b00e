//! The convolutional architecture: three stages of 32, 128 and 256 channels between 32 x 32 and 4 x 4; for a codebook two
//! stages between 28 x 28 and its grid of 7 x 7 positions.

use burn::module::Module;
use burn::tensor::ops::PadMode;
use burn::tensor::{Device, Tensor};
use rand::rngs::ChaCha8Rng;

use super::{BOTTOM_POSITIONS, ModelConfig, POSITIONS, PosteriorKind, with_label};
use crate::data::SIDE;
use crate::layers::{BatchNorm, Conv, ConvTranspose, Dense, Statistics};

pub(super) const CHANNELS: [usize; 3] = [32, 128, 256];
/// Zero padding on each side, in pixels: 28 + 2 * 2 = 32 can be halved three times.
const MARGIN: usize = 2;
/// Width and height of the smallest feature map: 32 pixels halved three times.
pub(super) const SMALLEST: usize = 4;
/// Width and height of a codebook's latent grid.
pub const GRID: usize = SIDE / 4;

/// The encoder: convolution, batch norm, ReLU and 2 x 2 max pooling in each stage.
#[derive(Module, Debug)]
pub struct ConvEncoder {
    convolutions: Vec<Conv>,
    norms: Vec<BatchNorm>,
    #[module(skip)]
    to_grid: bool,
}

impl ConvEncoder {
    pub fn new(config: &ModelConfig, random: &mut ChaCha8Rng, device: &Device) -> Self {
        let to_grid = config.has_codebook();
        let channels = &CHANNELS[..if to_grid { 2 } else { 3 }];
        let mut inputs = 1 + config.label_width();
        let mut stage = |&outputs: &usize| Conv::new(std::mem::replace(&mut inputs, outputs), outputs, random, device);
        Self {
            convolutions: channels.iter().map(&mut stage).collect(),
            norms: channels.iter().map(|&channels| BatchNorm::new(channels, device)).collect(),
            to_grid,
        }
    }

    /// `F`: width of the features.
    pub fn features(&self) -> usize {
        if self.to_grid { CHANNELS[1] } else { CHANNELS[2] * SMALLEST * SMALLEST }
    }

    /// # Shapes
    /// Images `[B, P]` (and labels `[B, Y]`, as `Y` more channels) to features `[B, F]`, or `[B * 49, F]` for a codebook; and the output
    /// of the first stage, `[B, 32, 14, 14]` for a codebook.
    pub fn forward(
        &self,
        images: Tensor<2>,
        labels: Option<Tensor<2>>,
        statistics: Statistics,
    ) -> (Tensor<2>, Tensor<4>) {
        let [rows, _] = images.dims();
        let mut x: Tensor<4> = images.reshape([rows, 1, SIDE, SIDE]);
        if let Some(labels) = labels {
            let [_, classes] = labels.dims();
            let planes = labels.reshape([rows, classes, 1, 1]).expand([rows, classes, SIDE, SIDE]);
            x = Tensor::cat(vec![x, planes], 1);
        }
        if !self.to_grid {
            x = x.pad((MARGIN, MARGIN, MARGIN, MARGIN), PadMode::Constant(0.0));
        }
        let mut first = None;
        for (convolution, norm) in self.convolutions.iter().zip(&self.norms) {
            x = norm.forward(convolution.forward(x), statistics, true);
            first.get_or_insert_with(|| x.clone());
        }
        let features = if self.to_grid { to_rows(x) } else { x.reshape([rows, self.features()]) };
        (features, first.expect("there are at least two stages"))
    }
}

/// Channels of each place, `[B, C, side, side]` to `[B * side * side, C]`.
pub(super) fn to_rows(grid: Tensor<4>) -> Tensor<2> {
    let [rows, channels, height, width] = grid.dims();
    grid.permute([0, 2, 3, 1]).reshape([rows * height * width, channels])
}

/// Vectors of the places of a grid, `[B, side * side * Z]` to `[B, Z, side, side]`.
pub(super) fn from_grid(vectors: Tensor<2>, side: usize) -> Tensor<4> {
    let [rows, width] = vectors.dims();
    vectors.reshape([rows, side, side, width / (side * side)]).permute([0, 3, 1, 2])
}

/// The decoder: a dense layer to the smallest feature map (for a codebook, a convolution over its grid), then batch norm, ReLU
/// and a transposed convolution in each stage.
#[derive(Module, Debug)]
pub struct ConvDecoder {
    first: Option<Dense>,
    /// The first layer of a codebook's decoder; it combines neighbouring positions.
    mix: Option<Conv>,
    /// Joins the lower level of two codebooks.
    merge: Option<Conv>,
    norms: Vec<BatchNorm>,
    convolutions: Vec<ConvTranspose>,
}

impl ConvDecoder {
    pub fn new(config: &ModelConfig, random: &mut ChaCha8Rng, device: &Device) -> Self {
        let from_grid = config.has_codebook();
        let label = config.label_width();
        let width = config.code_width();
        let smallest = CHANNELS[2] * SMALLEST * SMALLEST;
        let channels: Vec<usize> = CHANNELS[..if from_grid { 2 } else { 3 }].iter().rev().copied().collect();
        let first = (!from_grid).then(|| Dense::new(width + label, smallest, random, device));
        let mix = from_grid.then(|| Conv::new(config.latent + label, channels[0], random, device));
        let two = config.posterior == PosteriorKind::TwoCodebooks;
        let merge = two.then(|| Conv::new(channels[1] + config.latent, channels[1], random, device));
        let outputs = channels[1..].iter().copied().chain([1]);
        Self {
            first,
            mix,
            merge,
            norms: channels.iter().map(|&channels| BatchNorm::new(channels, device)).collect(),
            convolutions: channels
                .iter()
                .zip(outputs)
                .map(|(&inputs, outputs)| ConvTranspose::new(inputs, outputs, outputs == 1, random, device))
                .collect(),
        }
    }

    /// # Shapes
    /// Codes `[B, Z]`, or `[B, N * Z]` of a codebook (and labels `[B, Y]`), to logits `[B, P]`.
    pub fn forward(&self, z: Tensor<2>, labels: Option<Tensor<2>>) -> Tensor<2> {
        let [rows, width] = z.dims();
        let top = width * POSITIONS / (POSITIONS + BOTTOM_POSITIONS); // of two codebooks, the width of the upper level
        let (z, mut bottom) = match &self.merge {
            Some(_) => (z.clone().narrow(1, 0, top), Some(z.narrow(1, top, width - top))),
            None => (z, None),
        };
        let mut x = match (&self.first, &self.mix) {
            (Some(first), _) => first.forward(with_label(z, labels)).reshape([rows, CHANNELS[2], SMALLEST, SMALLEST]),
            (None, Some(mix)) => {
                let mut grid = from_grid(z, GRID);
                if let Some(labels) = labels {
                    let [_, classes] = labels.dims();
                    let planes = labels.reshape([rows, classes, 1, 1]).expand([rows, classes, GRID, GRID]);
                    grid = Tensor::cat(vec![grid, planes], 1);
                }
                mix.forward(grid)
            }
            (None, None) => unreachable!("a decoder starts with one of the two"),
        };
        for (norm, convolution) in self.norms.iter().zip(&self.convolutions) {
            x = convolution.forward(norm.forward(x, Statistics::Batch, false));
            if let (Some(merge), Some(bottom)) = (&self.merge, bottom.take()) {
                x = merge.forward(Tensor::cat(vec![x, from_grid(bottom, 2 * GRID)], 1));
            }
        }
        let margin = (x.dims()[2] - SIDE) / 2;
        x.slice([0..rows, 0..1, margin..margin + SIDE, margin..margin + SIDE]).reshape([rows, SIDE * SIDE])
    }
}
