//! The model's configuration: sizes, and a choice for each exchangeable part.

use std::ops::RangeInclusive;

use serde::{Deserialize, Serialize};

use super::kinds::{BodyKind, LikelihoodKind, PosteriorKind, PriorKind};
use super::{BOTTOM_POSITIONS, DIGITS, POSITIONS, SEGMENTS};
use crate::data::MOST_CLASSES;
use crate::{Error, Result};

/// One system of the family: everything that a model is built from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ModelConfig {
    /// Architecture of encoder and decoder.
    pub body: BodyKind,
    /// `Z`: components of the latent code, of each of two layers; of each code vector, for a codebook; `N`, the variables of a categorical
    /// code.
    pub latent: usize,
    /// `H`: units of the hidden layers.
    pub hidden: usize,
    /// The family of q(z | x).
    pub posterior: PosteriorKind,
    /// `C`: vectors of a codebook.
    pub codes: usize,
    /// Autoregressive steps of a flow.
    pub flow_steps: usize,
    /// `A`: values of each variable of a categorical code.
    pub categories: usize,
    /// The prior p(z).
    pub prior: PriorKind,
    /// `K`: components of a learned prior.
    pub components: usize,
    /// The family of p(x | z).
    pub likelihood: LikelihoodKind,
    /// Whether encoder and decoder are conditional on the label (Sohn et al. 2015).
    pub labelled: bool,
    /// `Y`: classes of the data set, of which a label is one; without effect in other models.
    pub classes: usize,
    /// Whether the label is given by the seven segments of its digit instead of one-hot: a digit that was never trained on has them too.
    pub attributes: bool,
    /// Whether a classifier q(y | x) infers the label of unlabelled images (Kingma et al. 2014, model M2).
    pub classifier: bool,
    /// Whether a critic learns to discriminate generated images from training images (VAE-GAN, Larsen et al. 2016).
    pub critic: bool,
}

impl Default for ModelConfig {
    fn default() -> Self {
        Self {
            body: BodyKind::default(),
            latent: 20,
            hidden: 400,
            posterior: PosteriorKind::default(),
            codes: 128,
            flow_steps: 2,
            categories: 10,
            prior: PriorKind::default(),
            components: 50,
            likelihood: LikelihoodKind::default(),
            labelled: false,
            classes: 10,
            attributes: false,
            classifier: false,
            critic: false,
        }
    }
}

impl ModelConfig {
    /// Limits of `latent`.
    pub const LATENT: RangeInclusive<usize> = 1..=64;
    /// Limits of `hidden`.
    pub const HIDDEN: RangeInclusive<usize> = 16..=1024;
    /// Limits of `codes`.
    pub const CODES: RangeInclusive<usize> = 2..=512;
    /// Limits of `flow_steps`.
    pub const FLOW_STEPS: RangeInclusive<usize> = 1..=8;
    /// Limits of `categories`.
    pub const CATEGORIES: RangeInclusive<usize> = 2..=32;
    /// Limits of `components`.
    pub const COMPONENTS: RangeInclusive<usize> = 1..=500;
    /// Limits of `classes`.
    pub const CLASSES: RangeInclusive<usize> = 1..=MOST_CLASSES;

