//! The backward steps of the fused operations: each takes the gradient of an output and registers those of the inputs.

use std::sync::{Arc, Mutex};

use burn::backend::TensorMetadata;
use burn::backend::autodiff::NodeId;
use burn::backend::autodiff::checkpoint::base::Checkpointer;
use burn::backend::autodiff::grads::Gradients;
use burn::backend::autodiff::ops::{Backward, Ops};
use burn::backend::tensor::FloatTensor;

use crate::kernels::operations::{BackwardPass, BatchNormState, DensePairState, DenseState, SampleState};

/// The inputs of an operation; `None` where one needs no gradient.
fn inputs<S, const N: usize>(ops: &Ops<S, N>) -> [Option<NodeId>; N] {
    std::array::from_fn(|n| ops.parents[n].as_ref().map(|node| node.id))
}

/// Registers the gradients of the inputs that need one.
fn register<B: BackwardPass>(
    gradients: &mut Gradients,
    inputs: impl IntoIterator<Item = Option<NodeId>>,
    values: impl IntoIterator<Item = Option<FloatTensor<B>>>,
) {
    for (input, value) in inputs.into_iter().zip(values) {
        if let (Some(input), Some(value)) = (input, value) {
            gradients.register::<B>(input, value);
        }
    }
}

#[derive(Debug)]
pub struct Dense;

impl<B: BackwardPass> Backward<B, 3> for Dense {
    type State = DenseState<B>;

    fn backward(self, ops: Ops<Self::State, 3>, gradients: &mut Gradients, _: &mut Checkpointer) {
        let dy = gradients.consume::<B>(&ops.node);
        let [x, weight, bias] = inputs(&ops);
        let parameters = weight.is_some() || bias.is_some();
        let computed = B::dense_backward(ops.state, dy, parameters, x.is_some());
        let [dweight, dbias] = computed.parameters.map_or([None, None], |both| both.map(Some));
        register::<B>(gradients, [x, weight, bias], [computed.input, dweight, dbias]);
    }
}

#[derive(Debug)]
pub struct DensePair;

impl<B: BackwardPass> Backward<B, 5> for DensePair {
    type State = (DensePairState<B>, OtherGradient<B>);

    fn backward(self, ops: Ops<Self::State, 5>, gradients: &mut Gradients, _: &mut Checkpointer) {
        let dy = gradients.consume::<B>(&ops.node);
        let inputs = inputs(&ops);
        let (state, other) = ops.state;
        let zeros = || B::float_zeros(dy.shape(), &dy.device(), dy.dtype().into());
        let other = other.take().unwrap_or_else(zeros);
        let parameters = inputs[1..].iter().any(Option::is_some);
        let computed = B::dense_pair_backward(state, [dy, other], parameters, inputs[0].is_some());
        let of_parameters = computed.parameters.into_iter().flatten().flatten().map(Some);
        register::<B>(gradients, inputs, std::iter::once(computed.input).chain(of_parameters));
    }
}

#[derive(Debug)]
pub struct CrossEntropy;

impl<B: BackwardPass> Backward<B, 1> for CrossEntropy {
    type State = [FloatTensor<B>; 2];

    fn backward(self, ops: Ops<Self::State, 1>, gradients: &mut Gradients, _: &mut Checkpointer) {
        let dloss = gradients.consume::<B>(&ops.node);
        let inputs = inputs(&ops);
        let [logits, images] = ops.state;
        register::<B>(gradients, inputs, [Some(B::cross_entropy_backward(logits, images, dloss))]);
    }
}

/// The gradient of an operation's other output, on its way from the step [`OtherOutput`] to the operation's own.
#[derive(Debug, Clone)]
pub struct OtherGradient<B: BackwardPass>(pub Arc<Mutex<Option<FloatTensor<B>>>>);

impl<B: BackwardPass> OtherGradient<B> {
    /// `None` if the loss does not depend on that output.
    fn take(&self) -> Option<FloatTensor<B>> {
        self.0.lock().expect("no thread panics while it holds the lock").take()
    }
}

