//! From an image to a belief about its code.

use burn::module::Module;
use burn::tensor::{Device, Tensor, activation::relu};
use rand::rngs::ChaCha8Rng;

use super::{Diagonal, ModelConfig};
use crate::data::PIXELS;
use crate::layers::Dense;

/// One hidden layer and two linear heads.
#[derive(Module, Debug)]
pub struct Encoder {
    hidden: Dense,
    mean: Dense,
    log_var: Dense,
}

impl Encoder {
    pub fn new(config: &ModelConfig, random: &mut ChaCha8Rng, device: &Device) -> Self {
        Self {
            hidden: Dense::new(PIXELS, config.hidden, random, device),
            mean: Dense::new(config.hidden, config.latent, random, device),
            log_var: Dense::new(config.hidden, config.latent, random, device),
        }
    }

    /// # Shapes
    /// `[B, P]` to a belief over `[B, Z]`.
    pub fn forward(&self, images: Tensor<2>) -> Diagonal {
        let hidden = relu(self.hidden.forward(images));
        Diagonal { mean: self.mean.forward(hidden.clone()), log_var: self.log_var.forward(hidden) }
    }
}
