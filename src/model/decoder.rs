//! From a code to a belief about an image.

use burn::module::{Module, Param};
use burn::tensor::{Device, Tensor, activation::relu, activation::sigmoid};
use rand::rngs::ChaCha8Rng;

use super::likelihood::{Bernoulli, Gaussian, Likelihood};
use super::{LikelihoodKind, ModelConfig, with_label};
use crate::data::{DIGITS, PIXELS};
use crate::layers::Dense;

/// One hidden layer, then a logit for each pixel, and where it is learned the pixels' standard deviation.
#[derive(Module, Debug)]
pub struct Decoder {
    hidden: Dense,
    logits: Dense,
    log_sigma: Option<Param<Tensor<1>>>, // [1]
    #[module(skip)]
    likelihood: LikelihoodKind,
}

impl Decoder {
    pub fn new(config: &ModelConfig, random: &mut ChaCha8Rng, device: &Device) -> Self {
        let inputs = config.latent + if config.labelled { DIGITS } else { 0 };
        let learned = config.likelihood == LikelihoodKind::LearnedGaussian;
        Self {
            hidden: Dense::new(inputs, config.hidden, random, device),
            logits: Dense::new(config.hidden, PIXELS, random, device),
            log_sigma: learned.then(|| Param::from_data([0.0_f32], device)),
            likelihood: config.likelihood,
        }
    }

    /// # Shapes
    /// Codes `[B, Z]` (and labels `[B, 10]`, one-hot) to a belief over `[B, P]`.
    pub fn forward(&self, z: Tensor<2>, labels: Option<Tensor<2>>) -> Likelihood {
        let hidden = relu(self.hidden.forward(with_label(z, labels)));
        let logits = self.logits.forward(hidden);
        if self.likelihood == LikelihoodKind::Bernoulli {
            return Likelihood::Bernoulli(Bernoulli { logits });
        }
        let log_sigma = match &self.log_sigma {
            Some(learned) => learned.val(),
            None => Tensor::zeros([1], &logits.device()),
        };
        Likelihood::Gaussian(Gaussian { mean: sigmoid(logits), log_sigma })
    }
}
