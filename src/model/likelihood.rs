//! The likelihood p(x | z).

use burn::tensor::{Tensor, activation::sigmoid};

/// Independent pixels, each on with the probability of its logit.
#[derive(Debug, Clone)]
pub struct Bernoulli {
    pub logits: Tensor<2>, // [B, P]
}

impl Bernoulli {
    /// Probability of each pixel, the picture one looks at: `[B, P]`.
    pub fn mean(&self) -> Tensor<2> {
        sigmoid(self.logits.clone())
    }

    /// Binary cross-entropy of images `[B, P]` in nats, summed over pixels: `[B]`.
    ///
    /// For grey pixels this is not -log p(x): a perfect reconstruction still costs the images' own entropy.
    /// `softplus(l) - x l`, with softplus as `max(l, 0) + log(1 + exp(-|l|))` so that no logit overflows.
    pub fn cross_entropy(&self, images: Tensor<2>) -> Tensor<1> {
        let logits = self.logits.clone();
        let softplus = logits.clone().clamp_min(0.0) + (-logits.clone().abs()).exp().log1p();
        (softplus - logits * images).sum_dim(1).squeeze_dim(1)
    }
}
