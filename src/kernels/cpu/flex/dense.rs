//! A fully connected layer.

use burn::backend::Flex;
use burn::backend::flex::FlexTensor;

use super::{contiguous, shape, tensor, values};
use crate::kernels::cpu::dense::{self, Dims};
use crate::kernels::operations::{DenseGradients, DenseState};

fn dims(x: &FlexTensor, weight: &FlexTensor) -> Dims {
    let ([batch, inputs], [outputs, _]) = (shape(x), shape(weight));
    Dims { batch, inputs, outputs }
}

pub fn forward(x: FlexTensor, weight: FlexTensor, bias: FlexTensor, relu: bool) -> FlexTensor {
    let [x, weight, bias] = [x, weight, bias].map(contiguous);
    let dims = dims(&x, &weight);
    let y = dense::forward(values(&x), values(&weight), values(&bias), dims, relu);
    tensor(y, [dims.batch, dims.outputs])
}

pub fn backward(state: DenseState<Flex>, dy: FlexTensor, parameters: bool, input: bool) -> DenseGradients<Flex> {
    let DenseState { x, rectified, weight } = state;
    let [x, weight, dy] = [x, weight, dy].map(contiguous);
    let dims = dims(&x, &weight);
    let wanted = [input, parameters];
    let (dx, gradients) = dense::backward(values(&x), rectified, values(&weight), values(&dy), dims, wanted);
    DenseGradients {
        parameters: gradients
            .map(|(dweight, dbias)| [tensor(dweight, [dims.outputs, dims.inputs]), tensor(dbias, [dims.outputs])]),
        input: dx.map(|dx| tensor(dx, [dims.batch, dims.inputs])),
    }
}
