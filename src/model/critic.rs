//! The critic of a VAE-GAN (Larsen et al. 2016): a discriminator between training images and the decoder's images, whose
//! features also measure how similar two images are.

use burn::module::Module;
use burn::tensor::activation::leaky_relu;
use burn::tensor::{Device, Tensor};
use rand::rngs::ChaCha8Rng;

use super::{Attributes, ModelConfig, with_label};
use crate::data::PIXELS;
use crate::layers::Dense;

const NEGATIVE_SLOPE: f64 = 0.2;

/// Layers 784-H/4-H/8-1 with leaky ReLU. Where the model is conditional on the label, so is the critic: its first layer takes the label as
/// well (CVAE-GAN, Bao et al. 2017). A critic as large as the decoder wins too early, and the decoder stops learning.
#[derive(Module, Debug)]
pub struct Critic {
    first: Dense,
    second: Dense,
    verdict: Dense,
    #[module(skip)]
    attributes: Attributes,
}

/// The critic's output for a batch.
#[derive(Debug, Clone)]
pub struct CriticOutput {
    /// Activations of the last hidden layer, `[B, H/8]`.
    pub features: Tensor<2>,
    /// Logit of the probability that each image is a training image, `[B]`.
    pub logit: Tensor<1>,
}

impl Critic {
    /// A critic with random weights.
    pub fn new(config: &ModelConfig, random: &mut ChaCha8Rng, device: &Device) -> Self {
        let (first, second) = (config.hidden / 4, config.hidden / 8);
        Self {
            first: Dense::new(PIXELS + config.label_width(), first, random, device),
            second: Dense::new(first, second, random, device),
            verdict: Dense::new(second, 1, random, device),
            attributes: Attributes::new(config, device),
        }
    }

    /// # Shapes
    /// Images `[B, P]` in 0..=1 (and one-hot labels `[B, Y]`) to features `[B, H/8]` and logits `[B]`.
    pub fn forward(&self, images: Tensor<2>, labels: Option<Tensor<2>>) -> CriticOutput {
        let labels = self.attributes.of(labels);
        let features = leaky_relu(self.first.forward(with_label(images, labels)), NEGATIVE_SLOPE);
        let features = leaky_relu(self.second.forward(features), NEGATIVE_SLOPE);
        CriticOutput { logit: self.verdict.forward(features.clone()).squeeze_dim(1), features }
    }
}
