//! The formula everything here minimises, term by term:
//!
//! ```text
//! loss(x) = -log p(x | z)  +  beta * KL(q(z | x) || p(z)),    z ~ q(z | x)
//! ```
//!
//! With beta = 1 its negative is the evidence lower bound (Kingma & Welling 2014, eq. 3); other weights give the
//! beta-VAE (Higgins et al. 2017). The KL is in closed form for p(z) = N(0, I), else estimated at the sample. Sums over
//! pixels and latents, never means.

use burn::tensor::Tensor;

use crate::model::Vae;

/// What one step or one score looks at.
#[derive(Debug, Clone)]
pub struct Batch {
    /// What the encoder sees, `[B, P]`: the images, or corrupted ones.
    pub inputs: Tensor<2>,
    /// What the decoder should draw, `[B, P]`.
    pub images: Tensor<2>,
    /// One-hot digits `[B, 10]`, for a labelled model.
    pub labels: Option<Tensor<2>>,
    /// N(0, 1) draws `[B, Z]`; zeros take the posterior at its mean.
    pub noise: Tensor<2>,
}

/// Both terms for each image, in nats, unweighted.
#[derive(Debug, Clone)]
pub struct Terms {
    pub reconstruction: Tensor<1>, // [B]
    pub divergence: Tensor<1>,     // [B]
    /// KL(q || N(0, I)) by component, `[B, Z]`: how much each is used, whatever the prior.
    pub usage: Tensor<2>,
}

impl Terms {
    /// Scores a batch with one draw of z an image.
    pub fn of(model: &Vae, batch: Batch) -> Self {
        let posterior = model.encode(batch.inputs, batch.labels.clone());
        let z = posterior.sample(batch.noise.clone());
        let usage = posterior.kl_to_standard();
        let divergence = match model.learned_prior() {
            None => usage.clone().sum_dim(1).squeeze_dim(1),
            Some(prior) => posterior.log_density(batch.noise) - prior.log_density(z.clone()),
        };
        let likelihood = model.decode(z, batch.labels);
        Self { reconstruction: likelihood.cost(batch.images), divergence, usage }
    }

    /// Mean over images of both terms, in nats per image: two tensors `[1]`.
    pub fn mean(self) -> [Tensor<1>; 2] {
        [self.reconstruction.mean(), self.divergence.mean()]
    }
}
