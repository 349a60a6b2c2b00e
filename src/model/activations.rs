//! The sizes of the networks' activations, without building them: what a training step must hold.

use super::body::{CHANNELS, GRID, SMALLEST};
use super::structured::PLANES;
use super::{BOTTOM_POSITIONS, BodyKind, LikelihoodKind, ModelConfig, PosteriorKind};
use crate::data::PIXELS;

/// Floats that a step holds for its gradients.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Activations {
    /// Of each image in the encoder.
    pub encoder: usize,
    /// Of each code in the decoder, with logits, targets and their gradients.
    pub decoder: usize,
    /// Of the largest layer, by image.
    pub largest: usize,
    /// What the encoder's heads see, by image.
    pub features: usize,
}

/// The activations of the model that `config` describes.
pub fn activations(config: &ModelConfig) -> Activations {
    let ModelConfig { body, hidden, posterior, .. } = *config;
    let factor = match config.likelihood {
        // The planes, their gradients, the shifted residuals, and the products of both.
        LikelihoodKind::StructuredGaussian => 4 * PLANES * PIXELS,
        _ => 0,
    };
    let pixels = 3 * PIXELS + factor;
    match body {
        // The allocator keeps part of the largest layer once more.
        BodyKind::Linear => Activations { encoder: 0, decoder: pixels + PIXELS / 2, largest: PIXELS, features: PIXELS },
        BodyKind::Mlp => {
            let largest = hidden.max(PIXELS);
            Activations { encoder: hidden, decoder: pixels + 2 * hidden + largest * 3 / 5, largest, features: hidden }
        }
        BodyKind::Conv => {
            let codebook = config.has_codebook();
            let (channels, side) = if codebook { (&CHANNELS[..2], 4 * GRID) } else { (&CHANNELS[..], 8 * SMALLEST) };
            // Each stage of the encoder at its full size, each of the decoder at half of it.
            let stages = channels.iter().enumerate().map(|(stage, channels)| channels * (side >> stage).pow(2));
            let (all, largest) = (stages.clone().sum::<usize>(), stages.max().unwrap_or(0));
            let copies = if codebook { 3 } else { 2 }; // of a convolution: before and after batch norm
            let halved = all / 4;
            // Of two codebooks: lifted, joined and encoded places below, and two convolutions of them in the decoder.
            let places = if posterior == PosteriorKind::TwoCodebooks { BOTTOM_POSITIONS } else { 0 };
            let (encoder, decoder) = (places * (4 * CHANNELS[0] + 3 * config.latent), places * 5 * CHANNELS[0]);
            Activations {
                encoder: copies * all + encoder,
                decoder: pixels + 3 * halved + 2 * side * side + decoder,
                largest,
                features: CHANNELS[2] * SMALLEST * SMALLEST,
            }
        }
    }
}
