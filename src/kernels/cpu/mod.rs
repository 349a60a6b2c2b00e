//! The kernels for the CPU: loops over slices, row-major, images as `[B, C, height, width]`. Matrix products run in
//! register tiles written by hand, everything else in one pass over memory. With the feature `threads` they use all cores; the
//! results do not depend on how many there are. `flex` calls them with burn's tensors.

pub mod adam;
pub mod batch_norm;
pub mod conv;
pub mod conv_transpose;
pub mod cross_entropy;
pub mod dense;
pub mod pool;
pub mod sample_and_kl;
#[cfg(feature = "threads")]
pub mod team;
pub mod tile;

mod exponential;
mod flex;
mod layout;
mod matmul;
mod relu;
mod simd;
mod sparse;
pub(crate) mod threads;
