//! Binary cross-entropy from logits.

use burn::backend::flex::FlexTensor;

use super::{contiguous, shape, tensor, values};
use crate::kernels::cpu::cross_entropy;

pub fn forward(logits: FlexTensor, images: FlexTensor) -> FlexTensor {
    let [logits, images] = [logits, images].map(contiguous);
    let [rows, _] = shape(&logits);
    tensor(cross_entropy::forward(values(&logits), values(&images), rows), [rows])
}

pub fn backward(logits: FlexTensor, images: FlexTensor, dloss: FlexTensor) -> FlexTensor {
    let [logits, images, dloss] = [logits, images, dloss].map(contiguous);
    let [rows, pixels] = shape(&logits);
    tensor(cross_entropy::backward(values(&logits), values(&images), values(&dloss), rows), [rows, pixels])
}
