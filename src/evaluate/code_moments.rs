//! Mean and covariance of codes, their principal components (Hotelling 1933), and how much of their variance a plane shows.

use nalgebra::{DMatrix, DVector, SymmetricEigen};

use super::LatentPlane;
use crate::{Error, Result};

/// Mean `[Z]` and covariance `[Z, Z]` of codes.
#[derive(Debug, Clone)]
pub struct CodeMoments {
    mean: DVector<f64>,
    covariance: DMatrix<f64>,
}

impl CodeMoments {
    /// Of codes `[n * latent]`, at least one.
    ///
    /// # Errors
    /// When a code is not finite.
    pub fn of(codes: &[f32], latent: usize) -> Result<Self> {
        if codes.iter().any(|value| !value.is_finite()) {
            return Err(Error::CodesNotFinite {});
        }
        let rows = codes.len() / latent;
        let codes = DMatrix::from_iterator(latent, rows, codes.iter().map(|&value| f64::from(value)));
        let mean = codes.column_mean();
        let centred = DMatrix::from_columns(&codes.column_iter().map(|z| z - &mean).collect::<Vec<_>>());
        let covariance = &centred * centred.transpose() / rows as f64;
        Ok(Self { mean, covariance })
    }

    /// Mean of each component, `[Z]`.
    pub fn mean(&self) -> &[f64] {
        self.mean.as_slice()
    }

    /// Variance of each component, `[Z]`.
    pub fn variances(&self) -> Vec<f64> {
        self.covariance.diagonal().iter().copied().collect()
    }

    /// The plane of the first two principal components of at least two. Their signs are arbitrary: here the largest weight of
    /// each is positive.
    pub fn principal_plane(&self) -> LatentPlane {
        let SymmetricEigen { eigenvalues, eigenvectors } = SymmetricEigen::new(self.covariance.clone());
        let mut order: Vec<usize> = (0..eigenvalues.len()).collect();
        order.sort_by(|&a, &b| eigenvalues[b].total_cmp(&eigenvalues[a]));
        let direction = |k: usize| {
            let vector = eigenvectors.column(order[k]);
            let sign = vector[vector.iamax()].signum();
            vector.iter().map(|weight| sign * weight).collect()
        };
        LatentPlane { across: direction(0), upwards: direction(1) }
    }

    /// Standard deviation of the codes along the two directions of `plane`.
    pub fn deviations(&self, plane: &LatentPlane) -> [f64; 2] {
        [&plane.across, &plane.upwards].map(|axis| self.variance(axis).max(0.0).sqrt())
    }

    /// Share of the codes' variance along the directions of `plane`, 0..=1; 0 where all codes are equal.
    pub fn share(&self, plane: &LatentPlane) -> f64 {
        let shown = self.variance(&plane.across) + self.variance(&plane.upwards);
        let total = self.covariance.trace();
        if total > 0.0 { (shown / total).clamp(0.0, 1.0) } else { 0.0 }
    }

    /// Variance of the codes along a direction of length one.
    fn variance(&self, direction: &[f64]) -> f64 {
        let axis = DVector::from_column_slice(direction);
        axis.dot(&(&self.covariance * &axis))
    }
}
