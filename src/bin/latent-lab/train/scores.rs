//! The losses of images that a model is not trained on.

use burn::tensor::Device;
use latent_lab::data::{Corruption, Dataset};
use latent_lab::evaluate::{
    At, Estimate, LoadedModel, LossTerms, RunningScore, Score, Scoring, negative_log_likelihood, score,
};
use latent_lab::model::{ModelConfig, Vae};
use latent_lab::snapshot::block_on;
use latent_lab::train::{TrainConfig, Trainer};

use crate::Outcome;

/// The losses after an epoch: of the test images, or of those held out for validation.
pub enum Losses {
    Test(Score),
    Validation { losses: ValidationLosses, best: bool },
}

/// The terms at one sample of z, and the loss by which epochs are compared, in nats per image.
pub struct ValidationLosses {
    pub terms: LossTerms,
    /// The negative evidence lower bound, unweighted; with several importance samples the bound that is trained (Burda et al. 2016, eq. 8).
    pub loss: Estimate,
}

/// Scores all test images.
pub fn score_test(
    model: &Vae,
    config: &ModelConfig,
    train: &TrainConfig,
    test: &Dataset,
    device: &Device,
) -> Outcome<Score> {
    Ok(block_on(score(model, config, test, 0..test.len(), scoring(train), device))?)
}

/// Scores all images held out for validation, each with the same noise after every epoch.
pub fn score_validation(trainer: &Trainer, images: &Dataset, device: &Device) -> Outcome<ValidationLosses> {
    let model = LoadedModel { model: trainer.model(), config: trainer.model_config().clone(), device: device.clone() };
    let mut running = RunningScore::default();
    block_on(running.add(&model, images, 0..images.len(), scoring(trainer.config())))?;
    let terms = running.losses();
    let TrainConfig { samples, seed, corruption, .. } = *trainer.config();
    let loss = match samples {
        2.. if corruption == Corruption::None => {
            let range = 0..images.len();
            block_on(negative_log_likelihood(&model.model, &model.config, images, range, samples, seed, device))?
        }
        _ => terms.total,
    };
    Ok(ValidationLosses { terms, loss })
}

fn scoring(train: &TrainConfig) -> Scoring {
    Scoring { at: At::Sample, seed: train.seed, corruption: train.corruption }
}
