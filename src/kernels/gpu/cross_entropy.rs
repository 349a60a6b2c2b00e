//! Binary cross-entropy from logits.

use burn_wgpu::{CubeTensor, into_contiguous};

use super::launch::{Kernel, empty, shader};

/// Invocations that share an image.
const PER_IMAGE: usize = 16;

const FORWARD: Kernel = Kernel::new(shader!("cross_entropy_forward"), [PER_IMAGE, 1]);
const BACKWARD: Kernel = Kernel::new(shader!("cross_entropy_backward"), [64, 1]);

pub fn forward(logits: CubeTensor, images: CubeTensor) -> CubeTensor {
    let [logits, images] = [logits, images].map(into_contiguous);
    let [rows, pixels] = logits.meta.shape().dims();
    let loss = empty(&logits, [rows]);
    FORWARD.launch([rows * PER_IMAGE, 1], &[&logits, &images, &loss], &[rows, pixels]);
    loss
}

pub fn backward(logits: CubeTensor, images: CubeTensor, dloss: CubeTensor) -> CubeTensor {
    let [logits, images, dloss] = [logits, images, dloss].map(into_contiguous);
    let [rows, pixels] = logits.meta.shape().dims();
    let dlogits = empty(&logits, [rows, pixels]);
    let count = rows * pixels;
    BACKWARD.launch([count, 1], &[&logits, &images, &dloss, &dlogits], &[count, pixels]);
    dlogits
}
