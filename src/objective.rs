//! The formula everything here minimises, term by term:
//!
//! ```text
//! loss(x) = -log p(x | z)  +  beta * KL(q(z | x) || p(z)),    z ~ q(z | x)
//! ```
//!
//! With beta = 1 its negative is the evidence lower bound (Kingma & Welling 2014, eq. 3); other weights give the
//! beta-VAE (Higgins et al. 2017). Sums over pixels and latents, never means.

use burn::tensor::Tensor;

use crate::model::Vae;

/// Both terms for each image, in nats, unweighted.
#[derive(Debug, Clone)]
pub struct Terms {
    pub reconstruction: Tensor<1>, // [B]
    pub divergence: Tensor<2>,     // [B, Z], by component
}

impl Terms {
    /// Scores images `[B, P]` with one draw of z each, made from `noise` `[B, Z]`; zero noise scores at the mean.
    pub fn of(model: &Vae, images: Tensor<2>, noise: Tensor<2>) -> Self {
        let posterior = model.encode(images.clone());
        let likelihood = model.decode(posterior.sample(noise));
        Self { reconstruction: likelihood.cross_entropy(images), divergence: posterior.kl_to_standard() }
    }

    /// Mean over images of both terms, in nats per image: two tensors `[1]`.
    pub fn mean(self) -> [Tensor<1>; 2] {
        let images = self.divergence.dims()[0] as f32;
        [self.reconstruction.mean(), self.divergence.sum() / images]
    }
}
