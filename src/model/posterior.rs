//! The approximate posterior q(z | x): what the encoder believes about each image's code, over `[B, Z]`.

use burn::tensor::{Device, Tensor, TensorData};

use super::codebook::Codes;
use super::repeat_rows;
use crate::kernels;

/// A belief about codes.
#[derive(Debug, Clone)]
#[allow(clippy::large_enum_variant, reason = "one lives a step; a box would gain nothing")]
pub enum Posterior {
    Point(Point),
    Diagonal(Diagonal),
    Full(Full),
    Codebook(Codes),
}

/// All belief in one code: the plain autoencoder.
#[derive(Debug, Clone)]
pub struct Point {
    pub mean: Tensor<2>, // [B, Z]
}

/// An axis-aligned Gaussian (Kingma & Welling 2014).
#[derive(Debug, Clone)]
pub struct Diagonal {
    pub mean: Tensor<2>,    // [B, Z]
    pub log_var: Tensor<2>, // [B, Z]
}

/// A Gaussian with covariance `L L^T` (Kingma & Welling 2019, section 2.5.1).
#[derive(Debug, Clone)]
pub struct Full {
    pub mean: Tensor<2>,         // [B, Z]
    pub log_diagonal: Tensor<2>, // [B, Z], log of L's diagonal
    pub below: Tensor<2>,        // [B, L], L's entries below the diagonal
    pub triangle: Triangle,
}

/// Where the `L = Z (Z - 1) / 2` entries below a matrix's diagonal stand, as two selections of zeros and ones, so that
/// products with the matrix are products of plain rows.
#[derive(Debug, Clone)]
pub struct Triangle {
    rows: Tensor<2>,    // [L, Z], one 1 a row: the entry's row
    columns: Tensor<2>, // [Z, L], one 1 a column: the entry's column
}

impl Triangle {
    pub fn new(latent: usize, device: &Device) -> Self {
        let places: Vec<_> = (0..latent).flat_map(|row| (0..row).map(move |column| (row, column))).collect();
        let entries = places.len();
        let (mut rows, mut columns) = (vec![0.0_f32; entries * latent], vec![0.0_f32; latent * entries]);
        for (entry, (row, column)) in places.into_iter().enumerate() {
            rows[entry * latent + row] = 1.0;
            columns[column * entries + entry] = 1.0;
        }
        Self {
            rows: Tensor::from_data(TensorData::new(rows, [entries, latent]), device),
            columns: Tensor::from_data(TensorData::new(columns, [latent, entries]), device),
        }
    }
}

impl Posterior {
    /// The most likely codes, `[B, Z]`.
    pub fn mean(&self) -> Tensor<2> {
        match self {
            Self::Point(Point { mean }) | Self::Diagonal(Diagonal { mean, .. }) => mean.clone(),
            Self::Full(full) => full.mean.clone(),
            Self::Codebook(codes) => codes.straight_through(),
        }
    }

    /// Reparameterised draw; the noise `[B, Z]` is an argument so that a test can fix it.
    pub fn sample(&self, noise: Tensor<2>) -> Tensor<2> {
        match self {
            Self::Point(point) => point.mean.clone(),
            Self::Diagonal(diagonal) => diagonal.sample(noise),
            Self::Full(full) => full.sample(noise),
            Self::Codebook(codes) => codes.straight_through(),
        }
    }

    /// A reparameterised draw, and KL(q || N(0, I)) in nats: `[B, Z]` and `[B]`.
    pub fn draw(&self, noise: Tensor<2>) -> (Tensor<2>, Tensor<1>) {
        match self {
            Self::Diagonal(Diagonal { mean, log_var }) => kernels::sample_and_kl(mean.clone(), log_var.clone(), noise),
            _ => (self.sample(noise), self.kl_to_standard().sum_dim(1).squeeze_dim(1)),
        }
    }

    /// Each image's belief `samples` times in a row: `[B * k, Z]`.
    pub fn repeat(self, samples: usize) -> Self {
        let again = |tensor| repeat_rows(tensor, samples);
        match self {
            Self::Diagonal(Diagonal { mean, log_var }) => {
                Self::Diagonal(Diagonal { mean: again(mean), log_var: again(log_var) })
            }
            Self::Full(Full { mean, log_diagonal, below, triangle }) => {
                Self::Full(Full { mean: again(mean), log_diagonal: again(log_diagonal), below: again(below), triangle })
            }
            Self::Point(_) | Self::Codebook(_) => self, // always the same draw
        }
    }

    /// The codes of a codebook.
    pub fn codes(self) -> Option<Codes> {
        match self {
            Self::Codebook(codes) => Some(codes),
            _ => None,
        }
    }

