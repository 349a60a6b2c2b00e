//! The choices for each exchangeable part of a model.

use serde::{Deserialize, Serialize};

/// The architecture of encoder and decoder.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BodyKind {
    /// No hidden layer; with squared error, principal components.
    Linear,
    /// One fully connected hidden layer each.
    #[default]
    Mlp,
    /// Convolutions with batch normalisation.
    Conv,
}

impl BodyKind {
    /// Every variant, in the order of the form.
    pub const ALL: [Self; 3] = [Self::Linear, Self::Mlp, Self::Conv];
}

/// The family of the posterior q(z | x).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PosteriorKind {
    /// A point mass: the plain autoencoder.
    Point,
    /// An axis-aligned Gaussian: the variational autoencoder.
    #[default]
    Diagonal,
    /// A Gaussian with full covariance.
    Full,
    /// The axis-aligned Gaussian, transformed by inverse autoregressive flow (Kingma et al. 2016).
    Flow,
    /// Two layers, q(z2 | x) and q(z1 | x, z2), as of the hierarchical VAE of Tomczak & Welling 2018.
    TwoLayers,
    /// Independent categorical variables, relaxed while training (Jang et al. 2017; Maddison et al. 2017).
    Categorical,
    /// At each of 7 x 7 positions the nearest vector of a learned codebook: the VQ-VAE.
    Codebook,
    /// A codebook at each of two resolutions, 7 x 7 over 14 x 14 positions: the VQ-VAE-2 (Razavi et al. 2019).
    TwoCodebooks,
}

impl PosteriorKind {
    /// Every variant, in the order of the form.
    pub const ALL: [Self; 8] = [
        Self::Point,
        Self::Diagonal,
        Self::Full,
        Self::Flow,
        Self::TwoLayers,
        Self::Categorical,
        Self::Codebook,
        Self::TwoCodebooks,
    ];
}

/// The prior p(z).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PriorKind {
    /// N(0, I).
    #[default]
    Standard,
    /// A learned mixture of Gaussians.
    Mixture,
    /// The VampPrior: a mixture of the posteriors of learned pseudo-inputs.
    Vamp,
    /// A second stage: a mixture of Gaussians fitted to codes that are trained without it (Dai & Wipf 2019).
    Fitted,
}

impl PriorKind {
    /// Every variant, in the order of the form.
    pub const ALL: [Self; 4] = [Self::Standard, Self::Mixture, Self::Vamp, Self::Fitted];
}

/// The likelihood p(x | z) of a pixel.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LikelihoodKind {
    /// Binary cross-entropy.
    #[default]
    Bernoulli,
    /// A Gaussian with variance one: squared error.
    UnitGaussian,
    /// A Gaussian with one learned variance for all pixels (Rybkin et al. 2021).
    LearnedGaussian,
    /// A Gaussian whose residuals are correlated between neighbouring pixels (Dorta et al. 2018).
    StructuredGaussian,
}

impl LikelihoodKind {
    /// Every variant, in the order of the form.
    pub const ALL: [Self; 4] = [Self::Bernoulli, Self::UnitGaussian, Self::LearnedGaussian, Self::StructuredGaussian];

    /// Whether it has parameters of its own, by which a weights file tells it from the others.
    pub fn has_parameters(self) -> bool {
        matches!(self, Self::LearnedGaussian | Self::StructuredGaussian)
    }
}
