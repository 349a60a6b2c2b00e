//! A fully connected layer.

use burn::module::{Module, Param};
use burn::tensor::{Device, Tensor, TensorData};
use rand::rngs::ChaCha8Rng;

use super::uniform;
use crate::kernels::{self, LayerInput};

/// `x W^T + b`, with the weight laid out as in PyTorch's `nn.Linear`.
#[derive(Module, Debug)]
pub struct Dense {
    weight: Param<Tensor<2>>, // [out, in]
    bias: Param<Tensor<1>>,   // [out]
}

impl Dense {
    /// A layer with uniform weights and bias in +-1/sqrt(inputs).
    pub fn new(inputs: usize, outputs: usize, random: &mut ChaCha8Rng, device: &Device) -> Self {
        let weight = uniform(inputs, outputs * inputs, random);
        let bias = uniform(inputs, outputs, random);
        Self {
            weight: Param::from_data(TensorData::new(weight, [outputs, inputs]), device),
            bias: Param::from_data(TensorData::new(bias, [outputs]), device),
        }
    }

    /// A layer that gives zeros until it is trained.
    pub fn zeros(inputs: usize, outputs: usize, device: &Device) -> Self {
        Self {
            weight: Param::from_data(TensorData::zeros::<f32, _>([outputs, inputs]), device),
            bias: Param::from_data(TensorData::zeros::<f32, _>([outputs]), device),
        }
    }

    /// The layer's output without a ReLU.
    ///
    /// # Shapes
    /// `[B, in]` to `[B, out]`.
    pub fn forward(&self, x: impl Into<LayerInput>) -> Tensor<2> {
        kernels::dense(x, self.weight.val(), self.bias.val())
    }

    /// The outputs of two layers of the same size, as of [`forward`](Self::forward). A loss must depend on that of the first.
    pub fn forward_pair(&self, other: &Self, x: impl Into<LayerInput>) -> [Tensor<2>; 2] {
        let layers = [self, other];
        kernels::dense_pair(x, layers.map(|layer| layer.weight.val()), layers.map(|layer| layer.bias.val()))
    }

    /// The output of [`forward`](Self::forward) after a ReLU.
    pub fn forward_relu(&self, x: impl Into<LayerInput>) -> LayerInput {
        kernels::dense_relu(x, self.weight.val(), self.bias.val())
    }
}
