//! Batch norm (Ioffe & Szegedy 2015) and the ReLU that follows it: forward reads the batch twice, once for the moments;
//! backward reads each channel twice while it is in the cache.

use super::relu::relu_backward;
use super::simd::vectorised;
use super::threads::{OutputSlice, split, written};
use crate::kernels::constants::BATCH_NORM_EPSILON;

const EPSILON: f32 = BATCH_NORM_EPSILON as f32;

/// Time per element, in multiply-adds of a matrix product.
const TIME_PER_ELEMENT: usize = 8;

/// The sizes of a batch, `[batch, channels, area]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Dims {
    /// Images.
    pub batch: usize,
    /// Channels of each image.
    pub channels: usize,
    /// Pixels of each channel: height * width.
    pub area: usize,
}

impl Dims {
    fn len(self) -> usize {
        self.batch * self.channels * self.area
    }

    /// The range of a channel in each image.
    fn ranges(self, channel: usize) -> impl Iterator<Item = std::ops::Range<usize>> {
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
    assert!(x.len() == dims.len(), "the slice's length matches `dims`");
    let (mut mean, mut var) = (vec![0.0; dims.channels], vec![0.0; dims.channels]);
    let (mean_output, var_output) = (OutputSlice::of(&mut mean), OutputSlice::of(&mut var));
    split(dims.channels, dims.len() * TIME_PER_ELEMENT, |channels| {
        for channel in channels {
            // Moments of each image, combined by the formula of Chan, Golub & LeVeque 1983: accurate in one pass over memory.
            let (mut seen, mut mean, mut squares) = (0.0, 0.0, 0.0);
            for part in dims.ranges(channel) {
                let count = dims.area as f64;
                let (part_mean, part_squares) = mean_and_squared_deviations(&x[part]);
                let difference = f64::from(part_mean) - mean;
                mean += difference * count / (seen + count);
                squares += f64::from(part_squares) + difference * difference * seen * count / (seen + count);
                seen += count;
            }
            // SAFETY: each channel is written once.
            unsafe {
                *mean_output.at(channel) = mean as f32;
                *var_output.at(channel) = (squares / seen) as f32;
            }
        }
    });
    (mean, var)
}

/// `max(0, (x - mean) / sqrt(var + epsilon) * weight + bias)`.
///
/// # Shapes
/// `x` is `[B, C, area]`, all others are `[C]`; to `[B, C, area]`.
pub fn forward(x: &[f32], mean: &[f32], var: &[f32], weight: &[f32], bias: &[f32], dims: Dims) -> Vec<f32> {
    assert!(x.len() == dims.len() && [mean, var, weight, bias].iter().all(|values| values.len() == dims.channels));
    let factors: Vec<(f32, f32)> = (0..dims.channels)
        .map(|channel| {
            let scale = weight[channel] / (var[channel] + EPSILON).sqrt();
            (scale, bias[channel] - mean[channel] * scale)
        })
        .collect();
    let fill = |output: OutputSlice| {
        let planes = dims.batch * dims.channels;
        split(planes, dims.len() * TIME_PER_ELEMENT, |planes| {
            for plane in planes {
                let (scale, shift) = factors[plane % dims.channels];
                let range = plane * dims.area..(plane + 1) * dims.area;
                // SAFETY: each plane is written once.
                let to = unsafe { std::slice::from_raw_parts_mut(output.at(range.start).cast(), dims.area) };
                scale_shift_relu(&x[range], scale, shift, to);
            }
        });
    };
    // SAFETY: every plane is written.
    unsafe { written(x.len(), fill) }
}

/// Gradients of `x`, weight and bias through [`forward`] with the batch's own `mean` and `var`, whose output was `y`
/// (section 3 of the paper).
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
    assert!(x.len() == dims.len() && y.len() == x.len() && dy.len() == x.len(), "slice lengths match `dims`");
    assert!([mean, var, weight].iter().all(|values| values.len() == dims.channels), "one per channel");
    let (mut dweight, mut dbias) = (vec![0.0; dims.channels], vec![0.0; dims.channels]);
    let (dweight_output, dbias_output) = (OutputSlice::of(&mut dweight), OutputSlice::of(&mut dbias));
    let count = (dims.batch * dims.area) as f64;
    let fill = |output: OutputSlice| {
        split(dims.channels, dims.len() * 2 * TIME_PER_ELEMENT, |channels| {
            for channel in channels {
                let parts = || dims.ranges(channel).map(|part| (&x[part.clone()], &y[part.clone()], &dy[part]));
                let (dbias, product) = channel_gradient_sums(parts(), mean[channel]);
                let deviation = f64::from(var[channel] + EPSILON).sqrt();
                let dweight = product / deviation;
                // dx = a dy + b x + c where the ReLU's output is positive, b x + c elsewhere.
                let a = f64::from(weight[channel]) / deviation;
                let b = -a * dweight / deviation / count;
                let c = -a * dbias / count - b * f64::from(mean[channel]);
                let factors = [a, b, c].map(|value| value as f32);
                for ((x, y, dy), range) in parts().zip(dims.ranges(channel)) {
                    // SAFETY: each channel is written once.
                    let to = unsafe { std::slice::from_raw_parts_mut(output.at(range.start).cast(), dims.area) };
                    input_gradient(x, y, dy, factors, to);
                }
                // SAFETY: each channel is written once.
                unsafe {
                    *dweight_output.at(channel) = dweight as f32;
                    *dbias_output.at(channel) = dbias as f32;
                }
            }
        });
    };
    // SAFETY: every channel is written.
    let dx = unsafe { written(x.len(), fill) };
    (dx, dweight, dbias)
}

