//! The variational autoencoder (Kingma & Welling 2014): an encoder that believes, a decoder that draws.

mod config;
mod decoder;
mod encoder;
mod likelihood;
mod posterior;

pub use config::ModelConfig;
pub(crate) use config::within;
pub use decoder::Decoder;
pub use encoder::Encoder;
pub use likelihood::Bernoulli;
pub use posterior::Diagonal;

use burn::module::Module;
use burn::tensor::{Device, Tensor};

use crate::random::{Stream, generator};

/// 784-H-Z-H-784.
#[derive(Module, Debug)]
pub struct Vae {
    encoder: Encoder,
    decoder: Decoder,
}

impl Vae {
    /// A fresh model; the same seed gives the same weights on every device.
    pub fn new(config: &ModelConfig, seed: u64, device: &Device) -> Self {
        let random = &mut generator(seed, Stream::Weights);
        Self { encoder: Encoder::new(config, random, device), decoder: Decoder::new(config, random, device) }
    }

    /// q(z | x): images `[B, P]` to a belief over `[B, Z]`.
    pub fn encode(&self, images: Tensor<2>) -> Diagonal {
        self.encoder.forward(images)
    }

    /// p(x | z): codes `[B, Z]` to a likelihood over `[B, P]`.
    pub fn decode(&self, z: Tensor<2>) -> Bernoulli {
        self.decoder.forward(z)
    }
}
