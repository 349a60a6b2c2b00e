//! The layers of every model, computed by the fused operations of [`kernels`](crate::kernels).

mod batch_norm;
mod conv;
mod dense;
mod masked_dense;
mod product;

pub use batch_norm::{BatchNorm, Statistics};
pub use conv::{Conv, ConvTranspose};
pub use dense::Dense;
pub use masked_dense::MaskedDense;
pub use product::{gram_matrices, product, product_with_transposed};

pub use crate::kernels::LayerInput;

use rand::rngs::ChaCha8Rng;
use rand_distr::{Distribution, Uniform};

/// `count` numbers, uniform in +-1/sqrt(inputs): PyTorch's initialisation of weights and biases.
fn uniform(inputs: usize, count: usize, random: &mut ChaCha8Rng) -> Vec<f32> {
    let bound = 1.0 / (inputs as f32).sqrt();
    let uniform = Uniform::new_inclusive(-bound, bound).expect("the bound is finite and positive");
    uniform.sample_iter(random).take(count).collect()
}
