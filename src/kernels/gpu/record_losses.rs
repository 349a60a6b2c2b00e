//! Recording the losses of a step.

use burn_wgpu::{CubeTensor, into_contiguous};

use super::launch::{Kernel, into_exclusive, shader};

const WRITE: Kernel = Kernel::new(shader!("record_losses"), [1, 1]);

pub fn write(reconstruction: CubeTensor, divergence: CubeTensor, losses: CubeTensor, row: usize) -> CubeTensor {
    let [reconstruction, divergence] = [reconstruction, divergence].map(into_contiguous);
    let losses = into_exclusive(losses);
    let [images] = reconstruction.meta.shape().dims();
    WRITE.sliced(32, [1, 1]).launch([1, 1], &[&reconstruction, &divergence, &losses], &[images, row]);
    losses
}
