//! The loss of each image, and a record of its terms.

use burn_wgpu::{CubeTensor, into_contiguous};

use super::launch::{Kernel, empty, into_exclusive, shader};

const FORWARD: Kernel = Kernel::new(shader!("total_and_record"), [1, 1]);

pub fn forward(
    reconstruction: CubeTensor,
    divergence: CubeTensor,
    beta: f32,
    losses: CubeTensor,
    row: usize,
) -> (CubeTensor, CubeTensor) {
    let [reconstruction, divergence] = [reconstruction, divergence].map(into_contiguous);
    let losses = into_exclusive(losses);
    let [images] = reconstruction.meta.shape().dims();
    let total = empty(&reconstruction, [images]);
    let tensors = [&reconstruction, &divergence, &total, &losses];
    FORWARD.sliced(32, [1, 1]).launch([1, 1], &tensors, &[images, row, beta.to_bits() as usize]);
    (total, losses)
}
