//! The fused operations on a GPU: hand-written WGSL, launched on burn's own device and queue, with a module per operation.
//!
//! WGSL and not CubeCL, because generating kernels in the page takes time; the first step then waits for the browser's
//! shader compiler alone. One shader serves all sizes, which it reads from its last binding.

mod adam;
mod batch_norm;
mod conv;
mod conv_transpose;
mod cross_entropy;
mod dense;
mod launch;
mod matmul;
mod rearrange;
mod record_losses;
mod sample_and_kl;
mod template;

use burn::backend::Cube;

pub use self::launch::allow_subgroups;
use super::implement::implement_operations;

implement_operations!(Cube);
