//! Pixels from bytes.

use burn::backend::flex::FlexTensor;

use super::{contiguous, shape, tensor};
use crate::data::pixel;

/// `bytes` `[B, P / 4]` to `[B, P]`.
pub fn forward(bytes: FlexTensor) -> FlexTensor {
    let [images, words] = shape(&bytes);
    let pixels = contiguous(bytes).bytes().iter().copied().map(pixel).collect();
    tensor(pixels, [images, 4 * words])
}
