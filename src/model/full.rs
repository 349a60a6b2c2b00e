//! A Gaussian posterior with full covariance (Kingma & Welling 2019, section 2.5.1).

use burn::tensor::{Device, Tensor, TensorData};

use crate::layers::{product, product_with_transposed};

/// A Gaussian with covariance `L L^T` (Kingma & Welling 2019, section 2.5.1).
#[derive(Debug, Clone)]
pub struct Full {
    /// `[B, Z]`.
    pub mean: Tensor<2>,
    /// Log of L's diagonal, `[B, Z]`.
    pub log_diagonal: Tensor<2>,
    /// L's entries below the diagonal, row by row, `[B, Z (Z - 1) / 2]`.
    pub below: Tensor<2>,
    /// The places of those entries in L.
    pub triangle: Triangle,
}

/// Row and column of each of the `E = Z (Z - 1) / 2` entries below a matrix's diagonal, as two one-hot matrices: products with
/// the triangular matrix become products with these, and the batch needs no `[B, Z, Z]`.
#[derive(Debug, Clone)]
pub struct Triangle {
    rows: Tensor<2>,    // [E, Z], one-hot rows
    columns: Tensor<2>, // [Z, E], one-hot columns
}

impl Triangle {
    /// The triangle of a `Z x Z` matrix, `Z = latent`.
    pub fn new(latent: usize, device: &Device) -> Self {
        let positions: Vec<_> = (0..latent).flat_map(|row| (0..row).map(move |column| (row, column))).collect();
        let entries = positions.len();
        let (mut rows, mut columns) = (vec![0.0_f32; entries * latent], vec![0.0_f32; latent * entries]);
        for (entry, (row, column)) in positions.into_iter().enumerate() {
            rows[entry * latent + row] = 1.0;
            columns[column * entries + entry] = 1.0;
        }
        Self {
            rows: Tensor::from_data(TensorData::new(rows, [entries, latent]), device),
            columns: Tensor::from_data(TensorData::new(columns, [latent, entries]), device),
        }
    }
}

impl Full {
    /// The Cholesky factor L, `[B, Z, Z]`.
    pub(super) fn factor(&self) -> Tensor<3> {
        let Triangle { rows, columns } = self.triangle.clone();
        let placed = rows.transpose().unsqueeze::<3>() * self.below.clone().unsqueeze_dim(1); // [B, Z, E]
        let [images, latent] = self.mean.dims();
        let identity: Tensor<2> = Tensor::eye(latent, &self.mean.device());
        let diagonal = self.log_diagonal.clone().exp().unsqueeze_dim(2) * identity.unsqueeze();
        let below = product_with_transposed(placed.flatten(0, 1), columns); // [B Z, Z]
        diagonal + below.reshape([images, latent, latent])
    }

    /// `mean + L noise`.
    pub fn sample(&self, noise: Tensor<2>) -> Tensor<2> {
        let below = self.below.clone() * product(noise.clone(), self.triangle.columns.clone());
        self.mean.clone() + self.log_diagonal.clone().exp() * noise + product(below, self.triangle.rows.clone())
    }

    /// Variance of each component, `[B, Z]`: the diagonal of `L L^T`.
    pub fn variance(&self) -> Tensor<2> {
        let below = product(self.below.clone().square(), self.triangle.rows.clone());
        (self.log_diagonal.clone() * 2.0).exp() + below
    }

    /// `(variance + mean^2 - 1) / 2 - log L_kk` by component, `[B, Z]`; the sum over components is the KL in closed form.
    pub fn kl_to_standard(&self) -> Tensor<2> {
        (self.variance() + self.mean.clone().square() - 1.0) * 0.5 - self.log_diagonal.clone()
    }
}