    /// Standard deviation of each component, `[B, Z]`.
    pub fn sigma(&self) -> Tensor<2> {
        match self {
            Self::Point(point) => point.mean.zeros_like(),
            Self::Diagonal(diagonal) => diagonal.sigma(),
            Self::Full(full) => full.variance().sqrt(),
            Self::Codebook(codes) => codes.encoded.zeros_like(),
        }
    }

    /// Covariance of each image's belief, `[B, Z, Z]`; none where the code is certain.
    pub fn covariance(&self) -> Option<Tensor<3>> {
        match self {
            Self::Point(_) | Self::Codebook(_) => None,
            Self::Diagonal(diagonal) => {
                let variance = diagonal.log_var.clone().exp();
                let [_, latent] = variance.dims();
                let identity: Tensor<2> = Tensor::eye(latent, &variance.device());
                Some(variance.unsqueeze_dim(2) * identity.unsqueeze())
            }
            Self::Full(full) => {
                let factor = full.factor();
                Some(factor.clone().matmul(factor.swap_dims(1, 2)))
            }
        }
    }

    /// log q(z | x) of the draw that `noise` gives, in nats: `[B]`. Infinite for a point, which has no density, and for
    /// a codebook's.
    pub fn log_density(&self, noise: Tensor<2>) -> Tensor<1> {
        let log_scale = match self {
            Self::Point(Point { mean: point }) | Self::Codebook(Codes { encoded: point, .. }) => {
                let [rows, _] = point.dims();
                return Tensor::full([rows], f32::INFINITY, &point.device());
            }
            Self::Diagonal(diagonal) => diagonal.log_var.clone() * 0.5,
            Self::Full(full) => full.log_diagonal.clone(),
        };
        let each = (noise.square() + std::f64::consts::TAU.ln()) * -0.5 - log_scale;
        each.sum_dim(1).squeeze_dim(1)
    }

    /// KL(q || N(0, I)) in nats, by component: `[B, Z]`. A point has none to speak of: zero. For a codebook KL(q || p) to its own
    /// prior, by place: `[B, N]`.
    pub fn kl_to_standard(&self) -> Tensor<2> {
        match self {
            Self::Point(point) => point.mean.zeros_like(),
            Self::Diagonal(diagonal) => diagonal.kl_to_standard(),
            Self::Full(full) => full.kl_to_standard(),
            Self::Codebook(codes) => codes.surprise.clone(),
        }
    }
}

impl Diagonal {
    /// `mean + sigma * noise`.
    pub fn sample(&self, noise: Tensor<2>) -> Tensor<2> {
        self.mean.clone() + self.sigma() * noise
    }

    pub fn sigma(&self) -> Tensor<2> {
        (self.log_var.clone() * 0.5).exp()
    }

    /// Kingma & Welling 2014, appendix B.
    pub fn kl_to_standard(&self) -> Tensor<2> {
        let Self { mean, log_var } = self;
        (log_var.clone().exp() + mean.clone().square() - log_var.clone() - 1.0) * 0.5
    }
}

impl Full {
    /// L, `[B, Z, Z]`.
    fn factor(&self) -> Tensor<3> {
        let Triangle { rows, columns } = self.triangle.clone();
        let placed = rows.transpose().unsqueeze::<3>() * self.below.clone().unsqueeze_dim(1); // [B, Z, L]
        let [images, latent] = self.mean.dims();
        let identity: Tensor<2> = Tensor::eye(latent, &self.mean.device());
        let diagonal = self.log_diagonal.clone().exp().unsqueeze_dim(2) * identity.unsqueeze();
        let below = placed.matmul(columns.transpose().unsqueeze::<3>().repeat_dim(0, images));
        diagonal + below
    }

    /// `mean + L noise`.
    pub fn sample(&self, noise: Tensor<2>) -> Tensor<2> {
        let below = self.below.clone() * noise.clone().matmul(self.triangle.columns.clone());
        self.mean.clone() + self.log_diagonal.clone().exp() * noise + below.matmul(self.triangle.rows.clone())
    }

    /// Diagonal of `L L^T`, `[B, Z]`.
    pub fn variance(&self) -> Tensor<2> {
        let below = self.below.clone().square().matmul(self.triangle.rows.clone());
        (self.log_diagonal.clone() * 2.0).exp() + below
    }

    /// `(variance + mean^2 - 1) / 2 - log L_kk`; over the components it sums to the KL in closed form.
    pub fn kl_to_standard(&self) -> Tensor<2> {
        (self.variance() + self.mean.clone().square() - 1.0) * 0.5 - self.log_diagonal.clone()
    }
}
