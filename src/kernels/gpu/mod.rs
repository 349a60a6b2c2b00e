//! The fused operations on a GPU: hand-written WGSL, launched on burn's own device and queue, with a module per operation.
//!
//! In WGSL rather than CubeCL, which would generate the kernels in the page: so the first step waits only for the browser's
//! shader compiler. A shader works for all sizes, which it reads from its last binding.

mod adam;
mod batch_norm;
mod conv;
mod conv_transpose;
mod cross_entropy;
mod dense;
mod dense_pair;
mod launch;
mod matmul;
mod pixels;
mod rearrange;
mod sample_and_kl;
mod template;
mod total_and_record;

use burn::backend::Cube;

pub use self::launch::{allow_subgroups, assume_parallel};
use super::implement::implement_operations;

implement_operations!(Cube);
