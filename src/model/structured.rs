//! A Gaussian likelihood whose residuals are correlated between neighbouring pixels (Dorta et al. 2018).

use burn::module::Module;
use burn::tensor::activation::softplus;
use burn::tensor::ops::PadMode;
use burn::tensor::{Device, Tensor};
use rand::rngs::ChaCha8Rng;

use super::{ModelConfig, with_label};
use crate::data::{PIXELS, SIDE};
use crate::layers::Dense;

/// Rows down and columns right of a pixel's later neighbours in its patch of 3 x 3, in the order of the factor's planes.
pub const NEIGHBOURS: [(usize, isize); 4] = [(0, 1), (1, -1), (1, 0), (1, 1)];
/// The least standard deviation of a pixel given its later neighbours: five of 255 grey levels. Pixels at MNIST's border are the same in
/// all images, so that without a bound their density grows for as long as the model is trained, and hides what strokes gain.
pub const LEAST_SIGMA: f64 = 0.02;
/// Units of the head's hidden layer: with 20, a file of 784-400-20 in half precision is 1.47 MB.
pub(super) const UNITS: usize = 20;
/// Numbers by pixel: of the diagonal, and of each neighbour.
pub(super) const PLANES: usize = 1 + NEIGHBOURS.len();
/// Where the standard deviation starts: `LEAST_SIGMA * e^softplus(2.64)` = 0.3, a likely error of the first pictures.
const INITIAL: f64 = 2.64;

/// A Gaussian over pixels with precision `L L^T`, where L is lower triangular and sparse: non-zero on the diagonal and for a pixel's
/// later neighbours (Dorta et al. 2018, section 3.2).
#[derive(Debug, Clone)]
pub struct Structured {
    /// `[B, P]`.
    pub mean: Tensor<2>,
    /// The factor L.
    pub factor: Factor,
}

/// The non-zero entries of L, by column: a pixel's residual, given those of its later neighbours, is a Gaussian with the mean
/// `-sum over n of regression_n * residual_n` and the standard deviation `1 / L_ii`.
#[derive(Debug, Clone)]
pub struct Factor {
    /// log L_ii, `[B, P]`; at most `-log LEAST_SIGMA`.
    pub log_diagonal: Tensor<2>,
    /// L_ji / L_ii for the later neighbours j of each pixel i, `[B, 4, P]`, in the order of [`NEIGHBOURS`]; without effect where the
    /// neighbour is outside the image.
    pub regression: Tensor<3>,
}

impl Factor {
    /// `L^T r` of residuals `[B, P]`, `[B, P]`.
    pub fn whiten(&self, residuals: Tensor<2>) -> Tensor<2> {
        let [rows, _] = residuals.dims();
        let image: Tensor<3> = residuals.clone().reshape([rows, SIDE, SIDE]);
        let padded = image.pad((1, 1, 0, 1), PadMode::Constant(0.0));
        let shifted = NEIGHBOURS.map(|(down, right)| {
            let left = 1_usize.strict_add_signed(right);
            padded.clone().slice([0..rows, down..down + SIDE, left..left + SIDE]).reshape([rows, 1, PIXELS])
        });
        let predicted = Tensor::cat(shifted.to_vec(), 1) * self.regression.clone();
        (residuals + predicted.sum_dim(1).squeeze_dim(1)) * self.log_diagonal.clone().exp()
    }
}

impl Structured {
    /// `|L^T r|^2 / 2 - sum log L_ii + P log(2 pi) / 2` in nats, r the residuals: images `[B, P]` to `[B]`. Negative where the density
    /// exceeds one.
    pub fn negative_log_likelihood(&self, images: Tensor<2>) -> Tensor<1> {
        let whitened = self.factor.whiten(images - self.mean.clone());
        let each = whitened.square() * 0.5 - self.factor.log_diagonal.clone() + 0.5 * std::f64::consts::TAU.ln();
        each.sum_dim(1).squeeze_dim(1)
    }
}

/// The head that predicts a [`Factor`] from a code: a layer of [`UNITS`] units with ReLU, and a linear one.
#[derive(Module, Debug)]
pub struct FactorHead {
    hidden: Dense,
    planes: Dense,
}

impl FactorHead {
    /// A head that gives all pixels the same standard deviation, and no correlations, until it is trained.
    pub fn new(config: &ModelConfig, random: &mut ChaCha8Rng, device: &Device) -> Self {
        Self {
            hidden: Dense::new(config.code_width() + config.label_width(), UNITS, random, device),
            planes: Dense::zeros(UNITS, PLANES * PIXELS, device),
        }
    }

    /// # Shapes
    /// Codes `[B, Z]`, or a codebook's vectors `[B, N * Z]` (and labels `[B, Y]`), to the factors of distributions over `[B, P]`.
    pub fn forward(&self, z: Tensor<2>, labels: Option<Tensor<2>>) -> Factor {
        let [rows, _] = z.dims();
        let planes = self.planes.forward(self.hidden.forward_relu(with_label(z, labels)));
        let deviation = softplus(planes.clone().slice([0..rows, 0..PIXELS]) + INITIAL, 1.0);
        Factor {
            log_diagonal: -deviation - LEAST_SIGMA.ln(),
            regression: planes.slice([0..rows, PIXELS..PLANES * PIXELS]).reshape([rows, NEIGHBOURS.len(), PIXELS]),
        }
    }
}
