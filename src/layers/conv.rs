//! Convolutions of images `[B, C, height, width]`.

use burn::module::{Module, Param};
use burn::tensor::{Device, Tensor, TensorData};
use rand::rngs::ChaCha8Rng;

use super::uniform;
use crate::kernels;

const KERNEL: usize = 3;

/// A 3 x 3 convolution with zero padding 1, its weight laid out as in PyTorch's `nn.Conv2d`. It has no bias: a batch norm
/// follows, which has its own.
#[derive(Module, Debug)]
pub struct Conv {
    weight: Param<Tensor<4>>, // [out, in, 3, 3]
}

impl Conv {
    /// A layer with uniform weights in +-1/sqrt(9 inputs).
    pub fn new(inputs: usize, outputs: usize, random: &mut ChaCha8Rng, device: &Device) -> Self {
        let shape = [outputs, inputs, KERNEL, KERNEL];
        let weight = uniform(inputs * KERNEL * KERNEL, shape.iter().product(), random);
        Self { weight: Param::from_data(TensorData::new(weight, shape), device) }
    }

    /// The convolution of `x`.
    ///
    /// # Shapes
    /// `[B, in, height, width]` to `[B, out, height, width]`.
    pub fn forward(&self, x: Tensor<4>) -> Tensor<4> {
        kernels::conv(x, self.weight.val())
    }
}

/// A transposed 2 x 2 convolution with stride 2, its weight laid out as in PyTorch's `nn.ConvTranspose2d`.
#[derive(Module, Debug)]
pub struct ConvTranspose {
    weight: Param<Tensor<4>>,       // [in, out, 2, 2]
    bias: Option<Param<Tensor<1>>>, // [out]; `None` if a batch norm follows
}

impl ConvTranspose {
    /// A layer with uniform weights and bias in +-1/sqrt(inputs).
    pub fn new(inputs: usize, outputs: usize, bias: bool, random: &mut ChaCha8Rng, device: &Device) -> Self {
        let weight = uniform(inputs, inputs * outputs * 4, random);
        let bias = bias.then(|| uniform(inputs, outputs, random));
        Self {
            weight: Param::from_data(TensorData::new(weight, [inputs, outputs, 2, 2]), device),
            bias: bias.map(|bias| Param::from_data(TensorData::new(bias, [outputs]), device)),
        }
    }

    /// The transposed convolution of `x`.
    ///
    /// # Shapes
    /// `[B, in, height, width]` to `[B, out, 2 height, 2 width]`.
    pub fn forward(&self, x: Tensor<4>) -> Tensor<4> {
        kernels::conv_transpose(x, self.weight.val(), self.bias.as_ref().map(Param::val))
    }
}
