//! The fused operations as traits of burn's backends: those that are differentiated ([`Differentiable`]), their backward
//! passes ([`BackwardPass`]) and the rest ([`NonDifferentiable`]). Shapes are those of the functions in [`kernels`](super).

use burn::backend::tensor::{FloatTensor, IntTensor};
use burn::backend::{Backend, ExtensionType, backend_extension};

/// Operations that are differentiated. The CPU and the GPU compute them; `Autodiff` records them.
#[backend_extension(Autodiff, Cube: cfg(feature = "webgpu"), Flex: cfg(feature = "cpu"))]
pub trait Differentiable: Backend {
    /// `rectified`: `x` is the output of a ReLU, and its gradient is set to zero where `x` is zero. The backward pass of a layer with `relu` relies on
    /// the next layer's having done so.
    fn dense(
        x: FloatTensor<Self>,
        rectified: bool,
        weight: FloatTensor<Self>,
        bias: FloatTensor<Self>,
        relu: bool,
    ) -> FloatTensor<Self>;

    fn dense_pair(
        x: FloatTensor<Self>,
        rectified: bool,
        weight: FloatTensor<Self>,
        bias: FloatTensor<Self>,
        other_weight: FloatTensor<Self>,
        other_bias: FloatTensor<Self>,
    ) -> (FloatTensor<Self>, FloatTensor<Self>);

    fn cross_entropy(logits: FloatTensor<Self>, images: FloatTensor<Self>) -> FloatTensor<Self>;

    fn sample_and_kl(
        mean: FloatTensor<Self>,
        log_var: FloatTensor<Self>,
        noise: FloatTensor<Self>,
    ) -> (FloatTensor<Self>, FloatTensor<Self>);

    fn conv(x: FloatTensor<Self>, weight: FloatTensor<Self>) -> FloatTensor<Self>;

    fn conv_transpose(x: FloatTensor<Self>, weight: FloatTensor<Self>) -> FloatTensor<Self>;

    fn conv_transpose_biased(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        bias: FloatTensor<Self>,
    ) -> FloatTensor<Self>;

    fn batch_norm(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        bias: FloatTensor<Self>,
        running_mean: FloatTensor<Self>,
        running_var: FloatTensor<Self>,
        pool: bool,
    ) -> (FloatTensor<Self>, FloatTensor<Self>, FloatTensor<Self>);

    fn total_and_record(
        reconstruction: FloatTensor<Self>,
        divergence: FloatTensor<Self>,
        beta: f32,
        losses: FloatTensor<Self>,
        row: usize,
    ) -> (FloatTensor<Self>, FloatTensor<Self>);
}

/// Operations that are not differentiated.
#[backend_extension(Cube: cfg(feature = "webgpu"), Flex: cfg(feature = "cpu"))]
pub trait NonDifferentiable: Backend {
    /// `bytes` `[B, P / 4]`, four pixels in each integer; to `[B, P]` in 0..=1.
    fn pixels(bytes: IntTensor<Self>) -> FloatTensor<Self>;

    fn adam(
        #[extension_type] parameters: AdamGroup<Self>,
        moments: FloatTensor<Self>,
        step_size: f32,
        epsilon: f32,
        gradient_factor: f32,
    ) -> (Vec<FloatTensor<Self>>, FloatTensor<Self>);
}

/// The backward passes of [`Differentiable`]. `dy` is the gradient of the loss with respect to an operation's output `y`.
pub trait BackwardPass: Backend {
    /// Gradients of the weight and bias if `parameters`, of the input if `input`. After a ReLU `dy` is zero where its output is.
    fn dense_backward(
        state: DenseState<Self>,
        dy: FloatTensor<Self>,
        parameters: bool,
        input: bool,
    ) -> DenseGradients<Self>;

    /// The same for two layers of one input, each with its `dy`; the gradient of the input is the sum of both.
    fn dense_pair_backward(
        state: DensePairState<Self>,
        dy: [FloatTensor<Self>; 2],
        parameters: bool,
        input: bool,
    ) -> DensePairGradients<Self>;

    /// The gradient of the logits.
    fn cross_entropy_backward(
        logits: FloatTensor<Self>,
        images: FloatTensor<Self>,
        dloss: FloatTensor<Self>,
    ) -> FloatTensor<Self>;

