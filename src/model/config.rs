//! Which model: the value every part is built from.

use std::ops::RangeInclusive;

use serde::{Deserialize, Serialize};

use super::PLACES;
use crate::{Error, Result};

/// One system of the family: sizes, and a choice for each exchangeable part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ModelConfig {
    pub body: BodyKind,
    /// `Z`: components of the latent code; of each code vector, for a codebook.
    pub latent: usize,
    /// `H`: units of the hidden layers.
    pub hidden: usize,
    pub posterior: PosteriorKind,
    /// Vectors in a codebook.
    pub codes: usize,
    pub prior: PriorKind,
    /// `K`: parts of a learned prior.
    pub components: usize,
    pub likelihood: LikelihoodKind,
    /// Whether encoder and decoder are told which digit it is (Sohn et al. 2015).
    pub labelled: bool,
    /// Whether a classifier guesses the label of an image that has none (Kingma et al. 2014, model M2).
    pub classifier: bool,
    /// Whether a critic tells pictures from images while training (VAE-GAN, Larsen et al. 2016).
    pub critic: bool,
}

/// What encoder and decoder are built from.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BodyKind {
    /// No hidden layer: principal components and their kin.
    Linear,
    /// One fully connected hidden layer each.
    #[default]
    Mlp,
    /// Convolutions with batch normalisation.
    Conv,
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
    /// For each of 7 x 7 places the nearest vector of a learned codebook: the VQ-VAE.
    Codebook,
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
            body: BodyKind::default(),
            latent: 20,
            hidden: 400,
            posterior: PosteriorKind::default(),
            codes: 128,
            prior: PriorKind::default(),
            components: 50,
            likelihood: LikelihoodKind::default(),
            labelled: false,
            classifier: false,
            critic: false,
        }
    }
}

impl ModelConfig {
    pub const LATENT: RangeInclusive<usize> = 2..=64;
    pub const HIDDEN: RangeInclusive<usize> = 16..=1024;
    pub const CODES: RangeInclusive<usize> = 2..=512;
    pub const COMPONENTS: RangeInclusive<usize> = 1..=500;

    /// # Errors
    /// When a size is outside its limits, or two parts make no sense together.
    pub fn check(&self) -> Result<()> {
        Error::check_setting("latent", self.latent, Self::LATENT)?;
        Error::check_setting("hidden", self.hidden, Self::HIDDEN)?;
        Error::check_setting("codes", self.codes, Self::CODES)?;
        Error::check_setting("components", self.components, Self::COMPONENTS)?;
        match (self.prior, self.posterior) {
            (PriorKind::Standard, _) => {}
            (_, PosteriorKind::Point) => return Err(Error::PriorNeedsDensity {}),
            (_, PosteriorKind::Codebook) => return Err(Error::PriorWithCodebook {}),
            (PriorKind::Vamp, PosteriorKind::Full) => return Err(Error::VampNeedsDiagonal {}),
            _ => {}
        }
        if self.classifier && !self.labelled {
            return Err(Error::ClassifierNeedsLabels {});
        }
        if self.classifier && self.posterior == PosteriorKind::Codebook {
            return Err(Error::ClassifierWithCodebook {});
        }
        if self.classifier && self.critic {
            return Err(Error::ClassifierWithCritic {});
        }
        Ok(())
    }

    /// Numbers that say one image's code: `Z`, or a codebook's `N` places.
    pub fn code_length(&self) -> usize {
        if self.posterior == PosteriorKind::Codebook { PLACES } else { self.latent }
    }

    /// Numbers that the decoder sees of it: `Z`, or a codebook's `N` vectors of `Z`.
    pub fn code_width(&self) -> usize {
        if self.posterior == PosteriorKind::Codebook { PLACES * self.latent } else { self.latent }
    }

    /// Whether the best weights are known without training: principal components.
    pub fn closed_form(&self) -> bool {
        (self.body, self.posterior, self.likelihood)
            == (BodyKind::Linear, PosteriorKind::Point, LikelihoodKind::UnitGaussian)
            && !self.labelled
            && !self.critic
    }
}
