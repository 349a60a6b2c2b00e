//! The approximate posterior q(z | x).

use burn::tensor::Tensor;

/// What the encoder believes about each image: an axis-aligned Gaussian over `[B, Z]`.
#[derive(Debug, Clone)]
pub struct Diagonal {
    pub mean: Tensor<2>,    // [B, Z]
    pub log_var: Tensor<2>, // [B, Z]
}

impl Diagonal {
    /// Reparameterised draw `mean + sigma * noise`; the noise `[B, Z]` is an argument so that a test can fix it.
    pub fn sample(&self, noise: Tensor<2>) -> Tensor<2> {
        self.mean.clone() + self.sigma() * noise
    }

    /// Standard deviations, `[B, Z]`.
    pub fn sigma(&self) -> Tensor<2> {
        (self.log_var.clone() * 0.5).exp()
    }

    /// KL(q || N(0, I)) in nats, by component: `[B, Z]`. Kingma & Welling 2014, appendix B.
    pub fn kl_to_standard(&self) -> Tensor<2> {
        let Self { mean, log_var } = self;
        (log_var.clone().exp() + mean.clone().square() - log_var.clone() - 1.0) * 0.5
    }
}
