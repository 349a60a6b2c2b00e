//! How far the components of a code are independent of each other, and which factor of the data each depends on.

use std::sync::Arc;

use serde::Serialize;

use super::Posteriors;
use crate::data::Factors;

/// Monte Carlo sums over samples `z ~ q(z | x_n)`, one per image.
#[derive(Debug, Clone, Default)]
pub struct Disentanglement {
    factors: Option<Arc<Factors>>,
    samples: usize,
    total_correlation: f64,
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

    /// Adds the sample `z` `[Z]` of one image, whose log q(z) is `log_aggregate`.
    pub fn add(&mut self, posteriors: &Posteriors, image: usize, z: &[f64], log_aggregate: f64) {
        let intervals = self.factors.as_ref().map_or(&[][..], |factors| &factors.intervals);
        self.information.resize(intervals.len() * z.len(), 0.0);
        self.samples += 1;
        self.total_correlation += log_aggregate;
        for (k, &value) in z.iter().enumerate() {
            let (all, alike) = posteriors.log_marginals(k, value, image, intervals);
            self.total_correlation -= all;
            for (f, given) in alike.into_iter().enumerate() {
                self.information[f * z.len() + k] += given - all;
            }
        }
    }

    /// KL(q(z) || q(z_1) .. q(z_Z)) in nats (Watanabe 1960; its weight in Chen et al. 2018, eq. 2): 0 for independent components.
    pub fn total_correlation(&self) -> f64 {
        self.total_correlation / self.samples as f64
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
