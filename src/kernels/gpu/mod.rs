//! The fused operations on a GPU: hand-written WGSL, launched on burn's own device and queue.
//!
//! WGSL and not CubeCL, because a text costs nothing to generate in the page: the first step waits for the browser's compiler
//! alone. A kernel is for all sizes, which it reads from its last binding.

mod conv;
mod launch;
mod norm;
mod product;
mod template;
mod up;

use burn::backend::Cube;
use burn::backend::tensor::FloatTensor;

pub use self::launch::allow_subgroups;
use self::launch::{Kernel, empty, is_wide, owned, plain};
use super::{Adjoint, DensePass, DenseSlopes, Differentiable, LatentPass, NormPass, Normed, Plain};

const DENSE_FORWARD: Kernel = Kernel::new("dense_forward", include_str!("dense_forward.wgsl"), [8, 4]);
const DENSE_INPUT: Kernel = Kernel::new("dense_input", include_str!("dense_input.wgsl"), [8, 4]);
const DENSE_WEIGHT: Kernel = Kernel::new("dense_weight", include_str!("dense_weight.wgsl"), [8, 4]);
const RELU_BACK: Kernel = Kernel::new("relu_back", include_str!("relu_backward.wgsl"), [64, 1]);
const CROSS_ENTROPY: Kernel = Kernel::new("cross_entropy", include_str!("cross_entropy_forward.wgsl"), [16, 1]);
const CROSS_ENTROPY_BACK: Kernel =
    Kernel::new("cross_entropy_back", include_str!("cross_entropy_backward.wgsl"), [64, 1]);
const LATENT: Kernel = Kernel::new("latent", include_str!("latent_forward.wgsl"), [32, 1]);
const LATENT_BACK: Kernel = Kernel::new("latent_back", include_str!("latent_backward.wgsl"), [64, 1]);
const ADAM: Kernel = Kernel::new("adam", include_str!("adam.wgsl"), [64, 1]);
const ADAM_TWICE: Kernel = Kernel::new("adam_twice", include_str!("adam_twice.wgsl"), [64, 1]);
const NOTE: Kernel = Kernel::new("note", include_str!("note.wgsl"), [2, 1]);

impl Differentiable for Cube {
    fn dense(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        bias: FloatTensor<Self>,
        relu: bool,
    ) -> FloatTensor<Self> {
        let [x, weight, bias] = [x, weight, bias].map(plain);
        let [[rows, inputs], [outputs, _]] = [x.meta.shape().dims(), weight.meta.shape().dims()];
        let y = empty(&x, [rows, outputs]);
        let sizes = [rows, inputs, outputs, usize::from(relu)];
        DENSE_FORWARD.wide(is_wide(&[inputs, outputs])).launch(
            [outputs.div_ceil(4), rows.div_ceil(8)],
            &[&x, &weight, &bias, &y],
            &sizes,
        );
        y
    }

    fn cross_entropy(logits: FloatTensor<Self>, images: FloatTensor<Self>) -> FloatTensor<Self> {
        let [logits, images] = [logits, images].map(plain);
        let [rows, pixels] = logits.meta.shape().dims();
        let cost = empty(&logits, [rows]);
        CROSS_ENTROPY.launch([rows * 16, 1], &[&logits, &images, &cost], &[rows, pixels]);
        cost
    }

    fn latent(
        mean: FloatTensor<Self>,
        log_var: FloatTensor<Self>,
        noise: FloatTensor<Self>,
    ) -> (FloatTensor<Self>, FloatTensor<Self>) {
        let [mean, log_var, noise] = [mean, log_var, noise].map(plain);
        let [rows, latent] = mean.meta.shape().dims();
        let (z, kl) = (empty(&mean, [rows, latent]), empty(&mean, [rows]));
        LATENT.launch([rows * 32, 1], &[&mean, &log_var, &noise, &z, &kl], &[rows, latent]);
        (z, kl)
    }

    fn conv(x: FloatTensor<Self>, weight: FloatTensor<Self>) -> FloatTensor<Self> {
        conv::forward(&plain(x), &plain(weight))
    }

