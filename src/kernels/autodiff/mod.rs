//! Automatic differentiation of the fused operations: what each forward pass saves for its backward step (in `steps`).

mod steps;

use std::fmt::Debug;
use std::sync::Arc;

use burn::backend::autodiff::checkpoint::strategy::CheckpointStrategy;
use burn::backend::autodiff::ops::{Backward, NodeGuard, OpsKind};
use burn::backend::tensor::FloatTensor;
use burn::backend::{Autodiff, AutodiffBackend, Backend};

use self::steps::{
    BatchNorm, Conv, ConvTranspose, CrossEntropy, Dense, DensePair, OtherGradient, OtherOutput, Sample, Total,
};
use super::operations::{BackwardPass, BatchNormOutput, DensePairState, DenseState, Differentiable, SampleState};

impl<B: Differentiable + BackwardPass, C: CheckpointStrategy> Differentiable for Autodiff<B, C> {
    fn dense(
        x: FloatTensor<Self>,
        rectified: bool,
        weight: FloatTensor<Self>,
        bias: FloatTensor<Self>,
        relu: bool,
    ) -> FloatTensor<Self> {
        let [(x, x_node), (weight, weight_node), (bias, bias_node)] = [x, weight, bias].map(|of| of.into_parts());
        let y = B::dense(x.clone(), rectified, weight.clone(), bias, relu);
        record::<B, C, _, 3>(Dense, [x_node, weight_node, bias_node], y, DenseState { x, rectified, weight })
    }

    fn dense_pair(
        x: FloatTensor<Self>,
        rectified: bool,
        weight: FloatTensor<Self>,
        bias: FloatTensor<Self>,
        other_weight: FloatTensor<Self>,
        other_bias: FloatTensor<Self>,
    ) -> (FloatTensor<Self>, FloatTensor<Self>) {
        let inputs = [x, weight, bias, other_weight, other_bias].map(|of| of.into_parts());
        let [(x, x_node), (weight, weight_node), (bias, bias_node), (other_weight, other_weight_node), other] = inputs;
        let (other_bias, other_bias_node) = other;
        let (y, other) = B::dense_pair(x.clone(), rectified, weight.clone(), bias, other_weight.clone(), other_bias);
        let parents = [x_node, weight_node, bias_node, other_weight_node, other_bias_node];
        let state = DensePairState { x, rectified, weights: [weight, other_weight] };
        pair::<B, C, _, 5>(DensePair, parents, [y, other], state).into()
    }

    fn cross_entropy(logits: FloatTensor<Self>, images: FloatTensor<Self>) -> FloatTensor<Self> {
        let (logits, node) = logits.into_parts();
        let images = images.into_primitive();
        let loss = B::cross_entropy(logits.clone(), images.clone());
        record::<B, C, _, 1>(CrossEntropy, [node], loss, [logits, images])
    }

    fn sample_and_kl(
        mean: FloatTensor<Self>,
        log_var: FloatTensor<Self>,
        noise: FloatTensor<Self>,
    ) -> (FloatTensor<Self>, FloatTensor<Self>) {
        let [(mean, mean_node), (log_var, log_var_node)] = [mean, log_var].map(|of| of.into_parts());
        let noise = noise.into_primitive();
        let (z, kl) = B::sample_and_kl(mean.clone(), log_var.clone(), noise.clone());
        pair::<B, C, _, 2>(Sample, [mean_node, log_var_node], [z, kl], SampleState { mean, log_var, noise }).into()
    }

    fn conv(x: FloatTensor<Self>, weight: FloatTensor<Self>) -> FloatTensor<Self> {
        let [(x, x_node), (weight, weight_node)] = [x, weight].map(|of| of.into_parts());
        let y = B::conv(x.clone(), weight.clone());
        record::<B, C, _, 2>(Conv, [x_node, weight_node], y, [x, weight])
    }