    /// Checks every size, and that the parts can be combined.
    ///
    /// # Errors
    /// When a size is outside its limits, or two parts cannot be combined.
    pub fn check(&self) -> Result<()> {
        Error::check_setting("latent", self.latent, Self::LATENT)?;
        Error::check_setting("hidden", self.hidden, Self::HIDDEN)?;
        Error::check_setting("codes", self.codes, Self::CODES)?;
        Error::check_setting("flow_steps", self.flow_steps, Self::FLOW_STEPS)?;
        Error::check_setting("categories", self.categories, Self::CATEGORIES)?;
        Error::check_setting("components", self.components, Self::COMPONENTS)?;
        Error::check_setting("classes", self.classes, Self::CLASSES)?;
        match (self.prior, self.posterior) {
            (PriorKind::Standard, _) => {}
            (PriorKind::Fitted, PosteriorKind::Point) => {}
            (_, PosteriorKind::Point) => return Err(Error::PriorNeedsDensity {}),
            (_, PosteriorKind::Categorical) => return Err(Error::PriorWithCategorical {}),
            (_, PosteriorKind::Codebook | PosteriorKind::TwoCodebooks) => return Err(Error::PriorWithCodebook {}),
            (PriorKind::Fitted, PosteriorKind::TwoLayers) => return Err(Error::FittedPriorWithTwoLayers {}),
            (PriorKind::Vamp, PosteriorKind::Full | PosteriorKind::Flow) => return Err(Error::VampNeedsDiagonal {}),
            _ => {}
        }
        if self.labelled && self.attributes && self.classes != DIGITS.len() {
            return Err(Error::AttributesNeedDigits {});
        }
        if self.classifier && !self.labelled {
            return Err(Error::ClassifierNeedsLabels {});
        }
        if self.posterior == PosteriorKind::TwoCodebooks && self.body != BodyKind::Conv {
            return Err(Error::TwoCodebooksNeedConvolutions {});
        }
        if self.classifier && self.has_codebook() {
            return Err(Error::ClassifierWithCodebook {});
        }
        if self.classifier && self.prior == PriorKind::Fitted {
            return Err(Error::ClassifierWithFittedPrior {});
        }
        if self.classifier && self.critic {
            return Err(Error::ClassifierWithCritic {});
        }
        Ok(())
    }

    /// Positions of an image in each of its codebooks, the top one first; none without a codebook.
    pub fn levels(&self) -> &'static [usize] {
        match self.posterior {
            PosteriorKind::Codebook => &[POSITIONS],
            PosteriorKind::TwoCodebooks => &[POSITIONS, BOTTOM_POSITIONS],
            _ => &[],
        }
    }

    /// Whether codes are indices of vectors in a codebook.
    pub fn has_codebook(&self) -> bool {
        !self.levels().is_empty()
    }

    /// Numbers in one image's code: `Z`, `2 Z` of two layers, or the `N` indices of codebooks or of categorical variables.
    pub fn code_length(&self) -> usize {
        match self.posterior {
            PosteriorKind::TwoLayers => 2 * self.latent,
            _ if self.has_codebook() => self.levels().iter().sum(),
            _ => self.latent,
        }
    }

    /// Width of the decoder's input without the label: `Z`, `2 Z` of two layers, the `N * Z` of codebooks, or the `N * A` of categorical
    /// variables.
    pub fn code_width(&self) -> usize {
        match self.posterior {
            PosteriorKind::Categorical => self.latent * self.categories,
            _ if self.has_codebook() => self.code_length() * self.latent,
            _ => self.code_length(),
        }
    }

    /// N(0, 1) numbers that a sample of the posterior takes: `Z`, `2 Z` of two layers, or `N * A` of categorical variables.
    pub fn noise_width(&self) -> usize {
        if self.has_codebook() { self.latent } else { self.code_width() }
    }

    /// Whether the samples of a training step have a density under the posterior, which importance weights need. Categorical samples are
    /// relaxed.
    pub fn has_density_while_training(&self) -> bool {
        matches!(
            self.posterior,
            PosteriorKind::Diagonal | PosteriorKind::Full | PosteriorKind::Flow | PosteriorKind::TwoLayers
        )
    }

    /// How many values each number of a code has where it is an index: a codebook's `C`, or the `A` of categorical variables. `None` where
    /// codes are real numbers.
    pub fn index_values(&self) -> Option<usize> {
        match self.posterior {
            PosteriorKind::Categorical => Some(self.categories),
            _ => self.has_codebook().then_some(self.codes),
        }
    }

    /// Width of a label beside an input: `Y` of a one-hot one, 7 of attributes, or 0 for a model that is not conditional on the label.
    pub fn label_width(&self) -> usize {
        match (self.labelled, self.attributes) {
            (false, _) => 0,
            (true, false) => self.classes,
            (true, true) => SEGMENTS,
        }
    }

    /// Whether the optimal weights for uncorrupted images are known in closed form: principal components.
    pub fn has_closed_form(&self) -> bool {
        (self.body, self.posterior, self.likelihood)
            == (BodyKind::Linear, PosteriorKind::Point, LikelihoodKind::UnitGaussian)
            && !self.labelled
            && !self.critic
    }
}
