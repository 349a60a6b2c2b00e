//! A mixture prior seen in a plane of latent space: its marginal density there, which is a mixture as well, and its contours.

use std::f64::consts::TAU;

use super::LatentPlane;
use super::contours::{contour, level_of_mass};
use crate::model::Mixture;
use crate::snapshot;
use crate::{Error, Result};

/// Points of the grid along each side, on which the density is computed for its contours.
const GRID: usize = 96;
/// Standard deviations around each Gaussian that the grid covers.
const REACH: f64 = 3.5;
/// Beyond this many standard deviations a Gaussian counts as zero.
const SUPPORT: f64 = 5.0;

/// The marginal of a mixture of Gaussians in a plane.
#[derive(Debug, Clone)]
pub struct ProjectedPrior {
    gaussians: Vec<Gaussian>,
}

#[derive(Debug, Clone)]
struct Gaussian {
    mean: [f64; 2],
    deviations: [f64; 2],
    precision: [f64; 3], // of (x, x), (x, y) and (y, y)
    peak: f64,           // weight / (2 pi sqrt(det))
}

impl ProjectedPrior {
    /// The marginal of `mixture` in `plane`.
    ///
    /// # Errors
    /// When the prior is not finite, or the device is lost.
    pub async fn new(mixture: Mixture, plane: &LatentPlane) -> Result<Self> {
        let Mixture { log_weights, mean, log_var } = mixture;
        let values = vec![log_weights.exp(), mean.flatten(0, 1), log_var.exp().flatten(0, 1)];
        let values = snapshot::read(values).await?;
        let [weights, mean, variance] = <[Vec<f32>; 3]>::try_from(values).expect("three tensors were read");
        let latent = plane.across.len();
        let rows = mean.chunks_exact(latent).zip(variance.chunks_exact(latent));
        let gaussians: Vec<_> = weights
            .iter()
            .zip(rows)
            .map(|(&weight, (mean, variance))| Gaussian::new(weight, mean, variance, plane))
            .collect();
        if gaussians
            .iter()
            .any(|it| !(it.peak.is_finite() && it.mean.iter().chain(&it.deviations).all(|value| value.is_finite())))
        {
            return Err(Error::PriorNotFinite {});
        }
        Ok(Self { gaussians })
    }

    /// The density at a place.
    pub fn density(&self, place: [f64; 2]) -> f64 {
        self.gaussians.iter().map(|gaussian| gaussian.density(place)).sum()
    }

    /// For each of `masses` (0..1) the contour within which the densest part of the plane holds that much probability: segments
    /// `[x, y, x, y]`, end to end.
    pub fn contours(&self, masses: &[f64]) -> Vec<Vec<f32>> {
        let (corner, cell) = self.grid();
        let densities = self.densities(corner, cell);
        let place = |[column, row]: [f64; 2]| [corner[0] + column * cell[0], corner[1] + row * cell[1]];
        let segments =
            |&mass: &f64| level_of_mass(&densities, mass).map_or(Vec::new(), |level| contour(&densities, GRID, level));
        masses
            .iter()
            .map(|mass| {
                segments(mass).into_iter().flatten().flat_map(|at| place(at).map(|value| value as f32)).collect()
            })
            .collect()
    }

    /// The first point of the grid and the distances between its points.
    fn grid(&self) -> ([f64; 2], [f64; 2]) {
        let ends = [0, 1].map(|k| {
            let reaches = self.gaussians.iter().map(|it| (it.mean[k], REACH * it.deviations[k]));
            reaches.fold((f64::INFINITY, f64::NEG_INFINITY), |(least, most), (mean, reach)| {
                (least.min(mean - reach), most.max(mean + reach))
            })
        });
        (ends.map(|(least, _)| least), ends.map(|(least, most)| (most - least) / (GRID - 1) as f64))
    }

    /// The density at each point of the grid, row by row.
    fn densities(&self, corner: [f64; 2], cell: [f64; 2]) -> Vec<f64> {
        let mut densities = vec![0.0; GRID * GRID];
        for gaussian in &self.gaussians {
            let [columns, rows] = [0, 1].map(|k| {
                let [from, to] =
                    [-1.0, 1.0].map(|side| gaussian.mean[k] + side * SUPPORT * gaussian.deviations[k] - corner[k]);
                (from / cell[k]).ceil().max(0.0) as usize
                    ..((to / cell[k]).floor() + 1.0).clamp(0.0, GRID as f64) as usize
            });
            for row in rows {
                for column in columns.clone() {
                    let place = [corner[0] + column as f64 * cell[0], corner[1] + row as f64 * cell[1]];
                    densities[row * GRID + column] += gaussian.density(place);
                }
            }
        }
        densities
    }
}

impl Gaussian {
    /// The marginal of an axis-aligned Gaussian `[Z]`.
    fn new(weight: f32, mean: &[f32], variance: &[f32], plane: &LatentPlane) -> Self {
        let LatentPlane { across, upwards } = plane;
        let covariance = |a: &[f64], b: &[f64]| -> f64 {
            a.iter().zip(b).zip(variance).map(|((a, b), &variance)| a * b * f64::from(variance)).sum()
        };
        let [xx, xy, yy] = [covariance(across, across), covariance(across, upwards), covariance(upwards, upwards)];
        let determinant = (xx * yy - xy * xy).max(f64::MIN_POSITIVE);
        Self {
            mean: plane.place(mean),
            deviations: [xx.sqrt(), yy.sqrt()],
            precision: [yy, -xy, xx].map(|value| value / determinant),
            peak: f64::from(weight) / (TAU * determinant.sqrt()),
        }
    }

    fn density(&self, [x, y]: [f64; 2]) -> f64 {
        let [x, y] = [x - self.mean[0], y - self.mean[1]];
        let [xx, xy, yy] = self.precision;
        self.peak * (-0.5 * (xx * x * x + 2.0 * xy * x * y + yy * y * y)).exp()
    }
}
