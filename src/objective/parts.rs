//! The three parts of the mean KL from a minibatch (Chen et al. 2018).

use burn::tensor::Tensor;

use crate::model::{Diagonal, Posterior, log_sum_exp, standard_log_density};

/// `KL(q(z | x) || p(z)) = I(x; z) + KL(q(z) || prod_k q(z_k)) + sum_k KL(q(z_k) || p(z_k))` in the mean over images (eq. 2), estimated at
/// one sample per image, in nats: `[B]` each.
#[derive(Debug, Clone)]
pub struct Parts {
    /// log q(z | x) - log q(z): its mean is the mutual information of image and code.
    pub mutual_information: Tensor<1>,
    /// log q(z) - sum over k of log q(z_k): its mean is the total correlation.
    pub total_correlation: Tensor<1>,
    /// Sum over k of log q(z_k), less log p(z).
    pub dimension_kl: Tensor<1>,
}

impl Parts {
    /// Of a batch from `images` training images, with q(z) by minibatch-weighted sampling (eq. S6): the mean of the batch's densities,
    /// divided by `images`. It is biased; the sum of the three parts is not, since q(z) cancels in it.
    ///
    /// # Shapes
    /// Samples `z` `[B, Z]` that the N(0, 1) noise `[B, Z]` gives.
    ///
    /// # Panics
    /// When the posterior is no axis-aligned Gaussian.
    pub fn of(posterior: &Posterior, z: Tensor<2>, noise: Tensor<2>, images: usize) -> Self {
        let Posterior::Diagonal(Diagonal { mean, log_var }) = posterior else {
            unreachable!("TrainConfig::check allows parts only of diagonal posteriors");
        };
        let [rows, _] = z.dims();
        // log q(z_k of image i | image j): [B, B, Z].
        let differences = z.clone().unsqueeze_dim::<3>(1) - mean.clone().unsqueeze_dim::<3>(0);
        let log_var: Tensor<3> = log_var.clone().unsqueeze_dim(0);
        let each = differences.square() * (-log_var.clone()).exp() + log_var + std::f64::consts::TAU.ln();
        let each = each * -0.5;
        let log_count = ((rows * images) as f64).ln();
        let log_aggregate = log_sum_exp(each.clone().sum_dim(2), 1) - log_count; // [B, 1, 1]
        let log_aggregate: Tensor<1> = log_aggregate.reshape([rows]);
        let log_marginals = (log_sum_exp(each, 1) - log_count).sum_dim(2); // [B, 1, 1], summed over components
        let log_marginals: Tensor<1> = log_marginals.reshape([rows]);
        Self {
            mutual_information: posterior.log_density(noise) - log_aggregate.clone(),
            total_correlation: log_aggregate - log_marginals.clone(),
            dimension_kl: log_marginals - standard_log_density(z),
        }
    }
}
