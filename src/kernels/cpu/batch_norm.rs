//! Batch normalisation (Ioffe & Szegedy 2015) and the ReLU that follows it: forward reads the batch twice, once for the
//! moments; backward reads each channel twice while it is in a cache.

use super::relu::through;
use super::simd::vectorised;
use super::threads::{Place, split, written};

pub const EPSILON: f32 = 1e-5;

/// The time a number takes, in multiplications of a product.
const COST: usize = 8;

/// `[batch, channels, area]`, area being height times width.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Dims {
    pub batch: usize,
    pub channels: usize,
    pub area: usize,
}

impl Dims {
    fn len(self) -> usize {
        self.batch * self.channels * self.area
    }

    /// Where each image's part of a channel lies.
    fn parts(self, channel: usize) -> impl Iterator<Item = std::ops::Range<usize>> {
        (0..self.batch).map(move |image| {
            let start = (image * self.channels + channel) * self.area;
            start..start + self.area
        })
    }
}

/// Mean and biased variance of every channel.
///
/// # Shapes
/// `[B, C, area]` to `[C]` and `[C]`.
pub fn moments(x: &[f32], dims: Dims) -> (Vec<f32>, Vec<f32>) {
    assert!(x.len() == dims.len(), "the slice is as dims say");
    let (mut mean, mut var) = (vec![0.0; dims.channels], vec![0.0; dims.channels]);
    let (mean_place, var_place) = (Place::of(&mut mean), Place::of(&mut var));
    split(dims.channels, dims.len() * COST, |channels| {
        for channel in channels {
            // Each image's own moments, put together as by Chan, Golub & LeVeque 1983: accurate in one pass over memory.
            let (mut seen, mut mean, mut scatter) = (0.0, 0.0, 0.0);
            for part in dims.parts(channel) {
                let count = dims.area as f64;
                let (part_mean, part_scatter) = mean_and_scatter(&x[part]);
                let apart = f64::from(part_mean) - mean;
                mean += apart * count / (seen + count);
                scatter += f64::from(part_scatter) + apart * apart * seen * count / (seen + count);
                seen += count;
            }
            // SAFETY: each channel is written once.
            unsafe {
                *mean_place.at(channel) = mean as f32;
                *var_place.at(channel) = (scatter / seen) as f32;
            }
        }
    });
    (mean, var)
}

/// `max(0, (x - mean) / sqrt(var + epsilon) * weight + bias)`.
///
/// # Shapes
/// `[B, C, area]` to the same; all others are `[C]`.
pub fn forward(x: &[f32], mean: &[f32], var: &[f32], weight: &[f32], bias: &[f32], dims: Dims) -> Vec<f32> {
    assert!(x.len() == dims.len() && [mean, var, weight, bias].iter().all(|values| values.len() == dims.channels));
    let factors: Vec<(f32, f32)> = (0..dims.channels)
        .map(|channel| {
            let scale = weight[channel] / (var[channel] + EPSILON).sqrt();
            (scale, bias[channel] - mean[channel] * scale)
        })
        .collect();
    let fill = |place: Place| {
        let planes = dims.batch * dims.channels;
        split(planes, dims.len() * COST, |planes| {
            for plane in planes {
                let (scale, shift) = factors[plane % dims.channels];
                let range = plane * dims.area..(plane + 1) * dims.area;
                // SAFETY: each plane is written once.
                let to = unsafe { std::slice::from_raw_parts_mut(place.at(range.start).cast(), dims.area) };
                scaled(&x[range], scale, shift, to);
            }
        });
    };
    // SAFETY: every plane is written.
    unsafe { written(x.len(), fill) }
}

