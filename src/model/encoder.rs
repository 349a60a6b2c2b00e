//! The encoder: from an image to the posterior q(z | x).

use burn::module::Module;
use burn::tensor::{Device, Tensor};
use rand::rngs::ChaCha8Rng;

use super::body::ConvEncoder;
use super::full::{Full, Triangle};
use super::posterior::{Diagonal, Point, Posterior};
use super::{Attributes, BodyKind, ModelConfig, PosteriorKind, with_label};
use crate::data::PIXELS;
use crate::layers::{Dense, Statistics};

/// No hidden layer, one, or convolutions; then a linear head for each parameter of the posterior.
#[derive(Module, Debug)]
pub struct Encoder {
    hidden: Option<Dense>,
    convolutions: Option<ConvEncoder>,
    mean: Dense,
    log_var: Option<Dense>,
    below: Option<Dense>,
    #[module(skip)]
    triangle: Option<Triangle>,
    #[module(skip)]
    attributes: Attributes,
}

impl Encoder {
    /// An encoder with random weights.
    pub fn new(config: &ModelConfig, random: &mut ChaCha8Rng, device: &Device) -> Self {
        let ModelConfig { body, latent, hidden, posterior, .. } = *config;
        let inputs = PIXELS + config.label_width();
        let first = (body == BodyKind::Mlp).then(|| Dense::new(inputs, hidden, random, device));
        let convolutions = (body == BodyKind::Conv).then(|| ConvEncoder::new(config, random, device));
        let features = match &convolutions {
            Some(convolutions) => convolutions.features(),
            None if first.is_some() => hidden,
            None => inputs,
        };
        let mut head = |outputs| Dense::new(features, outputs, random, device);
        let gaussian = matches!(posterior, PosteriorKind::Diagonal | PosteriorKind::Full);
        let width = if convolutions.is_some() { latent } else { config.code_width() };
        Self {
            hidden: first,
            convolutions,
            mean: head(width),
            log_var: gaussian.then(|| head(latent)),
            below: (posterior == PosteriorKind::Full).then(|| head(latent * (latent - 1) / 2)),
            triangle: (posterior == PosteriorKind::Full)
                .then(|| Triangle::new(latent, &device.clone().without_autodiff())),
            attributes: Attributes::new(config, device),
        }
    }

    /// # Shapes
    /// Images `[B, P]` (and one-hot labels `[B, Y]`) to a distribution over `[B, Z]`; for a codebook to points `[B, N * Z]`
    /// that are not quantised yet.
    pub fn forward(&self, images: Tensor<2>, labels: Option<Tensor<2>>, statistics: Statistics) -> Posterior {
        let labels = self.attributes.of(labels);
        let [rows, _] = images.dims();
        let features = match (&self.convolutions, &self.hidden) {
            (Some(convolutions), _) => convolutions.forward(images, labels, statistics),
            (None, Some(hidden)) => hidden.forward_relu(with_label(images, labels)),
            (None, None) => with_label(images, labels),
        };
        let mean = self.mean.forward(features.clone());
        let Some(log_var) = &self.log_var else {
            let width = mean.shape().num_elements() / rows;
            return Posterior::Point(Point { mean: mean.reshape([rows, width]) });
        };
        let log_var = log_var.forward(features.clone());
        let (Some(below), Some(triangle)) = (&self.below, &self.triangle) else {
            return Posterior::Diagonal(Diagonal { mean, log_var });
        };
        let below = below.forward(features);
        Posterior::Full(Full { mean, log_diagonal: log_var * 0.5, below, triangle: triangle.clone() })
    }
}
