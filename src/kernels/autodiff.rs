//! The chain rule for the fused operations: what is kept in a forward pass, and where the slopes go.

use std::sync::{Arc, Mutex};

use burn::backend::Autodiff;
use burn::backend::AutodiffBackend;
use burn::backend::autodiff::checkpoint::base::Checkpointer;
use burn::backend::autodiff::checkpoint::strategy::CheckpointStrategy;
use burn::backend::autodiff::grads::Gradients;
use burn::backend::autodiff::ops::{Backward, Ops, OpsKind};
use burn::backend::tensor::FloatTensor;

use super::{Adjoint, DensePass, Differentiable, LatentPass, NormPass, Normed};

impl<B: Differentiable + Adjoint, C: CheckpointStrategy> Differentiable for Autodiff<B, C> {
    fn dense(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        bias: FloatTensor<Self>,
        relu: bool,
    ) -> FloatTensor<Self> {
        let [(x, x_node), (weight, weight_node), (bias, bias_node)] = [x, weight, bias].map(|of| of.into_parts());
        let y = B::dense(x.clone(), weight.clone(), bias, relu);
        match Dense.prepare::<C>([x_node, weight_node, bias_node]).compute_bound().stateful() {
            OpsKind::Tracked(step) => step.finish(DensePass { x, weight, opened: relu.then(|| y.clone()) }, y),
            OpsKind::UnTracked(step) => step.finish(y),
        }
    }

    fn cross_entropy(logits: FloatTensor<Self>, images: FloatTensor<Self>) -> FloatTensor<Self> {
        let (logits, node) = logits.into_parts();
        let images = images.into_primitive();
        let cost = B::cross_entropy(logits.clone(), images.clone());
        match CrossEntropy.prepare::<C>([node]).compute_bound().stateful() {
            OpsKind::Tracked(step) => step.finish([logits, images], cost),
            OpsKind::UnTracked(step) => step.finish(cost),
        }
    }

    /// Two outputs, one backward pass: that of the KL only hands its slope on to that of the draw, which comes after it and
    /// needs a slope of its own.
    fn latent(
        mean: FloatTensor<Self>,
        log_var: FloatTensor<Self>,
        noise: FloatTensor<Self>,
    ) -> (FloatTensor<Self>, FloatTensor<Self>) {
        let [(mean, mean_node), (log_var, log_var_node)] = [mean, log_var].map(|of| of.into_parts());
        let noise = noise.into_primitive();
        let (z, kl) = B::latent(mean.clone(), log_var.clone(), noise.clone());
        let handed = Handed::<B>(Arc::default());
        let z = match Draw.prepare::<C>([mean_node, log_var_node]).compute_bound().stateful() {
            OpsKind::Tracked(step) => step.finish((LatentPass { mean, log_var, noise }, handed.clone()), z),
            OpsKind::UnTracked(step) => step.finish(z),
        };
        let kl = match Kl.prepare::<C>([z.node()]).compute_bound().stateful() {
            OpsKind::Tracked(step) => step.finish(handed, kl),
            OpsKind::UnTracked(step) => step.finish(kl),
        };
        (z, kl)
    }

    fn conv(x: FloatTensor<Self>, weight: FloatTensor<Self>) -> FloatTensor<Self> {
        let [(x, x_node), (weight, weight_node)] = [x, weight].map(|of| of.into_parts());
        let y = B::conv(x.clone(), weight.clone());
        match Conv.prepare::<C>([x_node, weight_node]).compute_bound().stateful() {
            OpsKind::Tracked(step) => step.finish([x, weight], y),
            OpsKind::UnTracked(step) => step.finish(y),
        }
    }

    fn up(x: FloatTensor<Self>, weight: FloatTensor<Self>) -> FloatTensor<Self> {
        let [(x, x_node), (weight, weight_node)] = [x, weight].map(|of| of.into_parts());
        let y = B::up(x.clone(), weight.clone());
        match Up.prepare::<C>([x_node, weight_node]).compute_bound().stateful() {
            OpsKind::Tracked(step) => step.finish([x, weight], y),
            OpsKind::UnTracked(step) => step.finish(y),
        }
    }

    fn up_biased(x: FloatTensor<Self>, weight: FloatTensor<Self>, bias: FloatTensor<Self>) -> FloatTensor<Self> {
        let [(x, x_node), (weight, weight_node), (bias, bias_node)] = [x, weight, bias].map(|of| of.into_parts());
        let y = B::up_biased(x.clone(), weight.clone(), bias);
        match Up.prepare::<C>([x_node, weight_node, bias_node]).compute_bound().stateful() {
            OpsKind::Tracked(step) => step.finish([x, weight], y),
            OpsKind::UnTracked(step) => step.finish(y),
        }
    }

    fn norm(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        bias: FloatTensor<Self>,
        running_mean: FloatTensor<Self>,
        running_var: FloatTensor<Self>,
        pool: bool,
    ) -> (FloatTensor<Self>, FloatTensor<Self>, FloatTensor<Self>) {
        let [(x, x_node), (weight, weight_node), (bias, bias_node)] = [x, weight, bias].map(|of| of.into_parts());
        let running = [running_mean, running_var].map(|of| of.into_primitive());
        let Normed { y, running: [mean, var], pass } = B::norm_forward(x, weight, bias, running, pool);
        let y = match Norm.prepare::<C>([x_node, weight_node, bias_node]).compute_bound().stateful() {
            OpsKind::Tracked(step) => step.finish((pass, pool), y),
            OpsKind::UnTracked(step) => step.finish(y),
        };
        (y, Self::from_inner(mean), Self::from_inner(var))
    }
}

