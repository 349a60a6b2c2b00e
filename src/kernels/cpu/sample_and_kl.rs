//! A reparameterised sample of a diagonal Gaussian and its KL divergence from N(0, I) (Kingma & Welling 2014): one
//! exponential per component for each.

use super::exponential::exp;
use super::simd::vectorised;

vectorised! {
    /// `mean + exp(log_var / 2) * noise`, for any shape.
    pub fn sample(mean: &[f32], log_var: &[f32], noise: &[f32]) -> Vec<f32> {
        assert!(mean.len() == log_var.len() && mean.len() == noise.len(), "one of each per component");
        let parts = mean.iter().zip(log_var).zip(noise);
        parts.map(|((mean, log_var), noise)| mean + exp(log_var * 0.5) * noise).collect()
    }

    /// The gradient of `log_var` through [`sample`]; that of `mean` is `dz` itself.
    pub fn sample_backward(log_var: &[f32], noise: &[f32], dz: &[f32]) -> Vec<f32> {
        assert!(log_var.len() == noise.len() && log_var.len() == dz.len(), "one of each per component");
        let parts = log_var.iter().zip(noise).zip(dz);
        parts.map(|((log_var, noise), dz)| dz * 0.5 * exp(log_var * 0.5) * noise).collect()
    }

    /// KL(N(mean, var) || N(0, I)) in nats, `(exp(log_var) + mean^2 - log_var - 1) / 2` summed over components (appendix B).
    ///
    /// # Shapes
    /// `mean` and `log_var` are `[rows, Z]`; to `[rows]`.
    pub fn kl(mean: &[f32], log_var: &[f32], rows: usize) -> Vec<f32> {
        assert!(mean.len() == log_var.len() && mean.len().is_multiple_of(rows.max(1)), "one of each per component");
        let components = (mean.len() / rows.max(1)).max(1);
        let terms: Vec<f32> = mean.iter().zip(log_var).map(|(m, v)| (exp(*v) + m * m - v - 1.0) * 0.5).collect();
        terms.chunks_exact(components).map(|row| row.iter().sum()).collect()
    }

    /// The gradients of `mean` and `log_var` through [`kl`].
    ///
    /// # Shapes
    /// `dy` is `[rows]`; to `[rows, Z]` and `[rows, Z]`.
    pub fn kl_backward(mean: &[f32], log_var: &[f32], dy: &[f32]) -> (Vec<f32>, Vec<f32>) {
        assert!(mean.len() == log_var.len() && mean.len().is_multiple_of(dy.len().max(1)), "one of each per component");
        let components = (mean.len() / dy.len().max(1)).max(1);
        let (mut dmean, mut dlog_var) = (mean.to_vec(), log_var.to_vec());
        for ((mean, log_var), dy) in dmean.chunks_exact_mut(components).zip(dlog_var.chunks_exact_mut(components)).zip(dy) {
            mean.iter_mut().for_each(|mean| *mean *= dy);
            log_var.iter_mut().for_each(|log_var| *log_var = (exp(*log_var) - 1.0) * 0.5 * dy);
        }
        (dmean, dlog_var)
    }
}
