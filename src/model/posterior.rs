//! The approximate posterior q(z | x): the encoder's distribution over each image's code, `[B, Z]`.

use burn::tensor::Tensor;

use super::codebook::Codes;
use super::full::Full;
use super::repeat_rows;
use super::two_layers::Layers;
use crate::kernels;

/// A distribution over codes, one for each image of a batch.
#[derive(Debug, Clone)]
#[allow(clippy::large_enum_variant, reason = "one value exists per step; a box would save nothing")]
pub enum Posterior {
    /// A point mass: the plain autoencoder.
    Point(Point),
    /// An axis-aligned Gaussian: the variational autoencoder.
    Diagonal(Diagonal),
    /// A Gaussian with full covariance.
    Full(Full),
    /// Two layers, the lower one dependent on the upper one.
    TwoLayers(Layers),
    /// A point mass at the nearest codebook vectors: the VQ-VAE.
    Codebook(Codes),
}

/// A point mass: the plain autoencoder.
#[derive(Debug, Clone)]
pub struct Point {
    /// `[B, Z]`.
    pub mean: Tensor<2>,
}

/// An axis-aligned Gaussian (Kingma & Welling 2014).
#[derive(Debug, Clone)]
pub struct Diagonal {
    /// `[B, Z]`.
    pub mean: Tensor<2>,
    /// log sigma^2, `[B, Z]`.
    pub log_var: Tensor<2>,
}

impl Posterior {
    /// Mean of the codes, `[B, Z]`; of two layers that of z2, and of z1 given it, `[B, 2 Z]`; of a codebook its vectors `[B, N * Z]`.
    pub fn mean(&self) -> Tensor<2> {
        match self {
            Self::Point(Point { mean }) | Self::Diagonal(Diagonal { mean, .. }) => mean.clone(),
            Self::Full(full) => full.mean.clone(),
            Self::TwoLayers(layers) => layers.mean(),
            Self::Codebook(codes) => codes.straight_through(),
        }
    }

    /// A reparameterised sample, `[B, Z]`, from N(0, 1) noise `[B, Z]`. The noise is an argument so that a test can fix it.
    pub fn sample(&self, noise: Tensor<2>) -> Tensor<2> {
        match self {
            Self::Point(point) => point.mean.clone(),
            Self::Diagonal(diagonal) => diagonal.sample(noise),
            Self::Full(full) => full.sample(noise),
            Self::TwoLayers(layers) => layers.sample_and_log_density(noise).0,
            Self::Codebook(codes) => codes.straight_through(),
        }
    }

    /// A reparameterised sample `[B, Z]`, and KL(q || N(0, I)) in nats: `[B]`.
    pub fn sample_and_kl(&self, noise: Tensor<2>) -> (Tensor<2>, Tensor<1>) {
        match self {
            Self::Diagonal(Diagonal { mean, log_var }) => kernels::sample_and_kl(mean.clone(), log_var.clone(), noise),
            _ => (self.sample(noise), self.kl_to_standard().sum_dim(1).squeeze_dim(1)),
        }
    }

    /// The posterior of each image repeated for `k = samples` importance samples: `[B * k, Z]`.
    pub fn repeat(self, samples: usize) -> Self {
        let again = |tensor| repeat_rows(tensor, samples);
        match self {
            Self::Diagonal(Diagonal { mean, log_var }) => {
                Self::Diagonal(Diagonal { mean: again(mean), log_var: again(log_var) })
            }
            Self::Full(Full { mean, log_diagonal, below, triangle }) => {
                Self::Full(Full { mean: again(mean), log_diagonal: again(log_diagonal), below: again(below), triangle })
            }
            Self::TwoLayers(layers) => Self::TwoLayers(layers.repeat(samples)),
            Self::Point(_) | Self::Codebook(_) => self, // deterministic: all samples are the same
        }
    }

    /// Whether it is a point mass at a vector, which has no density.
    pub fn is_point(&self) -> bool {
        matches!(self, Self::Point(_))
    }

    /// The codes of a codebook; `None` for every other posterior.
    pub fn codes(self) -> Option<Codes> {
        match self {
            Self::Codebook(codes) => Some(codes),
            _ => None,
        }
    }

    /// Standard deviation of each component, `[B, Z]`.
    pub fn sigma(&self) -> Tensor<2> {
        match self {
            Self::Point(point) => point.mean.zeros_like(),
            Self::Diagonal(diagonal) => diagonal.sigma(),
            Self::Full(full) => full.variance().sqrt(),
            Self::TwoLayers(layers) => layers.sigma(),
            Self::Codebook(codes) => codes.straight_through().zeros_like(),
        }
    }

