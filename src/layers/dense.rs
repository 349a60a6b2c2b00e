//! A fully connected layer.

use burn::module::{Module, Param};
use burn::tensor::{Device, Tensor, TensorData};
use rand::rngs::ChaCha8Rng;
use rand_distr::{Distribution, Uniform};

/// `x W^T + b`, with the weight laid out as PyTorch's `nn.Linear`.
#[derive(Module, Debug)]
pub struct Dense {
    weight: Param<Tensor<2>>, // [out, in]
    bias: Param<Tensor<1>>,   // [out]
}

impl Dense {
    /// Weights and biases uniform in +-1/sqrt(inputs), as PyTorch starts them, drawn from `random`.
    pub fn new(inputs: usize, outputs: usize, random: &mut ChaCha8Rng, device: &Device) -> Self {
        let bound = 1.0 / (inputs as f32).sqrt();
        let uniform = Uniform::new_inclusive(-bound, bound).expect("the bound is finite and positive");
        let mut draw = |count| uniform.sample_iter(&mut *random).take(count).collect::<Vec<f32>>();
        Self {
            weight: Param::from_data(TensorData::new(draw(outputs * inputs), [outputs, inputs]), device),
            bias: Param::from_data(TensorData::new(draw(outputs), [outputs]), device),
        }
    }

    /// # Shapes
    /// `[B, in]` to `[B, out]`.
    pub fn forward(&self, x: Tensor<2>) -> Tensor<2> {
        x.matmul(self.weight.val().transpose()) + self.bias.val().unsqueeze()
    }
}
