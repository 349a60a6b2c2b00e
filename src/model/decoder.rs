//! From a code to an image.

use burn::module::Module;
use burn::tensor::{Device, Tensor, activation::relu};
use rand::rngs::ChaCha8Rng;

use super::{Bernoulli, ModelConfig};
use crate::data::PIXELS;
use crate::layers::Dense;

/// One hidden layer, then a logit for each pixel.
#[derive(Module, Debug)]
pub struct Decoder {
    hidden: Dense,
    logits: Dense,
}

impl Decoder {
    pub fn new(config: &ModelConfig, random: &mut ChaCha8Rng, device: &Device) -> Self {
        Self {
            hidden: Dense::new(config.latent, config.hidden, random, device),
            logits: Dense::new(config.hidden, PIXELS, random, device),
        }
    }

    /// # Shapes
    /// `[B, Z]` to a likelihood over `[B, P]`.
    pub fn forward(&self, z: Tensor<2>) -> Bernoulli {
        let hidden = relu(self.hidden.forward(z));
        Bernoulli { logits: self.logits.forward(hidden) }
    }
}
