//! How to train.

use std::ops::RangeInclusive;

use serde::{Deserialize, Serialize};

use crate::Result;
use crate::data::Corruption;
use crate::model::within;

/// Everything but the model itself; all but the seed may change between steps.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TrainConfig {
    /// Decides the first weights, the order of the images and the noise.
    pub seed: u64,
    /// `B`: images a step.
    pub batch: usize,
    pub learning_rate: f64,
    /// Weight of the KL term.
    pub beta: f64,
    /// Epochs over which beta grows from zero to its weight (Bowman et al. 2016); 0 for none.
    pub warm_up: f64,
    /// What the encoder's images suffer before it sees them.
    pub corruption: Corruption,
    /// Where to stop.
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
            corruption: Corruption::None,
            epochs: 10,
        }
    }
}

impl TrainConfig {
    /// The largest seed that a JavaScript number carries exactly.
    pub const SEED: RangeInclusive<u64> = 0..=(1 << 53) - 1;
    pub const BATCH: RangeInclusive<usize> = 1..=1024;
    pub const LEARNING_RATE: RangeInclusive<f64> = 1e-6..=10.0;
    pub const BETA: RangeInclusive<f64> = 0.0..=100.0;
    pub const WARM_UP: RangeInclusive<f64> = 0.0..=1000.0;
    pub const EPOCHS: RangeInclusive<u64> = 1..=1000;

    /// The KL's weight after `epochs` epochs.
    pub fn beta_after(&self, epochs: f64) -> f64 {
        if epochs < self.warm_up { self.beta * epochs / self.warm_up } else { self.beta }
    }

    /// # Errors
    /// When a value is outside its limits.
    pub fn check(&self) -> Result<()> {
        within("The seed", self.seed, Self::SEED)?;
        within("The batch size", self.batch, Self::BATCH)?;
        within("The learning rate", self.learning_rate, Self::LEARNING_RATE)?;
        within("Beta", self.beta, Self::BETA)?;
        within("The warm-up", self.warm_up, Self::WARM_UP)?;
        within("The number of epochs", self.epochs, Self::EPOCHS)
    }
}
