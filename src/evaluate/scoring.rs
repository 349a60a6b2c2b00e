//! Scoring: reconstruction and KL over images, without gradients.

use std::ops::Range;

use burn::tensor::Device;
use serde::Serialize;

use super::estimate::{Estimate, RunningMean};
use super::{CHUNK, LoadedModel, chunks, most_likely_class, upload, upload_labels};
use crate::Result;
use crate::data::{Corruption, Dataset, PIXELS};
use crate::kernels;
use crate::model::{ModelConfig, Quantised, Vae};
use crate::objective::{Batch, Objective, Terms};
use crate::random::{Stream, generator, normals};
use crate::snapshot;

/// The z at which an image is scored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum At {
    /// One sample per image: an unbiased estimate of -ELBO.
    Sample,
    /// The posterior mean: no bound on -log p(x), and about 9 nats lower.
    Mean,
}

/// Mean terms over some images, in nats per image where not said otherwise.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Score {
    /// Number of images.
    pub images: usize,
    /// -log p(x | z).
    pub reconstruction: f64,
    /// KL(q(z | x) || p(z)), unweighted.
    pub kl: f64,
    /// `reconstruction + kl`.
    pub total: f64,
    /// Mean KL(q || N(0, 1)) of each latent component, `[Z]`. Sums to `kl` where the prior is N(0, I).
    /// Two layers' at the mean of z2, `[2 Z]`. For a codebook -log p of the code at each position, and for categorical variables their KL,
    /// `[N]`.
    pub usage: Vec<f64>,
    /// exp of the entropy of the code counts: the number of codes that, used equally often, would have the same entropy.
    /// Codebook only; of two the top one.
    pub perplexity: Option<f64>,
    /// The same of the bottom one of two codebooks.
    pub bottom_perplexity: Option<f64>,
    /// Share of images that the classifier q(y | x) labels correctly, in 0..=1. Models with a classifier only.
    pub accuracy: Option<f64>,
    /// Learned standard deviation of a pixel. Gaussian likelihood with a learned sigma only.
    pub pixel_sigma: Option<f64>,
}

/// How images are scored.
#[derive(Debug, Clone, Copy)]
pub struct Scoring {
    /// The z that is scored.
    pub at: At,
    /// Seed of the noise and the corruption.
    pub seed: u64,
    /// Applied to the encoder's input; the reconstruction is scored against the clean image.
    pub corruption: Corruption,
}

/// Scores the images of `range`. The noise of an image depends only on the seed and its index, not on how the range is
/// split.
///
/// # Errors
/// When the device is lost.
///
/// # Panics
/// When `range` is empty or ends outside the data.
pub async fn score(
    model: &Vae,
    config: &ModelConfig,
    data: &Dataset,
    range: Range<usize>,
    scoring: Scoring,
    device: &Device,
) -> Result<Score> {
    let model = LoadedModel { model: model.clone(), config: config.clone(), device: device.clone() };
    let mut running = RunningScore::default();
    running.add(&model, data, range, scoring).await?;
    running.score(&model).await
}

/// Means over images, with their standard errors, in nats per image.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct LossTerms {
    /// -log p(x | z).
    pub reconstruction: Estimate,
    /// KL(q(z | x) || p(z)), unweighted.
    pub kl: Estimate,
    /// Their sum. Both depend on the image, so its standard error does not follow from theirs.
    pub total: Estimate,
}

/// A [`Score`] that grows by one range of images after the other.
#[derive(Debug, Default)]
pub struct RunningScore {
    reconstruction: RunningMean,
    kl: RunningMean,
    total: RunningMean,
    usage: Vec<f64>,            // sums over images, [Z], or [N] of indices
    code_counts: Vec<Vec<f64>>, // [C] of each codebook
    correct: usize,
}

impl RunningScore {
    /// Scores the images of `range` as well.
    ///
    /// # Errors
    /// When the device is lost.
    ///
    /// # Panics
    /// When `range` is empty or ends outside the data.
    pub async fn add(
        &mut self,
        model: &LoadedModel,
        data: &Dataset,
        range: Range<usize>,
        scoring: Scoring,
    ) -> Result<()> {
        assert!(!range.is_empty() && range.end <= data.len(), "the range lies inside the data");
        data.check_labels_for(&model.config)?;
        let LoadedModel { model, config, device } = model;
        // A classifier's model scores each image with all labels.
        let images_per_pass = if config.classifier { (CHUNK / config.classes).max(1) } else { CHUNK };
        for chunk in chunks(range, images_per_pass) {
            let labels: Vec<u8> = chunk.clone().map(|index| data.labels.class(index)).collect();
            self.add_chunk(Terms::of(model, batch(config, data, chunk, scoring, device), &Objective::BOUND), &labels)
                .await?;
        }
        Ok(())
    }

