//! Pixels from bytes.

use burn_wgpu::{CubeTensor, into_contiguous};

use super::launch::{Kernel, empty, shader};

const FORWARD: Kernel = Kernel::new(shader!("pixels"), [256, 1]);

/// `bytes` `[B, P / 4]` to `[B, P]`.
pub fn forward(bytes: CubeTensor) -> CubeTensor {
    let bytes = into_contiguous(bytes);
    let [images, words] = bytes.meta.shape().dims();
    let pixels = empty(&bytes, [images, 4 * words]);
    FORWARD.launch([images * words, 1], &[&bytes, &pixels], &[images * words]);
    pixels
}
