//! The variational autoencoder (Kingma & Welling 2014): an encoder that believes, a decoder that draws.

mod body;
mod classifier;
mod codebook;
mod config;
mod critic;
mod decoder;
mod encoder;
mod likelihood;
mod posterior;
mod prior;

pub use classifier::Classifier;
pub use codebook::{Codebook, Codes, PLACES};
pub use config::{BodyKind, LikelihoodKind, ModelConfig, PosteriorKind, PriorKind};
pub use critic::{Critic, Opinion};
pub use decoder::Decoder;
pub use encoder::Encoder;
pub use likelihood::{Bernoulli, Gaussian, Likelihood};
pub use posterior::{Diagonal, Full, Point, Posterior, Triangle};
pub use prior::{Mixture, Prior, standard_log_density};

use burn::module::Module;
use burn::tensor::{Device, Tensor};

use crate::layers::Statistics;
use crate::random::{Stream, generator};

/// An encoder, a decoder, and what else a system of the family learns.
#[derive(Module, Debug)]
pub struct Vae {
    encoder: Encoder,
    decoder: Decoder,
    prior: Prior,
    codebook: Option<Codebook>,
    classifier: Option<Classifier>,
    critic: Option<Critic>,
}

impl Vae {
    /// A fresh model; the same seed gives the same weights on every device.
    pub fn new(config: &ModelConfig, seed: u64, device: &Device) -> Self {
        let random = &mut generator(seed, Stream::Weights);
        Self {
            encoder: Encoder::new(config, random, device),
            decoder: Decoder::new(config, random, device),
            prior: Prior::new(config, random, device),
            codebook: (config.posterior == PosteriorKind::Codebook).then(|| Codebook::new(config, random, device)),
            classifier: config.classifier.then(|| Classifier::new(config, random, device)),
            critic: config.critic.then(|| Critic::new(config, random, device)),
        }
    }

    /// q(z | x): images `[B, P]` to a belief over `[B, Z]`; labels `[B, 10]`, one-hot, for a labelled model.
    pub fn encode(&self, images: Tensor<2>, labels: Option<Tensor<2>>) -> Posterior {
        let posterior = self.encoder.forward(images, labels, Statistics::Batch);
        match &self.codebook {
            Some(codebook) => Posterior::Codebook(codebook.look_up(posterior.mean())),
            None => posterior,
        }
    }

    /// p(x | z): codes `[B, Z]` to a belief over `[B, P]`; labels as above.
    pub fn decode(&self, z: Tensor<2>, labels: Option<Tensor<2>>) -> Likelihood {
        self.decoder.forward(z, labels)
    }

    /// Standard deviation of a pixel, `[1]`, where it is learned.
    pub fn pixel_sigma(&self) -> Option<Tensor<1>> {
        self.decoder.sigma()
    }

    pub fn codebook(&self) -> Option<&Codebook> {
        self.codebook.as_ref()
    }

    pub fn classifier(&self) -> Option<&Classifier> {
        self.classifier.as_ref()
    }

    pub fn critic(&self) -> Option<&Critic> {
        self.critic.as_ref()
    }

    /// This model after it has seen the codes of a batch.
    pub fn learned(self, codes: &Codes) -> Self {
        Self { codebook: self.codebook.map(|codebook| codebook.learned(codes)), ..self }
    }

    /// p(z) where it is learned; none for N(0, I).
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

    /// The pseudo-inputs of a VampPrior as pictures, `[K, P]`.
    pub fn pseudo_inputs(&self) -> Option<Tensor<2>> {
        self.prior.pseudo_inputs()
    }
}

/// `x` `[B, N]` with its label beside it, `[B, N + 10]`.
fn with_label(x: Tensor<2>, label: Option<Tensor<2>>) -> Tensor<2> {
    match label {
        Some(label) => Tensor::cat(vec![x, label], 1),
        None => x,
    }
}

/// Each row `times` times in a row: `[B, N]` to `[B * times, N]`.
pub(crate) fn repeat_rows(x: Tensor<2>, times: usize) -> Tensor<2> {
    if times == 1 {
        return x;
    }
    let [rows, columns] = x.dims();
    x.unsqueeze_dim::<3>(1).expand([rows, times, columns]).reshape([rows * times, columns])
}
