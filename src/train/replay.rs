//! The minibatches and the noise of a run without its training, so that another program can take the same steps.

use super::TrainConfig;
use super::minibatch::HostBatches;
use crate::data::{Batches, Corruption, Images, Position, pixel};
use crate::model::{ModelConfig, PriorKind};
use crate::{Error, Result};

/// The minibatches of a run, step by step from its first.
#[derive(Debug)]
pub struct Replay {
    model: ModelConfig,
    train: TrainConfig,
    batches: Batches,
    step: u64,
}

/// The data of one training step.
#[derive(Debug, Clone, PartialEq)]
pub struct Minibatch {
    /// Pixels in 0..=1, `[B * P]`.
    pub images: Vec<f32>,
    /// N(0, 1) noise, `[B * Z]`, or `[B * N * A]` for categorical variables.
    pub noise: Vec<f32>,
}

impl Replay {
    /// The run of these settings.
    ///
    /// # Errors
    /// When a setting is outside its limits, or a step takes more than the images and one noise vector for each: labels,
    /// corrupted or binarised images, importance samples, or a critic's samples of a learned prior.
    pub fn new(model: ModelConfig, train: TrainConfig) -> Result<Self> {
        model.check()?;
        train.check(&model)?;
        let random_images = train.binarise || train.corruption != Corruption::None;
        let prior_samples = model.critic && model.prior != PriorKind::Standard;
        if model.labelled || train.samples > 1 || random_images || prior_samples {
            return Err(Error::ReplayUnsupported {});
        }
        let batches = Batches::new(train.seed, Position::default());
        Ok(Self { model, train, batches, step: 0 })
    }

    /// The next step's minibatch of `images`, the run's training images.
    pub fn next(&mut self, images: &Images) -> Minibatch {
        let indices = self.batches.next(images.len(), self.train.batch);
        let mut host = HostBatches::default();
        host.add((images, None), &indices, self.step, &self.model, &self.train);
        self.step += 1;
        Minibatch { images: host.images.into_iter().map(pixel).collect(), noise: host.noise }
    }
}
