//! Batch norm, ReLU and max pooling.

use burn::backend::Flex;
use burn::backend::flex::FlexTensor;

use super::{contiguous, shape, tensor, values};
use crate::kernels::constants::BATCH_NORM_MOMENTUM;
use crate::kernels::cpu::{batch_norm, pool};
use crate::kernels::operations::{BatchNormOutput, BatchNormState};

/// For the backward pass it saves mean, variance, the output of the ReLU and that of the pooling.
pub fn forward(
    x: FlexTensor,
    weight: FlexTensor,
    bias: FlexTensor,
    [running_mean, running_var]: [FlexTensor; 2],
    pool: bool,
) -> BatchNormOutput<Flex> {
    let [x, weight, bias] = [x, weight, bias].map(contiguous);
    let [batch, channels, height, width] = shape(&x);
    let dims = batch_norm::Dims { batch, channels, area: height * width };
    let (mean, var) = batch_norm::moments(values(&x), dims);
    let relu_output = batch_norm::forward(values(&x), &mean, &var, values(&weight), values(&bias), dims);
    let relu_output = tensor(relu_output, [batch, channels, height, width]);
    let y = if pool {
        let dims = pool::Dims { planes: batch * channels, height, width };
        tensor(pool::forward(values(&relu_output), dims), [batch, channels, height / 2, width / 2])
    } else {
        relu_output.clone()
    };
    let count = (batch * dims.area) as f32;
    let unbiased = count / (count - 1.0).max(1.0);
    let running = [updated(running_mean, &mean, 1.0), updated(running_var, &var, unbiased)];
    let [mean, var] = [mean, var].map(|moments| tensor(moments, [channels]));
    let saved = vec![mean, var, relu_output, y.clone()];
    BatchNormOutput { y, running, state: BatchNormState { x, weight, saved } }
}

/// A running statistic moved towards `factor` times that of a batch.
fn updated(running: FlexTensor, batch: &[f32], factor: f32) -> FlexTensor {
    let running = contiguous(running);
    let momentum = BATCH_NORM_MOMENTUM as f32;
    let blended = values(&running).iter().zip(batch).map(|(old, new)| old + (new * factor - old) * momentum);
    tensor(blended.collect(), [batch.len()])
}

pub fn backward(state: BatchNormState<Flex>, dy: FlexTensor, pool: bool) -> [FlexTensor; 3] {
    let BatchNormState { x, weight, saved } = state;
    let [mean, var, relu_output, y] = &saved[..] else { unreachable!("the forward pass saves four tensors") };
    let dy = contiguous(dy);
    let [batch, channels, height, width] = shape(&x);
    let unpooled = pool.then(|| {
        let dims = pool::Dims { planes: batch * channels, height, width };
        pool::backward(values(relu_output), values(y), values(&dy), dims)
    });
    let dy = unpooled.as_deref().unwrap_or(values(&dy));
    let dims = batch_norm::Dims { batch, channels, area: height * width };
    let (dx, dweight, dbias) =
        batch_norm::backward(values(&x), values(relu_output), dy, values(mean), values(var), values(&weight), dims);
    [tensor(dx, [batch, channels, height, width]), tensor(dweight, [channels]), tensor(dbias, [channels])]
}