/// Gradients by `x`, weight and bias of [`forward`] with the batch's own `mean` and `var`, whose output was `y`.
///
/// # Shapes
/// `x`, `y` and `dy` are `[B, C, area]`; to the same, `[C]` and `[C]`.
pub fn backward(
    x: &[f32],
    y: &[f32],
    dy: &[f32],
    mean: &[f32],
    var: &[f32],
    weight: &[f32],
    dims: Dims,
) -> (Vec<f32>, Vec<f32>, Vec<f32>) {
    assert!(x.len() == dims.len() && y.len() == x.len() && dy.len() == x.len(), "slices are as dims say");
    assert!([mean, var, weight].iter().all(|values| values.len() == dims.channels), "one for a channel");
    let (mut by_weight, mut by_bias) = (vec![0.0; dims.channels], vec![0.0; dims.channels]);
    let (weight_place, bias_place) = (Place::of(&mut by_weight), Place::of(&mut by_bias));
    let count = (dims.batch * dims.area) as f64;
    let fill = |place: Place| {
        split(dims.channels, dims.len() * 2 * COST, |channels| {
            for channel in channels {
                let (mut by_bias, mut by_weight) = (0.0, 0.0);
                for part in dims.parts(channel) {
                    let (sum, product) = open_sums(&x[part.clone()], &y[part.clone()], &dy[part], mean[channel]);
                    by_bias += f64::from(sum);
                    by_weight += f64::from(product);
                }
                let deviation = f64::from(var[channel] + EPSILON).sqrt();
                let by_weight = by_weight / deviation;
                // dx = a dy + b x + c where the ReLU was open, b x + c where it was not.
                let a = f64::from(weight[channel]) / deviation;
                let b = -a * by_weight / deviation / count;
                let c = -a * by_bias / count - b * f64::from(mean[channel]);
                for part in dims.parts(channel) {
                    // SAFETY: each channel is written once.
                    let to = unsafe { std::slice::from_raw_parts_mut(place.at(part.start).cast(), dims.area) };
                    open_slopes(&x[part.clone()], &y[part.clone()], &dy[part], [a, b, c].map(|value| value as f32), to);
                }
                // SAFETY: each channel is written once.
                unsafe {
                    *weight_place.at(channel) = by_weight as f32;
                    *bias_place.at(channel) = by_bias as f32;
                }
            }
        });
    };
    // SAFETY: every channel is written.
    let dx = unsafe { written(x.len(), fill) };
    (dx, by_weight, by_bias)
}

/// So many sums at once, so that additions need not wait for each other.
const SUMS: usize = if cfg!(target_arch = "wasm32") { 16 } else { 32 };

vectorised! {
    /// The mean of some numbers and the sum of their squared distances from it.
    fn mean_and_scatter(x: &[f32]) -> (f32, f32) {
        let (chunks, rest) = x.as_chunks::<SUMS>();
        let mut sums = [0.0; SUMS];
        for chunk in chunks {
            for lane in 0..SUMS {
                sums[lane] += chunk[lane];
            }
        }
        let mean = (sums.into_iter().sum::<f32>() + rest.iter().sum::<f32>()) / x.len() as f32;
        let mut squares = [0.0; SUMS];
        for chunk in chunks {
            for lane in 0..SUMS {
                squares[lane] += (chunk[lane] - mean) * (chunk[lane] - mean);
            }
        }
        let rest = rest.iter().map(|x| (x - mean) * (x - mean));
        (mean, squares.into_iter().sum::<f32>() + rest.sum::<f32>())
    }

    fn scaled(x: &[f32], scale: f32, shift: f32, to: &mut [std::mem::MaybeUninit<f32>]) {
        for (x, to) in x.iter().zip(to) {
            let value = x * scale + shift;
            to.write(if value < 0.0 { 0.0 } else { value });
        }
    }

    /// Sums of `dy` and of `dy (x - mean)` over where the ReLU was open.
    fn open_sums(x: &[f32], y: &[f32], dy: &[f32], mean: f32) -> (f32, f32) {
        let (x_chunks, x_rest) = x.as_chunks::<SUMS>();
        let (y_chunks, y_rest) = y.as_chunks::<SUMS>();
        let (dy_chunks, dy_rest) = dy.as_chunks::<SUMS>();
        let (mut sums, mut products) = ([0.0; SUMS], [0.0; SUMS]);
        for ((x, y), dy) in x_chunks.iter().zip(y_chunks).zip(dy_chunks) {
            for lane in 0..SUMS {
                let open = through(y[lane], dy[lane]);
                sums[lane] += open;
                products[lane] += open * (x[lane] - mean);
            }
        }
        let (mut sum, mut product) = (sums.into_iter().sum::<f32>(), products.into_iter().sum::<f32>());
        for ((x, y), dy) in x_rest.iter().zip(y_rest).zip(dy_rest) {
            let open = through(*y, *dy);
            sum += open;
            product += open * (x - mean);
        }
        (sum, product)
    }

    fn open_slopes(x: &[f32], y: &[f32], dy: &[f32], factors: [f32; 3], to: &mut [std::mem::MaybeUninit<f32>]) {
        let [a, b, c] = factors;
        for (((x, y), dy), to) in x.iter().zip(y).zip(dy).zip(to) {
            let open = through(*y, *dy);
            to.write(a * open + (b * x + c));
        }
    }
}
