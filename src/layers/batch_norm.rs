//! Batch normalisation (Ioffe & Szegedy 2015) with what always follows it here.

use burn::module::{Module, Param, RunningState};
use burn::tensor::activation::relu;
use burn::tensor::module::{batch_norm, max_pool2d};
use burn::tensor::ops::MaxPoolOptions;
use burn::tensor::{Device, Tensor};

use crate::kernels;

const EPSILON: f64 = 1e-5;

/// Which mean and variance a batch is brought to zero and one by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Statistics {
    /// The batch's own while training, with a note for later; the running ones otherwise.
    Batch,
    /// The running ones: for pictures that are no sample of the data.
    Running,
}

/// Each channel brought to mean zero and variance one, scaled and shifted as learned, then ReLU; names as PyTorch's.
#[derive(Module, Debug)]
pub struct BatchNorm {
    weight: Param<Tensor<1>>, // [C]
    bias: Param<Tensor<1>>,   // [C]
    running_mean: RunningState<Tensor<1>>,
    running_var: RunningState<Tensor<1>>,
}

impl BatchNorm {
    pub fn new(channels: usize, device: &Device) -> Self {
        let constant = |value: f32| vec![value; channels];
        let buffer = |value| RunningState::new(Tensor::from_data(constant(value).as_slice(), device));
        Self {
            weight: Param::from_data(constant(1.0).as_slice(), device),
            bias: Param::from_data(constant(0.0).as_slice(), device),
            running_mean: buffer(0.0),
            running_var: buffer(1.0),
        }
    }

    /// With `pool`, of each 2 x 2 window only the largest number goes on.
    ///
    /// # Shapes
    /// `[B, C, height, width]` to the same, or to half the height and width.
    pub fn forward(&self, x: Tensor<4>, statistics: Statistics, pool: bool) -> Tensor<4> {
        let (weight, bias) = (self.weight.val(), self.bias.val());
        let (mean, var) = (self.running_mean.value_sync(), self.running_var.value_sync());
        if statistics == Statistics::Running || !x.device().is_autodiff() {
            let y = relu(batch_norm(x, weight, bias, mean, var, EPSILON));
            return if pool { max_pool2d(y, MaxPoolOptions::new([2, 2])) } else { y };
        }
        let (y, [mean, var]) = kernels::norm(x, weight, bias, [mean, var], pool);
        self.running_mean.update(mean);
        self.running_var.update(var);
        y
    }
}
