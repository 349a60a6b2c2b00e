//! Batch norm (Ioffe & Szegedy 2015), ReLU and optional 2 x 2 max pooling.

use burn::backend::Cube;
use burn_wgpu::{CubeTensor, into_contiguous};

use super::launch::{Kernel, empty, shader};
use crate::kernels::operations::{BatchNormOutput, BatchNormState};

const PARTIAL_SUMS: Kernel = Kernel::new(shader!("batch_norm_partial_sums"), [64, 1]);
const REDUCE: Kernel = Kernel::new(shader!("batch_norm_reduce"), [32, 1]);
const FORWARD: Kernel = Kernel::new(shader!("batch_norm_forward"), [64, 1]);
const GRADIENT_SUMS: Kernel = Kernel::new(shader!("batch_norm_gradient_sums"), [64, 1]);
const BACKWARD: Kernel = Kernel::new(shader!("batch_norm_backward"), [64, 1]);

/// The most parts into which a channel's pixels are split.
const MAX_SLICES: usize = 64;
/// The most invocations that share a channel.
const MAX_PARTS: usize = 128;

/// Two sums per channel, or the moments that follow from them.
struct Reduced {
    /// Running means, or the first sums: `[C]`.
    first: CubeTensor,
    /// Running variances, or the second sums: `[C]`.
    second: CubeTensor,
    /// Means and biased variances of the batch, or both sums: `[C, 2]`.
    both: CubeTensor,
}

/// The sizes of a batch and of its pooling windows.
#[derive(Debug, Clone, Copy)]
struct Windows {
    images: usize,
    channels: usize,
    height: usize,
    width: usize,
    side: usize,
}

impl Windows {
    fn of(x: &CubeTensor, pool: bool) -> Self {
        let [images, channels, height, width] = x.meta.shape().dims();
        if pool {
            Self { images, channels, height, width, side: 2 }
        } else {
            // All pixels as one row, so that the shader needs no division to find one.
            Self { images, channels, height: 1, width: height * width, side: 1 }
        }
    }

    /// Rows and columns of whole windows: height and width of the output.
    fn whole(&self) -> [usize; 2] {
        [self.height, self.width].map(|length| length / self.side)
    }

    /// Rows and columns of all windows, with those that reach beyond the image.
    fn all(&self) -> [usize; 2] {
        [self.height, self.width].map(|length| length.div_ceil(self.side))
    }

    fn words(&self) -> [usize; 7] {
        let [down, across] = self.whole();
        [self.images, self.channels, self.height, self.width, self.side, down, across]
    }
}

/// For the backward pass it saves the bias and the moments of the batch.
pub fn forward(
    x: CubeTensor,
    weight: CubeTensor,
    bias: CubeTensor,
    running: [CubeTensor; 2],
    pool: bool,
) -> BatchNormOutput<Cube> {
    let [x, weight, bias] = [x, weight, bias].map(into_contiguous);
    let [running_mean, running_var] = running.map(into_contiguous);
    let Reduced { first, second, both: moments } =
        reduce(&x, &partial_sums(&x, true), Some([&running_mean, &running_var]));

    let windows = Windows::of(&x, pool);
    let [images, channels, height, width] = x.meta.shape().dims();
    let [height, width] = if pool { [height / 2, width / 2] } else { [height, width] };
    let y = empty(&x, [images, channels, height, width]);
    FORWARD.launch([images * channels * height * width, 1], &[&x, &moments, &weight, &bias, &y], &windows.words());
    BatchNormOutput { y, running: [first, second], state: BatchNormState { x, weight, saved: vec![bias, moments] } }
}

pub fn backward(state: BatchNormState<Cube>, dy: CubeTensor, pool: bool) -> [CubeTensor; 3] {
    let BatchNormState { x, weight, saved } = state;
    let [bias, moments] = &saved[..] else { unreachable!("the forward pass saves two tensors") };
    let dy = into_contiguous(dy);
    let windows = Windows::of(&x, pool);
    let [images, channels, height, width] = x.meta.shape().dims();
    let [slices, batches] = shares(images, windows.whole().iter().product());
    let partial = empty(&x, [channels, batches, slices, 2]);
    let sizes = [&windows.words()[..], &[slices, batches]].concat();
    let tensors = [&x, &dy, moments, &weight, bias, &partial];
    GRADIENT_SUMS.launch([slices * batches, channels], &tensors, &sizes);
    let Reduced { first: dweight, second: dbias, both: sums } = reduce(&x, &partial, None);

    let dx = empty(&x, [images, channels, height, width]);
    let [all_down, all_across] = windows.all();
    let sizes = [&windows.words()[..], &[all_down, all_across]].concat();
    let threads = images * channels * all_down * all_across;
    BACKWARD.launch([threads, 1], &[&x, &dy, moments, &weight, bias, &sums, &dx], &sizes);
    [dx, dweight, dbias]
}

/// The sum of each channel of `[B, C, height, width]`: `[C]`, the gradient of a bias.
pub fn channel_sums(x: &CubeTensor) -> CubeTensor {
    reduce(x, &partial_sums(x, false), None).first
}

/// Sums and sums of squares over parts of each channel: of its pixels, or if `anchored` of their differences from one of them.
fn partial_sums(x: &CubeTensor, anchored: bool) -> CubeTensor {
    let Windows { images, channels, width: pixels, .. } = Windows::of(x, false);
    let [slices, batches] = shares(images, pixels);
    let partial = empty(x, [channels, batches, slices, 2]);
    let sizes = [images, channels, pixels, slices, batches, usize::from(anchored)];
    PARTIAL_SUMS.launch([slices * batches, channels], &[x, &partial], &sizes);
    partial
}

/// The numbers of parts into which a channel's pixels and images are split, with an invocation for each pair.
fn shares(images: usize, pixels: usize) -> [usize; 2] {
    let slices = pixels.clamp(1, MAX_SLICES);
    [slices, images.clamp(1, MAX_PARTS / slices)]
}

/// Adds up partial sums `[C, batches, slices, 2]`; with running statistics, computes moments from them.
fn reduce(x: &CubeTensor, partial: &CubeTensor, running: Option<[&CubeTensor; 2]>) -> Reduced {
    let Windows { images, channels, width: pixels, .. } = Windows::of(x, false);
    let [_, batches, slices, _] = partial.meta.shape().dims();
    let reduced = Reduced { first: empty(x, [channels]), second: empty(x, [channels]), both: empty(x, [channels, 2]) };
    let sizes = [channels, batches * slices, pixels, images * pixels, usize::from(running.is_some())];
    let [first, second] = running.unwrap_or([x, x]);
    let tensors = [x, partial, first, second, &reduced.first, &reduced.second, &reduced.both];
    REDUCE.launch([channels, 1], &tensors, &sizes);
    reduced
}
