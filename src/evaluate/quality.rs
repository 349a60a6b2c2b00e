//! How good pictures are, by the judge's opinion of them.

use nalgebra::linalg::SymmetricEigen;
use nalgebra::{DMatrix, DVector};
use serde::Serialize;

use super::{Judge, Verdicts};
use crate::data::{DIGITS, PIXELS};

/// What a crowd of pictures is like. The judge is ours: its numbers compare within this project only.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Quality {
    pub pictures: usize,
    /// Mean of the judge's largest probability.
    pub confidence: f64,
    /// Share of pictures judged to be the digit that was asked for, where one was.
    pub accuracy: Option<f64>,
    /// How many are judged to be each digit, `[10]`.
    pub histogram: [usize; DIGITS],
    /// [Fréchet distance](Moments::frechet) to real images in the judge's features.
    pub frechet: f64,
    /// Mean entropy of the pixels, each as the probability of ink: nats per picture. Blur is grey, and so raises it.
    pub greyness: f64,
}

/// Pictures that were judged, as running sums.
#[derive(Debug, Clone, Default)]
pub struct Crowd {
    confidence: f64,
    asked: usize,
    hits: usize,
    histogram: [usize; DIGITS],
    greyness: f64,
    moments: Moments,
}

impl Crowd {
    /// Adds pictures `[n * P]` with the judge's verdicts, and the digits `[n]` that were asked for, if any were.
    pub fn add(&mut self, pictures: &[f32], verdicts: &Verdicts, asked: Option<&[u8]>) {
        for (at, (digit, probability)) in verdicts.digits().enumerate() {
            self.confidence += f64::from(probability);
            self.histogram[usize::from(digit)] += 1;
            if let Some(asked) = asked {
                self.asked += 1;
                self.hits += usize::from(asked[at] == digit);
            }
        }
        debug_assert_eq!(pictures.len() / PIXELS * Judge::FEATURES, verdicts.features.len());
        self.greyness += pictures.iter().map(|&pixel| entropy(f64::from(pixel))).sum::<f64>();
        self.moments.add(&verdicts.features);
    }

    pub fn moments(&self) -> &Moments {
        &self.moments
    }

    /// The crowd beside real images with the features `real`.
    pub fn quality(&self, real: &Moments) -> Quality {
        let pictures = self.moments.count;
        let mean = |sum: f64| sum / pictures as f64;
        Quality {
            pictures,
            confidence: mean(self.confidence),
            accuracy: (self.asked > 0).then(|| self.hits as f64 / self.asked as f64),
            histogram: self.histogram,
            frechet: self.moments.frechet(real),
            greyness: mean(self.greyness),
        }
    }
}

/// Entropy of a coin with probability `p`, in nats.
pub fn entropy(p: f64) -> f64 {
    let term = |p: f64| if p > 0.0 { -p * p.ln() } else { 0.0 };
    term(p) + term(1.0 - p)
}

/// Mean and covariance of the judge's features, as sums of them and of their products.
#[derive(Debug, Clone)]
pub struct Moments {
    count: usize,
    sum: DVector<f64>,      // [F]
    products: DMatrix<f64>, // [F, F]
}

impl Default for Moments {
    fn default() -> Self {
        const F: usize = Judge::FEATURES;
        Self { count: 0, sum: DVector::zeros(F), products: DMatrix::zeros(F, F) }
    }
}

impl Moments {
    /// Adds features `[n * F]`.
    pub fn add(&mut self, features: &[f32]) {
        for row in features.chunks_exact(Judge::FEATURES) {
            let row = DVector::from_iterator(row.len(), row.iter().map(|&value| f64::from(value)));
            self.products.ger(1.0, &row, &row, 1.0);
            self.sum += row;
            self.count += 1;
        }
    }

    pub fn mean(&self) -> DVector<f64> {
        &self.sum / self.count as f64
    }

    pub fn covariance(&self) -> DMatrix<f64> {
        let mean = self.mean();
        (&self.products - &mean * self.sum.transpose()) / self.count.saturating_sub(1).max(1) as f64
    }

    /// Squared Fréchet distance between the Gaussians of these means and covariances (Dowson & Landau 1982; Heusel et al.
    /// 2017, with other features): `|m - n|^2 + tr(A + B - 2 (A^(1/2) B A^(1/2))^(1/2))`. It shrinks as pictures are added, so
    /// compare equal counts. Not a number where the features are none.
    pub fn frechet(&self, other: &Self) -> f64 {
        let (a, b) = (self.covariance(), other.covariance());
        if !(a.sum() + b.sum()).is_finite() {
            return f64::NAN; // the decomposition would not end
        }
        let root = square_root(a.clone());
        let cross: f64 = (&root * &b * &root).symmetric_eigenvalues().iter().map(|value| value.max(0.0).sqrt()).sum();
        (self.mean() - other.mean()).norm_squared() + a.trace() + b.trace() - 2.0 * cross
    }
}

/// The root of a symmetric positive semidefinite matrix.
fn square_root(matrix: DMatrix<f64>) -> DMatrix<f64> {
    let SymmetricEigen { eigenvectors, eigenvalues } = matrix.symmetric_eigen();
    let roots = eigenvalues.map(|value| value.max(0.0).sqrt());
    &eigenvectors * DMatrix::from_diagonal(&roots) * eigenvectors.transpose()
}
