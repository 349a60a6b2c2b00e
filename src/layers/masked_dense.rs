//! A fully connected layer of which some weights are zero for good (MADE, Germain et al. 2015).

use burn::module::{Module, Param};
use burn::tensor::{Device, Tensor, TensorData};
use rand::rngs::ChaCha8Rng;

use super::uniform;
use crate::kernels::{self, LayerInput};

/// `x (mask W)^T + b`, with the weight laid out as in PyTorch's `nn.Linear`.
#[derive(Module, Debug)]
pub struct MaskedDense {
    weight: Param<Tensor<2>>, // [out, in]
    bias: Param<Tensor<1>>,   // [out]
    #[module(skip)]
    mask: Tensor<2>, // [out, in], without autodiff
}

impl MaskedDense {
    /// A layer with uniform weights and bias in +-1/sqrt(inputs), where output `o` depends on input `i` if `depends(o, i)`.
    pub fn new(
        inputs: usize,
        outputs: usize,
        depends: impl Fn(usize, usize) -> bool,
        random: &mut ChaCha8Rng,
        device: &Device,
    ) -> Self {
        let weight = uniform(inputs, outputs * inputs, random);
        let bias = uniform(inputs, outputs, random);
        let mask: Vec<f32> =
            (0..outputs * inputs).map(|at| f32::from(u8::from(depends(at / inputs, at % inputs)))).collect();
        let shape = [outputs, inputs];
        Self {
            weight: Param::from_data(TensorData::new(weight, shape), device),
            bias: Param::from_data(TensorData::new(bias, [outputs]), device),
            mask: Tensor::from_data(TensorData::new(mask, shape), &device.clone().without_autodiff()),
        }
    }

    /// The weight with its zeros, `[out, in]`.
    pub fn weight(&self) -> Tensor<2> {
        self.weight.val() * self.mask.clone()
    }

    /// The layer's output without a ReLU.
    ///
    /// # Shapes
    /// `[B, in]` to `[B, out]`.
    pub fn forward(&self, x: impl Into<LayerInput>) -> Tensor<2> {
        kernels::dense(x, self.weight(), self.bias.val())
    }

    /// The output of [`forward`](Self::forward) after a ReLU.
    pub fn forward_relu(&self, x: impl Into<LayerInput>) -> LayerInput {
        kernels::dense_relu(x, self.weight(), self.bias.val())
    }
}
