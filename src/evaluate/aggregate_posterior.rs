//! The aggregate posterior q(z): the mean of q(z | x) over images.

use super::log_sum_exp::LogSumExp;
use crate::Result;
use crate::model::{Full, Posterior};
use crate::snapshot;

/// The Gaussian posteriors of `N` images, `q(z | x_n) = N(mean_n, L_n L_n^T)`, on the host. In double precision: single
/// precision is not enough for narrow posteriors.
#[derive(Debug, Clone, Default)]
pub struct Posteriors {
    latent: usize,
    means: Vec<f64>,      // [N, Z]
    diagonal: Vec<f64>,   // [N, Z], of L
    sigma: Vec<f64>,      // [N, Z], of each component by itself
    below: Vec<f64>,      // [N, Z (Z - 1) / 2], L below its diagonal, row by row; empty if all are axis-aligned
    log_volume: Vec<f64>, // [N], Z / 2 log(2 pi) + log |L|: minus the log density at the mean
}

/// The density of one component of a code under the aggregate posterior, in nats.
#[derive(Debug, Clone, PartialEq)]
pub struct Marginal {
    /// log q(z_k).
    pub log_density: f64,
    /// log q(z_k) of those images alone that are in the same interval of each factor as the code's own image, `[F]`.
    pub given_factors: Vec<f64>,
}

impl Posteriors {
    /// Adds the images of a Gaussian posterior over `[B, Z]`.
    ///
    /// # Errors
    /// When the device is lost.
    pub async fn add(&mut self, posterior: &Posterior) -> Result<()> {
        let mean = posterior.mean();
        self.latent = mean.dims()[1];
        let parts = match posterior {
            Posterior::Full(Full { log_diagonal, below, .. }) => vec![mean, log_diagonal.clone().exp(), below.clone()],
            axis_aligned => vec![mean, axis_aligned.sigma()],
        };
        let parts = snapshot::read(parts).await?;
        let volume = |row: &[f32]| {
            let log: f64 = row.iter().map(|&scale| f64::from(scale).ln()).sum();
            log + 0.5 * self.latent as f64 * std::f64::consts::TAU.ln()
        };
        self.log_volume.extend(parts[1].chunks_exact(self.latent).map(volume));
        let entries = self.latent * (self.latent - 1) / 2;
        for (image, row) in parts[1].chunks_exact(self.latent).enumerate() {
            let below: Vec<f64> = match parts.get(2) {
                Some(below) => below[image * entries..][..entries].iter().map(|&l| f64::from(l)).collect(),
                None => Vec::new(),
            };
            let squares = |k: usize| below_row(&below, k).iter().map(|l| l * l).sum::<f64>();
            self.sigma.extend(row.iter().enumerate().map(|(k, &scale)| (f64::from(scale).powi(2) + squares(k)).sqrt()));
        }
        for (all, part) in [&mut self.means, &mut self.diagonal, &mut self.below].into_iter().zip(parts) {
            all.extend(part.into_iter().map(f64::from));
        }
        Ok(())
    }

    /// `Z`, the number of latent components.
    pub fn latent(&self) -> usize {
        self.latent
    }

    /// `N`, the number of images.
    pub fn len(&self) -> usize {
        self.log_volume.len()
    }

    /// Whether no image was added yet.
    pub fn is_empty(&self) -> bool {
        self.log_volume.is_empty()
    }

    /// Reparameterised sample `mean + L noise` of one image, `[Z]`; noise `[Z]`.
    pub fn sample(&self, image: usize, noise: &[f32]) -> Vec<f64> {
        let noise: Vec<f64> = noise.iter().map(|&value| f64::from(value)).collect();
        let (mean, diagonal) = (self.row(&self.means, image), self.row(&self.diagonal, image));
        let below = self.below_diagonal(image);
        (0..self.latent)
            .map(|k| {
                let others: f64 = below_row(below, k).iter().zip(&noise).map(|(l, e)| l * e).sum();
                mean[k] + diagonal[k] * noise[k] + others
            })
            .collect()
    }

    /// log q(z | x_n) in nats of the code `z` `[Z]`, for image `n`.
    pub fn log_density(&self, image: usize, z: &[f64]) -> f64 {
        let (mean, diagonal) = (self.row(&self.means, image), self.row(&self.diagonal, image));
        let below = self.below_diagonal(image);
        let square: f64 = if below.is_empty() {
            z.iter().zip(mean).zip(diagonal).map(|((z, mean), scale)| ((z - mean) / scale).powi(2)).sum()
        } else {
            let mut noise = Vec::with_capacity(self.latent); // solves L noise = z - mean by forward substitution
            for k in 0..self.latent {
                let others: f64 = below_row(below, k).iter().zip(&noise).map(|(l, e)| l * e).sum();
                noise.push((z[k] - mean[k] - others) / diagonal[k]);
            }
            noise.iter().map(|e| e * e).sum()
        };
        -0.5 * square - self.log_volume[image]
    }

    /// log q(z) in nats of the code `z` `[Z]`, where q(z) is the mean of q(z | x_n) over images. Computes `N` densities.
    pub fn log_aggregate(&self, z: &[f64]) -> f64 {
        let sum: LogSumExp = (0..self.len()).map(|image| self.log_density(image, z)).collect();
        sum.log() - (self.len() as f64).ln()
    }

    /// The marginal densities of the code `z` `[Z]`, a sample of `image`'s posterior, so that none is 0: `[Z]`. `factors`: the interval of each
    /// image, `[F][N]`.
    pub fn marginals(&self, z: &[f64], image: usize, factors: &[Vec<u8>]) -> Vec<Marginal> {
        z.iter().enumerate().map(|(k, &value)| self.marginal(k, value, image, factors)).collect()
    }

    fn marginal(&self, k: usize, z: f64, image: usize, factors: &[Vec<u8>]) -> Marginal {
        let (mut all, mut alike) = (0.0, vec![(0.0, 0_usize); factors.len()]);
        for other in 0..self.len() {
            let (mean, sigma) = (self.row(&self.means, other)[k], self.row(&self.sigma, other)[k]);
            let density = (-0.5 * ((z - mean) / sigma).powi(2)).exp() / sigma;
            all += density;
            for ((sum, count), intervals) in alike.iter_mut().zip(factors) {
                if intervals[other] == intervals[image] {
                    *sum += density;
                    *count += 1;
                }
            }
        }
        let log_mean = |sum: f64, count: usize| (sum / count as f64).ln() - 0.5 * std::f64::consts::TAU.ln();
        Marginal {
            log_density: log_mean(all, self.len()),
            given_factors: alike.into_iter().map(|(sum, count)| log_mean(sum, count)).collect(),
        }
    }

    fn row<'a>(&self, of: &'a [f64], image: usize) -> &'a [f64] {
        &of[image * self.latent..][..self.latent]
    }

    fn below_diagonal(&self, image: usize) -> &[f64] {
        if self.below.is_empty() {
            return &[];
        }
        let entries = self.latent * (self.latent - 1) / 2;
        &self.below[image * entries..][..entries]
    }
}

/// Row `k` of the entries below a diagonal, `[k]`.
fn below_row(below: &[f64], k: usize) -> &[f64] {
    if below.is_empty() { &[] } else { &below[k * (k.max(1) - 1) / 2..][..k] }
}
