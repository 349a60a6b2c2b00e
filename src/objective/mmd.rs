//! The squared maximum mean discrepancy between codes and prior samples (WAE-MMD, Tolstikhin et al. 2018, algorithm 2).

use burn::tensor::Tensor;

use crate::layers::product_with_transposed;

/// Scales of the kernel, as in the authors' code (github.com/tolstikhin/wae).
const SCALES: [f64; 7] = [0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0];

/// MMD^2 between the distributions of `codes` `[B, Z]` and of `prior` samples `[S, Z]`: `[1]`, without unit.
///
/// The kernel is the sum of inverse multiquadrics `C / (C + |z - z'|^2)` with `C = 2 Z s` for each scale s: `2 Z` is the mean squared distance of
/// two samples of N(0, I). The estimate is unbiased, as pairs of a sample with itself are left out (Gretton et al. 2012, eq. 3), and so can be
/// negative where the distributions are close. NaN for fewer than two rows of either.
pub fn mmd(codes: Tensor<2>, prior: Tensor<2>) -> Tensor<1> {
    let [[images, latent], [samples, _]] = [codes.dims(), prior.dims()];
    let pairs_within = |rows: usize| (rows * (rows - 1)) as f64;
    within(&codes, latent) / pairs_within(images) + within(&prior, latent) / pairs_within(samples)
        - kernel(squared_distances(&codes, &prior), latent).sum() * (2.0 / (images * samples) as f64)
}

/// The kernel summed over all pairs of two different rows, `[1]`.
fn within(z: &Tensor<2>, latent: usize) -> Tensor<1> {
    let [rows, _] = z.dims();
    let others = -Tensor::<2>::eye(rows, &z.device()) + 1.0;
    (kernel(squared_distances(z, z), latent) * others).sum()
}

/// The kernel of pairs with these squared distances, of the same shape.
fn kernel(squared_distances: Tensor<2>, latent: usize) -> Tensor<2> {
    let of_scale = |scale: f64| {
        let c = 2.0 * latent as f64 * scale;
        (squared_distances.clone() + c).recip() * c
    };
    SCALES.map(of_scale).into_iter().reduce(|sum, term| sum + term).expect("there are scales")
}

/// Squared distances of all pairs: rows `[A, Z]` and `[B, Z]` to `[A, B]`. The square is expanded, so that there is no `[A, B, Z]`.
fn squared_distances(a: &Tensor<2>, b: &Tensor<2>) -> Tensor<2> {
    let squares = |z: &Tensor<2>| z.clone().square().sum_dim(1);
    let distances = squares(a) + squares(b).transpose() - product_with_transposed(a.clone(), b.clone()) * 2.0;
    distances.clamp_min(0.0) // rounding can make those of nearly equal rows negative
}
