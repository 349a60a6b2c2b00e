//! The approximate posterior q(z | x): the encoder's distribution over each image's code, `[B, Z]`.

use burn::tensor::Tensor;

use super::categorical::{self, Categorical, Relaxation};
use super::codebook::Codes;
use super::flow::Flow;
use super::full::Full;
use super::repeat_rows;
use super::two_layers::Layers;
use crate::kernels;
use crate::layers::gram_matrices;

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
    /// Two layers, the lower one dependent on the upper one.
    TwoLayers(Layers),
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
    /// Mean of the codes, `[B, Z]`; of a flow, whose mean is not in closed form, its [centre](Flow::centre); of two layers that of z2, and of
    /// z1 given it, `[B, 2 Z]`; of a codebook its vectors `[B, N * Z]`; of categorical variables their most probable values, one-hot
    /// `[B, N * A]`.
    pub fn mean(&self) -> Tensor<2> {
        match self {
            Self::Point(Point { mean }) | Self::Diagonal(Diagonal { mean, .. }) => mean.clone(),
            Self::Full(full) => full.mean.clone(),
            Self::Flow(flow) => flow.centre(),
            Self::TwoLayers(layers) => layers.mean(),
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
            Self::TwoLayers(layers) => layers.sample_and_log_density(noise).0,
            Self::Codebook(codes) => codes.straight_through(),
            Self::Categorical(categorical) => categorical.sample(noise),
        }
    }

    /// Whether the KL to N(0, I), or to a codebook's own prior, is known in closed form; otherwise it is estimated at samples.
    pub fn has_closed_form(&self) -> bool {
        !matches!(self, Self::Flow(_) | Self::TwoLayers(_))
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
            Self::TwoLayers(layers) => Self::TwoLayers(layers.repeat(samples)),
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
            Self::TwoLayers(layers) => layers.sigma(),
            Self::Codebook(codes) => codes.straight_through().zeros_like(),
            Self::Categorical(categorical) => {
                let probabilities = categorical.probabilities();
                (probabilities.clone() * (-probabilities + 1.0)).sqrt()
            }
        }
    }

    /// Covariance of each image's posterior, `[B, Z, Z]`, of a flow to [first order](Flow::covariance); of two layers that of z2, and that of
    /// z1 given the mean of z2. `None` where the posterior is deterministic or categorical.
    pub fn covariance(&self) -> Option<Tensor<3>> {
        match self {
            Self::Point(_) | Self::Codebook(_) | Self::Categorical(_) => None,
            Self::Diagonal(_) | Self::TwoLayers(_) => {
                let variance = self.sigma().square();
                let [_, latent] = variance.dims();
                let identity: Tensor<2> = Tensor::eye(latent, &variance.device());
                Some(variance.unsqueeze_dim(2) * identity.unsqueeze())
            }
            Self::Flow(flow) => Some(flow.covariance()),
            Self::Full(full) => Some(gram_matrices(full.factor())),
        }
    }

    /// log q(z | x) in nats of the [sample](Self::sample) that `noise` `[B, Z]` gives: `[B]`; the log of a
    /// probability for exact categorical samples. Infinite for a point and a codebook, which have no density.
    pub fn log_density(&self, noise: Tensor<2>) -> Tensor<1> {
        match self {
            Self::Point(_) | Self::Codebook(_) => {
                let [rows, _] = noise.dims();
                Tensor::full([rows], f32::INFINITY, &noise.device())
            }
            Self::Diagonal(diagonal) => diagonal.log_density_of(noise),
            Self::Full(full) => log_density_of(noise, full.log_diagonal.clone()),
            Self::Flow(flow) => flow.sample_and_log_density(noise).1,
            Self::TwoLayers(layers) => layers.sample_and_log_density(noise).1,
            Self::Categorical(categorical) => categorical.log_probability(noise),
        }
    }

    /// KL(q || N(0, I)) in nats, by component: `[B, Z]`. Zero for a point, whose KL is not defined; of a flow an
    /// [approximation](Flow::kl_to_standard). For two layers [at the mean of z2](Layers::kl_at_mean), `[B, 2 Z]`. For a codebook KL(q || p) to
    /// its own prior, by position, and for categorical variables to the uniform one: `[B, N]`.
    pub fn kl_to_standard(&self) -> Tensor<2> {
        match self {
            Self::Point(point) => point.mean.zeros_like(),
            Self::Diagonal(diagonal) => diagonal.kl_to_standard(),
            Self::Full(full) => full.kl_to_standard(),
            Self::Flow(flow) => flow.kl_to_standard(),
            Self::TwoLayers(layers) => layers.kl_at_mean(),
            Self::Codebook(codes) => codes.negative_log_prior(),
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
