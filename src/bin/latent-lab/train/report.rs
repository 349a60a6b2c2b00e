//! The output of a training run: lines and table of losses, and notes in the weights file.

use std::fmt;
use std::time::Duration;

use comfy_table::presets::ASCII_MARKDOWN;
use comfy_table::{CellAlignment, Table};
use latent_lab::evaluate::Score;
use latent_lab::train::{Loss, Trainer};
use latent_lab::weights::Weights;

use latent_lab::weights::grouped;

/// A table of the losses after each epoch, in nats per image.
pub struct EpochTable(Table);

impl EpochTable {
    pub fn new() -> Self {
        let mut table = Table::new();
        let header = ["epoch", "train rec.", "train KL", "train", "test rec.", "test KL", "test", "s"];
        table.load_style(ASCII_MARKDOWN).set_header(header);
        table.column_iter_mut().for_each(|column| column.set_cell_alignment(CellAlignment::Right));
        Self(table)
    }

    pub fn add(&mut self, epoch: u64, train: &Loss, test: &Score, time: Duration) {
        let nats = [train.reconstruction, train.kl, train.total, test.reconstruction, test.kl, test.total]
            .map(|nats| format!("{nats:.2}"));
        let seconds = format!("{:.1}", time.as_secs_f64());
        self.0.add_row([epoch.to_string()].into_iter().chain(nats).chain([seconds]));
    }
}

impl fmt::Display for EpochTable {
    fn fmt(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

/// One epoch's losses on a line, with code perplexity and accuracy for the models that have them.
pub fn epoch_line(epoch: u64, train: &Loss, test: &Score) -> String {
    let perplexity = test.perplexity.map(|perplexity| match test.bottom_perplexity {
        Some(bottom) => format!("; code perplexity {perplexity:.1} and {bottom:.1}"),
        None => format!("; code perplexity {perplexity:.1}"),
    });
    let accuracy = test.accuracy.map(|accuracy| format!("; accuracy {:.2} %", 100.0 * accuracy));
    let more: String = [perplexity, accuracy].into_iter().flatten().collect();
    format!("epoch {epoch}: train {:.2}, test {:.2} nats per image, z sampled{more}", train.total, test.total)
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
