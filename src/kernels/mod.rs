//! Operations that the hot path takes in one piece, where stock burn takes many: each with its gradient, as WGSL kernels on a
//! GPU and as loops on the CPU. `layers` and `objective` call them as plain functions on tensors.

mod autodiff;
#[cfg(feature = "cpu")]
pub mod cpu;
#[cfg(feature = "cpu")]
mod flex;
#[cfg(feature = "webgpu")]
mod gpu;
pub mod trial;

#[cfg(feature = "webgpu")]
pub use self::gpu::allow_subgroups;

use burn::backend::tensor::FloatTensor;
use burn::backend::{Backend, Dispatch, backend_extension};
use burn::tensor::Tensor;

/// A fully connected layer `x W^T + b`, then ReLU where asked.
///
/// # Shapes
/// `x` `[B, I]`, `weight` `[O, I]`, `bias` `[O]` to `[B, O]`.
pub fn dense(x: Tensor<2>, weight: Tensor<2>, bias: Tensor<1>, relu: bool) -> Tensor<2> {
    let [x, weight, bias] = [x.into_dispatch(), weight.into_dispatch(), bias.into_dispatch()];
    Tensor::from_dispatch(<Dispatch as Differentiable>::dense(x, weight, bias, relu))
}

/// Binary cross-entropy of images in 0..=1 under logits, in nats, summed over pixels. The images are constants.
///
/// # Shapes
/// Both `[B, P]`, to `[B]`.
pub fn cross_entropy(logits: Tensor<2>, images: Tensor<2>) -> Tensor<1> {
    Tensor::from_dispatch(<Dispatch as Differentiable>::cross_entropy(logits.into_dispatch(), images.into_dispatch()))
}

/// A reparameterised draw `mean + exp(log_var / 2) noise`, and the KL of the Gaussian it is drawn from to N(0, I), in nats
/// (Kingma & Welling 2014, section 2.4 and appendix B). The noise is a constant. What is minimised must depend on the draw, not on
/// the KL alone: both have one backward pass, which the draw begins.
///
/// # Shapes
/// All `[B, Z]`, to `[B, Z]` and `[B]`.
pub fn latent(mean: Tensor<2>, log_var: Tensor<2>, noise: Tensor<2>) -> (Tensor<2>, Tensor<1>) {
    let [mean, log_var, noise] = [mean.into_dispatch(), log_var.into_dispatch(), noise.into_dispatch()];
    let (z, kl) = <Dispatch as Differentiable>::latent(mean, log_var, noise);
    (Tensor::from_dispatch(z), Tensor::from_dispatch(kl))
}

/// A 3 x 3 convolution that keeps height and width, without bias.
///
/// # Shapes
/// `x` `[B, C, height, width]`, `weight` `[O, C, 3, 3]` to `[B, O, height, width]`.
pub fn conv(x: Tensor<4>, weight: Tensor<4>) -> Tensor<4> {
    Tensor::from_dispatch(<Dispatch as Differentiable>::conv(x.into_dispatch(), weight.into_dispatch()))
}

/// A transposed 2 x 2 convolution of stride 2.
///
/// # Shapes
/// `x` `[B, C, height, width]`, `weight` `[C, O, 2, 2]`, `bias` `[O]` to `[B, O, 2 height, 2 width]`.
pub fn up(x: Tensor<4>, weight: Tensor<4>, bias: Option<Tensor<1>>) -> Tensor<4> {
    let [x, weight] = [x, weight].map(Tensor::into_dispatch);
    Tensor::from_dispatch(match bias {
        Some(bias) => <Dispatch as Differentiable>::up_biased(x, weight, bias.into_dispatch()),
        None => <Dispatch as Differentiable>::up(x, weight),
    })
}

