//! Two fully connected layers of one input.

use burn::backend::Cube;
use burn_wgpu::{CubeTensor, into_contiguous};

use super::dense::{Gradients, launch_forward};
use super::launch::empty;
use crate::kernels::operations::{DensePairGradients, DensePairState};

pub fn forward(x: CubeTensor, weights: [CubeTensor; 2], biases: [CubeTensor; 2]) -> [CubeTensor; 2] {
    let x = into_contiguous(x);
    let [weights, biases] = [weights, biases].map(|both| both.map(into_contiguous));
    let [[rows, inputs], [outputs, _]] = [x.meta.shape().dims(), weights[0].meta.shape().dims()];
    assert_eq!(weights[1].meta.shape().dims(), [outputs, inputs], "both layers have as many outputs");
    let y = [(); 2].map(|()| empty(&x, [rows, outputs]));
    let tensors = [&x, &weights[0], &biases[0], &y[0], &weights[1], &biases[1], &y[1]];
    launch_forward([rows, inputs, outputs], false, &tensors, true);
    y
}

pub fn backward(
    DensePairState { x, rectified, weights }: DensePairState<Cube>,
    dy: [CubeTensor; 2],
    parameters: bool,
    input: bool,
) -> DensePairGradients<Cube> {
    if !parameters && !input {
        return DensePairGradients { parameters: None, input: None };
    }
    let gradients = Gradients { dy: dy.into(), x, rectified, weights: weights.into(), parameters, input };
    let (parameters, input) = gradients.compute();
    let parameters = parameters.map(|layers| layers.try_into().expect("as many layers as weights"));
    DensePairGradients { parameters, input }
}
