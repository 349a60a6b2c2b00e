//! Convolutions over pictures `[B, C, height, width]`.

use burn::module::{Module, Param};
use burn::tensor::module::{conv2d, max_pool2d};
use burn::tensor::ops::{ConvOptions, MaxPoolOptions};
use burn::tensor::{Device, Tensor, TensorData};
use rand::rngs::ChaCha8Rng;

use super::uniform;

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
        conv2d(x, self.weight.val(), None, ConvOptions::new([1, 1], [1, 1], [1, 1], 1))
    }
}

/// A transposed 2 x 2 convolution of stride 2, with the weight laid out as PyTorch's `nn.ConvTranspose2d`. Its windows do
/// not overlap, so it is one matrix product and a rearrangement.
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
        let [images, inputs, height, width] = x.dims();
        let [_, outputs, ..] = self.weight.val().dims();
        let pixels: Tensor<2> = x.permute([0, 2, 3, 1]).reshape([images * height * width, inputs]);
        let windows = pixels.matmul(self.weight.val().reshape([inputs, outputs * 4]));
        let windows: Tensor<6> = windows.reshape([images, height, width, outputs, 2, 2]);
        let picture = windows.permute([0, 3, 1, 4, 2, 5]).reshape([images, outputs, 2 * height, 2 * width]);
        match &self.bias {
            Some(bias) => picture + bias.val().reshape([1, outputs, 1, 1]),
            None => picture,
        }
    }
}

/// The largest of each 2 x 2 window: `[B, C, height, width]` to half the height and width.
pub fn max_pool(x: Tensor<4>) -> Tensor<4> {
    max_pool2d(x, MaxPoolOptions::new([2, 2]))
}
