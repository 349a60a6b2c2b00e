//! -log p(x) of a model by importance sampling (Burda et al. 2016, eq. 8).

use std::ops::Range;

use burn::tensor::{Device, Tensor};
use rand::distr::Distribution;
use rand_distr::StandardNormal;

use super::estimate::{Estimate, RunningMean};
use super::log_sum_exp::LogSumExp;
use super::{CHUNK, Example, LoadedModel, chunks, upload};
use crate::data::Dataset;
use crate::model::{ModelConfig, Vae, repeat_rows};
use crate::objective::{Batch, Objective, Terms};
use crate::random::{Stream, generator};
use crate::snapshot;
use crate::{Error, Result};

/// Mean of -log p(x) over the images of `range`, in nats per image, estimated with `samples` importance samples for each
/// image (Burda et al. 2016, eq. 8): in expectation an upper bound, tighter for more samples. The standard error is that of a
/// mean over images: neither the error of one image's estimate, nor by how much few samples exceed -log p(x) in expectation.
///
/// The Bernoulli likelihood of a grey image is not a density, so neither is this estimate: binarise the images for a true
/// -log p(x).
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
) -> Result<Estimate> {
    let model = LoadedModel { model: model.clone(), config: config.clone(), device: device.clone() };
    let mut mean = RunningMean::default();
    for chunk in chunks(range, CHUNK) {
        let examples: Vec<_> = chunk.map(|index| Example::of(data, index)).collect();
        model.nlls(&examples, samples, seed).await?.into_iter().for_each(|nll| mean.add(nll));
    }
    Ok(mean.estimate())
}

impl LoadedModel {
    /// -log p(x) of each example in nats, `[n]`, as in [`negative_log_likelihood`]. For a conditional model -log p(x | y); with
    /// a classifier p(x) is the mean of p(x | y) over the labels. The samples of an example
    /// depend only on the seed and its index, not on the other examples.
    ///
    /// # Errors
    /// When the device is lost, or the posterior has no density.
    pub async fn nlls(&self, examples: &[Example], samples: usize, seed: u64) -> Result<Vec<f64>> {
        if !self.has_density() {
            return Err(Error::LikelihoodNeedsDensity {});
        }
        if !self.config.classifier {
            return self.conditional_nlls(examples, samples, seed).await;
        }
        let all: Vec<_> = examples.iter().flat_map(|example| example.under_each_label(self.config.classes)).collect();
        let conditional = self.conditional_nlls(&all, samples, seed).await?;
        let marginal = |nlls: &[f64]| {
            let log_sum = nlls.iter().map(|nll| -nll).collect::<LogSumExp>().log();
            (self.config.classes as f64).ln() - log_sum
        };
        Ok(conditional.chunks_exact(self.config.classes).map(marginal).collect())
    }

    /// -log p(x) of each example in nats where the posterior has a density, else the loss at its mean: `[n]`.
    ///
    /// # Errors
    /// When the device is lost.
    pub async fn nlls_or_losses(&self, examples: &[Example], samples: usize, seed: u64) -> Result<Vec<f64>> {
        if self.has_density() {
            return self.nlls(examples, samples, seed).await;
        }
        self.losses_at_mean(examples).await
    }

    /// -log p(x | y) of each example with its own label, in nats, `[n]`; -log p(x) of an unconditional model.
    pub(super) async fn conditional_nlls(&self, examples: &[Example], samples: usize, seed: u64) -> Result<Vec<f64>> {
        let mut nlls = Vec::with_capacity(examples.len());
        for examples in examples.chunks(CHUNK) {
            nlls.extend(self.importance_weighted(examples, samples, seed).await?);
        }
        Ok(nlls)
    }

    /// -log p(x | y) of at most [`CHUNK`] examples in nats, `[n]`. Each pass over the decoder takes as many samples of each
    /// example as fit into a chunk.
    async fn importance_weighted(&self, examples: &[Example], samples: usize, seed: u64) -> Result<Vec<f64>> {
        let per_pass = (CHUNK / examples.len()).min(samples);
        let rows = examples.len() * per_pass;
        let (images, labels) = self.tensors(examples);
        let posterior = self.model.encode(images.clone(), labels.clone()).repeat(per_pass);
        let (images, labels) = (repeat_rows(images, per_pass), labels.map(|labels| repeat_rows(labels, per_pass)));
        let prior = self.model.prior_density(); // only once: a VampPrior encodes all its pseudo-inputs here
        let width = self.config.noise_width();
        let stream = |example: &Example| generator(seed, Stream::ImportanceSamples { image: example.index });
        let mut random: Vec<_> = examples.iter().map(stream).collect();
        let mut sums = vec![LogSumExp::default(); examples.len()];
        let mut left = samples;
        while left > 0 {
            let noise = random.iter_mut().flat_map(|random| StandardNormal.sample_iter(random).take(per_pass * width));
            let noise = upload(noise.collect(), [rows, width], &self.device);
            let (z, log_posterior) = posterior.sample_and_log_density(noise);
            let log_prior = prior.log_density(z.clone());
            let reconstruction = self.model.decode(z, labels.clone()).negative_log_likelihood(images.clone());
            let log_weight = log_prior - log_posterior - reconstruction;
            let log_weight = &snapshot::read(vec![log_weight]).await?[0];
            for (sum, terms) in sums.iter_mut().zip(log_weight.chunks_exact(per_pass)) {
                terms.iter().take(left).for_each(|&term| sum.add(f64::from(term)));
            }
            left = left.saturating_sub(per_pass);
        }
        Ok(sums.iter().map(|sum| (samples as f64).ln() - sum.log()).collect())
    }

    /// Reconstruction plus KL in nats at the posterior mean of each example, given its label: `[n]`.
    pub(super) async fn losses_at_mean(&self, examples: &[Example]) -> Result<Vec<f64>> {
        let mut losses = Vec::with_capacity(examples.len());
        for examples in examples.chunks(CHUNK) {
            let (images, labels) = self.tensors(examples);
            let noise = Tensor::zeros([examples.len(), self.config.noise_width()], &self.device);
            let batch = Batch { inputs: images.clone(), images, labels, noise, component: None, prior: None };
            let terms = Terms::of(&self.model, batch, &Objective::BOUND);
            let chunk = snapshot::read(vec![terms.reconstruction + terms.divergence]).await?.remove(0);
            losses.extend(chunk.into_iter().map(f64::from));
        }
        Ok(losses)
    }
}
