//! The mean KL as mutual information plus KL of the aggregate posterior (Hoffman & Johnson 2016, eq. 7).

/// Monte Carlo sums over samples `z ~ q(z | x_n)`, one per image.
#[derive(Debug, Clone, Copy, Default)]
pub struct KlDecomposition {
    samples: usize,
    mutual_information: f64,
    aggregate_kl: f64,
}

impl KlDecomposition {
    /// Adds one sample z: log q(z | x_n), log q(z) and log p(z), in nats.
    pub fn add(&mut self, log_posterior: f64, log_aggregate: f64, log_prior: f64) {
        self.samples += 1;
        self.mutual_information += log_posterior - log_aggregate;
        self.aggregate_kl += log_aggregate - log_prior;
    }

    /// I(x; z) in nats, for x uniform over the `N` images: at most log N.
    pub fn mutual_information(&self) -> f64 {
        self.mutual_information / self.samples as f64
    }

    /// KL(q(z) || p(z)) in nats.
    pub fn aggregate_kl(&self) -> f64 {
        self.aggregate_kl / self.samples as f64
    }
}
