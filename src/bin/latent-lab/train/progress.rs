//! What a run keeps beside its trainer, and notes in its checkpoints.

use std::path::Path;

use latent_lab::error::CommandLineError;
use latent_lab::weights::Notes;

use super::curve::Curve;
use super::validation::{self, Validation};
use crate::{Outcome, data_set};

/// The losses so far, the held-out images where there are some, and what the data are.
pub struct Progress {
    pub data: Notes,
    pub validation: Option<Validation>,
    pub curve: Curve,
}

impl Progress {
    /// Goes on from a checkpoint with these notes. Refused where it is of other images than those of the data set `data`.
    pub fn resume(&mut self, checkpoint: &Path, notes: &Notes, data: &str) -> Outcome {
        if !data_set::are_same(notes, &self.data) {
            let (data, file) = (data.into(), checkpoint.display().to_string().into());
            return Err(CommandLineError::ResumeOtherData { data, file }.into());
        }
        let same_held_out = match &mut self.validation {
            None => !validation::is_noted(notes),
            Some(validation) => validation.resume(notes),
        };
        if !same_held_out {
            return Err(CommandLineError::ResumeOtherRun {}.into());
        }
        self.curve = Curve::noted(notes)?;
        Ok(())
    }

    /// Whether the run stops early after `epoch` epochs.
    pub fn is_over(&self, epoch: u64) -> bool {
        self.validation.as_ref().is_some_and(|validation| validation.is_over(epoch))
    }

    /// Notes in a checkpoint what resumes the run.
    pub fn note(&self, notes: &mut Notes) {
        notes.extend(self.data.clone());
        self.curve.note(notes);
        if let Some(validation) = &self.validation {
            validation.note(notes);
        }
    }
}
