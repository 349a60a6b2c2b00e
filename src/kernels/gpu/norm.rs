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

/// Two numbers for each channel.
#[derive(Debug, Clone)]
pub struct Pair {
    pub first: CubeTensor,  // [C]
    pub second: CubeTensor, // [C]
    pub both: CubeTensor,   // [C, 2]
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

/// Mean and biased variance of each channel of `[B, C, height, width]`.
pub fn moments(x: &CubeTensor) -> Pair {
    sums_of(x, true)
}

/// The sum of each channel of `[B, C, height, width]`, `[C]`: the gradient of a bias.
pub fn channel_sums(x: &CubeTensor) -> CubeTensor {
    sums_of(x, false).first
}

fn sums_of(x: &CubeTensor, anchored: bool) -> Pair {
    let Windows { images, channels, width: pixels, .. } = Windows::of(x, false);
    let [slices, batches] = shares(images, pixels);
    let partial = empty(x, [channels, batches, slices, 2]);
    let sizes = [images, channels, pixels, slices, batches, usize::from(anchored)];
    MOMENTS.launch([slices * batches, channels], &[x, &partial], &sizes);
    total(x, &partial, anchored)
}

/// Pixels and pictures that an invocation of its own takes.
fn shares(images: usize, pixels: usize) -> [usize; 2] {
    let slices = pixels.clamp(1, SLICES);
    [slices, images.clamp(1, PARTS / slices)]
}

fn total(x: &CubeTensor, partial: &CubeTensor, anchored: bool) -> Pair {
    let Windows { images, channels, width: pixels, .. } = Windows::of(x, false);
    let [_, batches, slices, _] = partial.meta.shape().dims();
    let pair = Pair { first: empty(x, [channels]), second: empty(x, [channels]), both: empty(x, [channels, 2]) };
    let sizes = [channels, batches * slices, pixels, images * pixels, usize::from(anchored)];
    TOTALS.launch([channels, 1], &[x, partial, &pair.first, &pair.second, &pair.both], &sizes);
    pair
}

/// # Shapes
/// `x` `[B, C, height, width]` and four times `[C]`, to `[B, C, height, width]`, or half the height and width.
pub fn forward(
    x: &CubeTensor,
    mean: &CubeTensor,
    variance: &CubeTensor,
    weight: &CubeTensor,
    bias: &CubeTensor,
    pool: bool,
) -> CubeTensor {
    let windows = Windows::of(x, pool);
    let [images, channels, height, width] = x.meta.shape().dims();
    let y = match pool {
        true => empty(x, [images, channels, height / 2, width / 2]),
        false => empty(x, [images, channels, height, width]),
    };
    let threads = images * channels * windows.whole().iter().product::<usize>();
    FORWARD.launch([threads, 1], &[x, mean, variance, weight, bias, &y], &windows.words());
    y
}

/// The gradients by `x`, and by weight and bias, where `both` `[C, 2]` are mean and variance of `x` itself.
pub fn backward(
    x: &CubeTensor,
    dy: &CubeTensor,
    both: &CubeTensor,
    weight: &CubeTensor,
    bias: &CubeTensor,
    pool: bool,
) -> (CubeTensor, Pair) {
    let windows = Windows::of(x, pool);
    let [images, channels, height, width] = x.meta.shape().dims();
    let [slices, batches] = shares(images, windows.whole().iter().product());
    let partial = empty(x, [channels, batches, slices, 2]);
    let sizes = [&windows.words()[..], &[slices, batches]].concat();
    SUMS.launch([slices * batches, channels], &[x, dy, both, weight, bias, &partial], &sizes);
    let sums = total(x, &partial, false);

    let dx = empty(x, [images, channels, height, width]);
    let [all_down, all_across] = windows.all();
    let sizes = [&windows.words()[..], &[all_down, all_across]].concat();
    let threads = images * channels * all_down * all_across;
    let tensors = [x, dy, both, weight, bias, &sums.both, &dx];
    BACKWARD.launch([threads, 1], &tensors, &sizes);
    (dx, sums)
}