    /// Covariance of each image's posterior, `[B, Z, Z]`; `None` where the posterior is deterministic. Of two layers that of z2, and that of
    /// z1 given the mean of z2.
    pub fn covariance(&self) -> Option<Tensor<3>> {
        match self {
            Self::Point(_) | Self::Codebook(_) => None,
            Self::Diagonal(_) | Self::TwoLayers(_) => {
                let variance = self.sigma().square();
                let [_, latent] = variance.dims();
                let identity: Tensor<2> = Tensor::eye(latent, &variance.device());
                Some(variance.unsqueeze_dim(2) * identity.unsqueeze())
            }
            Self::Full(full) => {
                let factor = full.factor();
                Some(factor.clone().matmul(factor.swap_dims(1, 2)))
            }
        }
    }

    /// log q(z | x) in nats of the [sample](Self::sample) that `noise` `[B, Z]` gives: `[B]`. Infinite for a point and a
    /// codebook, which have no density.
    pub fn log_density(&self, noise: Tensor<2>) -> Tensor<1> {
        match self {
            Self::Point(_) | Self::Codebook(_) => {
                let [rows, _] = noise.dims();
                Tensor::full([rows], f32::INFINITY, &noise.device())
            }
            Self::Diagonal(diagonal) => diagonal.log_density_of(noise),
            Self::Full(full) => log_density_of(noise, full.log_diagonal.clone()),
            Self::TwoLayers(layers) => layers.sample_and_log_density(noise).1,
        }
    }

    /// KL(q || N(0, I)) in nats, by component: `[B, Z]`. Zero for a point, whose KL is not defined. For two layers [at the mean of
    /// z2](Layers::kl_at_mean), `[B, 2 Z]`. For a codebook KL(q || p) to its own prior, by position: `[B, N]`.
    pub fn kl_to_standard(&self) -> Tensor<2> {
        match self {
            Self::Point(point) => point.mean.zeros_like(),
            Self::Diagonal(diagonal) => diagonal.kl_to_standard(),
            Self::Full(full) => full.kl_to_standard(),
            Self::TwoLayers(layers) => layers.kl_at_mean(),
            Self::Codebook(codes) => codes.negative_log_prior(),
        }
    }
}

impl Diagonal {
    /// `mean + sigma * noise`.
    pub fn sample(&self, noise: Tensor<2>) -> Tensor<2> {
        self.mean.clone() + self.sigma() * noise
    }

    /// Standard deviation of each component, `[B, Z]`.
    pub fn sigma(&self) -> Tensor<2> {
        (self.log_var.clone() * 0.5).exp()
    }

    /// Log density in nats of the [sample](Self::sample) that `noise` `[B, Z]` gives: `[B]`.
    pub fn log_density_of(&self, noise: Tensor<2>) -> Tensor<1> {
        log_density_of(noise, self.log_var.clone() * 0.5)
    }

    /// Log density in nats of codes `[B, Z]`: `[B]`.
    pub fn log_density(&self, z: Tensor<2>) -> Tensor<1> {
        self.log_density_of((z - self.mean.clone()) / self.sigma())
    }

    /// KL to another axis-aligned Gaussian in nats, by component: `[B, Z]`.
    pub fn kl_to(&self, other: &Self) -> Tensor<2> {
        let difference = self.log_var.clone() - other.log_var.clone();
        let square = (self.mean.clone() - other.mean.clone()).square() * (-other.log_var.clone()).exp();
        (difference.clone().exp() + square - difference - 1.0) * 0.5
    }

    /// `(sigma^2 + mean^2 - 1 - log sigma^2) / 2` by component, `[B, Z]` (Kingma & Welling 2014, appendix B).
    pub fn kl_to_standard(&self) -> Tensor<2> {
        let Self { mean, log_var } = self;
        (log_var.clone().exp() + mean.clone().square() - log_var.clone() - 1.0) * 0.5
    }
}

/// Log density in nats of a Gaussian's sample from N(0, 1) `noise` `[B, Z]`: `[B]`. `log_scale` `[B, Z]` is the log of the diagonal of its
/// covariance's Cholesky factor.
fn log_density_of(noise: Tensor<2>, log_scale: Tensor<2>) -> Tensor<1> {
    let each = (noise.square() + std::f64::consts::TAU.ln()) * -0.5 - log_scale;
    each.sum_dim(1).squeeze_dim(1)
}
