//! The configuration of a training run.

use std::ops::RangeInclusive;

use serde::{Deserialize, Serialize};

use crate::data::{Corruption, LeftOut};
use crate::model::{ModelConfig, PosteriorKind, PriorKind};
use crate::{Error, Result};

/// Settings of a training run; all but the seed and `closed_form` may change between steps.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TrainConfig {
    /// Seed of the initial weights, the order of the images and the noise.
    pub seed: u64,
    /// `B`: images per step.
    pub batch: usize,
    /// Learning rate of Adam.
    pub learning_rate: f64,
    /// What the posterior is drawn towards the prior by.
    pub divergence: DivergenceKind,
    /// Weight of the divergence.
    pub beta: f64,
    /// Weight of I(x; z), of the three parts of the KL.
    pub mi_weight: f64,
    /// Weight of the total correlation, of the three parts of the KL.
    pub tc_weight: f64,
    /// Weight of the KL of the single components of q(z), of the three parts of the KL.
    pub dimension_weight: f64,
    /// Nats of each component's KL, as a mean over the batch, that cost nothing (Kingma et al. 2016, eq. 15); 0 for none.
    pub free_bits: f64,
    /// Target of the KL in nats per image, which it is kept at: it grows linearly from zero over the warm-up (Burgess et al. 2018); 0
    /// for none.
    pub capacity: f64,
    /// KL annealing: epochs over which beta grows linearly from zero (Bowman et al. 2016); 0 for none.
    pub warm_up: f64,
    /// Cycles of KL annealing in the run: in the first half of each beta grows linearly from zero (Fu et al. 2019); 0 for none.
    pub cycles: u64,
    /// Learning-rate decay: epochs at the end over which the rate falls linearly to zero; 0 for none.
    pub cool_down: f64,
    /// `k`: importance samples of z per image (IWAE, Burda et al. 2016); 1 for the evidence lower bound.
    pub samples: usize,
    /// Temperature of relaxed categorical samples in the first step (Jang et al. 2017).
    pub temperature: f64,
    /// Their temperature at the end of the run; it falls exponentially.
    pub temperature_end: f64,
    /// Whether the decoder gets exact categorical samples while training, with the gradient of the relaxed ones (Bengio et al. 2013).
    pub straight_through: bool,
    /// Weight of the generator loss that a critic gives.
    pub critic_weight: f64,
    /// Labelled training images, for a classifier; 0 for all.
    pub labels: usize,
    /// A class whose images are not trained on; without effect in a model that is not conditional on the label.
    pub left_out: LeftOut,
    /// Dynamic binarisation: whether each pixel is set to 0 or 1 anew, to 1 with the probability of its grey value, each
    /// time an image is used.
    pub binarise: bool,
    /// Corruption of the encoder's input (Vincent et al. 2008).
    pub corruption: Corruption,
    /// Whether the optimal weights are computed where they are known: principal components of uncorrupted images. Otherwise a linear
    /// autoencoder is trained by gradient descent, like any other model.
    pub closed_form: bool,
    /// Length of the run, at whose end the learning-rate decay reaches zero.
    pub epochs: u64,
}

/// What the posterior is drawn towards the prior by, as the second term of the loss.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DivergenceKind {
    /// KL(q(z | x) || p(z)) of each image.
    #[default]
    Kl,
    /// The mean KL in three parts, each with its weight: beta-TCVAE (Chen et al. 2018).
    Decomposed,
    /// The maximum mean discrepancy between the codes of a batch and samples of the prior: Wasserstein autoencoder (Tolstikhin et al. 2018).
    Mmd,
}

impl DivergenceKind {
    /// Every variant, in the order of the form.
    pub const ALL: [Self; 3] = [Self::Kl, Self::Decomposed, Self::Mmd];
}

impl Default for TrainConfig {
    fn default() -> Self {
        Self {
            seed: 0,
            batch: 128,
            learning_rate: 1e-3,
            divergence: DivergenceKind::default(),
            beta: 1.0,
            mi_weight: 1.0,
            tc_weight: 1.0,
            dimension_weight: 1.0,
            free_bits: 0.0,
            capacity: 0.0,
            warm_up: 0.0,
            cycles: 0,
            cool_down: 0.0,
            samples: 1,
            temperature: 1.0,
            temperature_end: 0.5,
            straight_through: false,
            critic_weight: 1.0,
            labels: 0,
            left_out: LeftOut::default(),
            binarise: false,
            corruption: Corruption::None,
            closed_form: true,
            epochs: 10,
        }
    }
}

