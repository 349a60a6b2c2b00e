//! What a fully connected layer takes.

use burn::tensor::activation::relu;
use burn::tensor::{Bool, Tensor};

/// The input of fully connected layers: any tensor, or the output of a [ReLU](super::dense_relu). The gradient of a ReLU's input is zero where its output is;
/// the layers that take the output write those zeros into the gradient, so that the layer before need not read its output again for each of its gradients.
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

impl LayerInput {
    /// For other operations than fully connected layers. An output of a ReLU goes through another one, which changes the gradient alone and costs two
    /// launches on a GPU forward, two backward.
    pub fn into_tensor(self) -> Tensor<2> {
        if self.rectified { relu(self.x) } else { self.x }
    }

    /// Where it is above zero.
    pub fn is_positive(self) -> Tensor<2, Bool> {
        self.x.greater_elem(0.0)
    }
}
