//! The likelihood p(x | z): what the decoder says about each image's pixels, over `[B, P]`.

use burn::tensor::{Tensor, activation::sigmoid};

use crate::kernels;

/// A belief about pixels.
#[derive(Debug, Clone)]
#[allow(clippy::large_enum_variant, reason = "one lives a step; a box would gain nothing")]
pub enum Likelihood {
    Bernoulli(Bernoulli),
    Gaussian(Gaussian),
}

/// Independent pixels, each on with the probability of its logit.
#[derive(Debug, Clone)]
pub struct Bernoulli {
    pub logits: Tensor<2>, // [B, P]
}

/// Independent pixels around a mean, all with one standard deviation.
#[derive(Debug, Clone)]
pub struct Gaussian {
    pub mean: Tensor<2>,      // [B, P]
    pub log_sigma: Tensor<1>, // [1]
}

impl Likelihood {
    /// The picture one looks at: `[B, P]`, in 0..=1.
    pub fn mean(&self) -> Tensor<2> {
        match self {
            Self::Bernoulli(bernoulli) => bernoulli.mean(),
            Self::Gaussian(gaussian) => gaussian.mean.clone().clamp(0.0, 1.0),
        }
    }

    /// -log p of images `[B, P]` in nats, summed over pixels: `[B]`.
    pub fn cost(&self, images: Tensor<2>) -> Tensor<1> {
        match self {
            Self::Bernoulli(bernoulli) => bernoulli.cross_entropy(images),
            Self::Gaussian(gaussian) => gaussian.cost(images),
        }
    }
}

impl Bernoulli {
    pub fn mean(&self) -> Tensor<2> {
        sigmoid(self.logits.clone())
    }

    /// Binary cross-entropy. For grey pixels this is not -log p(x): a perfect reconstruction still costs the images' own
    /// entropy.
    pub fn cross_entropy(&self, images: Tensor<2>) -> Tensor<1> {
        kernels::cross_entropy(self.logits.clone(), images)
    }
}

impl Gaussian {
    /// `(x - mean)^2 / (2 sigma^2) + log sigma + log(2 pi) / 2`; a density, so it may be negative.
    pub fn cost(&self, images: Tensor<2>) -> Tensor<1> {
        let pixels = images.dims()[1] as f64;
        let errors: Tensor<1> = (images - self.mean.clone()).square().sum_dim(1).squeeze_dim(1);
        let precision = (self.log_sigma.clone() * -2.0).exp();
        let volume = (self.log_sigma.clone() + 0.5 * std::f64::consts::TAU.ln()) * pixels;
        errors * precision * 0.5 + volume
    }
}
