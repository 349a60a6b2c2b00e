//! Active units: which latent components carry information about the images.

use crate::Result;
use crate::model::Posterior;
use crate::snapshot;

/// A component is active if the variance of its posterior mean over images exceeds this (Burda et al. 2016, appendix C).
pub const ACTIVE: f64 = 0.01;

/// Variance of the posterior means over images, as running sums.
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
        let mean = match posterior {
            Posterior::Categorical(categorical) => categorical.probabilities(),
            other => other.mean(),
        };
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

    /// Variance of each component's posterior mean over the images, `[Z]`; of categorical variables that of each value's probability, `[N * A]`.
    pub fn variances(&self) -> Vec<f64> {
        let count = self.count as f64;
        self.sums.iter().map(|[sum, squares]| (squares / count - (sum / count).powi(2)).max(0.0)).collect()
    }
}
