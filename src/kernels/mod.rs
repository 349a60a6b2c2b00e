//! Fused operations: each is one kernel, or a few, where stock burn takes many, and has a hand-written backward pass; as WGSL
//! on a GPU (`gpu/`) and as loops on the CPU (`cpu/`). `layers`, `model` and `train` call them as plain functions on tensors.

mod autodiff;
pub mod constants;
#[cfg(feature = "cpu")]
pub mod cpu;
#[cfg(feature = "webgpu")]
mod gpu;
mod implement;
mod layer_input;
mod operations;
#[cfg(feature = "kernel-tests")]
pub mod trial;

#[cfg(feature = "webgpu")]
pub use self::gpu::{allow_subgroups, assume_parallel};
pub use self::layer_input::LayerInput;
use self::operations::{AdamGroup, AdamParameter, Differentiable, NonDifferentiable};

use burn::backend::Dispatch;
use burn::tensor::{DType, Device, Int, Tensor, TensorData};

/// Images whose pixels are bytes, 255 for 1. They stay bytes until they are on the device, so that the host copies a quarter.
///
/// # Shapes
/// `bytes` `[B * P]` to `[B, P]`.
///
/// # Panics
/// Unless `P` is a multiple of four.
pub fn pixels(bytes: Vec<u8>, columns: usize, device: &Device) -> Tensor<2> {
    assert!(columns.is_multiple_of(4), "four pixels share an integer");
    let shape = [bytes.len() / columns, columns / 4];
    let fours = TensorData::from_bytes_vec(bytes, shape, DType::I32);
    let fours = Tensor::<2, Int>::from_data(fours, (&device.clone().without_autodiff(), DType::I32));
    let pixels = Tensor::from_dispatch(<Dispatch as NonDifferentiable>::pixels(fours.into_dispatch()));
    if device.is_autodiff() { pixels.autodiff() } else { pixels }
}

/// A fully connected layer `x W^T + b`.
///
/// # Shapes
/// `x` `[B, I]`, `weight` `[O, I]` and `bias` `[O]` to `[B, O]`.
pub fn dense(x: impl Into<LayerInput>, weight: Tensor<2>, bias: Tensor<1>) -> Tensor<2> {
    layer(x.into(), weight, bias, false)
}

/// The same with a ReLU after it, `max(x W^T + b, 0)`.
pub fn dense_relu(x: impl Into<LayerInput>, weight: Tensor<2>, bias: Tensor<1>) -> LayerInput {
    LayerInput { x: layer(x.into(), weight, bias, true), rectified: true }
}

fn layer(LayerInput { x, rectified }: LayerInput, weight: Tensor<2>, bias: Tensor<1>, relu: bool) -> Tensor<2> {
    let [x, weight, bias] = [x.into_dispatch(), weight.into_dispatch(), bias.into_dispatch()];
    Tensor::from_dispatch(<Dispatch as Differentiable>::dense(x, rectified, weight, bias, relu))
}

/// Two [`dense`] layers of one input. They share one backward pass, that of the first, so a loss must depend on its
/// output, not on the other's alone.
///
/// # Shapes
/// `x` `[B, I]`, each weight `[O, I]` and each bias `[O]` to two outputs `[B, O]`.
pub fn dense_pair(x: impl Into<LayerInput>, weights: [Tensor<2>; 2], biases: [Tensor<1>; 2]) -> [Tensor<2>; 2] {
    let [weight, other_weight] = weights.map(Tensor::into_dispatch);
    let [bias, other_bias] = biases.map(Tensor::into_dispatch);
    let LayerInput { x, rectified } = x.into();
    let x = x.into_dispatch();
    let (y, other) = <Dispatch as Differentiable>::dense_pair(x, rectified, weight, bias, other_weight, other_bias);
    [y, other].map(Tensor::from_dispatch)
}

/// Binary cross-entropy of images in 0..=1 given logits, in nats per image (summed over pixels). No gradient flows to the
/// images.
///
/// # Shapes
/// `logits` and `images` `[B, P]` to `[B]`.
pub fn cross_entropy(logits: Tensor<2>, images: Tensor<2>) -> Tensor<1> {
    Tensor::from_dispatch(<Dispatch as Differentiable>::cross_entropy(logits.into_dispatch(), images.into_dispatch()))
}

/// A reparameterised sample `z = mean + exp(log_var / 2) noise`, and KL(N(mean, var) || N(0, I)) in nats per image
/// (Kingma & Welling 2014, section 2.4 and appendix B). No gradient flows to the noise. Both outputs share one backward pass,
/// that of the sample, so a loss must depend on `z`, not on the KL alone.
///
/// # Shapes
/// `mean`, `log_var` and `noise` `[B, Z]` to `z` `[B, Z]` and KL `[B]`.
pub fn sample_and_kl(mean: Tensor<2>, log_var: Tensor<2>, noise: Tensor<2>) -> (Tensor<2>, Tensor<1>) {
    let [mean, log_var, noise] = [mean.into_dispatch(), log_var.into_dispatch(), noise.into_dispatch()];
    let (z, kl) = <Dispatch as Differentiable>::sample_and_kl(mean, log_var, noise);
    (Tensor::from_dispatch(z), Tensor::from_dispatch(kl))
}

