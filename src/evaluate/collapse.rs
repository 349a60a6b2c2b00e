//! Posterior collapse: components whose posterior is the prior, whatever the image.

use serde::Serialize;

use crate::Result;
use crate::model::{Diagonal, Posterior};
use crate::snapshot;

/// A posterior whose KL to the prior is below this, in nats, counts as the prior.
pub const COLLAPSED: f64 = 0.01;

/// KL(q(z_k | x) || N(0, 1)) of each component over images, as running sums.
#[derive(Debug, Clone, Default)]
pub struct CollapseSums {
    images: usize,
    kl: Vec<f64>,      // sums, [Z]
    below: Vec<usize>, // images below COLLAPSED, [Z]
}

/// Components at the prior N(0, 1).
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Collapse {
    /// Number of components whose mean KL is below [`COLLAPSED`].
    pub units: usize,
    /// `Z`.
    pub components: usize,
    /// Share of images whose KL of the component is below epsilon = [`COLLAPSED`], `[Z]`: a component is (epsilon, delta)-collapsed where it
    /// is at least 1 - delta (Lucas et al. 2019, section 5.1).
    pub images: Vec<f64>,
}

impl CollapseSums {
    /// Adds images of a Gaussian posterior over `[B, Z]`; of a full covariance each component's own distribution counts.
    ///
    /// # Errors
    /// When the device is lost.
    pub async fn add(&mut self, posterior: &Posterior) -> Result<()> {
        let marginal = Diagonal { mean: posterior.mean(), log_var: posterior.sigma().log() * 2.0 };
        let [images, latent] = marginal.mean.dims();
        self.images += images;
        self.kl.resize(latent, 0.0);
        self.below.resize(latent, 0);
        let kl = snapshot::read(vec![marginal.kl_to_standard()]).await?.remove(0);
        for (at, kl) in kl.into_iter().map(f64::from).enumerate() {
            self.kl[at % latent] += kl;
            self.below[at % latent] += usize::from(kl < COLLAPSED);
        }
        Ok(())
    }

    /// The components at the prior, of the images so far.
    pub fn collapse(&self) -> Collapse {
        let count = self.images as f64;
        Collapse {
            units: self.kl.iter().filter(|&&sum| sum / count < COLLAPSED).count(),
            components: self.kl.len(),
            images: self.below.iter().map(|&below| below as f64 / count).collect(),
        }
    }
}
