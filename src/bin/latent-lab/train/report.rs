//! The output of a training run: lines and table of losses, and notes in the weights file.

use std::fmt;
use std::time::Duration;

use comfy_table::presets::ASCII_MARKDOWN;
use comfy_table::{CellAlignment, Table};
use latent_lab::evaluate::{Estimate, Score};
use latent_lab::train::{Loss, TrainConfig, Trainer};
use latent_lab::weights::{Weights, grouped};

use super::scores::{Losses, ValidationLosses};
use crate::output::warn;

/// A table of the losses after each epoch, in nats per image.
pub struct EpochTable(Table);

impl EpochTable {
    /// With the losses of the test images, or of images held out for `validation` with the standard error of their loss.
    pub fn new(validation: bool) -> Self {
        let mut table = Table::new();
        let scored: &[&str] = match validation {
            false => &["test rec.", "test KL", "test"],
            true => &["val. rec.", "val. KL", "val.", "± s.e."],
        };
        let header = [&["epoch", "train rec.", "train KL", "train"], scored, &["s"]].concat();
        table.load_style(ASCII_MARKDOWN).set_header(header);
        table.column_iter_mut().for_each(|column| column.set_cell_alignment(CellAlignment::Right));
        Self(table)
    }

    pub fn add(&mut self, epoch: u64, train: &Loss, losses: &Losses, time: Duration) {
        let scored = match losses {
            Losses::Test(test) => vec![test.reconstruction, test.kl, test.total],
            Losses::Validation { losses: ValidationLosses { terms, loss }, .. } => {
                vec![terms.reconstruction.mean, terms.kl.mean, loss.mean, loss.standard_error]
            }
        };
        let nats = [train.reconstruction, train.kl, train.total].into_iter().chain(scored);
        let nats = nats.map(|nats| format!("{nats:.2}"));
        let seconds = format!("{:.1}", time.as_secs_f64());
        self.0.add_row([epoch.to_string()].into_iter().chain(nats).chain([seconds]));
    }
}

impl fmt::Display for EpochTable {
    fn fmt(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

/// Says that beta does not reach its full value, where the warm-up is longer than the run.
pub fn warn_of_warm_up(trainer: &Trainer) {
    let config = trainer.config();
    let TrainConfig { epochs, warm_up, beta, .. } = *config;
    if !trainer.closed_form() && !config.beta_is_full_after(epochs as f64) {
        let reached = config.beta_after(epochs as f64);
        warn(format_args!(
            "the warm-up of {warm_up} epochs is longer than the run of {epochs}: beta ends at {reached:.3}, and never has its full value of {beta}."
        ));
    }
}

/// One epoch's losses on a line, with code perplexity and accuracy for the models that have them.
pub fn epoch_line(epoch: u64, train: &Loss, losses: &Losses) -> String {
    let train = train.total;
    match losses {
        Losses::Test(test) => format!("epoch {epoch}: train {train:.2}, {}", test_line(test)),
        Losses::Validation { losses: ValidationLosses { loss, .. }, best } => {
            let best = if *best { "; the best so far" } else { "" };
            let Estimate { mean, standard_error } = loss;
            format!(
                "epoch {epoch}: train {train:.2}, validation {mean:.2} ± {standard_error:.2} nats per image, z sampled{best}"
            )
        }
    }
}

/// The loss of the test images, with code perplexity and accuracy for the models that have them.
pub fn test_line(test: &Score) -> String {
    let perplexity = test.perplexity.map(|perplexity| match test.bottom_perplexity {
        Some(bottom) => format!("; code perplexity {perplexity:.1} and {bottom:.1}"),
        None => format!("; code perplexity {perplexity:.1}"),
    });
    let accuracy = test.accuracy.map(|accuracy| format!("; accuracy {:.2} %", 100.0 * accuracy));
    let more: String = [perplexity, accuracy].into_iter().flatten().collect();
    format!("test {:.2} nats per image, z sampled{more}", test.total)
}

/// The losses of one step on a line.
pub fn step_line(Loss { step, reconstruction, kl, total }: &Loss) -> String {
    format!("step {step}: reconstruction {reconstruction:.6}, KL {kl:.6}, total {total:.6} nats per image")
}

/// Notes how the weights were trained and how they score.
pub fn note(weights: &mut Weights, trainer: &Trainer, test: &Score) {
    let config = trainer.config();
    weights.note_usage(&test.usage);
    let notes = [
        ("epochs", config.epochs.to_string()),
        ("batch", config.batch.to_string()),
        ("learning_rate", config.learning_rate.to_string()),
        ("beta", config.beta.to_string()),
        ("seed", config.seed.to_string()),
        ("test_reconstruction", format!("{:.3}", test.reconstruction)),
        ("test_kl", format!("{:.3}", test.kl)),
        ("test_total", format!("{:.3}", test.total)),
        ("unit", format!("nats per image, {} test images, z sampled", grouped(test.images))),
    ];
    weights.notes.extend(notes.map(|(key, value)| (key.to_string(), value)));
}
