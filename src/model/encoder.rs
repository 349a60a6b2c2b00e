//! The encoder: from an image to the posterior q(z | x).

use burn::module::Module;
use burn::tensor::{Device, Tensor};
use rand::rngs::ChaCha8Rng;

use super::body::ConvEncoder;
use super::categorical::Categorical;
use super::flow::FlowNetworks;
use super::full::{Full, Triangle};
use super::posterior::{Diagonal, Point, Posterior};
use super::{Attributes, BodyKind, ModelConfig, PosteriorKind, with_label};
use crate::data::PIXELS;
use crate::layers::{Dense, LayerInput, Statistics};

/// No hidden layer, one, or convolutions; then a linear head for each parameter of the posterior.
#[derive(Module, Debug)]
pub struct Encoder {
    hidden: Option<Dense>,
    convolutions: Option<ConvEncoder>,
    mean: Option<Dense>,
    log_var: Option<Dense>,
    below: Option<Dense>,
    flow: Option<FlowNetworks>,
    logits: Option<Dense>,
    #[module(skip)]
    categories: usize,
    #[module(skip)]
    triangle: Option<Triangle>,
    #[module(skip)]
    width: usize,
    #[module(skip)]
    attributes: Attributes,
}

/// What the last hidden layer of an encoder makes of a batch.
#[derive(Debug, Clone)]
pub struct Features {
    /// `[B, F]`, or `[B * 49, F]` before a codebook.
    pub last: LayerInput,
    /// The output of the first of several stages, `[B, 32, height, width]`.
    pub first: Option<Tensor<4>>,
    images: usize,
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
        let gaussian = matches!(
            posterior,
            PosteriorKind::Diagonal | PosteriorKind::Full | PosteriorKind::Flow | PosteriorKind::TwoLayers
        );
        let categorical = posterior == PosteriorKind::Categorical;
        let of_layer = posterior == PosteriorKind::TwoLayers;
        let width = if convolutions.is_some() || of_layer { latent } else { config.code_width() };
        Self {
            width: features,
            hidden: first,
            convolutions,
            mean: (!categorical).then(|| head(width)),
            log_var: gaussian.then(|| head(latent)),
            below: (posterior == PosteriorKind::Full).then(|| head(latent * (latent - 1) / 2)),
            flow: (posterior == PosteriorKind::Flow).then(|| FlowNetworks::new(config, features, random, device)),
            logits: categorical.then(|| Dense::new(features, config.code_width(), random, device)),
            categories: config.categories,
            triangle: (posterior == PosteriorKind::Full)
                .then(|| Triangle::new(latent, &device.clone().without_autodiff())),
            attributes: Attributes::new(config, device),
        }
    }

    /// # Shapes
    /// Images `[B, P]` (and one-hot labels `[B, Y]`) to a distribution over `[B, Z]`, or `[B, N * A]`; for a codebook to points `[B, N * Z]`
    /// that are not quantised yet.
    pub fn forward(&self, images: Tensor<2>, labels: Option<Tensor<2>>, statistics: Statistics) -> Posterior {
        self.posterior(&self.features(images, labels, statistics))
    }

    /// `F`: width of the features.
    pub fn width(&self) -> usize {
        self.width
    }

    /// The features of images `[B, P]` (and one-hot labels `[B, Y]`).
    pub fn features(&self, images: Tensor<2>, labels: Option<Tensor<2>>, statistics: Statistics) -> Features {
        let labels = self.attributes.of(labels);
        let [rows, _] = images.dims();
        let (last, first) = match (&self.convolutions, &self.hidden) {
            (Some(convolutions), _) => {
                let (last, first) = convolutions.forward(images, labels, statistics);
                (last.into(), Some(first))
            }
            (None, Some(hidden)) => (hidden.forward_relu(with_label(images, labels)), None),
            (None, None) => (with_label(images, labels).into(), None),
        };
        Features { last, first, images: rows }
    }

    /// The distribution that these features give: of two layers that of the upper one.
    pub fn posterior(&self, features: &Features) -> Posterior {
        let Features { last: features, images: rows, .. } = features.clone();
        if let Some(logits) = &self.logits {
            let (logits, categories) = (logits.forward(features), self.categories);
            return Posterior::Categorical(Categorical { logits, categories, relaxation: None });
        }
        let mean = self.mean.as_ref().expect("only a categorical posterior has none");
        let Some(log_var) = &self.log_var else {
            let mean = mean.forward(features);
            let width = mean.shape().num_elements() / rows;
            return Posterior::Point(Point { mean: mean.reshape([rows, width]) });
        };
        let [mean, log_var] = mean.forward_pair(log_var, features.clone());
        if let Some(flow) = &self.flow {
            return Posterior::Flow(flow.forward(Diagonal { mean, log_var }, features));
        }
        let (Some(below), Some(triangle)) = (&self.below, &self.triangle) else {
            return Posterior::Diagonal(Diagonal { mean, log_var });
        };
        let below = below.forward(features);
        Posterior::Full(Full { mean, log_diagonal: log_var * 0.5, below, triangle: triangle.clone() })
    }
}
