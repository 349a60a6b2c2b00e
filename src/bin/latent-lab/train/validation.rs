//! Images held out for validation: the best epoch's weights are kept in a file beside `--out`, and are the result.

use std::path::{Path, PathBuf};

use latent_lab::data::{Dataset, hold_out};
use latent_lab::error::CommandLineError;
use latent_lab::snapshot::block_on;
use latent_lab::train::{Best, Selection, TrainConfig, Trainer};
use latent_lab::weights::{Notes, Precision, Weights};

use super::scores::ValidationLosses;
use crate::output::say;
use crate::{Outcome, files};

/// Seed of the static binarisation of held-out images, where the others are binarised anew in every step.
const BINARISED: u64 = 2;

/// Notes of weights and checkpoints.
const IMAGES: &str = "validation_images";
const BEST_EPOCH: &str = "best_epoch";
const LOSS: &str = "validation_total";
const STANDARD_ERROR: &str = "validation_standard_error";
/// Of a checkpoint alone: the best loss with all its digits.
const BEST_LOSS: &str = "best_loss";

/// Validation on held-out images.
#[derive(clap::Args, Clone, serde::Serialize)]
#[group(skip)]
pub struct Args {
    /// Training images to hold out, drawn by the seed: the weights of the epoch with their best loss are the result, once beta has its full value; the test images are scored once, at the end
    #[arg(long, value_name = "IMAGES", default_value_t = 0)]
    pub validation: usize,
    /// Early stopping: epochs without an improvement of the validation loss; 0 for never
    #[arg(long, value_name = "EPOCHS", default_value_t = 0)]
    pub patience: u64,
}

impl Args {
    /// Refuses early stopping without images for it.
    pub fn check(&self) -> Outcome {
        match self.patience > 0 && self.validation == 0 {
            true => Err(CommandLineError::PatienceNeedsValidation {}.into()),
            false => Ok(()),
        }
    }

    /// The images to train on, and those held out, unless there are none.
    pub fn hold_out(&self, data: Dataset, train: &TrainConfig, out: &Path) -> Outcome<(Dataset, Option<Validation>)> {
        if self.validation == 0 {
            return Ok((data, None));
        }
        if self.validation >= data.len() {
            let (validation, images) = (self.validation.into(), data.len().into());
            return Err(CommandLineError::ValidationTooLarge { validation, images }.into());
        }
        let [data, mut images] = hold_out(&data, self.validation, train.seed);
        if train.binarise {
            images.images = images.images.binarised(BINARISED);
        }
        let selection = Selection::new(self.patience, None);
        let file = out.with_extension("best.safetensors");
        Ok((data, Some(Validation { images, selection, patience: self.patience, file })))
    }
}

/// The held-out images, and the best epoch so far.
pub struct Validation {
    pub images: Dataset,
    selection: Selection,
    patience: u64,
    file: PathBuf, // the weights of the best epoch
}

/// Whether a checkpoint with these notes is of a run with held-out images.
pub fn is_noted(notes: &Notes) -> bool {
    notes.contains_key(IMAGES)
}

/// The epoch whose weights these notes are of, where images were held out to choose it.
pub fn best_epoch(notes: &Notes) -> Option<u64> {
    number(notes, BEST_EPOCH)
}

fn number<T: std::str::FromStr>(notes: &Notes, key: &str) -> Option<T> {
    notes.get(key)?.parse().ok()
}

impl Validation {
    /// Goes on from a checkpoint with these notes; returns whether as many images were held out there.
    pub fn resume(&mut self, notes: &Notes) -> bool {
        let best = || Some(Best { epoch: number(notes, BEST_EPOCH)?, loss: number(notes, BEST_LOSS)? });
        self.selection = Selection::new(self.patience, best());
        number(notes, IMAGES) == Some(self.images.len())
    }

    /// Whether the run stops early after `epoch` epochs.
    pub fn is_over(&self, epoch: u64) -> bool {
        self.selection.is_over(epoch)
    }

    /// Takes the losses after `epoch` epochs, and writes the weights if they are the best so far; returns whether they are.
    pub fn add(&mut self, trainer: &Trainer, epoch: u64, losses: &ValidationLosses) -> Outcome<bool> {
        let loss = losses.loss;
        let is_best = self.selection.add(epoch, loss.mean, trainer.config());
        if is_best {
            let mut weights = block_on(trainer.weights())?;
            let notes = [
                (IMAGES, self.images.len().to_string()),
                (BEST_EPOCH, epoch.to_string()),
                (LOSS, format!("{:.3}", loss.mean)),
                (STANDARD_ERROR, format!("{:.3}", loss.standard_error)),
            ];
            weights.notes.extend(notes.map(|(key, value)| (key.into(), value)));
            files::write(&self.file, &weights.to_bytes(Precision::Single))?;
        }
        Ok(is_best)
    }

    /// Notes in a checkpoint what resumes the choice.
    pub fn note(&self, notes: &mut Notes) {
        notes.insert(IMAGES.into(), self.images.len().to_string());
        if let Some(Best { epoch, loss }) = self.selection.best() {
            notes.extend([(BEST_EPOCH.into(), epoch.to_string()), (BEST_LOSS.into(), loss.to_string())]);
        }
    }

    /// The weights of the best epoch of `epochs`; those of the last where beta never had its full value. Prints which.
    pub fn result(&self, trainer: &Trainer, epochs: u64) -> Outcome<Weights> {
        if self.is_over(epochs) && epochs < trainer.config().epochs {
            say(format_args!("Stopped after epoch {epochs}: no improvement in {} epochs.", self.patience));
        }
        let Some(Best { epoch, loss }) = self.selection.best() else {
            say("No epoch had the full beta, so the weights are those of the last.");
            let mut weights = block_on(trainer.weights())?;
            weights.notes.insert(IMAGES.into(), self.images.len().to_string());
            return Ok(weights);
        };
        say(format_args!("Best epoch: {epoch}, validation loss {loss:.2} nats per image."));
        Ok(Weights::from_bytes(&files::read(&self.file)?)?)
    }

    /// Removes the file of the best weights.
    pub fn remove_file(&self) -> Outcome {
        files::remove(&self.file)
    }
}
