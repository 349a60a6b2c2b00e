//! Which epoch's weights are the result of a run, by the loss of images that it is not trained on.

use super::TrainConfig;

/// The best epoch so far.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Best {
    /// Epochs done, counted from 1.
    pub epoch: u64,
    /// Its validation loss, in nats per image.
    pub loss: f64,
}

/// Keeps the best epoch by validation loss, and says when a run has gone on without improvement for too long. An epoch counts once beta has its full value: the losses before are
/// those of another objective, and a small beta can have the better ones.
#[derive(Debug, Clone, PartialEq)]
pub struct Selection {
    best: Option<Best>,
    patience: u64,
}

impl Selection {
    /// Stops after `patience` epochs without improvement; 0 for never. `best` is that of an interrupted run.
    pub fn new(patience: u64, best: Option<Best>) -> Self {
        Self { best, patience }
    }

    /// The best epoch, once one counts.
    pub fn best(&self) -> Option<Best> {
        self.best
    }

    /// Takes the validation loss after `epoch` epochs of a run with the settings `train`; returns whether it is the best so far.
    pub fn add(&mut self, epoch: u64, loss: f64, train: &TrainConfig) -> bool {
        let improves = self.best.is_none_or(|best| loss < best.loss);
        let is_best = improves && loss.is_finite() && train.beta_is_full_after(epoch as f64);
        if is_best {
            self.best = Some(Best { epoch, loss });
        }
        is_best
    }

    /// Whether the run ends after `epoch` epochs, because none of the last was an improvement.
    pub fn is_over(&self, epoch: u64) -> bool {
        self.patience > 0 && self.best.is_some_and(|best| epoch.saturating_sub(best.epoch) >= self.patience)
    }
}
