//! One epoch of training, with a progress bar.

use indicatif::{ProgressBar, ProgressStyle};
use latent_lab::data::Dataset;
use latent_lab::error::CommandLineError;
use latent_lab::snapshot::block_on;
use latent_lab::train::{Loss, Trainer};

use super::report;
use crate::Outcome;
use crate::output::say;

/// Steps per update of the progress bar; they share one upload.
const CHUNK: usize = 16;

/// How many steps the epoch of this number has, up to which step of the run each loss is printed, and whether nothing else is.
pub struct Extent {
    pub steps: usize,
    pub epoch: u64,
    pub logged: u64,
    pub quiet: bool,
}

/// Trains for an epoch; returns the means of its steps' losses.
pub fn one_epoch(trainer: &mut Trainer, data: &Dataset, extent: Extent) -> Outcome<Loss> {
    let Extent { steps, epoch, logged, quiet } = extent;
    let style = ProgressStyle::with_template("epoch {prefix} {wide_bar} {pos}/{len} {msg} {eta}")
        .expect("the template is well formed");
    let bar = if quiet { ProgressBar::hidden() } else { ProgressBar::new(steps as u64) };
    let bar = bar.with_style(style).with_prefix(epoch.to_string());
    let mut losses = Vec::with_capacity(steps);
    while losses.len() < steps {
        let chunk = block_on(trainer.train(data, CHUNK.min(steps - losses.len())))?;
        if let Some(diverged) = chunk.iter().find(|loss| !loss.is_finite()) {
            return Err(CommandLineError::TrainingDiverged { step: diverged.step.into() }.into());
        }
        let printed = chunk.iter().filter(|loss| loss.step <= logged);
        bar.suspend(|| printed.for_each(|loss| say(report::step_line(loss))));
        bar.inc(chunk.len() as u64);
        bar.set_message(format!("{:.1} nats", chunk[chunk.len() - 1].total));
        losses.extend(chunk);
    }
    bar.finish_and_clear();
    let mean = |term: fn(&Loss) -> f64| losses.iter().map(term).sum::<f64>() / steps as f64;
    Ok(Loss {
        step: trainer.step_count(),
        reconstruction: mean(|loss| loss.reconstruction),
        kl: mean(|loss| loss.kl),
        total: mean(|loss| loss.total),
    })
}
