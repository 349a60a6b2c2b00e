//! How good a model is, in nats per image, and what it makes of images and codes.

mod look;

pub use look::{Look, Rendering, decode, draw, look, reconstruct, usage};

use std::ops::Range;

use burn::tensor::{Device, Tensor, TensorData};
use rand::distr::Distribution;
use rand_distr::StandardNormal;
use serde::Serialize;

use crate::data::{Corruption, DIGITS, Dataset, PIXELS, one_hot};
use crate::model::{Codes, ModelConfig, PosteriorKind, Vae};
use crate::objective::{Batch, Terms};
use crate::random::{Stream, generator, normals};
use crate::snapshot;
use crate::{Error, Result};

/// Images scored together: enough to fill a device, little enough for a phone.
const CHUNK: usize = 256;

/// Where z is taken from the posterior.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum At {
    /// One draw an image: an unbiased estimate of the bound.
    Sample,
    /// The posterior's mean: no bound on anything, and about 9 nats lower.
    Mean,
}

/// Mean terms over some images, in nats per image.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Score {
    pub images: usize,
    pub reconstruction: f64,
    pub kl: f64,
    /// `reconstruction + kl`.
    pub total: f64,
    /// Mean KL(q || N(0, 1)) of each latent component, `[Z]`: how much the model uses it. Sums to `kl` where the prior is N(0, I).
    /// For a codebook -log p of each place's code, `[N]`.
    pub usage: Vec<f64>,
    /// exp of the entropy of which codes were used: as many would be, used evenly; of a codebook.
    pub perplexity: Option<f64>,
    /// Share of images whose digit a classifier guessed.
    pub accuracy: Option<f64>,
}

/// How images are scored.
#[derive(Debug, Clone, Copy)]
pub struct Scoring {
    pub at: At,
    pub seed: u64,
    /// What the encoder's images suffer first; the decoder is still scored on the clean ones.
    pub corruption: Corruption,
}

/// Scores the images of `range`; the noise of an image depends on its index alone, not on how the range is cut.
///
/// # Errors
/// When the device is lost.
pub async fn score(
    model: &Vae,
    config: &ModelConfig,
    data: &Dataset,
    range: Range<usize>,
    scoring: Scoring,
    device: &Device,
) -> Result<Score> {
    assert!(!range.is_empty() && range.end <= data.len(), "the range lies inside the data");
    let count = range.len();
    let mut reconstruction = 0.0;
    let mut kl = 0.0;
    let [mut usage, mut tally] = [const { Vec::new() }; 2];
    let mut guessed = 0;
    let mut start = range.start;
    while start < range.end {
        let chunk = start..range.end.min(start + CHUNK);
        start = chunk.end;
        let terms = Terms::of(model, batch(config, data, chunk.clone(), scoring, device));
        let mut sums = vec![terms.reconstruction.sum(), terms.divergence.sum(), terms.usage.sum_dim(0).squeeze_dim(0)];
        sums.extend(terms.codes.as_ref().map(Codes::tally));
        sums.extend(terms.guess.map(|guess| guess.flatten(0, 1)));
        let sums = snapshot::read(sums).await?;
        reconstruction += f64::from(sums[0][0]);
        kl += f64::from(sums[1][0]);
        add(&mut usage, &sums[2]);
        if terms.codes.is_some() {
            add(&mut tally, &sums[3]);
        } else if let Some(guess) = sums.get(3) {
            guessed +=
                guess.chunks(DIGITS).zip(chunk).filter(|(guess, i)| likeliest(guess) == data.labels.digit(*i)).count();
        }
    }
    let mean = |sum: f64| sum / count as f64;
    let (reconstruction, kl) = (mean(reconstruction), mean(kl));
    Ok(Score {
        images: count,
        reconstruction,
        kl,
        total: reconstruction + kl,
        usage: usage.into_iter().map(mean).collect(),
        perplexity: (!tally.is_empty()).then(|| perplexity(&tally)),
        accuracy: config.classifier.then(|| mean(guessed as f64)),
    })
}

fn add(totals: &mut Vec<f64>, parts: &[f32]) {
    totals.resize(parts.len(), 0.0);
    totals.iter_mut().zip(parts).for_each(|(total, &part)| *total += f64::from(part));
}

