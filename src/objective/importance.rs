//! The importance-weighted bound (IWAE, Burda et al. 2016).

use burn::tensor::Tensor;
use burn::tensor::activation::softmax;

use crate::model::log_sum_exp;

/// The bound of `k = samples` importance samples per image, `-log mean exp(-reconstruction - divergence)` in nats (eq. 8), as
/// two terms: the reconstruction averaged with the normalised importance weights, and the rest of the bound. With one sample
/// both terms are returned unchanged.
///
/// # Shapes
/// `[B * k]` each, the samples of an image adjacent, to `[B]` each.
pub fn importance_weighted(reconstruction: Tensor<1>, divergence: Tensor<1>, samples: usize) -> [Tensor<1>; 2] {
    if samples == 1 {
        return [reconstruction, divergence];
    }
    let by_image = |term: Tensor<1>| term.reshape([-1, samples as i32]);
    let reconstruction: Tensor<2> = by_image(reconstruction);
    let log_weight = -reconstruction.clone() - by_image(divergence);
    let normalised_weight = softmax(log_weight.clone().detach(), 1);
    let reconstruction: Tensor<1> = (normalised_weight * reconstruction).sum_dim(1).squeeze_dim(1);
    [reconstruction.clone(), negative_log_mean(log_weight) - reconstruction]
}

/// `-log mean exp(-reconstruction - beta * divergence)` in nats: what is minimised with a weight of the divergence. The weight is inside
/// the importance weights, so that one sample gives the loss of the beta-VAE and beta = 1 the bound. Weighting the second term of
/// [`importance_weighted`] instead would be the gradient of no function, because its importance weights have none.
///
/// # Shapes
/// `[B * k]` each, the samples of an image adjacent, to `[B]`.
pub fn weighted_bound(reconstruction: Tensor<1>, divergence: Tensor<1>, beta: f64, samples: usize) -> Tensor<1> {
    negative_log_mean((-reconstruction - divergence * beta).reshape([-1, samples as i32]))
}

/// `-log mean exp` of each row, `[B, k]` to `[B]`.
fn negative_log_mean(log_weight: Tensor<2>) -> Tensor<1> {
    let [_, samples] = log_weight.dims();
    -(log_sum_exp(log_weight, 1) - (samples as f64).ln()).squeeze_dim::<1>(1)
}
