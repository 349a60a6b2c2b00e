//! The few blocks every model is built from, and the door to faster versions of them.

mod batch_norm;
mod conv;
mod dense;

pub use batch_norm::{BatchNorm, Statistics};
pub use conv::{Conv, Up};
pub use dense::Dense;

use rand::rngs::ChaCha8Rng;
use rand_distr::{Distribution, Uniform};

/// `count` numbers uniform in +-1/sqrt(inputs), as PyTorch starts weights and biases.
fn uniform(inputs: usize, count: usize, random: &mut ChaCha8Rng) -> Vec<f32> {
    let bound = 1.0 / (inputs as f32).sqrt();
    let uniform = Uniform::new_inclusive(-bound, bound).expect("the bound is finite and positive");
    uniform.sample_iter(random).take(count).collect()
}
