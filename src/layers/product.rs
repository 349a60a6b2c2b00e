//! Matrix products, by the fused fully connected layer. Those of stock burn would bring its many kernels for GPUs along: a fifth of the
//! WebGPU module.

use burn::tensor::Tensor;

use crate::kernels::dense;

/// `a b^T`.
///
/// # Shapes
/// `[M, K]` and `[N, K]` to `[M, N]`.
pub fn product_with_transposed(a: Tensor<2>, b: Tensor<2>) -> Tensor<2> {
    let [columns, _] = b.dims();
    let bias = Tensor::zeros([columns], &a.device());
    dense(a, b, bias)
}

/// `a b`.
///
/// # Shapes
/// `[M, K]` and `[K, N]` to `[M, N]`.
pub fn product(a: Tensor<2>, b: Tensor<2>) -> Tensor<2> {
    product_with_transposed(a, b.transpose())
}

/// The Gram matrix `m m^T` of each matrix of a batch. Takes memory for `B M M K` numbers, so it is for a few images.
///
/// # Shapes
/// `[B, M, K]` to `[B, M, M]`.
pub fn gram_matrices(matrices: Tensor<3>) -> Tensor<3> {
    let (rows, columns) = (matrices.clone().unsqueeze_dim::<4>(2), matrices.unsqueeze_dim::<4>(1));
    (rows * columns).sum_dim(3).squeeze_dim(3)
}