impl TrainConfig {
    /// Limits of `seed`: integers up to 2^53 - 1 are exact in JavaScript.
    pub const SEED: RangeInclusive<u64> = 0..=(1 << 53) - 1;
    /// Limits of `batch`.
    pub const BATCH: RangeInclusive<usize> = 1..=8192;
    /// Limits of `learning_rate`.
    pub const LEARNING_RATE: RangeInclusive<f64> = 1e-6..=10.0;
    /// Limits of `beta`.
    pub const BETA: RangeInclusive<f64> = 0.0..=1000.0;
    /// Limits of the weights of the KL's three parts.
    pub const PART_WEIGHT: RangeInclusive<f64> = 0.0..=100.0;
    /// Limits of `free_bits`.
    pub const FREE_BITS: RangeInclusive<f64> = 0.0..=10.0;
    /// Limits of `capacity`.
    pub const CAPACITY: RangeInclusive<f64> = 0.0..=200.0;
    /// Limits of `cycles`.
    pub const CYCLES: RangeInclusive<u64> = 0..=100;
    /// Limits of both temperatures.
    pub const TEMPERATURE: RangeInclusive<f64> = 0.05..=10.0;
    /// Limits of `warm_up`.
    pub const WARM_UP: RangeInclusive<f64> = 0.0..=1000.0;
    /// Limits of `cool_down`.
    pub const COOL_DOWN: RangeInclusive<f64> = 0.0..=1000.0;
    /// Limits of `samples`.
    pub const SAMPLES: RangeInclusive<usize> = 1..=64;
    /// Limits of `critic_weight`.
    pub const CRITIC_WEIGHT: RangeInclusive<f64> = 0.0..=10.0;
    /// Limits of `labels`.
    pub const LABELS: RangeInclusive<usize> = 0..=60_000;
    /// Limits of `epochs`.
    pub const EPOCHS: RangeInclusive<u64> = 1..=1000;

    /// Whether `model` gets its optimal weights in one step, instead of being trained.
    pub fn solves(&self, model: &ModelConfig) -> bool {
        self.closed_form && self.corruption == Corruption::None && model.has_closed_form()
    }

    /// Checks every value.
    ///
    /// # Errors
    /// When a value is outside its limits, or cannot be combined with `model`.
    pub fn check(&self, model: &ModelConfig) -> Result<()> {
        Error::check_setting("seed", self.seed, Self::SEED)?;
        Error::check_setting("batch", self.batch, Self::BATCH)?;
        Error::check_setting("learning_rate", self.learning_rate, Self::LEARNING_RATE)?;
        Error::check_setting("beta", self.beta, Self::BETA)?;
        Error::check_setting("mi_weight", self.mi_weight, Self::PART_WEIGHT)?;
        Error::check_setting("tc_weight", self.tc_weight, Self::PART_WEIGHT)?;
        Error::check_setting("dimension_weight", self.dimension_weight, Self::PART_WEIGHT)?;
        Error::check_setting("free_bits", self.free_bits, Self::FREE_BITS)?;
        Error::check_setting("capacity", self.capacity, Self::CAPACITY)?;
        Error::check_setting("cycles", self.cycles, Self::CYCLES)?;
        Error::check_setting("temperature", self.temperature, Self::TEMPERATURE)?;
        Error::check_setting("temperature_end", self.temperature_end, Self::TEMPERATURE)?;
        Error::check_setting("warm_up", self.warm_up, Self::WARM_UP)?;
        Error::check_setting("cool_down", self.cool_down, Self::COOL_DOWN)?;
        Error::check_setting("samples", self.samples, Self::SAMPLES)?;
        Error::check_setting("critic_weight", self.critic_weight, Self::CRITIC_WEIGHT)?;
        Error::check_setting("labels", self.labels, Self::LABELS)?;
        Error::check_setting("epochs", self.epochs, Self::EPOCHS)?;
        if self.samples > 1 && !model.has_density_while_training() {
            return Err(Error::SamplesNeedDensity {});
        }
        if self.samples > 1 && (model.classifier || model.critic) {
            return Err(Error::SamplesWithClassifierOrCritic {});
        }
        if let Some(class) = self.left_out_of(model).filter(|&class| usize::from(class) >= model.classes) {
            return Err(Error::LeftOutUnknown { class: usize::from(class).into() });
        }
        self.check_divergence(model)
    }

    /// The class that a `model` is not trained on: only one that is conditional on the label can be asked for it afterwards.
    pub fn left_out_of(&self, model: &ModelConfig) -> Option<u8> {
        self.left_out.class().filter(|_| model.labelled)
    }

    /// Checks that the second term of the loss can be combined with the model's parts.
    fn check_divergence(&self, model: &ModelConfig) -> Result<()> {
        let ModelConfig { posterior, prior, .. } = *model;
        let is_kl = self.divergence == DivergenceKind::Kl;
        let targets = [self.free_bits, self.capacity].into_iter().filter(|&nats| nats > 0.0).count();
        let replaced = !is_kl || targets > 0;
        if !replaced {
            return Ok(());
        }
        if self.samples > 1 {
            return Err(Error::PenaltyWithSamples {});
        }
        if model.classifier {
            return Err(Error::PenaltyWithClassifier {});
        }
        if prior != PriorKind::Standard {
            return Err(Error::PenaltyNeedsStandardPrior {});
        }
        let gaussian = matches!(posterior, PosteriorKind::Diagonal | PosteriorKind::Full);
        match self.divergence {
            DivergenceKind::Kl if targets > 1 => Err(Error::FreeBitsWithCapacity {}),
            DivergenceKind::Kl if !gaussian => Err(Error::KlTargetNeedsGaussian {}),
            DivergenceKind::Decomposed if posterior != PosteriorKind::Diagonal => Err(Error::PartsNeedDiagonal {}),
            DivergenceKind::Mmd if !gaussian && !matches!(posterior, PosteriorKind::Point | PosteriorKind::Flow) => {
                Err(Error::MmdNeedsVectors {})
            }
            DivergenceKind::Mmd if self.batch < 2 => Err(Error::MmdNeedsBatch {}),
            DivergenceKind::Decomposed | DivergenceKind::Mmd if targets > 0 => Err(Error::KlTargetNeedsKl {}),
            _ => Ok(()),
        }
    }
}
