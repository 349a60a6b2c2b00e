//! A transposed 2 x 2 convolution.

use burn::backend::flex::FlexTensor;

use super::{contiguous, shape, tensor, values};
use crate::kernels::cpu::conv_transpose::{self, Dims};

fn dims(x: &FlexTensor, weight: &FlexTensor) -> Dims {
    let ([batch, inputs, height, width], [_, outputs, ..]) = (shape(x), shape::<4>(weight));
    Dims { batch, inputs, outputs, height, width }
}

pub fn forward(x: FlexTensor, weight: FlexTensor, bias: Option<FlexTensor>) -> FlexTensor {
    let [x, weight] = [x, weight].map(contiguous);
    let bias = bias.map(contiguous);
    let dims = dims(&x, &weight);
    let y = conv_transpose::forward(values(&x), values(&weight), bias.as_ref().map(values), dims);
    tensor(y, [dims.batch, dims.outputs, 2 * dims.height, 2 * dims.width])
}

pub fn backward(
    x: FlexTensor,
    weight: FlexTensor,
    dy: FlexTensor,
    [input, by_weight, by_bias]: [bool; 3],
) -> [Option<FlexTensor>; 3] {
    let [x, weight, dy] = [x, weight, dy].map(contiguous);
    let dims = dims(&x, &weight);
    let (dx, dweight, dbias) =
        conv_transpose::backward(values(&x), values(&weight), values(&dy), dims, input, by_weight);
    [
        dx.map(|dx| tensor::<4>(dx, shape(&x))),
        dweight.map(|dweight| tensor::<4>(dweight, shape(&weight))),
        by_bias.then(|| tensor(dbias, [dims.outputs])),
    ]
}
