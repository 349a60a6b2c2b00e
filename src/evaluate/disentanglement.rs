//! Which factor of the data each component of a code depends on.

use std::sync::Arc;

use serde::Serialize;

use super::Marginal;
use crate::data::Factors;

/// Monte Carlo sums over samples `z ~ q(z | x_n)`, one per image.
#[derive(Debug, Clone, Default)]
pub struct Disentanglement {
    factors: Option<Arc<Factors>>,
    samples: usize,
    information: Vec<f64>, // sums of log q(z_k | v_f) - log q(z_k), [F * Z]
}

/// Which factors the components depend on, in nats.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FactorInformation {
    /// Names of the factors, `[F]`.
    pub names: Vec<String>,
    /// Entropy of each factor, `[F]`: its values are sorted into at most eight intervals.
    pub entropy: Vec<f64>,
    /// I(z_k; v_f), `[F][Z]`; an estimate from few images is too large rather than too small.
    pub mutual_information: Vec<Vec<f64>>,
    /// For each factor, the difference of its two largest I(z_k; v_f) in units of its entropy, `[F]`.
    pub gap: Vec<f64>,
    /// The mutual information gap: the mean of `gap` (Chen et al. 2018, eq. 6).
    pub mig: f64,
}

impl Disentanglement {
    /// Before any sample. With `factors` of the same images as the posteriors'.
    pub fn new(factors: Option<Arc<Factors>>) -> Self {
        Self { factors, ..Self::default() }
    }

    /// The interval of each image by factor, `[F][n]`; `F` = 0 where the factors are not known.
    pub fn intervals(&self) -> &[Vec<u8>] {
        self.factors.as_ref().map_or(&[], |factors| &factors.intervals)
    }

    /// Adds the sample of one image, by its marginal densities `[Z]` given these factors.
    pub fn add(&mut self, marginals: &[Marginal]) {
        self.information.resize(self.intervals().len() * marginals.len(), 0.0);
        self.samples += 1;
        for (k, Marginal { log_density, given_factors }) in marginals.iter().enumerate() {
            for (f, given) in given_factors.iter().enumerate() {
                self.information[f * marginals.len() + k] += given - log_density;
            }
        }
    }

    /// The dependence on factors, where they are known.
    pub fn factor_information(&self) -> Option<FactorInformation> {
        let factors = self.factors.as_ref()?;
        let count = factors.names.len();
        let latent = self.information.len() / count.max(1);
        let mean = |sum: &f64| (sum / self.samples as f64).max(0.0);
        let mutual_information: Vec<Vec<f64>> =
            self.information.chunks_exact(latent.max(1)).map(|row| row.iter().map(mean).collect()).collect();
        let entropy = factors.entropies(self.samples);
        let gap: Vec<f64> = mutual_information
            .iter()
            .zip(&entropy)
            .map(|(row, &entropy)| if entropy > 0.0 { gap(row) / entropy } else { 0.0 })
            .collect();
        let mig = gap.iter().sum::<f64>() / count as f64;
        Some(FactorInformation { names: factors.names.clone(), entropy, mutual_information, gap, mig })
    }
}

/// The largest number less the second largest, or less 0.
fn gap(row: &[f64]) -> f64 {
    let mut row = row.to_vec();
    row.sort_by(|a, b| b.total_cmp(a));
    row[0] - row.get(1).copied().unwrap_or(0.0)
}
