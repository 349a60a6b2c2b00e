//! The approximate posterior q(z | x): the encoder's distribution over each image's code, `[B, Z]`.

use burn::tensor::Tensor;

use super::categorical::{self, Categorical, Relaxation};
use super::codebook::Codes;
use super::flow::Flow;
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
    /// The axis-aligned Gaussian, transformed by inverse autoregressive flow.
    Flow(Flow),
    /// A point mass at the nearest codebook vectors: the VQ-VAE.
    Codebook(Codes),
    /// Independent categorical variables.
    Categorical(Categorical),
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
    /// Mean of the codes, `[B, Z]`; of a flow, whose mean is not in closed form, its [centre](Flow::centre); of a codebook its vectors
    /// `[B, N * Z]`; of categorical variables their most probable values, one-hot `[B, N * A]`.
    pub fn mean(&self) -> Tensor<2> {
        match self {
            Self::Point(Point { mean }) | Self::Diagonal(Diagonal { mean, .. }) => mean.clone(),
            Self::Full(full) => full.mean.clone(),
            Self::Flow(flow) => flow.centre(),
            Self::Codebook(codes) => codes.straight_through(),
            Self::Categorical(categorical) => categorical.mode(),
        }
    }

    /// A reparameterised sample, `[B, Z]`, from N(0, 1) noise `[B, Z]`; of categorical variables exact or relaxed, `[B, N * A]`. The noise is an argument so that a test can fix it.
    pub fn sample(&self, noise: Tensor<2>) -> Tensor<2> {
        match self {
            Self::Point(point) => point.mean.clone(),
            Self::Diagonal(diagonal) => diagonal.sample(noise),
            Self::Full(full) => full.sample(noise),
            Self::Flow(flow) => flow.sample_and_log_density(noise).0,
            Self::Codebook(codes) => codes.straight_through(),
            Self::Categorical(categorical) => categorical.sample(noise),
        }
    }

    /// Whether the KL to N(0, I), or to a codebook's own prior, is known in closed form; otherwise it is estimated at samples.
    pub fn has_closed_form(&self) -> bool {
        !matches!(self, Self::Flow(_))
    }

    /// A reparameterised sample `[B, Z]`, and KL(q || N(0, I)) in nats, `[B]`, where it [has a closed form](Self::has_closed_form).
    pub fn sample_and_kl(&self, noise: Tensor<2>) -> (Tensor<2>, Tensor<1>) {
        match self {
            Self::Diagonal(Diagonal { mean, log_var }) => kernels::sample_and_kl(mean.clone(), log_var.clone(), noise),
            _ => (self.sample(noise), self.kl_to_standard().sum_dim(1).squeeze_dim(1)),
        }
    }

    /// A reparameterised sample `[B, Z]`, and its [`log_density`](Self::log_density): `[B]`.
    pub fn sample_and_log_density(&self, noise: Tensor<2>) -> (Tensor<2>, Tensor<1>) {
        match self {
            Self::Flow(flow) => flow.sample_and_log_density(noise),
            Self::Diagonal(_) => (self.sample_and_kl(noise.clone()).0, self.log_density(noise)),
            _ => (self.sample(noise.clone()), self.log_density(noise)),
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
            Self::Flow(flow) => Self::Flow(flow.repeat(samples)),
            Self::Categorical(Categorical { logits, categories, relaxation }) => {
                Self::Categorical(Categorical { logits: again(logits), categories, relaxation })
            }
            Self::Point(_) | Self::Codebook(_) => self, // deterministic: all samples are the same
        }
    }

    /// The posterior whose categorical samples are relaxed from now on, or exact; every other posterior as it is.
    pub fn relaxed(self, relaxation: Option<Relaxation>) -> Self {
        match self {
            Self::Categorical(categorical) => Self::Categorical(Categorical { relaxation, ..categorical }),
            other => other,
        }
    }

    /// The indices that stand for samples `z` of it, `R` for each image, whole numbers `[B * R, N]`; `None` where codes are real numbers.
    pub fn indices(&self, z: &Tensor<2>) -> Option<Tensor<2>> {
        match self {
            Self::Codebook(codes) => {
                let indices = codes.indices();
                let samples = z.dims()[0] / indices.dims()[0];
                Some(repeat_rows(indices, samples))
            }
            Self::Categorical(Categorical { categories, .. }) => Some(categorical::indices(z.clone(), *categories)),
            _ => None,
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

    /// Standard deviation of each component, `[B, Z]`; of a flow to [first order](Flow::covariance); of categorical
    /// variables that of their one-hot vectors, `[B, N * A]`.
    pub fn sigma(&self) -> Tensor<2> {
        match self {
            Self::Point(point) => point.mean.zeros_like(),
            Self::Diagonal(diagonal) => diagonal.sigma(),
            Self::Full(full) => full.variance().sqrt(),
            Self::Flow(flow) => flow.variance().sqrt(),
            Self::Codebook(codes) => codes.encoded.zeros_like(),
            Self::Categorical(categorical) => {
                let probabilities = categorical.probabilities();
                (probabilities.clone() * (-probabilities + 1.0)).sqrt()
            }
        }
    }

    /// Covariance of each image's posterior, `[B, Z, Z]`, of a flow to [first order](Flow::covariance); `None` where the posterior is
    /// deterministic or categorical.
    pub fn covariance(&self) -> Option<Tensor<3>> {
        match self {
            Self::Point(_) | Self::Codebook(_) | Self::Categorical(_) => None,
            Self::Diagonal(diagonal) => {
                let variance = diagonal.log_var.clone().exp();
                let [_, latent] = variance.dims();
                let identity: Tensor<2> = Tensor::eye(latent, &variance.device());
                Some(variance.unsqueeze_dim(2) * identity.unsqueeze())
            }
            Self::Flow(flow) => Some(flow.covariance()),
            Self::Full(full) => {
                let factor = full.factor();
                Some(factor.clone().matmul(factor.swap_dims(1, 2)))
            }
        }
    }

    /// log q(z | x) in nats of the [sample](Self::sample) that `noise` `[B, Z]` gives: `[B]`; the log of a
    /// probability for exact categorical samples. Infinite for a point and a codebook, which have no density.
    pub fn log_density(&self, noise: Tensor<2>) -> Tensor<1> {
        let log_scale = match self {
            Self::Point(Point { mean: point }) | Self::Codebook(Codes { encoded: point, .. }) => {
                let [rows, _] = point.dims();
                return Tensor::full([rows], f32::INFINITY, &point.device());
            }
            Self::Diagonal(diagonal) => diagonal.log_var.clone() * 0.5,
            Self::Full(full) => full.log_diagonal.clone(),
            Self::Flow(flow) => return flow.sample_and_log_density(noise).1,
            Self::Categorical(categorical) => return categorical.log_probability(noise),
        };
        let each = (noise.square() + std::f64::consts::TAU.ln()) * -0.5 - log_scale;
        each.sum_dim(1).squeeze_dim(1)
    }

    /// KL(q || N(0, I)) in nats, by component: `[B, Z]`. Zero for a point, whose KL is not defined; of a flow an
    /// [approximation](Flow::kl_to_standard). For a codebook KL(q || p) to its own prior, by position, and
    /// for categorical variables to the uniform one: `[B, N]`.
    pub fn kl_to_standard(&self) -> Tensor<2> {
        match self {
            Self::Point(point) => point.mean.zeros_like(),
            Self::Diagonal(diagonal) => diagonal.kl_to_standard(),
            Self::Full(full) => full.kl_to_standard(),
            Self::Flow(flow) => flow.kl_to_standard(),
            Self::Codebook(codes) => codes.negative_log_prior.clone(),
            Self::Categorical(categorical) => categorical.kl_to_uniform(),
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
