//! Training: a [`Trainer`] owns the weights, the optimiser and its position in the data, and takes steps on request.

mod adam;
mod checkpoint;
mod closed_form;
mod config;
mod memory;
mod minibatch;
mod replay;
mod schedule;
#[cfg(feature = "cli")]
mod selection;
mod trainer;

pub use adam::Adam;
pub use checkpoint::{Checkpoint, largest_difference};
pub use closed_form::{Components, principal_components};
pub use config::{DivergenceKind, TrainConfig};
pub use memory::{check_memory, floats_per_image, training_bytes};
pub use replay::{Minibatch, Replay};
#[cfg(feature = "cli")]
pub use selection::{Best, Selection};
pub use trainer::Trainer;

use serde::Serialize;

/// Both terms of one training step's loss, in nats per image, unweighted, at a sample of z.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Loss {
    /// Number of the step, counted from 1.
    pub step: u64,
    /// Mean of -log p(x | z) over the batch.
    pub reconstruction: f64,
    /// Mean of KL(q || p) over the batch.
    pub kl: f64,
    /// `reconstruction + kl`: the negative bound, whatever beta is.
    pub total: f64,
}

impl Loss {
    fn new(step: u64, reconstruction: f32, kl: f32) -> Self {
        let (reconstruction, kl) = (f64::from(reconstruction), f64::from(kl));
        Self { step, reconstruction, kl, total: reconstruction + kl }
    }

    /// False once training has diverged; the weights are then useless.
    pub fn is_finite(&self) -> bool {
        self.total.is_finite()
    }
}
