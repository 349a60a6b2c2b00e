//! Batch norm with ReLU after it and, where asked for, the largest of each 2 x 2 window (Ioffe & Szegedy 2015).

use burn_cubecl::tensor::CubeTensor;

use super::launch::{Kernel, empty};

const MOMENTS: Kernel = Kernel::new("norm_moments", include_str!("norm_moments.wgsl"), [64, 1]);
const TOTALS: Kernel = Kernel::new("norm_totals", include_str!("norm_totals.wgsl"), [32, 1]);
const FORWARD: Kernel = Kernel::new("norm_forward", include_str!("norm_forward.wgsl"), [64, 1]);
const SUMS: Kernel = Kernel::new("norm_sums", include_str!("norm_sums.wgsl"), [64, 1]);
const BACKWARD: Kernel = Kernel::new("norm_backward", include_str!("norm_backward.wgsl"), [64, 1]);

/// Invocations that share a channel, at most this many along its pixels and in all.
const SLICES: usize = 64;
const PARTS: usize = 128;

/// What the numbers of each channel come to.
#[derive(Debug, Clone)]
pub struct Totals {
    /// Running means, or sums: `[C]`.
    pub first: CubeTensor,
    /// Running variances, or sums: `[C]`.
    pub second: CubeTensor,
    /// Means and biased variances of the batch, or both sums: `[C, 2]`.
    pub both: CubeTensor,
}

/// Pictures, and the windows that one number each is made of.
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
        match pool {
            true => Self { images, channels, height, width, side: 2 },
            // One row: no division to find a number's place.
            false => Self { images, channels, height: 1, width: height * width, side: 1 },
        }
    }

    /// Rows and columns of whole windows.
    fn whole(&self) -> [usize; 2] {
        [self.height, self.width].map(|length| length / self.side)
    }

    /// With those that reach beyond the picture.
    fn all(&self) -> [usize; 2] {
        [self.height, self.width].map(|length| length.div_ceil(self.side))
    }

    fn words(&self) -> [usize; 7] {
        let [down, across] = self.whole();
        [self.images, self.channels, self.height, self.width, self.side, down, across]
    }
}

/// Mean and biased variance of each channel of `[B, C, height, width]`, and the running ones `[C]` moved towards them.
pub fn moments(x: &CubeTensor, running_mean: &CubeTensor, running_var: &CubeTensor) -> Totals {
    total(x, &partial_sums(x, true), Some([running_mean, running_var]))
}

/// The sum of each channel of `[B, C, height, width]`, `[C]`: the gradient of a bias.
pub fn channel_sums(x: &CubeTensor) -> CubeTensor {
    total(x, &partial_sums(x, false), None).first
}

fn partial_sums(x: &CubeTensor, anchored: bool) -> CubeTensor {
    let Windows { images, channels, width: pixels, .. } = Windows::of(x, false);
    let [slices, batches] = shares(images, pixels);
    let partial = empty(x, [channels, batches, slices, 2]);
    let sizes = [images, channels, pixels, slices, batches, usize::from(anchored)];
    MOMENTS.launch([slices * batches, channels], &[x, &partial], &sizes);
    partial
}

/// Pixels and pictures that an invocation of its own takes.
fn shares(images: usize, pixels: usize) -> [usize; 2] {
    let slices = pixels.clamp(1, SLICES);
    [slices, images.clamp(1, PARTS / slices)]
}

fn total(x: &CubeTensor, partial: &CubeTensor, running: Option<[&CubeTensor; 2]>) -> Totals {
    let Windows { images, channels, width: pixels, .. } = Windows::of(x, false);
    let [_, batches, slices, _] = partial.meta.shape().dims();
    let totals = Totals { first: empty(x, [channels]), second: empty(x, [channels]), both: empty(x, [channels, 2]) };
    let sizes = [channels, batches * slices, pixels, images * pixels, usize::from(running.is_some())];
    let [first, second] = running.unwrap_or([x, x]);
    let tensors = [x, partial, first, second, &totals.first, &totals.second, &totals.both];
    TOTALS.launch([channels, 1], &tensors, &sizes);
    totals
}

/// # Shapes
/// `x` `[B, C, height, width]`, `moments` `[C, 2]`, `weight` and `bias` `[C]`, to `[B, C, height, width]`, or half the height
/// and width.
pub fn forward(x: &CubeTensor, moments: &CubeTensor, weight: &CubeTensor, bias: &CubeTensor, pool: bool) -> CubeTensor {
    let windows = Windows::of(x, pool);
    let [images, channels, height, width] = x.meta.shape().dims();
    let y = match pool {
        true => empty(x, [images, channels, height / 2, width / 2]),
        false => empty(x, [images, channels, height, width]),
    };
    let threads = images * channels * windows.whole().iter().product::<usize>();
    FORWARD.launch([threads, 1], &[x, moments, weight, bias, &y], &windows.words());
    y
}

/// The gradients by `x`, and by weight and bias as the first and second of the totals; `moments` are those of `x`.
pub fn backward(
    x: &CubeTensor,
    dy: &CubeTensor,
    moments: &CubeTensor,
    weight: &CubeTensor,
    bias: &CubeTensor,
    pool: bool,
) -> (CubeTensor, Totals) {
    let windows = Windows::of(x, pool);
    let [images, channels, height, width] = x.meta.shape().dims();
    let [slices, batches] = shares(images, windows.whole().iter().product());
    let partial = empty(x, [channels, batches, slices, 2]);
    let sizes = [&windows.words()[..], &[slices, batches]].concat();
    SUMS.launch([slices * batches, channels], &[x, dy, moments, weight, bias, &partial], &sizes);
    let sums = total(x, &partial, None);

    let dx = empty(x, [images, channels, height, width]);
    let [all_down, all_across] = windows.all();
    let sizes = [&windows.words()[..], &[all_down, all_across]].concat();
    let threads = images * channels * all_down * all_across;
    let tensors = [x, dy, moments, weight, bias, &sums.both, &dx];
    BACKWARD.launch([threads, 1], &tensors, &sizes);
    (dx, sums)
}