    /// Gradients of mean and log variance; `dkl` is `None` if the loss does not depend on the KL.
    fn sample_and_kl_backward(
        state: SampleState<Self>,
        dz: FloatTensor<Self>,
        dkl: Option<FloatTensor<Self>>,
    ) -> [FloatTensor<Self>; 2];

    fn conv_input_gradient(dy: FloatTensor<Self>, weight: FloatTensor<Self>) -> FloatTensor<Self>;

    fn conv_weight_gradient(x: FloatTensor<Self>, dy: FloatTensor<Self>) -> FloatTensor<Self>;

    /// Gradients of input, weight and bias, each if `wanted`.
    fn conv_transpose_backward(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        dy: FloatTensor<Self>,
        wanted: [bool; 3],
    ) -> [Option<FloatTensor<Self>>; 3];

    /// [`Differentiable::batch_norm`], with what its backward pass needs.
    fn batch_norm_forward(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        bias: FloatTensor<Self>,
        running: [FloatTensor<Self>; 2],
        pool: bool,
    ) -> BatchNormOutput<Self>;

    /// Gradients of input, weight and bias.
    fn batch_norm_backward(state: BatchNormState<Self>, dy: FloatTensor<Self>, pool: bool) -> [FloatTensor<Self>; 3];
}

/// What the backward pass of a dense layer needs.
#[derive(Debug, Clone)]
pub struct DenseState<B: Backend> {
    pub x: FloatTensor<B>,
    /// Whether `x` is the output of a ReLU: its gradient is zero where it is.
    pub rectified: bool,
    pub weight: FloatTensor<B>,
}

/// The gradients of a dense layer; `None` where they were not requested.
#[derive(Debug)]
pub struct DenseGradients<B: Backend> {
    /// Of weight and bias.
    pub parameters: Option<[FloatTensor<B>; 2]>,
    pub input: Option<FloatTensor<B>>,
}

/// What the backward pass of two dense layers of one input needs.
#[derive(Debug, Clone)]
pub struct DensePairState<B: Backend> {
    pub x: FloatTensor<B>,
    /// As in [`DenseState`].
    pub rectified: bool,
    pub weights: [FloatTensor<B>; 2],
}

/// The gradients of two dense layers of one input; `None` where they were not requested.
#[derive(Debug)]
pub struct DensePairGradients<B: Backend> {
    /// Of weight and bias of each layer.
    pub parameters: Option<[[FloatTensor<B>; 2]; 2]>,
    pub input: Option<FloatTensor<B>>,
}

/// What the backward pass of a sample and its KL needs.
#[derive(Debug, Clone)]
pub struct SampleState<B: Backend> {
    pub mean: FloatTensor<B>,
    pub log_var: FloatTensor<B>,
    pub noise: FloatTensor<B>,
}

/// The output of a batch norm in training.
#[derive(Debug)]
pub struct BatchNormOutput<B: Backend> {
    pub y: FloatTensor<B>,
    /// The updated running mean and variance.
    pub running: [FloatTensor<B>; 2],
    pub state: BatchNormState<B>,
}

/// What the backward pass of a batch norm needs.
#[derive(Debug, Clone)]
pub struct BatchNormState<B: Backend> {
    pub x: FloatTensor<B>,
    pub weight: FloatTensor<B>,
    /// What else the backend's own backward pass needs.
    pub saved: Vec<FloatTensor<B>>,
}

/// A flattened parameter and its gradient.
#[derive(Debug, Clone, ExtensionType)]
pub struct AdamParameter<B: Backend> {
    pub value: FloatTensor<B>,
    pub gradient: FloatTensor<B>,
}

/// The parameters that Adam updates together: as many as fit the eight buffers that a shader has on every WebGPU device.
#[derive(Debug, Clone, ExtensionType)]
pub enum AdamGroup<B: Backend> {
    One(#[extension_type] AdamParameter<B>),
    Two(#[extension_type] AdamParameter<B>, #[extension_type] AdamParameter<B>),
    Three(#[extension_type] AdamParameter<B>, #[extension_type] AdamParameter<B>, #[extension_type] AdamParameter<B>),
}

impl<B: Backend> AdamGroup<B> {
    /// The parameters in their order.
    pub fn parameters(self) -> Vec<AdamParameter<B>> {
        match self {
            Self::One(a) => vec![a],
            Self::Two(a, b) => vec![a, b],
            Self::Three(a, b, c) => vec![a, b, c],
        }
    }
}
