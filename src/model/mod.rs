//! The variational autoencoder (Kingma & Welling 2014): an encoder that believes, a decoder that draws.

mod config;
mod decoder;
mod encoder;
mod likelihood;
mod posterior;
mod prior;

pub(crate) use config::within;
pub use config::{LikelihoodKind, ModelConfig, PosteriorKind, PriorKind};
pub use decoder::Decoder;
pub use encoder::Encoder;
pub use likelihood::{Bernoulli, Gaussian, Likelihood};
pub use posterior::{Diagonal, Full, Point, Posterior, Triangle};
pub use prior::{Mixture, Prior};

use burn::module::Module;
use burn::tensor::{Device, Tensor};

use crate::random::{Stream, generator};

/// 784-H-Z-H-784.
#[derive(Module, Debug)]
pub struct Vae {
    encoder: Encoder,
    decoder: Decoder,
    prior: Prior,
}

impl Vae {
    /// A fresh model; the same seed gives the same weights on every device.
    pub fn new(config: &ModelConfig, seed: u64, device: &Device) -> Self {
        let random = &mut generator(seed, Stream::Weights);
        Self {
            encoder: Encoder::new(config, random, device),
            decoder: Decoder::new(config, random, device),
            prior: Prior::new(config, random, device),
        }
    }

    /// q(z | x): images `[B, P]` to a belief over `[B, Z]`; labels `[B, 10]`, one-hot, for a labelled model.
    pub fn encode(&self, images: Tensor<2>, labels: Option<Tensor<2>>) -> Posterior {
        self.encoder.forward(images, labels)
    }

    /// p(x | z): codes `[B, Z]` to a belief over `[B, P]`; labels as above.
    pub fn decode(&self, z: Tensor<2>, labels: Option<Tensor<2>>) -> Likelihood {
        self.decoder.forward(z, labels)
    }

    /// p(z) where it is learned; none for N(0, I).
    pub fn learned_prior(&self) -> Option<Mixture> {
        self.prior.mixture(&self.encoder)
    }

    /// log p(z) of codes `[B, Z]`, in nats: `[B]`.
    pub fn log_prior(&self, z: Tensor<2>) -> Tensor<1> {
        match self.learned_prior() {
            Some(prior) => prior.log_density(z),
            None => ((z.square() + std::f64::consts::TAU.ln()) * -0.5).sum_dim(1).squeeze_dim(1),
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