    /// The terms of the loss over the images so far.
    pub fn losses(&self) -> LossTerms {
        LossTerms {
            reconstruction: self.reconstruction.estimate(),
            kl: self.kl.estimate(),
            total: self.total.estimate(),
        }
    }

    /// The score of the images so far, which `model` was given.
    ///
    /// # Errors
    /// When the device is lost.
    pub async fn score(&self, model: &LoadedModel) -> Result<Score> {
        let images = self.total.count();
        let mean = |sum: f64| sum / images as f64;
        let LossTerms { reconstruction, kl, total } = self.losses();
        let pixel_sigma = match model.model.pixel_sigma() {
            Some(sigma) => Some(f64::from(snapshot::read(vec![sigma]).await?[0][0])),
            None => None,
        };
        Ok(Score {
            images,
            reconstruction: reconstruction.mean,
            kl: kl.mean,
            total: total.mean,
            usage: self.usage.iter().map(|&sum| mean(sum)).collect(),
            perplexity: self.code_counts.first().map(|counts| perplexity(counts)),
            bottom_perplexity: self.code_counts.get(1).map(|counts| perplexity(counts)),
            accuracy: model.config.classifier.then(|| mean(self.correct as f64)),
            pixel_sigma,
        })
    }

    /// Adds a chunk with these `labels`; one round trip to the device.
    async fn add_chunk(&mut self, terms: Terms, labels: &[u8]) -> Result<()> {
        let usage = terms.usage.expect("usage is computed outside training");
        let mut tensors = vec![terms.reconstruction, terms.divergence, usage.sum_dim(0).squeeze_dim(0)];
        let levels = terms.codes.map_or_else(Vec::new, |codes| codes.levels);
        tensors.extend(levels.iter().map(Quantised::counts));
        tensors.extend(terms.log_classes.map(|log_probabilities| log_probabilities.flatten(0, 1)));
        let read = snapshot::read(tensors).await?;
        for (&reconstruction, &kl) in read[0].iter().zip(&read[1]) {
            let [reconstruction, kl] = [reconstruction, kl].map(f64::from);
            self.reconstruction.add(reconstruction);
            self.kl.add(kl);
            self.total.add(reconstruction + kl);
        }
        add_elementwise(&mut self.usage, &read[2]);
        self.code_counts.resize(levels.len(), Vec::new());
        self.code_counts.iter_mut().zip(&read[3..]).for_each(|(counts, more)| add_elementwise(counts, more));
        if levels.is_empty()
            && let Some(log_probabilities) = read.get(3)
        {
            let predicted = log_probabilities.chunks(log_probabilities.len() / labels.len()).map(most_likely_class);
            self.correct += predicted.zip(labels).filter(|(predicted, label)| predicted == *label).count();
        }
        Ok(())
    }
}

fn add_elementwise(totals: &mut Vec<f64>, values: &[f32]) {
    totals.resize(values.len(), 0.0);
    totals.iter_mut().zip(values).for_each(|(total, &value)| *total += f64::from(value));
}

fn perplexity(code_counts: &[f64]) -> f64 {
    let all: f64 = code_counts.iter().sum();
    let shares = code_counts.iter().map(|count| count / all).filter(|share| *share > 0.0);
    shares.map(|share| -share * share.ln()).sum::<f64>().exp()
}

/// The images of `chunk`, with the noise and the corruption of `scoring`.
pub(super) fn batch(
    config: &ModelConfig,
    data: &Dataset,
    chunk: Range<usize>,
    scoring: Scoring,
    device: &Device,
) -> Batch {
    let rows = chunk.len();
    let width = config.noise_width();
    let images = kernels::pixels(data.images.bytes(chunk.clone()).to_vec(), PIXELS, device);
    let [mut inputs, mut noise] = [const { Vec::new() }; 2];
    let mut labels = Vec::with_capacity(rows);
    for index in chunk {
        labels.push(data.labels.class(index));
        let image = index as u64;
        if scoring.corruption != Corruption::None {
            let start = inputs.len();
            inputs.extend(data.images.pixels(index));
            let random = &mut generator(scoring.seed, Stream::TestCorruption { image });
            scoring.corruption.apply(&mut inputs[start..], random);
        }
        match scoring.at {
            At::Mean => noise.extend(vec![0.0; width]),
            At::Sample => noise.extend(normals(scoring.seed, Stream::TestNoise { image }, width)),
        }
    }
    Batch {
        inputs: if inputs.is_empty() { images.clone() } else { upload(inputs, [rows, PIXELS], device) },
        images,
        labels: (config.labelled && !config.classifier).then(|| upload_labels(&labels, config.classes, device)),
        noise: upload(noise, [rows, width], device),
        component: None,
        prior: None,
    }
}
