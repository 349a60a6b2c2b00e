//! What codes say about images: which components are used, how much a code tells, and how near all codes together come to
//! the prior.

use super::likelihood::LogSum;
use crate::Result;
use crate::model::{Full, Posterior};
use crate::snapshot;

/// A component is active where its posterior mean varies by more than this over images (Burda et al. 2016, appendix C).
pub const ACTIVE: f64 = 0.01;

/// How much codes vary over images, as running sums.
#[derive(Debug, Clone, Default)]
pub struct Activity {
    count: usize,
    sums: Vec<[f64; 2]>, // of each component's posterior mean and its square
}

impl Activity {
    /// Adds images of a posterior over `[B, Z]`.
    ///
    /// # Errors
    /// When the device is lost.
    pub async fn add(&mut self, posterior: &Posterior) -> Result<()> {
        let mean = posterior.mean();
        let [rows, width] = mean.dims();
        self.count += rows;
        self.sums.resize(width, [0.0; 2]);
        let mean = snapshot::read(vec![mean]).await?.remove(0);
        for (at, value) in mean.into_iter().map(f64::from).enumerate() {
            let [sum, squares] = &mut self.sums[at % width];
            *sum += value;
            *squares += value * value;
        }
        Ok(())
    }

    /// Variance of each component's posterior mean over the images, `[Z]`.
    pub fn variances(&self) -> Vec<f64> {
        let count = self.count as f64;
        self.sums.iter().map(|[sum, squares]| (squares / count - (sum / count).powi(2)).max(0.0)).collect()
    }
}

/// The Gaussian posteriors of `N` images, `q(z | x_n) = N(mean_n, L_n L_n^T)`, on the host and in double precision: where
/// they are narrow, single precision is not enough.
#[derive(Debug, Clone, Default)]
pub struct Beliefs {
    latent: usize,
    means: Vec<f64>,      // [N, Z]
    diagonal: Vec<f64>,   // [N, Z], of L
    below: Vec<f64>,      // [N, Z (Z - 1) / 2], the rest of L row by row; empty where it is diagonal
    log_volume: Vec<f64>, // [N], Z / 2 log(2 pi) + log |L|
}

impl Beliefs {
    /// Adds the images of a posterior over `[B, Z]`.
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
        for (all, part) in [&mut self.means, &mut self.diagonal, &mut self.below].into_iter().zip(parts) {
            all.extend(part.into_iter().map(f64::from));
        }
        Ok(())
    }

    /// `Z`.
    pub fn latent(&self) -> usize {
        self.latent
    }

    pub fn len(&self) -> usize {
        self.log_volume.len()
    }

    pub fn is_empty(&self) -> bool {
        self.log_volume.is_empty()
    }

    /// `mean + L noise` of one image, `[Z]`.
    pub fn sample(&self, image: usize, noise: &[f32]) -> Vec<f64> {
        let noise: Vec<f64> = noise.iter().map(|&value| f64::from(value)).collect();
        let (mean, diagonal) = (self.row(&self.means, image), self.row(&self.diagonal, image));
        let below = self.triangle(image);
        (0..self.latent)
            .map(|k| {
                let others: f64 = below_row(below, k).iter().zip(&noise).map(|(l, e)| l * e).sum();
                mean[k] + diagonal[k] * noise[k] + others
            })
            .collect()
    }

    /// log q(z | x_n) in nats, for the code `z` `[Z]` and the image `n`.
    pub fn log_density(&self, image: usize, z: &[f64]) -> f64 {
        let (mean, diagonal) = (self.row(&self.means, image), self.row(&self.diagonal, image));
        let below = self.triangle(image);
        let square: f64 = if below.is_empty() {
            z.iter().zip(mean).zip(diagonal).map(|((z, mean), scale)| ((z - mean) / scale).powi(2)).sum()
        } else {
            let mut noise = Vec::with_capacity(self.latent); // L noise = z - mean, from the top
            for k in 0..self.latent {
                let others: f64 = below_row(below, k).iter().zip(&noise).map(|(l, e)| l * e).sum();
                noise.push((z[k] - mean[k] - others) / diagonal[k]);
            }
            noise.iter().map(|e| e * e).sum()
        };
        -0.5 * square - self.log_volume[image]
    }

    /// log q(z) in nats, where q(z) is the mean over images of q(z | x_n): the aggregate posterior.
    pub fn log_aggregate(&self, z: &[f64]) -> f64 {
        let mut sum = LogSum::default();
        (0..self.len()).for_each(|image| sum.add(self.log_density(image, z)));
        sum.log() - (self.len() as f64).ln()
    }

    fn row<'a>(&self, of: &'a [f64], image: usize) -> &'a [f64] {
        &of[image * self.latent..][..self.latent]
    }

    fn triangle(&self, image: usize) -> &[f64] {
        if self.below.is_empty() {
            return &[];
        }
        let entries = self.latent * (self.latent - 1) / 2;
        &self.below[image * entries..][..entries]
    }
}

/// Row `k` of a triangle below a diagonal.
fn below_row(below: &[f64], k: usize) -> &[f64] {
    if below.is_empty() { &[] } else { &below[k * (k.max(1) - 1) / 2..][..k] }
}

/// Sums over draws `z ~ q(z | x_n)`, one an image: the KL split in two (Hoffman & Johnson 2016, eq. 7).
#[derive(Debug, Clone, Copy, Default)]
pub struct Split {
    draws: usize,
    information: f64,
    aggregate: f64,
}

impl Split {
    /// One draw, by its three log-densities in nats.
    pub fn add(&mut self, log_posterior: f64, log_aggregate: f64, log_prior: f64) {
        self.draws += 1;
        self.information += log_posterior - log_aggregate;
        self.aggregate += log_aggregate - log_prior;
    }

    /// I(x; z) in nats: what a code tells about which of the `N` images it came from, so at most log N.
    pub fn mutual_information(&self) -> f64 {
        self.information / self.draws as f64
    }

    /// KL(q(z) || p(z)) in nats.
    pub fn aggregate_kl(&self) -> f64 {
        self.aggregate / self.draws as f64
    }
}
