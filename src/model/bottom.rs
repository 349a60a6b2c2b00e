//! The lower level of a VQ-VAE-2 (Razavi et al. 2019, figure 2a): codes at 14 x 14 places, which see those at 7 x 7.

use burn::module::Module;
use burn::tensor::activation::relu;
use burn::tensor::{Device, Tensor};
use rand::rngs::ChaCha8Rng;

use super::body::{CHANNELS, GRID, from_grid, to_rows};
use super::{Codebook, ModelConfig, Quantised};
use crate::layers::{ConvTranspose, Dense};

/// Places of an image at the lower level.
pub const BOTTOM_POSITIONS: usize = 4 * GRID * GRID;

/// What makes the codes of the lower level: the quantised top, decoded up to 14 x 14, beside the encoder's features there.
#[derive(Module, Debug)]
pub struct Bottom {
    lift: ConvTranspose,
    mean: Dense,
    codebook: Codebook,
}

impl Bottom {
    /// Random weights and vectors.
    pub fn new(config: &ModelConfig, random: &mut ChaCha8Rng, device: &Device) -> Self {
        Self {
            lift: ConvTranspose::new(config.latent, CHANNELS[0], true, random, device),
            mean: Dense::new(2 * CHANNELS[0], config.latent, random, device),
            codebook: Codebook::new(config, BOTTOM_POSITIONS, random, device),
        }
    }

    /// # Shapes
    /// Quantised vectors of the top `[B, 49 * Z]` and features `[B, 32, 14, 14]` to codes at 196 places.
    pub fn quantise(&self, top: Tensor<2>, features: Tensor<4>) -> Quantised {
        let [rows, _] = top.dims();
        let lifted = relu(self.lift.forward(from_grid(top, GRID)));
        let encoded = self.mean.forward(to_rows(Tensor::cat(vec![features, lifted], 1)));
        let [places, latent] = encoded.dims();
        self.codebook.quantise(encoded.reshape([rows, places / rows * latent]))
    }

    /// The codes of the lower level.
    pub fn codebook(&self) -> &Codebook {
        &self.codebook
    }

    /// With the codebook [updated](Codebook::update) after a training step.
    pub fn update(self, batch: &Quantised) -> Self {
        Self { codebook: self.codebook.update(batch), ..self }
    }
}
