//! The decoder: from a code to the likelihood p(x | z).

use burn::module::{Module, Param};
use burn::tensor::{Device, Tensor, activation::sigmoid};
use rand::rngs::ChaCha8Rng;

use super::body::ConvDecoder;
use super::likelihood::{Bernoulli, Gaussian, Likelihood};
use super::structured::{FactorHead, Structured};
use super::{Attributes, BodyKind, LikelihoodKind, ModelConfig, with_label};
use crate::data::PIXELS;
use crate::layers::Dense;

/// The encoder's architecture in reverse, with a logit for each pixel, and the standard deviation of the pixels, or the factor of their
/// precision, where it is learned.
#[derive(Module, Debug)]
pub struct Decoder {
    hidden: Option<Dense>,
    convolutions: Option<ConvDecoder>,
    logits: Option<Dense>,
    log_sigma: Option<Param<Tensor<1>>>, // [1]
    factor: Option<FactorHead>,
    #[module(skip)]
    likelihood: LikelihoodKind,
    #[module(skip)]
    attributes: Attributes,
}

impl Decoder {
    /// A decoder with random weights.
    pub fn new(config: &ModelConfig, random: &mut ChaCha8Rng, device: &Device) -> Self {
        let inputs = config.code_width() + config.label_width();
        let learned = config.likelihood == LikelihoodKind::LearnedGaussian;
        let hidden = (config.body == BodyKind::Mlp).then(|| Dense::new(inputs, config.hidden, random, device));
        let convolutions = (config.body == BodyKind::Conv).then(|| ConvDecoder::new(config, random, device));
        let features = if hidden.is_some() { config.hidden } else { inputs };
        Self {
            hidden,
            logits: convolutions.is_none().then(|| Dense::new(features, PIXELS, random, device)),
            convolutions,
            log_sigma: learned.then(|| Param::from_data([0.0_f32], device)),
            factor: (config.likelihood == LikelihoodKind::StructuredGaussian)
                .then(|| FactorHead::new(config, random, device)),
            likelihood: config.likelihood,
            attributes: Attributes::new(config, device),
        }
    }

    /// # Shapes
    /// Codes `[B, Z]`, or a codebook's vectors `[B, N * Z]` (and one-hot labels `[B, Y]`), to a distribution over `[B, P]`.
    pub fn forward(&self, z: Tensor<2>, labels: Option<Tensor<2>>) -> Likelihood {
        let labels = self.attributes.of(labels);
        let factor = self.factor.as_ref().map(|head| head.forward(z.clone(), labels.clone()));
        let logits = self.logits(z, labels);
        if self.likelihood == LikelihoodKind::Bernoulli {
            return Likelihood::Bernoulli(Bernoulli { logits });
        }
        // A linear decoder has no sigmoid: with squared error its optimum is the principal components.
        let linear = self.hidden.is_none() && self.convolutions.is_none();
        let mean = if linear { logits } else { sigmoid(logits) };
        if let Some(factor) = factor {
            return Likelihood::Structured(Structured { mean, factor });
        }
        let log_sigma = match &self.log_sigma {
            Some(learned) => learned.val(),
            None => Tensor::zeros([1], &mean.device()),
        };
        Likelihood::Gaussian(Gaussian { mean, log_sigma })
    }

    fn logits(&self, z: Tensor<2>, labels: Option<Tensor<2>>) -> Tensor<2> {
        match (&self.convolutions, &self.logits) {
            (Some(convolutions), _) => convolutions.forward(z, labels),
            (None, Some(logits)) => {
                let z = with_label(z, labels);
                let features = match &self.hidden {
                    Some(hidden) => hidden.forward_relu(z),
                    None => z.into(),
                };
                logits.forward(features)
            }
            (None, None) => unreachable!("a decoder ends with one of the two"),
        }
    }

    /// Standard deviation of a pixel, `[1]`, where it is learned.
    pub fn sigma(&self) -> Option<Tensor<1>> {
        self.log_sigma.as_ref().map(|log_sigma| log_sigma.val().exp())
    }
}
