//! The importance-weighted bound (IWAE, Burda et al. 2016).

use burn::tensor::Tensor;
use burn::tensor::activation::softmax;

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
    let largest = log_weight.clone().detach().max_dim(1);
    let log_mean = (log_weight - largest.clone()).exp().mean_dim(1).log() + largest;
    let reconstruction: Tensor<1> = (normalised_weight * reconstruction).sum_dim(1).squeeze_dim(1);
    let bound: Tensor<1> = -log_mean.squeeze_dim(1);
    [reconstruction.clone(), bound - reconstruction]
}
