//! Samples of a Gaussian likelihood p(x | z), and how alike neighbouring residuals are.

use std::ops::Range;

use burn::tensor::Tensor;

use super::{At, CHUNK, LoadedModel, Scoring, chunks, scoring};
use crate::Result;
use crate::data::{Corruption, Dataset, PIXELS, SIDE};
use crate::model::{Likelihood, NEIGHBOURS, Structured};
use crate::random::{Stream, generator};
use crate::snapshot;

use rand_distr::{Distribution, StandardNormal};

/// The distribution of the residuals of some images on the host: independent pixels, or the factor of their precision.
#[derive(Debug)]
pub(super) struct Residuals {
    log_diagonal: Vec<f32>, // [n * P], or one number for all pixels
    regression: Vec<f32>,   // [n * 4 * P]; empty for independent pixels
}

impl Residuals {
    /// Of this likelihood; `None` for a Bernoulli one.
    ///
    /// # Errors
    /// When the device is lost.
    pub async fn of(likelihood: &Likelihood) -> Result<Option<Self>> {
        let (log_diagonal, regression): (Tensor<1>, _) = match likelihood {
            Likelihood::Bernoulli(_) => return Ok(None),
            Likelihood::Gaussian(gaussian) => (-gaussian.log_sigma.clone(), None),
            Likelihood::Structured(Structured { factor, .. }) => {
                (factor.log_diagonal.clone().flatten(0, 1), Some(factor.regression.clone().flatten::<1>(0, 2)))
            }
        };
        let mut read = snapshot::read(std::iter::once(log_diagonal).chain(regression).collect()).await?;
        let regression = if read.len() > 1 { read.remove(1) } else { Vec::new() };
        Ok(Some(Self { log_diagonal: read.remove(0), regression }))
    }

    /// r of image `image` with `L^T r = noise`, `[P]`, by back-substitution in double precision.
    pub fn sample(&self, image: usize, noise: &[f32]) -> Vec<f64> {
        let diagonal = |pixel: usize| match self.log_diagonal[..] {
            [one] => f64::from(one).exp(),
            _ => f64::from(self.log_diagonal[image * PIXELS + pixel]).exp(),
        };
        let mut residuals = vec![0.0; PIXELS];
        for pixel in (0..PIXELS).rev() {
            let of_neighbours: f64 = match self.regression.is_empty() {
                true => 0.0,
                false => later_neighbours(pixel)
                    .map(|(n, neighbour)| {
                        let at = (image * NEIGHBOURS.len() + n) * PIXELS + pixel;
                        f64::from(self.regression[at]) * residuals[neighbour]
                    })
                    .sum(),
            };
            residuals[pixel] = f64::from(noise[pixel]) / diagonal(pixel) - of_neighbours;
        }
        residuals
    }
}

/// The later neighbours of a pixel that lie in the image: each with its number among [`NEIGHBOURS`].
fn later_neighbours(pixel: usize) -> impl Iterator<Item = (usize, usize)> {
    let (row, column) = (pixel / SIDE, pixel % SIDE);
    NEIGHBOURS.into_iter().enumerate().filter_map(move |(n, (down, right))| {
        let (row, column) = (row + down, column.checked_add_signed(right)?);
        (row < SIDE && column < SIDE).then_some((n, row * SIDE + column))
    })
}

/// One sample of p(x | z), `[P]` clamped to 0..=1, with the mean `mean` `[P]` and the N(0, 1) noise of `seed`; `None` for a Bernoulli
/// likelihood, whose samples are binary.
///
/// # Errors
/// When the device is lost.
pub async fn sample_residual(likelihood: &Likelihood, mean: &[f32], seed: u64) -> Result<Option<Vec<f32>>> {
    let Some(residuals) = Residuals::of(likelihood).await? else { return Ok(None) };
    let noise: Vec<f32> =
        StandardNormal.sample_iter(generator(seed, Stream::Residuals { image: 0 })).take(PIXELS).collect();
    let picture = mean.iter().zip(residuals.sample(0, &noise)).map(|(mean, r)| (mean + r as f32).clamp(0.0, 1.0));
    Ok(Some(picture.collect()))
}

/// Correlation of residuals between pixels next to each other, beside and below: 0 for dust, near 1 for strokes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ResidualCorrelation {
    /// Number of test images.
    pub images: usize,
    /// Of images less the means of p(x | z), at one sample of z each.
    pub real: f64,
    /// Of samples of p(x | z) less those means, before pixels are clamped.
    pub sampled: f64,
}

impl ResidualCorrelation {
    /// Over the images of `range`; `None` for a Bernoulli likelihood.
    ///
    /// # Errors
    /// When the model needs labels that the images do not have, or the device is lost.
    pub async fn of(model: &LoadedModel, data: &Dataset, range: Range<usize>, seed: u64) -> Result<Option<Self>> {
        data.check_labels_for(&model.config)?;
        let images = range.len();
        let [mut real, mut sampled] = [Products::default(); 2];
        for chunk in chunks(range, CHUNK) {
            let scoring = Scoring { at: At::Sample, seed, corruption: Corruption::None };
            let batch = scoring::batch(&model.config, data, chunk.clone(), scoring, &model.device);
            let labels = model.labels_of(&batch).await?;
            let z = model.model.encode(batch.inputs, labels.clone()).sample(batch.noise);
            let likelihood = model.model.decode(z, labels);
            let Some(residuals) = Residuals::of(&likelihood).await? else { return Ok(None) };
            let errors = snapshot::read(vec![batch.images - likelihood.mean()]).await?.remove(0);
            for ((image, index), errors) in chunk.enumerate().zip(errors.chunks_exact(PIXELS)) {
                let random = generator(seed, Stream::Residuals { image: index as u64 });
                let noise: Vec<f32> = StandardNormal.sample_iter(random).take(PIXELS).collect();
                real.add(&errors.iter().map(|&error| f64::from(error)).collect::<Vec<_>>());
                sampled.add(&residuals.sample(image, &noise));
            }
        }
        Ok(Some(Self { images, real: real.correlation(), sampled: sampled.correlation() }))
    }
}

/// Sums over pairs of pixels next to each other.
#[derive(Debug, Clone, Copy, Default)]
struct Products {
    product: f64,
    squares: f64,
}

impl Products {
    fn add(&mut self, residuals: &[f64]) {
        for (pixel, one) in residuals.iter().enumerate() {
            let beside = (pixel % SIDE + 1 < SIDE).then_some(pixel + 1);
            let below = (pixel + SIDE < PIXELS).then_some(pixel + SIDE);
            for other in beside.into_iter().chain(below).map(|at| residuals[at]) {
                self.product += one * other;
                self.squares += 0.5 * (one * one + other * other);
            }
        }
    }

    fn correlation(&self) -> f64 {
        self.product / self.squares
    }
}