/// Batch norm by the batch's own statistics (Ioffe & Szegedy 2015), ReLU, and where asked for the largest of each 2 x 2 window;
/// and the running mean and unbiased variance, moved a tenth of the way towards the batch's.
///
/// # Shapes
/// `x` `[B, C, height, width]`, all else `[C]`, to the same or half the height and width.
pub fn norm(
    x: Tensor<4>,
    weight: Tensor<1>,
    bias: Tensor<1>,
    running: [Tensor<1>; 2],
    pool: bool,
) -> (Tensor<4>, [Tensor<1>; 2]) {
    let [weight, bias] = [weight, bias].map(Tensor::into_dispatch);
    let [mean, var] = running.map(Tensor::into_dispatch);
    let (y, mean, var) = <Dispatch as Differentiable>::norm(x.into_dispatch(), weight, bias, mean, var, pool);
    (Tensor::from_dispatch(y), [mean, var].map(Tensor::from_dispatch))
}

/// A tensor that Adam moves, flat, with what it needs to know of it.
#[derive(Debug)]
pub struct Moved {
    pub value: Tensor<1>,    // [N]
    pub gradient: Tensor<1>, // [N], summed over the batch
    pub moments: Tensor<1>,  // [2 N]: first moments, then second ones
}

/// One step of Adam (Kingma & Ba 2015, algorithm 1) on up to two tensors, in place where nobody else holds them; gives back
/// values and moments. `rates` holds step size and epsilon, both with the bias corrections folded in, the share of each gradient that
/// counts, and at least one number more.
pub fn adam(moved: Moved, other: Option<Moved>, rates: Tensor<1>) -> Vec<[Tensor<1>; 2]> {
    let parts = |Moved { value, gradient, moments }: Moved| {
        (value.into_dispatch(), gradient.into_dispatch(), moments.into_dispatch())
    };
    let (value, gradient, moments) = parts(moved);
    let rates = rates.into_dispatch();
    let tensors = match other {
        None => {
            let (value, moments) = <Dispatch as Plain>::adam(value, gradient, moments, rates);
            vec![[value, moments]]
        }
        Some(other) => {
            let (other_value, other_gradient, other_moments) = parts(other);
            let (value, moments, other_value, other_moments) = <Dispatch as Plain>::adam_twice(
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
    tensors.into_iter().map(|pair| pair.map(Tensor::from_dispatch)).collect()
}

/// Writes the means of two terms `[B]` into row `row` of `notes` `[S, 2]`.
pub fn note(reconstruction: Tensor<1>, divergence: Tensor<1>, notes: Tensor<2>, row: usize) -> Tensor<2> {
    let [reconstruction, divergence, notes] =
        [reconstruction.into_dispatch(), divergence.into_dispatch(), notes.into_dispatch()];
    Tensor::from_dispatch(<Dispatch as Plain>::note(reconstruction, divergence, notes, row))
}

/// What a gradient flows through.
#[backend_extension(Autodiff, Cube: cfg(feature = "webgpu"), Flex: cfg(feature = "cpu"))]
pub trait Differentiable: Backend {
    fn dense(x: FloatTensor<Self>, weight: FloatTensor<Self>, bias: FloatTensor<Self>, relu: bool)
    -> FloatTensor<Self>;

    fn cross_entropy(logits: FloatTensor<Self>, images: FloatTensor<Self>) -> FloatTensor<Self>;

    fn latent(
        mean: FloatTensor<Self>,
        log_var: FloatTensor<Self>,
        noise: FloatTensor<Self>,
    ) -> (FloatTensor<Self>, FloatTensor<Self>);

    fn conv(x: FloatTensor<Self>, weight: FloatTensor<Self>) -> FloatTensor<Self>;

    fn up(x: FloatTensor<Self>, weight: FloatTensor<Self>) -> FloatTensor<Self>;

    fn up_biased(x: FloatTensor<Self>, weight: FloatTensor<Self>, bias: FloatTensor<Self>) -> FloatTensor<Self>;

    fn norm(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        bias: FloatTensor<Self>,
        running_mean: FloatTensor<Self>,
        running_var: FloatTensor<Self>,
        pool: bool,
    ) -> (FloatTensor<Self>, FloatTensor<Self>, FloatTensor<Self>);
}

/// What none flows through.
#[backend_extension(Cube: cfg(feature = "webgpu"), Flex: cfg(feature = "cpu"))]
pub trait Plain: Backend {
    fn adam(
        value: FloatTensor<Self>,
        gradient: FloatTensor<Self>,
        moments: FloatTensor<Self>,
        rates: FloatTensor<Self>,
    ) -> (FloatTensor<Self>, FloatTensor<Self>);

    #[allow(clippy::too_many_arguments, reason = "the macro knows tensors and tuples of them, but no arrays")]
    fn adam_twice(
        value: FloatTensor<Self>,
        gradient: FloatTensor<Self>,
        moments: FloatTensor<Self>,
        other_value: FloatTensor<Self>,
        other_gradient: FloatTensor<Self>,
        other_moments: FloatTensor<Self>,
        rates: FloatTensor<Self>,
    ) -> (FloatTensor<Self>, FloatTensor<Self>, FloatTensor<Self>, FloatTensor<Self>);

    fn note(
        reconstruction: FloatTensor<Self>,
        divergence: FloatTensor<Self>,
        notes: FloatTensor<Self>,
        row: usize,
    ) -> FloatTensor<Self>;
}

/// The backward passes of [`Differentiable`].
pub trait Adjoint: Backend {
    /// Slopes by the parameters and by the inputs, those that are wanted.
    fn dense_adjoint(pass: DensePass<Self>, dy: FloatTensor<Self>, parameters: bool, inputs: bool)
    -> DenseSlopes<Self>;

    fn cross_entropy_adjoint(
        logits: FloatTensor<Self>,
        images: FloatTensor<Self>,
        dcost: FloatTensor<Self>,
    ) -> FloatTensor<Self>;

    /// Slopes by mean and log variance; without `dkl` as if the KL did not count.
    fn latent_adjoint(
        pass: LatentPass<Self>,
        dz: FloatTensor<Self>,
        dkl: Option<FloatTensor<Self>>,
    ) -> [FloatTensor<Self>; 2];

    fn conv_input(dy: FloatTensor<Self>, weight: FloatTensor<Self>) -> FloatTensor<Self>;

    fn conv_weight(x: FloatTensor<Self>, dy: FloatTensor<Self>) -> FloatTensor<Self>;

    /// Slopes by inputs, weight and bias, those that are wanted.
    fn up_adjoint(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        dy: FloatTensor<Self>,
        wanted: [bool; 3],
    ) -> [Option<FloatTensor<Self>>; 3];

    /// [`Differentiable::norm`], with what its backward pass needs.
    fn norm_forward(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        bias: FloatTensor<Self>,
        running: [FloatTensor<Self>; 2],
        pool: bool,
    ) -> Normed<Self>;

    /// Slopes by inputs, weight and bias.
    fn norm_adjoint(pass: NormPass<Self>, dy: FloatTensor<Self>, pool: bool) -> [FloatTensor<Self>; 3];
}

/// What a dense layer keeps for its backward pass.
#[derive(Debug, Clone)]
pub struct DensePass<B: Backend> {
    pub x: FloatTensor<B>,
    pub weight: FloatTensor<B>,
    /// What its ReLU let through, if it has one.
    pub opened: Option<FloatTensor<B>>,
}

#[derive(Debug)]
pub struct DenseSlopes<B: Backend> {
    /// Weight and bias.
    pub parameters: Option<[FloatTensor<B>; 2]>,
    pub inputs: Option<FloatTensor<B>>,
}

/// What a draw keeps for its backward pass.
#[derive(Debug, Clone)]
pub struct LatentPass<B: Backend> {
    pub mean: FloatTensor<B>,
    pub log_var: FloatTensor<B>,
    pub noise: FloatTensor<B>,
}

#[derive(Debug)]
pub struct Normed<B: Backend> {
    pub y: FloatTensor<B>,
    /// Mean and variance.
    pub running: [FloatTensor<B>; 2],
    pub pass: NormPass<B>,
}

/// What a batch norm keeps for its backward pass.
#[derive(Debug, Clone)]
pub struct NormPass<B: Backend> {
    pub x: FloatTensor<B>,
    pub weight: FloatTensor<B>,
    pub bias: FloatTensor<B>,
    /// Whatever spares the device a second computation.
    pub kept: Vec<FloatTensor<B>>,
}
