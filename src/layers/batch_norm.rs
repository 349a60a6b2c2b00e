//! Batch normalisation (Ioffe & Szegedy 2015).

use burn::module::{Module, Param, RunningState};
use burn::tensor::module::{batch_norm, batch_norm_train};
use burn::tensor::{Device, Tensor};

const EPSILON: f64 = 1e-5;
/// How much of the running statistics each batch replaces.
const MOMENTUM: f64 = 0.1;

/// Which mean and variance a batch is brought to zero and one by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Statistics {
    /// The batch's own while training, with a note for later; the running ones otherwise.
    Batch,
    /// The running ones: for pictures that are no sample of the data.
    Running,
}

/// Each channel brought to mean zero and variance one, then scaled and shifted as learned; names as PyTorch's.
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

    /// # Shapes
    /// `[B, C, ...]` to the same.
    pub fn forward<const D: usize>(&self, x: Tensor<D>, statistics: Statistics) -> Tensor<D> {
        let (weight, bias) = (self.weight.val(), self.bias.val());
        let (mean, var) = (self.running_mean.value_sync(), self.running_var.value_sync());
        if statistics == Statistics::Running || !x.device().is_autodiff() {
            return batch_norm(x, weight, bias, mean, var, EPSILON);
        }
        let entries = x.shape().num_elements() / x.dims()[1];
        let batch = batch_norm_train(x, weight, bias, EPSILON);
        let unbiased = entries as f64 / (entries - 1).max(1) as f64;
        let blend = |old: Tensor<1>, new: Tensor<1>| (old * (1.0 - MOMENTUM) + new * MOMENTUM).detach();
        self.running_mean.update(blend(mean, batch.mean));
        self.running_var.update(blend(var, batch.variance * unbiased));
        batch.output
    }
}