    fn up(x: FloatTensor<Self>, weight: FloatTensor<Self>) -> FloatTensor<Self> {
        up::forward(&plain(x), &plain(weight), None)
    }

    fn up_biased(x: FloatTensor<Self>, weight: FloatTensor<Self>, bias: FloatTensor<Self>) -> FloatTensor<Self> {
        up::forward(&plain(x), &plain(weight), Some(&plain(bias)))
    }

    fn norm(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        bias: FloatTensor<Self>,
        running_mean: FloatTensor<Self>,
        running_var: FloatTensor<Self>,
        pool: bool,
    ) -> (FloatTensor<Self>, FloatTensor<Self>, FloatTensor<Self>) {
        let Normed { y, running: [mean, var], .. } =
            Self::norm_forward(x, weight, bias, [running_mean, running_var], pool);
        (y, mean, var)
    }
}

impl Adjoint for Cube {
    fn dense_adjoint(
        pass: DensePass<Self>,
        dy: FloatTensor<Self>,
        parameters: bool,
        inputs: bool,
    ) -> DenseSlopes<Self> {
        let DensePass { x, weight, opened } = pass;
        let [x, weight, mut dy] = [x, weight, dy].map(plain);
        let [[rows, columns], [outputs, _]] = [x.meta.shape().dims(), weight.meta.shape().dims()];
        if let Some(y) = opened.map(plain) {
            let passed = empty(&dy, [rows, outputs]);
            RELU_BACK.launch([rows * outputs, 1], &[&y, &dy, &passed], &[rows * outputs]);
            dy = passed;
        }
        let sizes = [rows, columns, outputs];
        let wide = is_wide(&[columns, outputs]);
        let parameters = parameters.then(|| {
            let (dweight, dbias) = (empty(&x, [outputs, columns]), empty(&x, [outputs]));
            let threads = [columns.div_ceil(4), outputs.div_ceil(8)];
            DENSE_WEIGHT.wide(wide).launch(threads, &[&dy, &x, &dweight, &dbias], &sizes);
            [dweight, dbias]
        });
        let inputs = inputs.then(|| {
            let dx = empty(&x, [rows, columns]);
            let threads = [columns.div_ceil(4), rows.div_ceil(8)];
            DENSE_INPUT.wide(wide).launch(threads, &[&dy, &weight, &dx], &sizes);
            dx
        });
        DenseSlopes { parameters, inputs }
    }

    fn cross_entropy_adjoint(
        logits: FloatTensor<Self>,
        images: FloatTensor<Self>,
        dcost: FloatTensor<Self>,
    ) -> FloatTensor<Self> {
        let [logits, images, dcost] = [logits, images, dcost].map(plain);
        let [rows, pixels] = logits.meta.shape().dims();
        let dlogits = empty(&logits, [rows, pixels]);
        let all = rows * pixels;
        CROSS_ENTROPY_BACK.launch([all, 1], &[&logits, &images, &dcost, &dlogits], &[all, pixels]);
        dlogits
    }

    fn latent_adjoint(
        pass: LatentPass<Self>,
        dz: FloatTensor<Self>,
        dkl: Option<FloatTensor<Self>>,
    ) -> [FloatTensor<Self>; 2] {
        let LatentPass { mean, log_var, noise } = pass;
        let [mean, log_var, noise, dz] = [mean, log_var, noise, dz].map(plain);
        let priced = usize::from(dkl.is_some());
        let dkl = dkl.map_or_else(|| dz.clone(), plain);
        let [rows, latent] = mean.meta.shape().dims();
        let [dmean, dlog_var] = [(); 2].map(|()| empty(&mean, [rows, latent]));
        let tensors = [&mean, &log_var, &noise, &dz, &dkl, &dmean, &dlog_var];
        LATENT_BACK.launch([rows * latent, 1], &tensors, &[rows * latent, latent, priced]);
        [dmean, dlog_var]
    }

