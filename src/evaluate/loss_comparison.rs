//! The losses of models with different likelihoods on one scale.

use std::sync::Arc;

use burn::tensor::Tensor;
use serde::Serialize;

use super::estimate::{Estimate, RunningMean};
use super::scoring::{At, Scoring, batch};
use super::{CHUNK, LoadedModel};
use crate::Result;
use crate::data::{Corruption, Dataset};
use crate::model::{Bernoulli, LikelihoodKind};
use crate::objective::{Batch, Objective, Terms};
use crate::snapshot;

/// Test images scored per call: about 50 ms in the browser.
const STRIDE: usize = 250;
/// Pictures of a Gaussian decoder are clamped to `CLAMP..=1 - CLAMP` before their cross-entropy is taken, which is infinite at 0 and 1.
const CLAMP: f64 = 1e-4;

/// The first test images, scored step by step: binary cross-entropy of the decoded picture, and KL, with one z sampled per image.
///
/// For a Bernoulli likelihood these are the terms of -ELBO. A Gaussian likelihood has a log density as its reconstruction, which has no
/// common scale with a cross-entropy; the cross-entropy of its decoded mean has.
#[derive(Debug)]
pub struct LossComparison {
    model: LoadedModel,
    data: Arc<Dataset>,
    cross_entropy: RunningMean,
    kl: RunningMean,
    total: RunningMean,
}

/// Means over test images, in nats per image.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct ComparedLosses {
    /// Number of test images, the first of the data set.
    pub images: usize,
    /// Binary cross-entropy between image and decoded picture.
    pub cross_entropy: Estimate,
    /// KL(q(z | x) || p(z)), unweighted.
    pub kl: Estimate,
    /// Their sum.
    pub total: Estimate,
}

impl LossComparison {
    /// No image of `data` is scored yet.
    pub fn new(model: LoadedModel, data: Arc<Dataset>) -> Self {
        let [cross_entropy, kl, total] = [RunningMean::default(); 3];
        Self { model, data, cross_entropy, kl, total }
    }

    /// Scores the next few of the first `count` test images; returns how many are scored, and of how many.
    ///
    /// # Errors
    /// When the device is lost.
    pub async fn score_next(&mut self, count: usize) -> Result<(usize, usize)> {
        self.data.check_labels_for(&self.model.config)?;
        let of = count.min(self.data.len());
        let done = self.total.count();
        let images = done..of.min(done + self.model.rows_at_cost_of(STRIDE).min(CHUNK));
        if !images.is_empty() {
            let scoring = Scoring { at: At::Sample, seed: 0, corruption: Corruption::None };
            let LoadedModel { model, config, device } = &self.model;
            let batch = batch(config, &self.data, images, scoring, device);
            let cross_entropy = self.cross_entropy_of_pictures(&batch).await?;
            let terms = Terms::of(model, batch, &Objective::BOUND);
            let read = snapshot::read(vec![cross_entropy.unwrap_or(terms.reconstruction), terms.divergence]).await?;
            for (&cross_entropy, &kl) in read[0].iter().zip(&read[1]) {
                let [cross_entropy, kl] = [cross_entropy, kl].map(f64::from);
                self.cross_entropy.add(cross_entropy);
                self.kl.add(kl);
                self.total.add(cross_entropy + kl);
            }
        }
        Ok((self.total.count().min(of), of))
    }

    /// The means over the images scored so far.
    pub fn losses(&self) -> ComparedLosses {
        ComparedLosses {
            images: self.total.count(),
            cross_entropy: self.cross_entropy.estimate(),
            kl: self.kl.estimate(),
            total: self.total.estimate(),
        }
    }

    /// The cross-entropy of the decoded means in nats, `[B]`; `None` for a Bernoulli likelihood, whose reconstruction it is. A classifier
    /// labels the images.
    async fn cross_entropy_of_pictures(&self, batch: &Batch) -> Result<Option<Tensor<1>>> {
        let LoadedModel { model, config, .. } = &self.model;
        if config.likelihood == LikelihoodKind::Bernoulli {
            return Ok(None);
        }
        let labels = self.model.labels_of(batch).await?;
        let z = model.encode(batch.inputs.clone(), labels.clone()).sample(batch.noise.clone());
        let picture = model.decode(z, labels).mean().clamp(CLAMP, 1.0 - CLAMP);
        let logits = picture.clone().log() - (picture.neg() + 1.0).log();
        Ok(Some(Bernoulli { logits }.cross_entropy(batch.images.clone())))
    }
}
