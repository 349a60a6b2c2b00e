//! A 3 x 3 convolution.

use burn::backend::flex::FlexTensor;

use super::{contiguous, shape, tensor, values};
use crate::kernels::cpu::conv::{self, Dims};

pub fn forward(x: FlexTensor, weight: FlexTensor) -> FlexTensor {
    let [x, weight] = [x, weight].map(contiguous);
    let ([batch, inputs, height, width], [outputs, ..]) = (shape(&x), shape::<4>(&weight));
    let dims = Dims { batch, inputs, outputs, height, width };
    tensor(conv::forward(values(&x), values(&weight), dims), [batch, outputs, height, width])
}

pub fn input_gradient(dy: FlexTensor, weight: FlexTensor) -> FlexTensor {
    let [dy, weight] = [dy, weight].map(contiguous);
    let ([batch, outputs, height, width], [_, inputs, ..]) = (shape(&dy), shape::<4>(&weight));
    let dims = Dims { batch, inputs, outputs, height, width };
    tensor(conv::input_gradient(values(&dy), values(&weight), dims), [batch, inputs, height, width])
}

pub fn weight_gradient(x: FlexTensor, dy: FlexTensor) -> FlexTensor {
    let [x, dy] = [x, dy].map(contiguous);
    let ([batch, inputs, height, width], [_, outputs, ..]) = (shape(&x), shape::<4>(&dy));
    let dims = Dims { batch, inputs, outputs, height, width };
    tensor(conv::weight_gradient(values(&x), values(&dy), dims), [outputs, inputs, 3, 3])
}
