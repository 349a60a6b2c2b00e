//! The losses after each epoch of a run, which a checkpoint keeps for its result.

use std::time::Duration;

use latent_lab::error::{CommandLineError, Error};
use latent_lab::study::{EpochLosses, Terms};
use latent_lab::train::Loss;
use latent_lab::weights::Notes;

use super::scores::{Losses, ValidationLosses};
use crate::Outcome;

/// The key of a checkpoint's note.
const CURVE: &str = "curve";

/// The losses after each epoch.
#[derive(Default)]
pub struct Curve(pub Vec<EpochLosses>);

impl Curve {
    /// Those that a checkpoint notes.
    pub fn noted(notes: &Notes) -> Outcome<Self> {
        let Some(noted) = notes.get(CURVE) else { return Ok(Self::default()) };
        let damaged =
            |error: serde_json::Error| Error::WeightsMetadata { entry: CURVE.into(), detail: error.to_string().into() };
        Ok(serde_json::from_str(noted).map(Self).map_err(damaged)?)
    }

    /// Adds the means `train` over the steps of an epoch, and the losses after it, which must be finite: JSON has no other numbers.
    pub fn add(&mut self, epoch: u64, train: &Loss, losses: &Losses, time: Duration) -> Outcome {
        let scored = match losses {
            Losses::Test(score) => score.into(),
            Losses::Validation { losses: ValidationLosses { terms, loss }, .. } => {
                Terms { reconstruction: terms.reconstruction.mean, kl: terms.kl.mean, total: loss.mean }
            }
        };
        if ![scored.reconstruction, scored.kl, scored.total].into_iter().all(f64::is_finite) {
            return Err(CommandLineError::TrainingDiverged { step: train.step.into() }.into());
        }
        let point = EpochLosses { epoch, step: train.step, train: train.into(), scored, seconds: time.as_secs_f64() };
        self.0.push(point);
        Ok(())
    }

    /// Notes them in a checkpoint, where there are any.
    pub fn note(&self, notes: &mut Notes) {
        if !self.0.is_empty() {
            notes.insert(CURVE.into(), serde_json::to_string(&self.0).expect("losses are plain data"));
        }
    }
}
