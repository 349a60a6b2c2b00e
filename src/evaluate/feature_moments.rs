//! Mean and covariance of the judge's features over images, and the Fréchet distance between two of them.

use nalgebra::linalg::SymmetricEigen;
use nalgebra::{DMatrix, DVector};

use super::Judge;

/// Mean and covariance of the judge's features over images, computed from sums of the features and of their products.
#[derive(Debug, Clone)]
pub struct FeatureMoments {
    count: usize,
    sum: DVector<f64>,      // [F]
    products: DMatrix<f64>, // [F, F]
}

impl Default for FeatureMoments {
    fn default() -> Self {
        const F: usize = Judge::FEATURES;
        Self { count: 0, sum: DVector::zeros(F), products: DMatrix::zeros(F, F) }
    }
}

impl FeatureMoments {
    /// Adds features `[n * F]`.
    pub fn add(&mut self, features: &[f32]) {
        for row in features.chunks_exact(Judge::FEATURES) {
            let row = DVector::from_iterator(row.len(), row.iter().map(|&value| f64::from(value)));
            self.products.ger(1.0, &row, &row, 1.0);
            self.sum += row;
            self.count += 1;
        }
    }

    /// Adds the images of another set.
    pub fn merge(&mut self, other: &Self) {
        self.products += &other.products;
        self.sum += &other.sum;
        self.count += other.count;
    }

    /// Number of images.
    pub fn count(&self) -> usize {
        self.count
    }

    /// Mean features, `[F]`.
    pub fn mean(&self) -> DVector<f64> {
        &self.sum / self.count as f64
    }

    /// Unbiased covariance, `[F, F]`.
    pub fn covariance(&self) -> DMatrix<f64> {
        let mean = self.mean();
        (&self.products - &mean * self.sum.transpose()) / self.count.saturating_sub(1).max(1) as f64
    }

    /// Squared Fréchet distance between the Gaussians with these moments: `|m - n|^2 + tr(A + B - 2 (A^(1/2) B A^(1/2))^(1/2))`
    /// (Dowson & Landau 1982; Heusel et al. 2017, who use Inception features). Its bias falls with the number of images:
    /// compare equal counts. NaN if a feature is not finite.
    pub fn frechet(&self, other: &Self) -> f64 {
        let (a, b) = (self.covariance(), other.covariance());
        if !(a.sum() + b.sum()).is_finite() {
            return f64::NAN; // the eigendecomposition would not terminate
        }
        let root = square_root(a.clone());
        let cross: f64 = (&root * &b * &root).symmetric_eigenvalues().iter().map(|value| value.max(0.0).sqrt()).sum();
        (self.mean() - other.mean()).norm_squared() + a.trace() + b.trace() - 2.0 * cross
    }
}

/// Square root of a symmetric positive semidefinite matrix.
fn square_root(matrix: DMatrix<f64>) -> DMatrix<f64> {
    let SymmetricEigen { eigenvectors, eigenvalues } = matrix.symmetric_eigen();
    let roots = eigenvalues.map(|value| value.max(0.0).sqrt());
    &eigenvectors * DMatrix::from_diagonal(&roots) * eigenvectors.transpose()
}
