//! How likely an image is under a model, by importance sampling (Burda et al. 2016, eq. 8), and what follows from it: the
//! model as a classifier.

use std::ops::Range;

use burn::tensor::{Device, Tensor};
use rand::distr::Distribution;
use rand_distr::StandardNormal;

use super::{CHUNK, Case, Subject, upload};
use crate::data::{DIGITS, Dataset};
use crate::model::{ModelConfig, PosteriorKind, Vae, repeat_rows, standard_log_density};
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

    /// -log p(x) of each case in nats, as [`negative_log_likelihood`]: `[n]`; of a labelled model -log p(x | y), and where a
    /// classifier guesses the label, the mean of p(x | y) over all ten. The draws of a case depend on its index alone, not on the
    /// company it is in.
    ///
    /// # Errors
    /// When the device is lost, or the posterior has no density.
    pub async fn negative_log_likelihoods(&self, cases: &[Case], samples: usize, seed: u64) -> Result<Vec<f64>> {
        if !self.has_density() {
            return Err(Error::Combination("A posterior without a density gives no likelihood to estimate.".into()));
        }
        if !self.config.classifier {
            return self.given_labels(cases, samples, seed).await;
        }
        let all: Vec<_> = cases.iter().flat_map(Case::as_each_digit).collect();
        let given = self.given_labels(&all, samples, seed).await?;
        Ok(given.chunks_exact(DIGITS).map(|costs| (DIGITS as f64).ln() - log_evidence(costs)).collect())
    }

    async fn given_labels(&self, cases: &[Case], samples: usize, seed: u64) -> Result<Vec<f64>> {
        let mut nats = Vec::with_capacity(cases.len());
        for cases in cases.chunks(CHUNK) {
            nats.extend(self.importance_weighted(cases, samples, seed).await?);
        }
        Ok(nats)
    }

    /// Fills each pass over the decoder with as many draws as a chunk has room for.
    async fn importance_weighted(&self, cases: &[Case], samples: usize, seed: u64) -> Result<Vec<f64>> {
        let draws = (CHUNK / cases.len()).min(samples);
        let rows = cases.len() * draws;
        let (images, labels) = self.tensors(cases);
        let posterior = self.model.encode(images.clone(), labels.clone()).repeat(draws);
        let (images, labels) = (repeat_rows(images, draws), labels.map(|labels| repeat_rows(labels, draws)));
        let prior = self.model.learned_prior(); // a VampPrior costs an encoding of all its pseudo-inputs
        let latent = self.config.latent;
        let stream = |case: &Case| generator(seed, Stream::Importance { image: case.index });
        let mut random: Vec<_> = cases.iter().map(stream).collect();
        let mut sums = vec![LogSum::default(); cases.len()];
        let mut left = samples;
        while left > 0 {
            let noise = random.iter_mut().flat_map(|random| StandardNormal.sample_iter(random).take(draws * latent));
            let noise = upload(noise.collect(), [rows, latent], &self.device);
            let z = posterior.sample(noise.clone());
            let log_prior = match &prior {
                Some(prior) => prior.log_density(z.clone()),
                None => standard_log_density(z.clone()),
            };
            let log_weight = log_prior
                - posterior.log_density(noise)
                - self.model.decode(z, labels.clone()).negative_log_likelihood(images.clone());
            let log_weight = &snapshot::read(vec![log_weight]).await?[0];
            for (sum, terms) in sums.iter_mut().zip(log_weight.chunks_exact(draws)) {
                terms.iter().take(left).for_each(|&term| sum.add(f64::from(term)));
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
        self.objectives(cases).await
    }

    /// Both terms at the code of each case, its label given: `[n]`.
    async fn objectives(&self, cases: &[Case]) -> Result<Vec<f64>> {
        let mut nats = Vec::with_capacity(cases.len());
        for cases in cases.chunks(CHUNK) {
            let (images, labels) = self.tensors(cases);
            let noise = Tensor::zeros([cases.len(), self.config.code_width()], &self.device);
            let terms =
                Terms::of(&self.model, Batch { inputs: images.clone(), images, labels, noise, component: None }, 1);
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
        let cases: Vec<_> = case.as_each_digit().collect();
        match self.has_density() {
            true => Ok(Some(self.given_labels(&cases, samples, seed).await?)),
            false => Ok(Some(self.objectives(&cases).await?)),
        }
    }
}

/// p(y | x) from -log p(x | y) by Bayes' rule, every class as likely as any other: the generative classifier.
pub fn class_probabilities(costs: &[f64]) -> Vec<f64> {
    let evidence = log_evidence(costs);
    costs.iter().map(|cost| (-cost - evidence).exp()).collect()
}

/// log of the sum of exp(-cost).
fn log_evidence(costs: &[f64]) -> f64 {
    let mut sum = LogSum::default();
    costs.iter().for_each(|cost| sum.add(-cost));
    sum.log()
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