    fn conv_transpose(x: FloatTensor<Self>, weight: FloatTensor<Self>) -> FloatTensor<Self> {
        let [(x, x_node), (weight, weight_node)] = [x, weight].map(|of| of.into_parts());
        let y = B::conv_transpose(x.clone(), weight.clone());
        record::<B, C, _, 2>(ConvTranspose, [x_node, weight_node], y, [x, weight])
    }

    fn conv_transpose_biased(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        bias: FloatTensor<Self>,
    ) -> FloatTensor<Self> {
        let [(x, x_node), (weight, weight_node), (bias, bias_node)] = [x, weight, bias].map(|of| of.into_parts());
        let y = B::conv_transpose_biased(x.clone(), weight.clone(), bias);
        record::<B, C, _, 3>(ConvTranspose, [x_node, weight_node, bias_node], y, [x, weight])
    }

    fn batch_norm(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        bias: FloatTensor<Self>,
        running_mean: FloatTensor<Self>,
        running_var: FloatTensor<Self>,
        pool: bool,
    ) -> (FloatTensor<Self>, FloatTensor<Self>, FloatTensor<Self>) {
        let [(x, x_node), (weight, weight_node), (bias, bias_node)] = [x, weight, bias].map(|of| of.into_parts());
        let running = [running_mean, running_var].map(|of| of.into_primitive());
        let BatchNormOutput { y, running, state } = B::batch_norm_forward(x, weight, bias, running, pool);
        let y = record::<B, C, _, 3>(BatchNorm, [x_node, weight_node, bias_node], y, (state, pool));
        let [mean, var] = running.map(Self::from_inner);
        (y, mean, var)
    }

    fn total_and_record(
        reconstruction: FloatTensor<Self>,
        divergence: FloatTensor<Self>,
        beta: f32,
        losses: FloatTensor<Self>,
        row: usize,
    ) -> (FloatTensor<Self>, FloatTensor<Self>) {
        let terms = [reconstruction, divergence].map(|of| of.into_parts());
        let [(reconstruction, reconstruction_node), (divergence, divergence_node)] = terms;
        let (total, losses) = B::total_and_record(reconstruction, divergence, beta, losses.into_primitive(), row);
        let total = record::<B, C, _, 2>(Total, [reconstruction_node, divergence_node], total, beta);
        (total, Self::from_inner(losses))
    }
}

/// Registers two outputs of one operation, of which the first has the backward step. The step of the other hands its gradient over. So
/// that it runs first, the other is recorded as computed from the first; therefore the loss must depend on the first, too.
fn pair<B, C, T, const N: usize>(
    step: impl Backward<B, N, State = (T, OtherGradient<B>)>,
    parents: [NodeGuard; N],
    [first, other]: [FloatTensor<B>; 2],
    state: T,
) -> [FloatTensor<Autodiff<B, C>>; 2]
where
    B: BackwardPass,
    C: CheckpointStrategy,
    T: Clone + Send + Debug + 'static,
{
    let gradient = OtherGradient::<B>(Arc::default());
    let first = record::<B, C, _, N>(step, parents, first, (state, gradient.clone()));
    let other = record::<B, C, _, 1>(OtherOutput, [first.node()], other, gradient);
    [first, other]
}

/// Registers `output` as computed from `parents`; the state is kept only if one of them needs a gradient.
fn record<B, C, S, const N: usize>(
    step: S,
    parents: [NodeGuard; N],
    output: FloatTensor<B>,
    state: S::State,
) -> FloatTensor<Autodiff<B, C>>
where
    B: Backend,
    C: CheckpointStrategy,
    S: Backward<B, N>,
    S::State: Clone + Send + Debug + 'static,
{
    match step.prepare::<C>(parents).compute_bound().stateful() {
        OpsKind::Tracked(prepared) => prepared.finish(state, output),
        OpsKind::UnTracked(prepared) => prepared.finish(output),
    }
}
