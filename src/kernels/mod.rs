//! Fused operations: each is one kernel, or a few, where stock burn takes many, and has a hand-written backward pass; as WGSL
//! on a GPU (`gpu/`) and as loops on the CPU (`cpu/`). `layers`, `model` and `train` call them as plain functions on tensors.

mod autodiff;
pub mod constants;
#[cfg(feature = "cpu")]
pub mod cpu;
#[cfg(feature = "webgpu")]
mod gpu;
mod implement;
mod operations;
#[cfg(feature = "kernel-tests")]
pub mod trial;

#[cfg(feature = "webgpu")]
pub use self::gpu::{allow_subgroups, assume_parallel};
use self::operations::{Differentiable, NonDifferentiable};

use burn::backend::Dispatch;
use burn::tensor::Tensor;

/// A fully connected layer `x W^T + b`, with ReLU after it if `relu`.
///
/// # Shapes
/// `x` `[B, I]`, `weight` `[O, I]` and `bias` `[O]` to `[B, O]`.
pub fn dense(x: Tensor<2>, weight: Tensor<2>, bias: Tensor<1>, relu: bool) -> Tensor<2> {
    let [x, weight, bias] = [x.into_dispatch(), weight.into_dispatch(), bias.into_dispatch()];
    Tensor::from_dispatch(<Dispatch as Differentiable>::dense(x, weight, bias, relu))
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

/// A parameter for an update by Adam: flattened, with its gradient and moments.
#[derive(Debug)]
pub struct Parameter {
    /// The flattened parameter, `[N]`.
    pub value: Tensor<1>,
    /// Its gradient, summed over the batch, `[N]`.
    pub gradient: Tensor<1>,
    /// First moments, then second moments, `[2 N]`.
    pub moments: Tensor<1>,
}

/// One step of Adam (Kingma & Ba 2015, algorithm 1) on one or two parameters. Returns `[value, moments]` of each, updated
/// in place unless another tensor shares its memory.
///
/// # Shapes
/// `rates` `[4]` or longer: step size and epsilon, both with the bias corrections folded in, the factor for each gradient
/// (1 / batch for a mean), and unused elements.
pub fn adam(parameter: Parameter, other: Option<Parameter>, rates: Tensor<1>) -> Vec<[Tensor<1>; 2]> {
    let parts = |Parameter { value, gradient, moments }: Parameter| {
        (value.into_dispatch(), gradient.into_dispatch(), moments.into_dispatch())
    };
    let (value, gradient, moments) = parts(parameter);
    let rates = rates.into_dispatch();
    let updated = match other {
        None => {
            let (value, moments) = <Dispatch as NonDifferentiable>::adam(value, gradient, moments, rates);
            vec![[value, moments]]
        }
        Some(other) => {
            let (other_value, other_gradient, other_moments) = parts(other);
            let (value, moments, other_value, other_moments) = <Dispatch as NonDifferentiable>::adam_pair(
                value,
                gradient,
                moments,
                other_value,
                other_gradient,
                other_moments,
                rates,
            );
            vec![[value, moments], [other_value, other_moments]]
        }
    };
    updated.into_iter().map(|pair| pair.map(Tensor::from_dispatch)).collect()
}

/// Writes the batch means of two loss terms into row `row` of `losses`, so that many steps are read from the device at once.
///
/// # Shapes
/// `reconstruction` and `divergence` `[B]`, `losses` `[S, 2]`; to `losses`.
pub fn record_losses(reconstruction: Tensor<1>, divergence: Tensor<1>, losses: Tensor<2>, row: usize) -> Tensor<2> {
    let [reconstruction, divergence] = [reconstruction, divergence].map(Tensor::into_dispatch);
    let losses = losses.into_dispatch();
    Tensor::from_dispatch(<Dispatch as NonDifferentiable>::record_losses(reconstruction, divergence, losses, row))
}
