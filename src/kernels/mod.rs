//! Operations that the hot path takes in one piece, where stock burn takes many: each with its gradient, as WGSL kernels on a
//! GPU and as loops on the CPU. `layers` and `objective` call them as plain functions on tensors.

mod autodiff;
pub mod cpu;
#[cfg(feature = "cpu")]
mod flex;
#[cfg(feature = "webgpu")]
mod gpu;

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

/// Binary cross-entropy of images in 0..=1 under logits, in nats, summed over pixels.
///
/// # Shapes
/// Both `[B, P]`, to `[B]`.
pub fn cross_entropy(logits: Tensor<2>, images: Tensor<2>) -> Tensor<1> {
    Tensor::from_dispatch(<Dispatch as Differentiable>::cross_entropy(logits.into_dispatch(), images.into_dispatch()))
}

/// A reparameterised draw `mean + exp(log_var / 2) noise`, and the KL of the Gaussian it is drawn from to N(0, I), in nats
/// (Kingma & Welling 2014, section 2.4 and appendix B).
///
/// # Shapes
/// All `[B, Z]`, to `[B, Z]` and `[B]`.
pub fn latent(mean: Tensor<2>, log_var: Tensor<2>, noise: Tensor<2>) -> (Tensor<2>, Tensor<1>) {
    let [mean, log_var, noise] = [mean.into_dispatch(), log_var.into_dispatch(), noise.into_dispatch()];
    let (z, kl) = <Dispatch as Differentiable>::latent(mean, log_var, noise);
    (Tensor::from_dispatch(z), Tensor::from_dispatch(kl))
}

/// A tensor that Adam moves, flat, with what it needs to know of it.
#[derive(Debug)]
pub struct Moved {
    pub value: Tensor<1>,    // [N]
    pub gradient: Tensor<1>, // [N], summed over the batch
    pub moments: Tensor<1>,  // [2 N]: first moments, then second ones
}

/// One step of Adam (Kingma & Ba 2015, algorithm 1) on up to two tensors, in place where nobody else holds them; gives back
/// values and moments. Row `row` of `rates` `[S, 4]` holds step size and epsilon, both with the bias corrections folded in, the
/// share of each gradient that counts, and a zero.
pub fn adam(moved: Moved, other: Option<Moved>, rates: Tensor<2>, row: usize) -> Vec<[Tensor<1>; 2]> {
    let parts = |Moved { value, gradient, moments }: Moved| {
        (value.into_dispatch(), gradient.into_dispatch(), moments.into_dispatch())
    };
    let (value, gradient, moments) = parts(moved);
    let rates = rates.into_dispatch();
    let tensors = match other {
        None => {
            let (value, moments) = <Dispatch as Plain>::adam(value, gradient, moments, rates, row);
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
                row,
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
    fn dense(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        bias: FloatTensor<Self>,
        relu: bool,
    ) -> FloatTensor<Self>;

    fn cross_entropy(logits: FloatTensor<Self>, images: FloatTensor<Self>) -> FloatTensor<Self>;

    fn latent(
        mean: FloatTensor<Self>,
        log_var: FloatTensor<Self>,
        noise: FloatTensor<Self>,
    ) -> (FloatTensor<Self>, FloatTensor<Self>);
}

/// What none flows through.
#[backend_extension(Cube: cfg(feature = "webgpu"), Flex: cfg(feature = "cpu"))]
pub trait Plain: Backend {
    fn adam(
        value: FloatTensor<Self>,
        gradient: FloatTensor<Self>,
        moments: FloatTensor<Self>,
        rates: FloatTensor<Self>,
        row: usize,
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
        row: usize,
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
    /// Slopes by weight, bias and, where asked for, inputs; from `y` what the ReLU let through.
    fn dense_adjoint(pass: DensePass<Self>, dy: FloatTensor<Self>, relu: bool, inputs: bool) -> DenseSlopes<Self>;

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
}

/// What a dense layer keeps for its backward pass.
#[derive(Debug, Clone)]
pub struct DensePass<B: Backend> {
    pub x: FloatTensor<B>,
    pub weight: FloatTensor<B>,
    pub y: FloatTensor<B>,
}

#[derive(Debug)]
pub struct DenseSlopes<B: Backend> {
    pub weight: FloatTensor<B>,
    pub bias: FloatTensor<B>,
    pub inputs: Option<FloatTensor<B>>,
}

/// What a draw keeps for its backward pass.
#[derive(Debug, Clone)]
pub struct LatentPass<B: Backend> {
    pub mean: FloatTensor<B>,
    pub log_var: FloatTensor<B>,
    pub noise: FloatTensor<B>,
}
