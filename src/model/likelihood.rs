//! The likelihood p(x | z): the decoder's distribution over the pixels of each image, `[B, P]`.

use burn::tensor::{Tensor, activation::sigmoid};

use super::Structured;
use crate::kernels;

/// A distribution over pixels: independent ones given the code, but for [`Structured`].
#[derive(Debug, Clone)]
#[allow(clippy::large_enum_variant, reason = "one value exists per step; a box would save nothing")]
pub enum Likelihood {
    /// For binary pixels; also used for grey ones.
    Bernoulli(Bernoulli),
    /// For real-valued pixels.
    Gaussian(Gaussian),
    /// For real-valued pixels that depend on their neighbours.
    Structured(Structured),
}

/// Independent Bernoulli pixels (Kingma & Welling 2014, appendix C.1).
#[derive(Debug, Clone)]
pub struct Bernoulli {
    /// Logits of the probabilities, `[B, P]`.
    pub logits: Tensor<2>,
}

/// Independent Gaussian pixels that share one standard deviation (sigma-VAE, Rybkin et al. 2021).
#[derive(Debug, Clone)]
pub struct Gaussian {
    /// `[B, P]`.
    pub mean: Tensor<2>,
    /// Log of the standard deviation, `[1]`.
    pub log_sigma: Tensor<1>,
}

impl Likelihood {
    /// The mean of each pixel, as a reconstruction is displayed: `[B, P]` in 0..=1.
    pub fn mean(&self) -> Tensor<2> {
        match self {
            Self::Bernoulli(bernoulli) => bernoulli.mean(),
            Self::Gaussian(Gaussian { mean, .. }) | Self::Structured(Structured { mean, .. }) => {
                mean.clone().clamp(0.0, 1.0)
            }
        }
    }

    /// -log p(x | z) in nats, summed over pixels.
    ///
    /// # Shapes
    /// Images `[B, P]` to `[B]`.
    pub fn negative_log_likelihood(&self, images: Tensor<2>) -> Tensor<1> {
        match self {
            Self::Bernoulli(bernoulli) => bernoulli.cross_entropy(images),
            Self::Gaussian(gaussian) => gaussian.negative_log_likelihood(images),
            Self::Structured(structured) => structured.negative_log_likelihood(images),
        }
    }
}

impl Bernoulli {
    /// Probability that each pixel is on, `[B, P]`.
    pub fn mean(&self) -> Tensor<2> {
        sigmoid(self.logits.clone())
    }

    /// Binary cross-entropy in nats, summed over pixels: images `[B, P]` to `[B]`. It equals -log p(x | z) for binary pixels
    /// only: for grey ones even a perfect reconstruction has the entropy of the image as its loss.
    pub fn cross_entropy(&self, images: Tensor<2>) -> Tensor<1> {
        kernels::cross_entropy(self.logits.clone(), images)
    }
}

impl Gaussian {
    /// `(x - mean)^2 / (2 sigma^2) + log sigma + log(2 pi) / 2` in nats, summed over pixels: images `[B, P]` to `[B]`. Negative
    /// where the density exceeds one.
    pub fn negative_log_likelihood(&self, images: Tensor<2>) -> Tensor<1> {
        let [_, pixels] = images.dims();
        let errors: Tensor<1> = (images - self.mean.clone()).square().sum_dim(1).squeeze_dim(1);
        let precision = (self.log_sigma.clone() * -2.0).exp();
        let normaliser = (self.log_sigma.clone() + 0.5 * std::f64::consts::TAU.ln()) * pixels as f64;
        errors * precision * 0.5 + normaliser
    }
}
