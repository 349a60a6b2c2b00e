//! From an image to a belief about its code.

use burn::module::Module;
use burn::tensor::{Device, Tensor, activation::relu};
use rand::rngs::ChaCha8Rng;

use super::posterior::{Diagonal, Full, Point, Posterior, Triangle};
use super::{ModelConfig, PosteriorKind, with_label};
use crate::data::{DIGITS, PIXELS};
use crate::layers::Dense;

/// One hidden layer and a linear head for each thing the posterior has to say.
#[derive(Module, Debug)]
pub struct Encoder {
    hidden: Dense,
    mean: Dense,
    log_var: Option<Dense>,
    below: Option<Dense>,
    #[module(skip)]
    triangle: Option<Triangle>,
}

impl Encoder {
    pub fn new(config: &ModelConfig, random: &mut ChaCha8Rng, device: &Device) -> Self {
        let ModelConfig { latent, hidden, posterior, .. } = *config;
        let inputs = PIXELS + if config.labelled { DIGITS } else { 0 };
        let first = Dense::new(inputs, hidden, random, device);
        let mut head = |outputs| Dense::new(hidden, outputs, random, device);
        Self {
            hidden: first,
            mean: head(latent),
            log_var: (posterior != PosteriorKind::Point).then(|| head(latent)),
            below: (posterior == PosteriorKind::Full).then(|| head(latent * (latent - 1) / 2)),
            triangle: (posterior == PosteriorKind::Full).then(|| Triangle::new(latent, &device.clone().inner())),
        }
    }

    /// # Shapes
    /// Images `[B, P]` (and labels `[B, 10]`, one-hot) to a belief over `[B, Z]`.
    pub fn forward(&self, images: Tensor<2>, labels: Option<Tensor<2>>) -> Posterior {
        let hidden = relu(self.hidden.forward(with_label(images, labels)));
        let mean = self.mean.forward(hidden.clone());
        let Some(log_var) = &self.log_var else {
            return Posterior::Point(Point { mean });
        };
        let log_var = log_var.forward(hidden.clone());
        let (Some(below), Some(triangle)) = (&self.below, &self.triangle) else {
            return Posterior::Diagonal(Diagonal { mean, log_var });
        };
        let below = below.forward(hidden);
        Posterior::Full(Full { mean, log_diagonal: log_var * 0.5, below, triangle: triangle.clone() })
    }
}