#[derive(Debug)]
struct Dense;

impl<B: Adjoint> Backward<B, 3> for Dense {
    type State = DensePass<B>;

    fn backward(self, ops: Ops<Self::State, 3>, gradients: &mut Gradients, _: &mut Checkpointer) {
        let dy = gradients.consume::<B>(&ops.node);
        let [x, weight, bias] = ops.parents;
        let learned = weight.is_some() || bias.is_some();
        let slopes = B::dense_adjoint(ops.state, dy, learned, x.is_some());
        let [by_weight, by_bias] = slopes.parameters.map_or([None, None], |both| both.map(Some));
        for (node, slope) in [(x, slopes.inputs), (weight, by_weight), (bias, by_bias)] {
            if let (Some(node), Some(slope)) = (node, slope) {
                gradients.register::<B>(node.id, slope);
            }
        }
    }
}

#[derive(Debug)]
struct CrossEntropy;

impl<B: Adjoint> Backward<B, 1> for CrossEntropy {
    type State = [FloatTensor<B>; 2];

    fn backward(self, ops: Ops<Self::State, 1>, gradients: &mut Gradients, _: &mut Checkpointer) {
        let dcost = gradients.consume::<B>(&ops.node);
        let [logits, images] = ops.state;
        if let [Some(node)] = ops.parents {
            gradients.register::<B>(node.id, B::cross_entropy_adjoint(logits, images, dcost));
        }
    }
}

/// The slope by the KL, on its way to the pass that needs it.
#[derive(Debug, Clone)]
struct Handed<B: Adjoint>(Arc<Mutex<Option<FloatTensor<B>>>>);

#[derive(Debug)]
struct Kl;

impl<B: Adjoint> Backward<B, 1> for Kl {
    type State = Handed<B>;

    fn backward(self, ops: Ops<Self::State, 1>, gradients: &mut Gradients, _: &mut Checkpointer) {
        let dkl = gradients.consume::<B>(&ops.node);
        *ops.state.0.lock().expect("no holder of it panics") = Some(dkl);
    }
}

#[derive(Debug)]
struct Draw;

impl<B: Adjoint> Backward<B, 2> for Draw {
    type State = (LatentPass<B>, Handed<B>);

    fn backward(self, ops: Ops<Self::State, 2>, gradients: &mut Gradients, _: &mut Checkpointer) {
        let dz = gradients.consume::<B>(&ops.node);
        let (pass, handed) = ops.state;
        let dkl = handed.0.lock().expect("no holder of it panics").take();
        let slopes = B::latent_adjoint(pass, dz, dkl);
        for (node, slope) in ops.parents.into_iter().zip(slopes) {
            if let Some(node) = node {
                gradients.register::<B>(node.id, slope);
            }
        }
    }
}

#[derive(Debug)]
struct Conv;

impl<B: Adjoint> Backward<B, 2> for Conv {
    type State = [FloatTensor<B>; 2];

    fn backward(self, ops: Ops<Self::State, 2>, gradients: &mut Gradients, _: &mut Checkpointer) {
        let dy = gradients.consume::<B>(&ops.node);
        let ([x_node, weight_node], [x, weight]) = (ops.parents, ops.state);
        if let Some(node) = x_node {
            gradients.register::<B>(node.id, B::conv_input(dy.clone(), weight));
        }
        if let Some(node) = weight_node {
            gradients.register::<B>(node.id, B::conv_weight(x, dy));
        }
    }
}

#[derive(Debug)]
struct Up;

impl<B: Adjoint, const N: usize> Backward<B, N> for Up {
    type State = [FloatTensor<B>; 2];

    /// Parents are inputs, weight, and the bias where there is one.
    fn backward(self, ops: Ops<Self::State, N>, gradients: &mut Gradients, _: &mut Checkpointer) {
        let dy = gradients.consume::<B>(&ops.node);
        let [x, weight] = ops.state;
        let wanted = [0, 1, 2].map(|parent| ops.parents.get(parent).is_some_and(Option::is_some));
        let slopes = B::up_adjoint(x, weight, dy, wanted);
        for (node, slope) in ops.parents.into_iter().zip(slopes) {
            if let (Some(node), Some(slope)) = (node, slope) {
                gradients.register::<B>(node.id, slope);
            }
        }
    }
}

#[derive(Debug)]
struct Norm;

impl<B: Adjoint> Backward<B, 3> for Norm {
    type State = (NormPass<B>, bool);

    fn backward(self, ops: Ops<Self::State, 3>, gradients: &mut Gradients, _: &mut Checkpointer) {
        let dy = gradients.consume::<B>(&ops.node);
        let (pass, pool) = ops.state;
        for (node, slope) in ops.parents.into_iter().zip(B::norm_adjoint(pass, dy, pool)) {
            if let Some(node) = node {
                gradients.register::<B>(node.id, slope);
            }
        }
    }
}