/// Sums of `dy` and of `dy (x - mean)` where the ReLU's output `y` is positive, over a channel given as `(x, y, dy)` of each
/// image.
fn channel_gradient_sums<'a>(parts: impl Iterator<Item = (&'a [f32], &'a [f32], &'a [f32])>, mean: f32) -> (f64, f64) {
    parts.fold((0.0, 0.0), |(sum, product), (x, y, dy)| {
        let part = gradient_sums(x, y, dy, mean);
        (sum + f64::from(part.0), product + f64::from(part.1))
    })
}

/// Independent sums, so that additions need not wait for each other.
const SUMS: usize = if cfg!(target_arch = "wasm32") { 16 } else { 32 };

vectorised! {
    /// The mean of `x` and the sum of squared deviations from it.
    fn mean_and_squared_deviations(x: &[f32]) -> (f32, f32) {
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

    fn scale_shift_relu(x: &[f32], scale: f32, shift: f32, to: &mut [std::mem::MaybeUninit<f32>]) {
        for (x, to) in x.iter().zip(to) {
            let value = x * scale + shift;
            to.write(if value < 0.0 { 0.0 } else { value });
        }
    }

    /// Sums of `dy` and of `dy (x - mean)` where the ReLU's output is positive.
    fn gradient_sums(x: &[f32], y: &[f32], dy: &[f32], mean: f32) -> (f32, f32) {
        let (x_chunks, x_rest) = x.as_chunks::<SUMS>();
        let (y_chunks, y_rest) = y.as_chunks::<SUMS>();
        let (dy_chunks, dy_rest) = dy.as_chunks::<SUMS>();
        let (mut sums, mut products) = ([0.0; SUMS], [0.0; SUMS]);
        for ((x, y), dy) in x_chunks.iter().zip(y_chunks).zip(dy_chunks) {
            for lane in 0..SUMS {
                let dy = relu_backward(y[lane], dy[lane]);
                sums[lane] += dy;
                products[lane] += dy * (x[lane] - mean);
            }
        }
        let (mut sum, mut product) = (sums.into_iter().sum::<f32>(), products.into_iter().sum::<f32>());
        for ((x, y), dy) in x_rest.iter().zip(y_rest).zip(dy_rest) {
            let dy = relu_backward(*y, *dy);
            sum += dy;
            product += dy * (x - mean);
        }
        (sum, product)
    }

    fn input_gradient(x: &[f32], y: &[f32], dy: &[f32], factors: [f32; 3], to: &mut [std::mem::MaybeUninit<f32>]) {
        let [a, b, c] = factors;
        for (((x, y), dy), to) in x.iter().zip(y).zip(dy).zip(to) {
            let dy = relu_backward(*y, *dy);
            to.write(a * dy + (b * x + c));
        }
    }
}
