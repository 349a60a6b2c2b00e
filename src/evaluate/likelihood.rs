//! How likely an image is under a model, by importance sampling (Burda et al. 2016, eq. 8), and what follows from it: the
//! model as a classifier.

use std::ops::Range;

use burn::tensor::{Device, Tensor};
use rand::distr::Distribution;
use rand::rngs::ChaCha8Rng;
use rand_distr::StandardNormal;

use super::{CHUNK, Case, Subject, upload};
use crate::data::{DIGITS, Dataset};
use crate::model::{ModelConfig, PosteriorKind, Vae};
use crate::objective::{Batch, Terms};
use crate::random::{Stream, generator};
use crate::snapshot;
use crate::{Error, Result};

/// Mean of -log p(x) over the images of `range` in nats, estimated with `samples` importance-weighted draws an image
/// (Burda et al. 2016, eq. 8): an upper bound that tightens as `samples` grows.
///
/// For grey images the Bernoulli likelihood is no density, and neither is this: binarise them first.
///
/// # Errors
/// When the device is lost, or the posterior has no density.
pub async fn negative_log_likelihood(
    model: &Vae,
    config: &ModelConfig,
    data: &Dataset,
    range: Range<usize>,
    samples: usize,
    seed: u64,
    device: &Device,
) -> Result<f64> {
    let subject = Subject { model: model.clone(), config: config.clone(), device: device.clone() };
    let count = range.len() as f64;
    let mut total = 0.0;
    let mut start = range.start;
    while start < range.end {
        let chunk = start..range.end.min(start + CHUNK);
        start = chunk.end;
        let cases: Vec<_> = chunk.map(|index| Case::of(data, index)).collect();
        total += subject.negative_log_likelihoods(&cases, samples, seed).await?.iter().sum::<f64>();
    }
    Ok(total / count)
}

impl Subject {
    /// Whether q(z | x) has a density, without which there is no importance weight.
    pub fn has_density(&self) -> bool {
        matches!(self.config.posterior, PosteriorKind::Diagonal | PosteriorKind::Full)
    }

    /// -log p(x) of each case in nats, as [`negative_log_likelihood`]: `[n]`. The draws of a case depend on its index
    /// alone, not on the company it is in.
    ///
    /// # Errors
    /// When the device is lost, or the posterior has no density.
    pub async fn negative_log_likelihoods(&self, cases: &[Case], samples: usize, seed: u64) -> Result<Vec<f64>> {
        if !self.has_density() {
            return Err(Error::Combination("A posterior without a density gives no likelihood to estimate.".into()));
        }
        let mut nats = Vec::with_capacity(cases.len());
        for cases in cases.chunks(CHUNK) {
            nats.extend(self.importance_weighted(cases, samples, seed).await?);
        }
        Ok(nats)
    }

    /// Fills each pass over the decoder with as many draws as a chunk has room for.
    async fn importance_weighted(&self, cases: &[Case], samples: usize, seed: u64) -> Result<Vec<f64>> {
        let rows = cases.len();
        let draws = (CHUNK / rows).min(samples);
        let (images, labels) = self.tensors(cases);
        let (images, labels) = (images.repeat_dim(0, draws), labels.map(|labels| labels.repeat_dim(0, draws)));
        let posterior = self.model.encode(images.clone(), labels.clone());
        let latent = posterior.mean().dims()[1];
        let stream = |case: &Case| generator(seed, Stream::Importance { image: case.index });
        let mut random: Vec<ChaCha8Rng> = cases.iter().map(stream).collect();
        let mut sums = vec![LogSum::default(); rows];
        let mut left = samples;
        while left > 0 {
            let of_row = |row| StandardNormal.sample_iter(&mut random[row % rows]).take(latent).collect::<Vec<f32>>();
            let noise = (0..draws * rows).flat_map(of_row).collect();
            let noise = upload(noise, [draws * rows, latent], &self.device);
            let z = posterior.sample(noise.clone());
            let log_weight = self.model.log_prior(z.clone())
                - posterior.log_density(noise)
                - self.model.decode(z, labels.clone()).cost(images.clone());
            let log_weight = &snapshot::read(vec![log_weight]).await?[0];
            for draw in log_weight.chunks_exact(rows).take(left) {
                sums.iter_mut().zip(draw).for_each(|(sum, &term)| sum.add(f64::from(term)));
            }
            left = left.saturating_sub(draws);
        }
        Ok(sums.iter().map(|sum| (samples as f64).ln() - sum.log()).collect())
    }

    /// What each case costs in nats: -log p(x) by importance sampling where the posterior has a density, else the
    /// objective at its code: `[n]`.
    ///
    /// # Errors
    /// When the device is lost.
    pub async fn costs(&self, cases: &[Case], samples: usize, seed: u64) -> Result<Vec<f64>> {
        if self.has_density() {
            return self.negative_log_likelihoods(cases, samples, seed).await;
        }
        let mut nats = Vec::with_capacity(cases.len());
        for cases in cases.chunks(CHUNK) {
            let (images, labels) = self.tensors(cases);
            let noise = Tensor::zeros([cases.len(), self.config.latent], &self.device);
            let terms = Terms::of(&self.model, Batch { inputs: images.clone(), images, labels, noise });
            let costs = snapshot::read(vec![terms.reconstruction + terms.divergence]).await?.remove(0);
            nats.extend(costs.into_iter().map(f64::from));
        }
        Ok(nats)
    }

    /// -log p(x | y) for each digit y, in nats: `[10]`; none for a model without labels. The same draws serve every digit.
    ///
    /// # Errors
    /// When the device is lost.
    pub async fn class_costs(&self, case: &Case, samples: usize, seed: u64) -> Result<Option<Vec<f64>>> {
        if !self.config.labelled {
            return Ok(None);
        }
        let cases: Vec<_> = (0..DIGITS as u8).map(|digit| Case { digit, ..case.clone() }).collect();
        Ok(Some(self.costs(&cases, samples, seed).await?))
    }
}

/// p(y | x) from -log p(x | y) by Bayes' rule, every class as likely as any other: the generative classifier.
pub fn class_probabilities(costs: &[f64]) -> Vec<f64> {
    let mut evidence = LogSum::default();
    costs.iter().for_each(|cost| evidence.add(-cost));
    costs.iter().map(|cost| (-cost - evidence.log()).exp()).collect()
}

/// log of a sum of exponentials, term by term, that neither over- nor underflows.
#[derive(Debug, Clone)]
pub(super) struct LogSum {
    largest: f64,
    sum: f64, // of exp(term - largest)
}

impl Default for LogSum {
    fn default() -> Self {
        Self { largest: f64::NEG_INFINITY, sum: 0.0 }
    }
}

impl LogSum {
    pub fn add(&mut self, term: f64) {
        if term > self.largest {
            self.sum *= (self.largest - term).exp();
            self.largest = term;
        }
        self.sum += (term - self.largest).exp();
    }

    pub fn log(&self) -> f64 {
        self.largest + self.sum.ln()
    }
}