    fn conv_input(dy: FloatTensor<Self>, weight: FloatTensor<Self>) -> FloatTensor<Self> {
        conv::input(&plain(dy), &plain(weight))
    }

    fn conv_weight(x: FloatTensor<Self>, dy: FloatTensor<Self>) -> FloatTensor<Self> {
        conv::weight(&plain(x), &plain(dy))
    }

    fn up_adjoint(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        dy: FloatTensor<Self>,
        [by_x, by_weight, by_bias]: [bool; 3],
    ) -> [Option<FloatTensor<Self>>; 3] {
        let [x, weight, dy] = [x, weight, dy].map(plain);
        [
            by_x.then(|| up::input(&dy, &weight)),
            by_weight.then(|| up::weight(&x, &dy)),
            by_bias.then(|| norm::channel_sums(&dy)),
        ]
    }

    fn norm_forward(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        bias: FloatTensor<Self>,
        running: [FloatTensor<Self>; 2],
        pool: bool,
    ) -> Normed<Self> {
        let [x, weight, bias] = [x, weight, bias].map(plain);
        let [mean, var] = running.map(plain);
        let norm::Totals { first, second, both } = norm::moments(&x, &mean, &var);
        let y = norm::forward(&x, &both, &weight, &bias, pool);
        Normed { y, running: [first, second], pass: NormPass { x, weight, bias, kept: vec![both] } }
    }

    fn norm_adjoint(pass: NormPass<Self>, dy: FloatTensor<Self>, pool: bool) -> [FloatTensor<Self>; 3] {
        let NormPass { x, weight, bias, kept } = pass;
        let (dx, slopes) = norm::backward(&x, &plain(dy), &kept[0], &weight, &bias, pool);
        [dx, slopes.first, slopes.second]
    }
}

impl Plain for Cube {
    fn adam(
        value: FloatTensor<Self>,
        gradient: FloatTensor<Self>,
        moments: FloatTensor<Self>,
        rates: FloatTensor<Self>,
    ) -> (FloatTensor<Self>, FloatTensor<Self>) {
        let [value, moments] = [value, moments].map(owned);
        let [size] = value.meta.shape().dims();
        let wide = is_wide(&[size]);
        let numbers = size / if wide { 4 } else { 1 };
        let tensors = [&value, &moments, &plain(gradient), &plain(rates)];
        ADAM.wide(wide).launch([numbers, 1], &tensors, &[numbers]);
        (value, moments)
    }

    fn adam_twice(
        value: FloatTensor<Self>,
        gradient: FloatTensor<Self>,
        moments: FloatTensor<Self>,
        other_value: FloatTensor<Self>,
        other_gradient: FloatTensor<Self>,
        other_moments: FloatTensor<Self>,
        rates: FloatTensor<Self>,
    ) -> (FloatTensor<Self>, FloatTensor<Self>, FloatTensor<Self>, FloatTensor<Self>) {
        let [value, moments, other_value, other_moments] = [value, moments, other_value, other_moments].map(owned);
        let [gradient, other_gradient, rates] = [gradient, other_gradient, rates].map(plain);
        let sizes = [&value, &other_value].map(|of| of.meta.shape().num_elements());
        let wide = is_wide(&sizes);
        let [numbers, others] = sizes.map(|size| size / if wide { 4 } else { 1 });
        ADAM_TWICE.wide(wide).launch(
            [numbers + others, 1],
            &[&value, &moments, &gradient, &other_value, &other_moments, &other_gradient, &rates],
            &[numbers, others],
        );
        (value, moments, other_value, other_moments)
    }

    fn note(
        reconstruction: FloatTensor<Self>,
        divergence: FloatTensor<Self>,
        notes: FloatTensor<Self>,
        row: usize,
    ) -> FloatTensor<Self> {
        let [reconstruction, divergence] = [reconstruction, divergence].map(plain);
        let notes = owned(notes);
        let [images] = reconstruction.meta.shape().dims();
        NOTE.launch([2, 1], &[&reconstruction, &divergence, &notes], &[images, row]);
        notes
    }
}
