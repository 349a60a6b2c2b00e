//! Batch norm (Ioffe & Szegedy 2015) with the ReLU, and the optional max pooling, that follow it in all models here.

use burn::module::{Module, Param, RunningState};
use burn::tensor::activation::relu;
use burn::tensor::module::{batch_norm, max_pool2d};
use burn::tensor::ops::MaxPoolOptions;
use burn::tensor::{Device, Tensor};

use crate::kernels::{self, constants::BATCH_NORM_EPSILON};

/// The mean and variance that a batch is normalised with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Statistics {
    /// While training those of the batch, which also update the running ones; otherwise the running ones.
    Batch,
    /// The running ones: for images that are not a sample of the data.
    Running,
}

/// Each channel normalised to mean zero and variance one, then a learned scale and shift, then ReLU. Parameters are named as in
/// PyTorch's `nn.BatchNorm2d`.
#[derive(Module, Debug)]
pub struct BatchNorm {
    weight: Param<Tensor<1>>, // [C]
    bias: Param<Tensor<1>>,   // [C]
    running_mean: RunningState<Tensor<1>>,
    running_var: RunningState<Tensor<1>>,
}

impl BatchNorm {
    /// Scale one and shift zero; running mean zero and variance one.
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

    /// Batch norm and ReLU, followed by 2 x 2 max pooling if `pool`.
    ///
    /// # Shapes
    /// `[B, C, height, width]` to the same, or with `pool` to `[B, C, height / 2, width / 2]`.
    pub fn forward(&self, x: Tensor<4>, statistics: Statistics, pool: bool) -> Tensor<4> {
        let (weight, bias) = (self.weight.val(), self.bias.val());
        let (mean, var) = (self.running_mean.value_sync(), self.running_var.value_sync());
        if statistics == Statistics::Running || !x.device().is_autodiff() {
            let y = relu(batch_norm(x, weight, bias, mean, var, BATCH_NORM_EPSILON));
            return if pool { max_pool2d(y, MaxPoolOptions::new([2, 2])) } else { y };
        }
        let (y, [mean, var]) = kernels::batch_norm(x, weight, bias, [mean, var], pool);
        self.running_mean.update(mean);
        self.running_var.update(var);
        y
    }
}