#[derive(Debug)]
pub struct OtherOutput;

impl<B: BackwardPass> Backward<B, 1> for OtherOutput {
    type State = OtherGradient<B>;

    fn backward(self, ops: Ops<Self::State, 1>, gradients: &mut Gradients, _: &mut Checkpointer) {
        let gradient = gradients.consume::<B>(&ops.node);
        *ops.state.0.lock().expect("no thread panics while it holds the lock") = Some(gradient);
    }
}

#[derive(Debug)]
pub struct Sample;

impl<B: BackwardPass> Backward<B, 2> for Sample {
    type State = (SampleState<B>, OtherGradient<B>);

    fn backward(self, ops: Ops<Self::State, 2>, gradients: &mut Gradients, _: &mut Checkpointer) {
        let dz = gradients.consume::<B>(&ops.node);
        let inputs = inputs(&ops);
        let (state, dkl) = ops.state;
        register::<B>(gradients, inputs, B::sample_and_kl_backward(state, dz, dkl.take()).map(Some));
    }
}

#[derive(Debug)]
pub struct Conv;

impl<B: BackwardPass> Backward<B, 2> for Conv {
    type State = [FloatTensor<B>; 2];

    fn backward(self, ops: Ops<Self::State, 2>, gradients: &mut Gradients, _: &mut Checkpointer) {
        let dy = gradients.consume::<B>(&ops.node);
        let inputs @ [x_input, weight_input] = inputs(&ops);
        let [x, weight] = ops.state;
        let dx = x_input.is_some().then(|| B::conv_input_gradient(dy.clone(), weight));
        let dweight = weight_input.is_some().then(|| B::conv_weight_gradient(x, dy));
        register::<B>(gradients, inputs, [dx, dweight]);
    }
}

/// For inputs `x`, weight and, if there is one, bias.
#[derive(Debug)]
pub struct ConvTranspose;

impl<B: BackwardPass, const N: usize> Backward<B, N> for ConvTranspose {
    type State = [FloatTensor<B>; 2];

    fn backward(self, ops: Ops<Self::State, N>, gradients: &mut Gradients, _: &mut Checkpointer) {
        let dy = gradients.consume::<B>(&ops.node);
        let inputs = inputs(&ops);
        let [x, weight] = ops.state;
        let wanted = [0, 1, 2].map(|n| inputs.get(n).is_some_and(Option::is_some));
        register::<B>(gradients, inputs, B::conv_transpose_backward(x, weight, dy, wanted));
    }
}

#[derive(Debug)]
pub struct BatchNorm;

impl<B: BackwardPass> Backward<B, 3> for BatchNorm {
    type State = (BatchNormState<B>, bool);

    fn backward(self, ops: Ops<Self::State, 3>, gradients: &mut Gradients, _: &mut Checkpointer) {
        let dy = gradients.consume::<B>(&ops.node);
        let inputs = inputs(&ops);
        let (state, pool) = ops.state;
        register::<B>(gradients, inputs, B::batch_norm_backward(state, dy, pool).map(Some));
    }
}

/// For reconstruction and divergence.
#[derive(Debug)]
pub struct Total;

impl<B: BackwardPass> Backward<B, 2> for Total {
    type State = f32; // beta

    fn backward(self, ops: Ops<Self::State, 2>, gradients: &mut Gradients, _: &mut Checkpointer) {
        let dtotal = gradients.consume::<B>(&ops.node);
        let inputs @ [_, divergence] = inputs(&ops);
        let weighted = |gradient: FloatTensor<B>| match ops.state {
            1.0 => gradient,
            beta => B::float_mul_scalar(gradient, beta.into()),
        };
        let ddivergence = divergence.is_some().then(|| weighted(dtotal.clone()));
        register::<B>(gradients, inputs, [Some(dtotal), ddivergence]);
    }
}
