//! Convolutions over pictures `[B, C, height, width]`.

use burn::module::{Module, Param};
use burn::tensor::{Device, Tensor, TensorData};
use rand::rngs::ChaCha8Rng;

use super::uniform;
use crate::kernels;

const KERNEL: usize = 3;

/// A 3 x 3 convolution that keeps height and width, with the weight laid out as PyTorch's `nn.Conv2d` without bias: a
/// batch norm follows, which has its own.
#[derive(Module, Debug)]
pub struct Conv {
    weight: Param<Tensor<4>>, // [out, in, 3, 3]
}

impl Conv {
    pub fn new(inputs: usize, outputs: usize, random: &mut ChaCha8Rng, device: &Device) -> Self {
        let shape = [outputs, inputs, KERNEL, KERNEL];
        let weight = uniform(inputs * KERNEL * KERNEL, shape.iter().product(), random);
        Self { weight: Param::from_data(TensorData::new(weight, shape), device) }
    }

    /// # Shapes
    /// `[B, in, height, width]` to `[B, out, height, width]`.
    pub fn forward(&self, x: Tensor<4>) -> Tensor<4> {
        kernels::conv(x, self.weight.val())
    }
}

/// A transposed 2 x 2 convolution of stride 2, with the weight laid out as PyTorch's `nn.ConvTranspose2d`.
#[derive(Module, Debug)]
pub struct Up {
    weight: Param<Tensor<4>>,       // [in, out, 2, 2]
    bias: Option<Param<Tensor<1>>>, // [out], where no batch norm follows
}

impl Up {
    pub fn new(inputs: usize, outputs: usize, bias: bool, random: &mut ChaCha8Rng, device: &Device) -> Self {
        let weight = uniform(inputs, inputs * outputs * 4, random);
        let bias = bias.then(|| uniform(inputs, outputs, random));
        Self {
            weight: Param::from_data(TensorData::new(weight, [inputs, outputs, 2, 2]), device),
            bias: bias.map(|bias| Param::from_data(TensorData::new(bias, [outputs]), device)),
        }
    }

    /// # Shapes
    /// `[B, in, height, width]` to `[B, out, 2 height, 2 width]`.
    pub fn forward(&self, x: Tensor<4>) -> Tensor<4> {
        kernels::up(x, self.weight.val(), self.bias.as_ref().map(Param::val))
    }
}
