//! The approximate posterior q(z | x): the encoder's distribution over each image's code, `[B, Z]`.

use burn::tensor::Tensor;

use super::codebook::Codes;
use super::full::Full;
use super::repeat_rows;
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
    /// Mean of the codes, `[B, Z]`; of a codebook its vectors `[B, N * Z]`.
    pub fn mean(&self) -> Tensor<2> {
        match self {
            Self::Point(Point { mean }) | Self::Diagonal(Diagonal { mean, .. }) => mean.clone(),
            Self::Full(full) => full.mean.clone(),
            Self::Codebook(codes) => codes.straight_through(),
        }
    }

    /// A reparameterised sample, `[B, Z]`, from N(0, 1) noise `[B, Z]`. The noise is an argument so that a test can fix it.
    pub fn sample(&self, noise: Tensor<2>) -> Tensor<2> {
        match self {
            Self::Point(point) => point.mean.clone(),
            Self::Diagonal(diagonal) => diagonal.sample(noise),
            Self::Full(full) => full.sample(noise),
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
            Self::Codebook(codes) => codes.encoded.zeros_like(),
        }
    }

    /// Covariance of each image's posterior, `[B, Z, Z]`; `None` where the posterior is deterministic.
    pub fn covariance(&self) -> Option<Tensor<3>> {
        match self {
            Self::Point(_) | Self::Codebook(_) => None,
            Self::Diagonal(diagonal) => {
                let variance = diagonal.log_var.clone().exp();
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
        let log_scale = match self {
            Self::Point(Point { mean: point }) | Self::Codebook(Codes { encoded: point, .. }) => {
                let [rows, _] = point.dims();
                return Tensor::full([rows], f32::INFINITY, &point.device());
            }
            Self::Diagonal(diagonal) => diagonal.log_var.clone() * 0.5,
            Self::Full(full) => full.log_diagonal.clone(),
        };
        let each = (noise.square() + std::f64::consts::TAU.ln()) * -0.5 - log_scale;
        each.sum_dim(1).squeeze_dim(1)
    }

    /// KL(q || N(0, I)) in nats, by component: `[B, Z]`. Zero for a point, whose KL is not defined. For a codebook KL(q || p)
    /// to its own prior, by position: `[B, N]`.
    pub fn kl_to_standard(&self) -> Tensor<2> {
        match self {
            Self::Point(point) => point.mean.zeros_like(),
            Self::Diagonal(diagonal) => diagonal.kl_to_standard(),
            Self::Full(full) => full.kl_to_standard(),
            Self::Codebook(codes) => codes.negative_log_prior.clone(),
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

    /// `(sigma^2 + mean^2 - 1 - log sigma^2) / 2` by component, `[B, Z]` (Kingma & Welling 2014, appendix B).
    pub fn kl_to_standard(&self) -> Tensor<2> {
        let Self { mean, log_var } = self;
        (log_var.clone().exp() + mean.clone().square() - log_var.clone() - 1.0) * 0.5
    }
}
