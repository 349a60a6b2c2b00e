//! A convolution as matrix products with the window around each pixel (im2col), arranged one panel at a time:
//! `9 * B * C * O * H * W` multiply-adds forward and for each gradient.

use super::{Dims, TAPS};
use crate::kernels::cpu::layout::{copy_run, transpose};
use crate::kernels::cpu::matmul::Left;
use crate::kernels::cpu::threads::{OutputSlice, split, sum, written};
use crate::kernels::cpu::tile::Finish;

/// Pixels, of one or several images, that are summed at a time for the gradient of the weight.
const DEPTH: usize = 256;

impl Dims {
    fn padded_width(self) -> usize {
        self.width + 2
    }

    fn padded_area(self) -> usize {
        (self.height + 2) * self.padded_width()
    }
}

/// See [`super::forward`].
pub fn forward(x: &[f32], w: &[f32], dims: Dims) -> Vec<f32> {
    let Dims { batch, inputs, outputs, .. } = dims;
    let left = Left::from_rows(w, inputs * TAPS, outputs, inputs * TAPS, 0);
    let fill = |output: OutputSlice| {
        split(batch, dims.multiply_adds(), |images| {
            let mut padded = vec![0.0; inputs * dims.padded_area()];
            let mut panel = left.panel();
            for image in images {
                pad(&x[image * inputs * dims.area()..], dims, &mut padded);
                // SAFETY: no other call writes this image's output.
                unsafe { convolve(&left, &padded, &mut panel, dims, output.at(image * outputs * dims.area())) };
            }
        });
    };
    // SAFETY: every image is written.
    unsafe { written(batch * outputs * dims.area(), fill) }
}

/// See [`super::weight_gradient`].
pub fn weight_gradient(x: &[f32], dy: &[f32], dims: Dims) -> Vec<f32> {
    let Dims { batch, inputs, outputs, .. } = dims;
    let together = (DEPTH / dims.area().max(1)).max(1);
    // Taps before channels: the order of the windows in images with channels last.
    let by_taps = sum(batch, dims.multiply_adds(), outputs * TAPS * inputs, |images, dw| {
        let mut padded = vec![0.0; together * dims.padded_area() * inputs];
        for first in images.clone().step_by(together) {
            let count = together.min(images.end - first);
            let left = Left::from_images(
                &dy[first * outputs * dims.area()..],
                outputs * dims.area(),
                count,
                outputs,
                dims.area(),
            );
            for (image, to) in padded.chunks_exact_mut(dims.padded_area() * inputs).take(count).enumerate() {
                pad_channels_last(&x[(first + image) * inputs * dims.area()..], dims, to);
            }
            correlate(&left, &padded, count, dims, dw);
        }
    });
    let mut dw = vec![0.0; by_taps.len()];
    for (from, to) in by_taps.chunks_exact(TAPS * inputs).zip(dw.chunks_exact_mut(TAPS * inputs)) {
        for (input, to) in to.chunks_exact_mut(TAPS).enumerate() {
            for (tap, to) in to.iter_mut().enumerate() {
                *to = from[tap * inputs + input];
            }
        }
    }
    dw
}

/// Adds the product of `dy`, as `[O, images * H * W]`, with all windows of padded images `[images, H + 2, W + 2, C]`.
fn correlate(left: &Left, padded: &[f32], images: usize, dims: Dims, dw: &mut [f32]) {
    let (columns, channels) = (left.width(), dims.inputs);
    let (all, output) = (TAPS * channels, OutputSlice::of(dw));
    // A row of a window, three pixels with their channels, is contiguous.
    let row = TAPS / 3 * channels;
    let mut panel = left.panel();
    let mut runs = Vec::new();
    for first in (0..all).step_by(columns) {
        let count = columns.min(all - first);
        runs.clear();
        let mut to = 0;
        while to < count {
            let (tap_row, place) = ((first + to) / row, (first + to) % row);
            let len = (row - place).min(count - to);
            runs.push(Run { to, from: tap_row * dims.padded_width() * channels + place, len });
            to += len;
        }
        let mut rows = panel.chunks_exact_mut(columns);
        for image in 0..images {
            for y in 0..dims.height {
                for x in 0..dims.width {
                    let corner = (image * dims.padded_area() + y * dims.padded_width() + x) * channels;
                    let to = rows.next().expect("the panel has a row per pixel");
                    for run in &runs {
                        copy_run(&padded[corner + run.from..][..run.len], &mut to[run.to..][..run.len]);
                    }
                }
            }
        }
        // SAFETY: `count` columns from `first` on of `[O, 9 C]`.
        unsafe { left.times(&panel, count, output.at(first), all, Finish::Add) };
    }
}

/// Copies an image into a padded one, `[H + 2, W + 2, C]`, whose border is already zero.
fn pad_channels_last(image: &[f32], dims: Dims, padded: &mut [f32]) {
    let rows = padded.chunks_exact_mut(dims.padded_width() * dims.inputs).skip(1);
    for (row, to) in rows.take(dims.height).enumerate() {
        let (from, to) = (&image[row * dims.width..], &mut to[dims.inputs..]);
        transpose(from, dims.area(), dims.inputs, dims.width, to, dims.inputs);
    }
}

/// Copies an image into a padded one, `[C, H + 2, W + 2]`, whose border is already zero.
fn pad(image: &[f32], dims: Dims, padded: &mut [f32]) {
    for (from, to) in image.chunks_exact(dims.area()).zip(padded.chunks_exact_mut(dims.padded_area())) {
        let rows = to.chunks_exact_mut(dims.padded_width()).skip(1);
        for (from, to) in from.chunks_exact(dims.width).zip(rows) {
            copy_run(from, &mut to[1..=dims.width]);
        }
    }
}

/// Neighbouring pixels within one row of an image.
#[derive(Clone, Copy)]
struct Run {
    to: usize,   // column of the panel
    from: usize, // offset in the padded image, from the corner of the row's window
    len: usize,
}

/// Convolves one padded image `[C, H + 2, W + 2]`.
///
/// # Safety
/// `out` points to `[O, H, W]`.
unsafe fn convolve(left: &Left, padded: &[f32], panel: &mut [f32], dims: Dims, out: *mut f32) {
    let columns = left.width();
    let mut runs = Vec::with_capacity(columns);
    for first in (0..dims.area()).step_by(columns) {
        let count = columns.min(dims.area() - first);
        runs.clear();
        let mut to = 0;
        while to < count {
            let (row, column) = ((first + to) / dims.width, (first + to) % dims.width);
            let len = (dims.width - column).min(count - to);
            runs.push(Run { to, from: row * dims.padded_width() + column, len });
            to += len;
        }
        let channels = padded.chunks_exact(dims.padded_area());
        for (channel, rows) in channels.zip(panel.chunks_exact_mut(TAPS * columns)) {
            for (tap, row) in rows.chunks_exact_mut(columns).enumerate() {
                let shift = tap / 3 * dims.padded_width() + tap % 3;
                for run in &runs {
                    copy_run(&channel[run.from + shift..][..run.len], &mut row[run.to..][..run.len]);
                }
            }
        }
        // SAFETY: `count` pixels from `first` on, of every channel.
        unsafe { left.times(panel, count, out.add(first), dims.area(), Finish::Set) };
    }
}
