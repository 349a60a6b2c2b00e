//! The variational autoencoder (Kingma & Welling 2014): encoder q(z | x), decoder p(x | z), prior p(z), and the further
//! networks that some systems train.

mod activations;
mod attributes;
mod body;
mod classifier;
mod codebook;
mod config;
mod critic;
mod decoder;
mod encoder;
mod fitted;
mod full;
mod layout;
mod likelihood;
mod posterior;
mod prior;
mod structured;

pub use activations::{Activations, activations};
pub use attributes::{Attributes, DIGITS, SEGMENTS};
pub use classifier::Classifier;
pub use codebook::{Codebook, Codes, POSITIONS};
pub use config::{BodyKind, LikelihoodKind, ModelConfig, PosteriorKind, PriorKind};
pub use critic::{Critic, CriticOutput};
pub use decoder::Decoder;
pub use encoder::Encoder;
pub use fitted::FittedMixture;
pub use full::{Full, Triangle};
pub use layout::layout;
pub use likelihood::{Bernoulli, Gaussian, Likelihood};
pub use posterior::{Diagonal, Point, Posterior};
pub use prior::{Mixture, Prior, standard_log_density};
pub use structured::{Factor, LEAST_SIGMA, NEIGHBOURS, Structured};

use burn::module::Module;
use burn::tensor::{Device, Int, Tensor};

use crate::layers::Statistics;
use crate::random::{Stream, generator};

/// All networks of one system. A part that the system does not have is `None`.
#[derive(Module, Debug)]
pub struct Vae {
    encoder: Encoder,
    decoder: Decoder,
    prior: Prior,
    codebook: Option<Codebook>,
    classifier: Option<Classifier>,
    critic: Option<Critic>,
    #[module(skip)]
    classes: usize,
}

impl Vae {
    /// A model with random weights; the same seed gives the same weights on every device.
    pub fn new(config: &ModelConfig, seed: u64, device: &Device) -> Self {
        let random = &mut generator(seed, Stream::Weights);
        Self {
            encoder: Encoder::new(config, random, device),
            decoder: Decoder::new(config, random, device),
            prior: Prior::new(config, random, device),
            codebook: (config.posterior == PosteriorKind::Codebook).then(|| Codebook::new(config, random, device)),
            classifier: config.classifier.then(|| Classifier::new(config, random, device)),
            critic: config.critic.then(|| Critic::new(config, random, device)),
            classes: config.classes,
        }
    }

    /// The posterior q(z | x), or q(z | x, y) for a model that is conditional on the label.
    ///
    /// # Shapes
    /// Images `[B, P]` in 0..=1 (and one-hot labels `[B, Y]`) to a distribution over `[B, Z]`, or codes `[B, N]`.
    pub fn encode(&self, images: Tensor<2>, labels: Option<Tensor<2>>) -> Posterior {
        let posterior = self.encoder.forward(images, labels, Statistics::Batch);
        match &self.codebook {
            Some(codebook) => Posterior::Codebook(codebook.quantise(posterior.mean())),
            None => posterior,
        }
    }

    /// The likelihood p(x | z), or p(x | z, y) for a model that is conditional on the label.
    ///
    /// # Shapes
    /// Codes `[B, Z]`, or a codebook's vectors `[B, N * Z]` (and one-hot labels `[B, Y]`), to a distribution over `[B, P]`.
    pub fn decode(&self, z: Tensor<2>, labels: Option<Tensor<2>>) -> Likelihood {
        self.decoder.forward(z, labels)
    }

    /// Standard deviation of a pixel, `[1]`, where the likelihood learns it.
    pub fn pixel_sigma(&self) -> Option<Tensor<1>> {
        self.decoder.sigma()
    }

    /// `Y`: length of a one-hot label.
    pub fn classes(&self) -> usize {
        self.classes
    }

    /// The codebook of a VQ-VAE.
    pub fn codebook(&self) -> Option<&Codebook> {
        self.codebook.as_ref()
    }

    /// q(y | x) of a semi-supervised model.
    pub fn classifier(&self) -> Option<&Classifier> {
        self.classifier.as_ref()
    }

    /// The critic of a VAE-GAN; used only while training.
    pub fn critic(&self) -> Option<&Critic> {
        self.critic.as_ref()
    }

    /// The model with its codebook [updated](Codebook::update) after a training step.
    pub fn update_codebook(self, batch: &Codes) -> Self {
        Self { codebook: self.codebook.map(|codebook| codebook.update(batch)), ..self }
    }

    /// Whether the prior is fitted to the codes, which are trained without it.
    pub fn has_fitted_prior(&self) -> bool {
        self.prior.is_fitted()
    }

    /// The model with a fitted prior after a training step with these samples of the posterior, `[B, Z]`.
    pub fn update_prior(self, z: Tensor<2>) -> Self {
        Self { prior: self.prior.fit(z), ..self }
    }

    /// p(z) where it is learned; `None` for N(0, I).
    pub fn learned_prior(&self) -> Option<Mixture> {
        self.prior.mixture(&self.encoder)
    }

    /// log p(z) of codes `[B, Z]`, in nats: `[B]`.
    pub fn log_prior(&self, z: Tensor<2>) -> Tensor<1> {
        match self.learned_prior() {
            Some(prior) => prior.log_density(z),
            None => standard_log_density(z),
        }
    }

    /// The pseudo-inputs of a VampPrior, `[K, P]` in 0..=1.
    pub fn pseudo_inputs(&self) -> Option<Tensor<2>> {
        self.prior.pseudo_inputs()
    }
}

/// `x` `[B, N]` and its labels `[B, Y]`, concatenated to `[B, N + Y]`; `x` itself without labels.
fn with_label(x: Tensor<2>, label: Option<Tensor<2>>) -> Tensor<2> {
    match label {
        Some(label) => Tensor::cat(vec![x, label], 1),
        None => x,
    }
}

/// Repeats each row `times` times: `[B, N]` to `[B * times, N]`, the copies of a row adjacent.
pub(crate) fn repeat_rows(x: Tensor<2>, times: usize) -> Tensor<2> {
    if times == 1 {
        return x;
    }
    let [rows, columns] = x.dims();
    x.unsqueeze_dim::<3>(1).expand([rows, times, columns]).reshape([rows * times, columns])
}

/// Indices `[R, 1]` in `0..classes` as one-hot rows `[R, classes]`.
fn one_hot(indices: Tensor<2, Int>, classes: usize) -> Tensor<2> {
    let range = Tensor::<1, Int>::arange(0..classes as i64, &indices.device());
    let rows = indices.dims()[0];
    indices.expand([rows, classes]).equal(range.unsqueeze::<2>().expand([rows, classes])).float()
}