/// A 3 x 3 convolution with stride 1, zero padding 1 and no bias.
///
/// # Shapes
/// `x` `[B, C, height, width]` and `weight` `[O, C, 3, 3]` to `[B, O, height, width]`.
pub fn conv(x: Tensor<4>, weight: Tensor<4>) -> Tensor<4> {
    Tensor::from_dispatch(<Dispatch as Differentiable>::conv(x.into_dispatch(), weight.into_dispatch()))
}

/// A transposed 2 x 2 convolution with stride 2.
///
/// # Shapes
/// `x` `[B, C, height, width]`, `weight` `[C, O, 2, 2]` and `bias` `[O]` to `[B, O, 2 height, 2 width]`.
pub fn conv_transpose(x: Tensor<4>, weight: Tensor<4>, bias: Option<Tensor<1>>) -> Tensor<4> {
    let [x, weight] = [x, weight].map(Tensor::into_dispatch);
    Tensor::from_dispatch(match bias {
        Some(bias) => <Dispatch as Differentiable>::conv_transpose_biased(x, weight, bias.into_dispatch()),
        None => <Dispatch as Differentiable>::conv_transpose(x, weight),
    })
}

/// Batch norm with the batch's own statistics (Ioffe & Szegedy 2015), then ReLU, then 2 x 2 max pooling if `pool`. Also
/// returns the running mean and the running unbiased variance, each updated with [`constants::BATCH_NORM_MOMENTUM`].
///
/// # Shapes
/// `x` `[B, C, height, width]`, all others `[C]`; to the shape of `x`, or with `pool` `[B, C, height / 2, width / 2]`.
pub fn batch_norm(
    x: Tensor<4>,
    weight: Tensor<1>,
    bias: Tensor<1>,
    running: [Tensor<1>; 2],
    pool: bool,
) -> (Tensor<4>, [Tensor<1>; 2]) {
    let [weight, bias] = [weight, bias].map(Tensor::into_dispatch);
    let [mean, var] = running.map(Tensor::into_dispatch);
    let (y, mean, var) = <Dispatch as Differentiable>::batch_norm(x.into_dispatch(), weight, bias, mean, var, pool);
    (Tensor::from_dispatch(y), [mean, var].map(Tensor::from_dispatch))
}

/// A parameter for an update by Adam.
#[derive(Debug)]
pub struct Parameter {
    /// The flattened parameter, `[N]`.
    pub value: Tensor<1>,
    /// Its gradient, summed over the batch, `[N]`.
    pub gradient: Tensor<1>,
}

/// The most parameters that [`adam`] updates at once.
pub const ADAM_GROUP: usize = 3;

/// The numbers of an update by Adam.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rates {
    /// Step size, with the bias corrections folded in.
    pub step_size: f32,
    /// Epsilon, with the bias corrections folded in.
    pub epsilon: f32,
    /// The factor for each gradient: 1 / batch for a mean.
    pub gradient_factor: f32,
}

/// One step of Adam (Kingma & Ba 2015, algorithm 1) on one to [`ADAM_GROUP`] parameters. Returns their values and their moments, updated
/// in place unless another tensor shares their memory.
///
/// # Shapes
/// `moments` `[2 N]` for `N` values in all: the first moments of every parameter, then the second moments.
///
/// # Panics
/// With more parameters, or none.
pub fn adam(parameters: Vec<Parameter>, moments: Tensor<1>, rates: Rates) -> (Vec<Tensor<1>>, Tensor<1>) {
    let mut parts = parameters.into_iter().map(|Parameter { value, gradient }| AdamParameter {
        value: value.into_dispatch(),
        gradient: gradient.into_dispatch(),
    });
    let group = match [parts.next(), parts.next(), parts.next()] {
        [Some(a), None, None] => AdamGroup::One(a),
        [Some(a), Some(b), None] => AdamGroup::Two(a, b),
        [Some(a), Some(b), Some(c)] if parts.next().is_none() => AdamGroup::Three(a, b, c),
        _ => panic!("Adam updates one to {ADAM_GROUP} parameters at once"),
    };
    let Rates { step_size, epsilon, gradient_factor } = rates;
    let moments = moments.into_dispatch();
    let (values, moments) = <Dispatch as NonDifferentiable>::adam(group, moments, step_size, epsilon, gradient_factor);
    (values.into_iter().map(Tensor::from_dispatch).collect(), Tensor::from_dispatch(moments))
}

/// The loss of each image, `reconstruction + beta divergence`; and `losses` with the batch means of both terms in row `row`, so that the
/// terms of many steps are read from the device at once. No gradient flows through `losses`.
///
/// # Shapes
/// `reconstruction` and `divergence` `[B]`, `losses` `[S, 2]`; to `[B]` and `[S, 2]`.
pub fn total_and_record(
    [reconstruction, divergence]: [Tensor<1>; 2],
    beta: f64,
    losses: Tensor<2>,
    row: usize,
) -> (Tensor<1>, Tensor<2>) {
    let [reconstruction, divergence] = [reconstruction, divergence].map(Tensor::into_dispatch);
    let losses = losses.into_dispatch();
    let (total, losses) =
        <Dispatch as Differentiable>::total_and_record(reconstruction, divergence, beta as f32, losses, row);
    (Tensor::from_dispatch(total), Tensor::from_dispatch(losses))
}