fn perplexity(tally: &[f64]) -> f64 {
    let all: f64 = tally.iter().sum();
    let shares = tally.iter().map(|count| count / all).filter(|share| *share > 0.0);
    shares.map(|share| -share * share.ln()).sum::<f64>().exp()
}

/// The digit with the largest of ten numbers.
pub fn likeliest(digits: &[f32]) -> u8 {
    let largest = digits.iter().enumerate().max_by(|(_, a), (_, b)| a.total_cmp(b));
    largest.map_or(0, |(digit, _)| digit as u8)
}

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
    if config.posterior == PosteriorKind::Point {
        return Err(Error::Combination("A plain autoencoder has no likelihood to estimate.".into()));
    }
    let count = range.len();
    let scoring = Scoring { at: At::Mean, seed, corruption: Corruption::None };
    let mut total = 0.0;
    let mut start = range.start;
    while start < range.end {
        let chunk = start..range.end.min(start + CHUNK);
        start = chunk.end;
        let rows = chunk.len();
        let Batch { images, labels, .. } = batch(config, data, chunk.clone(), scoring, device);
        let posterior = model.encode(images.clone(), labels.clone());
        let mut random: Vec<_> =
            chunk.map(|image| generator(seed, Stream::Importance { image: image as u64 })).collect();
        let mut sums = vec![LogSum::default(); rows];
        for _ in 0..samples {
            let noise = random.iter_mut().flat_map(|random| StandardNormal.sample_iter(random).take(config.latent));
            let noise = upload(noise.collect(), [rows, config.latent], device);
            let z = posterior.sample(noise.clone());
            let log_weight = model.log_prior(z.clone())
                - posterior.log_density(noise)
                - model.decode(z, labels.clone()).cost(images.clone());
            for (sum, weight) in sums.iter_mut().zip(&snapshot::read(vec![log_weight]).await?[0]) {
                sum.add(f64::from(*weight));
            }
        }
        total += sums.iter().map(|sum| (samples as f64).ln() - sum.log()).sum::<f64>();
    }
    Ok(total / count as f64)
}

/// log of a sum of exponentials, term by term, that neither over- nor underflows.
#[derive(Debug, Clone)]
struct LogSum {
    largest: f64,
    sum: f64, // of exp(term - largest)
}

impl Default for LogSum {
    fn default() -> Self {
        Self { largest: f64::NEG_INFINITY, sum: 0.0 }
    }
}

impl LogSum {
    fn add(&mut self, term: f64) {
        if term > self.largest {
            self.sum *= (self.largest - term).exp();
            self.largest = term;
        }
        self.sum += (term - self.largest).exp();
    }

    fn log(&self) -> f64 {
        self.largest + self.sum.ln()
    }
}

fn batch(config: &ModelConfig, data: &Dataset, chunk: Range<usize>, scoring: Scoring, device: &Device) -> Batch {
    let rows = chunk.len();
    let latent = config.latent;
    let [mut pixels, mut inputs, mut labels, mut noise] = [const { Vec::new() }; 4];
    for index in chunk {
        let start = inputs.len();
        pixels.extend(data.images.pixels(index));
        inputs.extend(data.images.pixels(index));
        labels.extend(one_hot(data.labels.digit(index)));
        let image = index as u64;
        scoring.corruption.apply(&mut inputs[start..], &mut generator(scoring.seed, Stream::TestDamage { image }));
        match scoring.at {
            At::Mean => noise.extend(vec![0.0; latent]),
            At::Sample => noise.extend(normals(scoring.seed, Stream::Test { image }, latent)),
        }
    }
    Batch {
        inputs: upload(inputs, [rows, PIXELS], device),
        images: upload(pixels, [rows, PIXELS], device),
        labels: (config.labelled && !config.classifier).then(|| upload(labels, [rows, DIGITS], device)),
        noise: upload(noise, [rows, latent], device),
    }
}

fn upload(values: Vec<f32>, shape: [usize; 2], device: &Device) -> Tensor<2> {
    Tensor::from_data(TensorData::new(values, shape), device)
}
