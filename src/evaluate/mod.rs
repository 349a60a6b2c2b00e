//! How good a model is, in nats per image, and what it makes of images and codes.

mod copies;
mod examination;
mod information;
mod judge;
mod likelihood;
mod look;
mod quality;
mod reference;
mod subject;

pub use copies::Copies;
pub use examination::{Bound, Examination, Extent, Progress, Report};
pub use information::{ACTIVE, Activity, Beliefs, Split};
pub use judge::{Judge, Verdicts};
pub use likelihood::{class_probabilities, negative_log_likelihood};
pub use look::{Look, Rendering, decode, draw, look, reconstruct, usage};
pub use quality::{Crowd, Moments, Quality, entropy};
pub use reference::{Neighbour, Rarity, Reference};
pub use subject::{Case, Subject};

use std::ops::Range;

use burn::tensor::{Device, Tensor, TensorData};
use serde::Serialize;

use crate::Result;
use crate::data::{Corruption, DIGITS, Dataset, PIXELS, one_hot};
use crate::model::{Codes, ModelConfig, Vae};
use crate::objective::{Batch, Terms};
use crate::random::{Stream, generator, normals};
use crate::snapshot;

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
    /// Standard deviation of a pixel, where it is learned.
    pub pixel_sigma: Option<f64>,
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
        let terms = Terms::of(model, batch(config, data, chunk.clone(), scoring, device), 1);
        let used = terms.usage.expect("nothing trains here");
        let mut sums = vec![terms.reconstruction.sum(), terms.divergence.sum(), used.sum_dim(0).squeeze_dim(0)];
        sums.extend(terms.codes.as_ref().map(Codes::counts));
        sums.extend(terms.log_classes.map(|guess| guess.flatten(0, 1)));
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
    let pixel_sigma = match model.pixel_sigma() {
        Some(sigma) => Some(f64::from(snapshot::read(vec![sigma]).await?[0][0])),
        None => None,
    };
    Ok(Score {
        images: count,
        reconstruction,
        kl,
        total: reconstruction + kl,
        usage: usage.into_iter().map(mean).collect(),
        perplexity: (!tally.is_empty()).then(|| perplexity(&tally)),
        accuracy: config.classifier.then(|| mean(guessed as f64)),
        pixel_sigma,
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
        component: None,
    }
}

fn upload(values: Vec<f32>, shape: [usize; 2], device: &Device) -> Tensor<2> {
    Tensor::from_data(TensorData::new(values, shape), device)
}
