//! Two fully connected layers of one input.

use burn::backend::Flex;
use burn::backend::flex::FlexTensor;

use super::{dense, values, values_mut};
use crate::kernels::operations::{DenseGradients, DensePairGradients, DensePairState, DenseState};

pub fn forward(
    x: FlexTensor,
    [weight, other_weight]: [FlexTensor; 2],
    [bias, other]: [FlexTensor; 2],
) -> [FlexTensor; 2] {
    [dense::forward(x.clone(), weight, bias, false), dense::forward(x, other_weight, other, false)]
}

pub fn backward(
    DensePairState { x, rectified, weights: [weight, other_weight] }: DensePairState<Flex>,
    [dy, other_dy]: [FlexTensor; 2],
    parameters: bool,
    input: bool,
) -> DensePairGradients<Flex> {
    let layer = |weight, dy| dense::backward(DenseState { x: x.clone(), rectified, weight }, dy, parameters, input);
    let [first, other]: [DenseGradients<Flex>; 2] = [layer(weight, dy), layer(other_weight, other_dy)];
    let both = first.input.zip(other.input).map(|(mut sum, term)| {
        values_mut(&mut sum).iter_mut().zip(values(&term)).for_each(|(sum, term)| *sum += term);
        sum
    });
    DensePairGradients { parameters: first.parameters.zip(other.parameters).map(|(a, b)| [a, b]), input: both }
}
