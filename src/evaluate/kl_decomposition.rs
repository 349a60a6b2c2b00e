//! The mean KL in three parts: what z tells of the image, how the components depend on each other, and how each differs from the prior.

use serde::Serialize;

use super::estimate::{Estimate, RunningMean};

/// Log densities in nats at one sample `z ~ q(z | x_n)`.
#[derive(Debug, Clone, Copy)]
pub struct CodeDensities {
    /// log q(z | x_n).
    pub log_posterior: f64,
    /// log q(z).
    pub log_aggregate: f64,
    /// The sum of log q(z_k) over the components.
    pub log_marginals: f64,
    /// log p(z).
    pub log_prior: f64,
}

/// Parts of the mean KL in nats, for x uniform over the `N` images, each from one sample of every posterior. The standard errors are those of
/// means over the samples: they do not include that q(z) is estimated from `N` images, which makes mutual information too small and the
/// others too large.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct KlParts {
    /// I(x; z), the index-code mutual information (Hoffman & Johnson 2016): at most log N.
    pub mutual_information: Estimate,
    /// KL(q(z) || q(z_1) .. q(z_Z)) (Watanabe 1960): 0 for independent components.
    pub total_correlation: Estimate,
    /// The sum of KL(q(z_k) || p(z_k)). `None` for a learned prior, which is no product over components. With the two above it sums to the
    /// mean KL (Chen et al. 2018, eq. 2).
    pub dimension_kl: Option<Estimate>,
    /// KL(q(z) || p(z)): the KL without the mutual information (Hoffman & Johnson 2016, eq. 7).
    pub aggregate_kl: Estimate,
}

/// The running means of the parts over samples, one per image.
#[derive(Debug, Clone, Copy, Default)]
pub struct KlDecomposition {
    mutual_information: RunningMean,
    total_correlation: RunningMean,
    dimension_kl: RunningMean,
    aggregate_kl: RunningMean,
}

impl KlDecomposition {
    /// Adds one sample.
    pub fn add(&mut self, at: CodeDensities) {
        self.mutual_information.add(at.log_posterior - at.log_aggregate);
        self.total_correlation.add(at.log_aggregate - at.log_marginals);
        self.dimension_kl.add(at.log_marginals - at.log_prior);
        self.aggregate_kl.add(at.log_aggregate - at.log_prior);
    }

    /// The parts; `factorises`: whether the prior is a product over components.
    pub fn parts(&self, factorises: bool) -> KlParts {
        KlParts {
            mutual_information: self.mutual_information.estimate(),
            total_correlation: self.total_correlation.estimate(),
            dimension_kl: factorises.then(|| self.dimension_kl.estimate()),
            aggregate_kl: self.aggregate_kl.estimate(),
        }
    }
}
