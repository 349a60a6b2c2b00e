//! The critic of a VAE-GAN (Larsen et al. 2016): it learns to tell images from pictures, and what it looks at is a measure
//! of likeness.

use burn::module::Module;
use burn::tensor::activation::{leaky_relu, softplus};
use burn::tensor::{Device, Tensor};
use rand::rngs::ChaCha8Rng;

use super::ModelConfig;
use crate::data::PIXELS;
use crate::layers::Dense;

const SLOPE: f64 = 0.2;
/// What features and verdict weigh against each other and a reconstruction in nats: found by trial.
const LIKENESS: f64 = 20.0;
const FOOLED: f64 = 3.0;

/// 784-H/4-H/8-1: a critic as strong as the decoder would win too soon.
#[derive(Module, Debug)]
pub struct Critic {
    first: Dense,
    second: Dense,
    verdict: Dense,
}

/// What a critic makes of pictures.
#[derive(Debug, Clone)]
pub struct Opinion {
    /// What it looked at, `[B, H/8]`.
    pub features: Tensor<2>,
    /// Logit of each being an image, `[B]`.
    pub verdict: Tensor<1>,
}

impl Critic {
    pub fn new(config: &ModelConfig, random: &mut ChaCha8Rng, device: &Device) -> Self {
        let (first, second) = (config.hidden / 4, config.hidden / 8);
        Self {
            first: Dense::new(PIXELS, first, random, device),
            second: Dense::new(first, second, random, device),
            verdict: Dense::new(second, 1, random, device),
        }
    }

    /// # Shapes
    /// Pictures `[B, P]` in 0..=1.
    pub fn forward(&self, pictures: Tensor<2>) -> Opinion {
        let features = leaky_relu(self.first.forward(pictures), SLOPE);
        let features = leaky_relu(self.second.forward(features), SLOPE);
        Opinion { verdict: self.verdict.forward(features.clone()).squeeze_dim(1), features }
    }

    /// What the critic itself minimises, in nats for each image: `[B]`. Pictures are copies or inventions, half the weight each,
    /// and stay as they are.
    pub fn cost(&self, images: Tensor<2>, copies: Tensor<2>, inventions: Tensor<2>) -> Tensor<1> {
        let made = |pictures: Tensor<2>| softplus(self.forward(pictures.detach()).verdict, 1.0);
        softplus(-self.forward(images).verdict, 1.0) + (made(copies) + made(inventions)) * 0.5
    }

    /// What it holds against pictures, for each image: `[B]`. How far the features of a copy are from those of its image (eq. 6,
    /// as a share of the images' mean square, so that a louder critic is no stricter one), and the non-saturating loss of
    /// copies and inventions; the critic stays as it is.
    pub fn reproach(&self, images: Tensor<2>, copies: Tensor<2>, inventions: Tensor<2>) -> Tensor<1> {
        let critic = self.clone().no_grad();
        let (wanted, copied) = (critic.forward(images).features, critic.forward(copies));
        let loudness = wanted.clone().square().sum_dim(1).mean_dim(0);
        let distance: Tensor<1> = ((copied.features - wanted).square().sum_dim(1) / loudness).squeeze_dim(1);
        let seen_through = |verdict: Tensor<1>| softplus(-verdict, 1.0);
        let fooled = seen_through(copied.verdict) + seen_through(critic.forward(inventions).verdict);
        distance * LIKENESS + fooled * FOOLED
    }
}
