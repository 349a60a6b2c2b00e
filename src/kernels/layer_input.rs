//! What a fully connected layer takes.

use burn::tensor::Tensor;
use burn::tensor::activation::relu;

/// The input of fully connected layers: any tensor, or the output of a [ReLU](super::dense_relu), whose gradient has to be zero where the output is. The layers that take it
/// write such a gradient, so that the one before need not look at its output again for every gradient that it reads.
#[derive(Debug, Clone)]
pub struct LayerInput {
    pub(super) x: Tensor<2>,
    pub(super) rectified: bool,
}

impl From<Tensor<2>> for LayerInput {
    fn from(x: Tensor<2>) -> Self {
        Self { x, rectified: false }
    }
}

/// For other operations than fully connected layers: after a ReLU by another one, which changes the gradient alone.
impl From<LayerInput> for Tensor<2> {
    fn from(LayerInput { x, rectified }: LayerInput) -> Self {
        if rectified { relu(x) } else { x }
    }
}
