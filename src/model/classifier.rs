//! The classifier q(y | x) of a semi-supervised model (Kingma et al. 2014, model M2).

use burn::module::Module;
use burn::tensor::activation::log_softmax;
use burn::tensor::{Device, Tensor};
use rand::rngs::ChaCha8Rng;

use super::ModelConfig;
use crate::data::PIXELS;
use crate::layers::Dense;

/// Layers 784-H-Y with ReLU.
#[derive(Module, Debug)]
pub struct Classifier {
    hidden: Dense,
    logits: Dense,
}

impl Classifier {
    /// A classifier with random weights.
    pub fn new(config: &ModelConfig, random: &mut ChaCha8Rng, device: &Device) -> Self {
        Self {
            hidden: Dense::new(PIXELS, config.hidden, random, device),
            logits: Dense::new(config.hidden, config.classes, random, device),
        }
    }

    /// log q(y | x) in nats.
    ///
    /// # Shapes
    /// Images `[B, P]` to log-probabilities `[B, Y]`.
    pub fn forward(&self, images: Tensor<2>) -> Tensor<2> {
        log_softmax(self.logits.forward(self.hidden.forward_relu(images)), 1)
    }
}
