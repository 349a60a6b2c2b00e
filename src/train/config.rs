//! The configuration of a training run.

use std::ops::RangeInclusive;

use serde::{Deserialize, Serialize};

use crate::data::Corruption;
use crate::model::{ModelConfig, PosteriorKind};
use crate::{Error, Result};

/// Settings of a training run; all but the seed and `closed_form` may change between steps.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TrainConfig {
    /// Seed of the initial weights, the order of the images and the noise.
    pub seed: u64,
    /// `B`: images per step.
    pub batch: usize,
    /// Learning rate of Adam.
    pub learning_rate: f64,
    /// Weight of the KL term.
    pub beta: f64,
    /// KL annealing: epochs over which beta grows linearly from zero (Bowman et al. 2016); 0 for none.
    pub warm_up: f64,
    /// Learning-rate decay: epochs at the end over which the rate falls linearly to zero; 0 for none.
    pub cool_down: f64,
    /// `k`: importance samples of z per image (IWAE, Burda et al. 2016); 1 for the evidence lower bound.
    pub samples: usize,
    /// Weight of the generator loss that a critic gives.
    pub critic_weight: f64,
    /// Labelled training images, for a classifier; 0 for all.
    pub labels: usize,
    /// Dynamic binarisation: whether each pixel is set to 0 or 1 anew, to 1 with the probability of its grey value, each
    /// time an image is used.
    pub binarise: bool,
    /// Corruption of the encoder's input (Vincent et al. 2008).
    pub corruption: Corruption,
    /// Whether the optimal weights are computed where they are known: principal components of uncorrupted images. Otherwise a linear
    /// autoencoder is trained by gradient descent, like any other model.
    pub closed_form: bool,
    /// Length of the run, at whose end the learning-rate decay reaches zero.
    pub epochs: u64,
}

impl Default for TrainConfig {
    fn default() -> Self {
        Self {
            seed: 0,
            batch: 128,
            learning_rate: 1e-3,
            beta: 1.0,
            warm_up: 0.0,
            cool_down: 0.0,
            samples: 1,
            critic_weight: 1.0,
            labels: 0,
            binarise: false,
            corruption: Corruption::None,
            closed_form: true,
            epochs: 10,
        }
    }
}

impl TrainConfig {
    /// Limits of `seed`: integers up to 2^53 - 1 are exact in JavaScript.
    pub const SEED: RangeInclusive<u64> = 0..=(1 << 53) - 1;
    /// Limits of `batch`.
    pub const BATCH: RangeInclusive<usize> = 1..=1024;
    /// Limits of `learning_rate`.
    pub const LEARNING_RATE: RangeInclusive<f64> = 1e-6..=10.0;
    /// Limits of `beta`.
    pub const BETA: RangeInclusive<f64> = 0.0..=1000.0;
    /// Limits of `warm_up`.
    pub const WARM_UP: RangeInclusive<f64> = 0.0..=1000.0;
    /// Limits of `cool_down`.
    pub const COOL_DOWN: RangeInclusive<f64> = 0.0..=1000.0;
    /// Limits of `samples`.
    pub const SAMPLES: RangeInclusive<usize> = 1..=64;
    /// Limits of `critic_weight`.
    pub const CRITIC_WEIGHT: RangeInclusive<f64> = 0.0..=10.0;
    /// Limits of `labels`.
    pub const LABELS: RangeInclusive<usize> = 0..=60_000;
    /// Limits of `epochs`.
    pub const EPOCHS: RangeInclusive<u64> = 1..=1000;

    /// Weight of the KL term after `epochs` epochs.
    pub fn beta_after(&self, epochs: f64) -> f64 {
        if epochs < self.warm_up { self.beta * epochs / self.warm_up } else { self.beta }
    }

    /// Whether the weight of the KL term has reached its full value after `epochs` epochs.
    pub fn beta_is_full_after(&self, epochs: f64) -> bool {
        self.beta_after(epochs) >= self.beta
    }

    /// The learning rate after `epochs` epochs.
    pub fn learning_rate_after(&self, epochs: f64) -> f64 {
        let left = self.epochs as f64 - epochs;
        if left < self.cool_down && self.cool_down > 0.0 {
            self.learning_rate * left.max(0.0) / self.cool_down
        } else {
            self.learning_rate
        }
    }

    /// Whether `model` gets its optimal weights in one step, instead of being trained.
    pub fn solves(&self, model: &ModelConfig) -> bool {
        self.closed_form && self.corruption == Corruption::None && model.has_closed_form()
    }

    /// Checks every value.
    ///
    /// # Errors
    /// When a value is outside its limits, or cannot be combined with `model`.
    pub fn check(&self, model: &ModelConfig) -> Result<()> {
        Error::check_setting("seed", self.seed, Self::SEED)?;
        Error::check_setting("batch", self.batch, Self::BATCH)?;
        Error::check_setting("learning_rate", self.learning_rate, Self::LEARNING_RATE)?;
        Error::check_setting("beta", self.beta, Self::BETA)?;
        Error::check_setting("warm_up", self.warm_up, Self::WARM_UP)?;
        Error::check_setting("cool_down", self.cool_down, Self::COOL_DOWN)?;
        Error::check_setting("samples", self.samples, Self::SAMPLES)?;
        Error::check_setting("critic_weight", self.critic_weight, Self::CRITIC_WEIGHT)?;
        Error::check_setting("labels", self.labels, Self::LABELS)?;
        Error::check_setting("epochs", self.epochs, Self::EPOCHS)?;
        if self.samples > 1 && matches!(model.posterior, PosteriorKind::Point | PosteriorKind::Codebook) {
            return Err(Error::SamplesNeedDensity {});
        }
        if self.samples > 1 && (model.classifier || model.critic) {
            return Err(Error::SamplesWithClassifierOrCritic {});
        }
        Ok(())
    }
}
