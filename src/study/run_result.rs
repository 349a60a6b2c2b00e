//! The result of a training run: a line of JSON.

use serde::{Deserialize, Serialize};

use crate::evaluate::Score;
use crate::model::ModelConfig;
use crate::train::{Loss, TrainConfig};

/// What a run was and what it reached.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RunResult {
    /// The version of Latent Lab that trained.
    pub latent_lab: String,
    /// What its study varies in it, apart from the seed; of a run that is part of none the name of its preset.
    pub configuration: String,
    /// The options of the command line that repeats it.
    pub command: String,
    /// The preset that the settings were derived from.
    pub preset: String,
    /// Seed of the initial weights, the order of the images and the noise.
    pub seed: u64,
    /// The model's settings.
    pub model: ModelConfig,
    /// The settings of training.
    pub train: TrainConfig,
    /// The data set, with its number of training images.
    pub data: String,
    /// SHA-256 of its training images and labels, hexadecimal.
    pub data_sha256: String,
    /// SHA-256 of its test images and labels; `None` of an older result.
    #[serde(default)]
    pub test_data_sha256: Option<String>,
    /// The epoch whose weights are the result, where images were held out to choose it.
    pub best_epoch: Option<u64>,
    /// What the losses are.
    pub unit: String,
    /// The losses of all test images.
    pub test: TestLosses,
    /// The losses after each epoch, and which images were scored for them.
    pub curve: Vec<EpochLosses>,
    /// The images that `curve` was scored on.
    pub scored_on: ScoredOn,
    /// Time of all epochs, in seconds, with the losses after each.
    pub seconds: f64,
}

/// Losses in nats per image.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Terms {
    /// -log p(x | z).
    pub reconstruction: f64,
    /// KL(q(z | x) || p(z)), unweighted.
    pub kl: f64,
    /// `reconstruction + kl`; of training images the weighted loss that is minimised.
    pub total: f64,
}

/// Losses of the test images, in nats per image where not said otherwise.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TestLosses {
    /// Number of images.
    pub images: usize,
    /// The losses, z sampled.
    pub terms: Terms,
    /// Perplexity of the codes, of a codebook.
    pub perplexity: Option<f64>,
    /// Share of images whose label the model infers correctly, in 0..=1.
    pub accuracy: Option<f64>,
}

/// The images that a curve was scored on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ScoredOn {
    /// All test images.
    Test,
    /// Training images that were held out.
    Validation,
}

/// The losses after one epoch.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EpochLosses {
    /// Epochs done, counted from 1.
    pub epoch: u64,
    /// Steps done.
    pub step: u64,
    /// Means over the epoch's steps.
    pub train: Terms,
    /// After the epoch, of images that the model is not trained on.
    pub scored: Terms,
    /// Time of the epoch and the losses after it, in seconds.
    pub seconds: f64,
}

impl RunResult {
    /// Whether two runs saw the same images, transposed or not, as far as both say so.
    pub fn has_images_of(&self, other: &Self) -> bool {
        let tests = self.test_data_sha256.as_ref().zip(other.test_data_sha256.as_ref());
        self.data_sha256 == other.data_sha256 && tests.is_none_or(|(one, other)| one == other)
    }
}

impl From<&Loss> for Terms {
    fn from(&Loss { reconstruction, kl, total, .. }: &Loss) -> Self {
        Self { reconstruction, kl, total }
    }
}

impl From<&Score> for Terms {
    fn from(&Score { reconstruction, kl, total, .. }: &Score) -> Self {
        Self { reconstruction, kl, total }
    }
}

impl From<&Score> for TestLosses {
    fn from(score: &Score) -> Self {
        let Score { images, perplexity, accuracy, .. } = *score;
        Self { images, terms: score.into(), perplexity, accuracy }
    }
}
