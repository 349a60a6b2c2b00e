//! Loops over plain slices for the CPU, row-major, pictures as `[B, C, height, width]`: registers tiled by hand for the
//! products, one pass over memory for all else. Threads where the build has them; the values do not depend on how many.

pub mod adam;
pub mod batch_norm;
pub mod conv;
pub mod cross_entropy;
pub mod dense;
pub mod gaussian;
pub mod pool;
pub mod tile;
pub mod up;

mod exponential;
mod product;
mod relu;
mod simd;
mod threads;
