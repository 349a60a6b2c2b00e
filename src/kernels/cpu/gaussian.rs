//! The diagonal Gaussian of the posterior: its draw and its divergence from the standard one, an exponential a component.

use super::exponential::exp;
use super::simd::vectorised;

vectorised! {
    /// Reparameterised draw `mean + exp(log_var / 2) * noise`, any shape.
    pub fn draw(mean: &[f32], log_var: &[f32], noise: &[f32]) -> Vec<f32> {
        assert!(mean.len() == log_var.len() && mean.len() == noise.len(), "one of each for a component");
        let parts = mean.iter().zip(log_var).zip(noise);
        parts.map(|((mean, log_var), noise)| mean + exp(log_var * 0.5) * noise).collect()
    }

    /// Gradient of [`draw`] by `log_var`; that by `mean` is `dz` itself.
    pub fn draw_backward(log_var: &[f32], noise: &[f32], dz: &[f32]) -> Vec<f32> {
        assert!(log_var.len() == noise.len() && log_var.len() == dz.len(), "one of each for a component");
        let parts = log_var.iter().zip(noise).zip(dz);
        parts.map(|((log_var, noise), dz)| dz * 0.5 * exp(log_var * 0.5) * noise).collect()
    }

    /// KL(q || N(0, I)) in nats, `(exp(log_var) + mean^2 - log_var - 1) / 2` summed over components.
    ///
    /// # Shapes
    /// `mean` and `log_var` are `[rows, Z]`; to `[rows]`.
    pub fn kl(mean: &[f32], log_var: &[f32], rows: usize) -> Vec<f32> {
        assert!(mean.len() == log_var.len() && mean.len().is_multiple_of(rows.max(1)), "one of each for a component");
        let components = (mean.len() / rows.max(1)).max(1);
        let terms: Vec<f32> = mean.iter().zip(log_var).map(|(m, v)| (exp(*v) + m * m - v - 1.0) * 0.5).collect();
        terms.chunks_exact(components).map(|row| row.iter().sum()).collect()
    }

    /// Gradients of [`kl`] by `mean` and `log_var`, `dy` being `[rows]`.
    pub fn kl_backward(mean: &[f32], log_var: &[f32], dy: &[f32]) -> (Vec<f32>, Vec<f32>) {
        assert!(mean.len() == log_var.len() && mean.len().is_multiple_of(dy.len().max(1)), "one of each for a component");
        let components = (mean.len() / dy.len().max(1)).max(1);
        let (mut by_mean, mut by_log_var) = (mean.to_vec(), log_var.to_vec());
        for ((mean, log_var), dy) in by_mean.chunks_exact_mut(components).zip(by_log_var.chunks_exact_mut(components)).zip(dy) {
            mean.iter_mut().for_each(|mean| *mean *= dy);
            log_var.iter_mut().for_each(|log_var| *log_var = (exp(*log_var) - 1.0) * 0.5 * dy);
        }
        (by_mean, by_log_var)
    }
}
