//! Which model: the value every part is built from.

use std::ops::RangeInclusive;

use serde::{Deserialize, Serialize};

use crate::{Error, Result};

/// One system of the family: sizes, and a choice for each exchangeable part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ModelConfig {
    /// `Z`: components of the latent code.
    pub latent: usize,
    /// `H`: units of the hidden layers.
    pub hidden: usize,
    pub posterior: PosteriorKind,
    pub prior: PriorKind,
    /// `K`: parts of a learned prior.
    pub components: usize,
    pub likelihood: LikelihoodKind,
    /// Whether encoder and decoder are told which digit it is (Sohn et al. 2015).
    pub labelled: bool,
}

/// What the encoder says about a code.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PosteriorKind {
    /// One code, no belief: the plain autoencoder.
    Point,
    /// An axis-aligned Gaussian: the variational autoencoder.
    #[default]
    Diagonal,
    /// A Gaussian of any covariance.
    Full,
}

/// What codes are like before an image is seen.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PriorKind {
    /// N(0, I).
    #[default]
    Standard,
    /// Learned Gaussians.
    Mixture,
    /// The posteriors of learned pseudo-inputs.
    Vamp,
}

/// What the decoder says about a pixel.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LikelihoodKind {
    /// On or off: binary cross-entropy.
    #[default]
    Bernoulli,
    /// A Gaussian of variance one: squared error.
    UnitGaussian,
    /// A Gaussian whose one variance is learned (Rybkin et al. 2021).
    LearnedGaussian,
}

impl Default for ModelConfig {
    fn default() -> Self {
        Self {
            latent: 20,
            hidden: 400,
            posterior: PosteriorKind::default(),
            prior: PriorKind::default(),
            components: 50,
            likelihood: LikelihoodKind::default(),
            labelled: false,
        }
    }
}

impl ModelConfig {
    pub const LATENT: RangeInclusive<usize> = 2..=64;
    pub const HIDDEN: RangeInclusive<usize> = 16..=1024;

    pub const COMPONENTS: RangeInclusive<usize> = 1..=500;

    /// # Errors
    /// When a size is outside its limits, or two parts make no sense together.
    pub fn check(&self) -> Result<()> {
        within("The latent size", self.latent, Self::LATENT)?;
        within("The hidden size", self.hidden, Self::HIDDEN)?;
        within("The number of components", self.components, Self::COMPONENTS)?;
        let refuse = |reason: &str| Err(Error::Combination(reason.into()));
        match (self.prior, self.posterior) {
            (PriorKind::Standard, _) => Ok(()),
            (_, PosteriorKind::Point) => {
                refuse("A learned prior needs a posterior with a density: a single point has none.")
            }
            (PriorKind::Vamp, PosteriorKind::Full) => {
                refuse("A VampPrior is built from axis-aligned posteriors: choose the diagonal one.")
            }
            (PriorKind::Vamp, _) if self.labelled => refuse("Pseudo-inputs carry no label: choose one of the two."),
            _ => Ok(()),
        }
    }
}

/// # Errors
/// When `value` is outside `limits` (or not a number).
pub(crate) fn within<T: PartialOrd + std::fmt::Display>(
    name: &'static str,
    value: T,
    limits: RangeInclusive<T>,
) -> Result<()> {
    if limits.contains(&value) {
        return Ok(());
    }
    Err(Error::Config {
        name,
        limits: format!("between {} and {}", limits.start(), limits.end()),
        value: value.to_string(),
    })
}
