//! A transposed 2 x 2 convolution with stride 2. Windows do not overlap, so it is one matrix product and a rearrangement:
//! `4 * B * C * O * H * W` multiply-adds forward and for each gradient.

pub use super::conv::Dims;
use super::layout::{copy, transpose};
use super::matmul::Left;
use super::threads::{OutputSlice, saturating_product, split, sum, written};
use super::tile::Finish;

/// Weights per pair of channels, and output pixels per input pixel.
const WINDOW: usize = 4;
/// Pixels, of one or several images, that are summed at a time for the gradient of the weight.
const DEPTH: usize = 256;

/// Multiply-adds of a forward pass, or of one gradient.
fn multiply_adds(dims: Dims) -> usize {
    saturating_product([WINDOW, dims.batch, dims.inputs, dims.outputs, dims.area()])
}

/// The input and output elements of one image.
fn image_sizes(dims: Dims) -> (usize, usize) {
    (dims.inputs * dims.area(), WINDOW * dims.outputs * dims.area())
}

/// The transposed convolution of `x` with `w`; `dims` has the input's height and width.
///
/// # Shapes
/// `x` is `[B, C, H, W]`, `w` is `[C, O, 2, 2]`, the bias `[O]`; to `[B, O, 2H, 2W]`.
pub fn forward(x: &[f32], w: &[f32], bias: Option<&[f32]>, dims: Dims) -> Vec<f32> {
    let Dims { batch, inputs, outputs, .. } = dims;
    let (before, after) = image_sizes(dims);
    assert!(x.len() == batch * before && w.len() == inputs * WINDOW * outputs, "slice lengths match `dims`");
    let left = Left::from_columns(w, WINDOW * outputs, WINDOW * outputs, inputs);
    let fill = |output: OutputSlice| {
        split(batch, multiply_adds(dims), |images| {
            let mut panel = left.panel();
            let mut windows = vec![0.0; after];
            for image in images {
                product(&left, &x[image * before..][..before], &mut panel, &mut windows);
                // SAFETY: no other call writes this image's output.
                unsafe { interleave(&windows, bias, dims, output.at(image * after)) };
            }
        });
    };
    // SAFETY: every image is written.
    unsafe { written(batch * after, fill) }
}

/// Gradients of `x` and `w` (each if needed) and of the bias.
///
/// # Shapes
/// `dy` is `[B, O, 2H, 2W]`; to `[B, C, H, W]`, `[C, O, 2, 2]` and `[O]`.
pub fn backward(
    x: &[f32],
    w: &[f32],
    dy: &[f32],
    dims: Dims,
    need_dx: bool,
    need_dw: bool,
) -> (Option<Vec<f32>>, Option<Vec<f32>>, Vec<f32>) {
    let Dims { batch, inputs, outputs, .. } = dims;
    let (before, after) = image_sizes(dims);
    assert!(x.len() == batch * before && dy.len() == batch * after && w.len() == inputs * WINDOW * outputs);
    let fill = |output: OutputSlice| {
        split(batch, after * batch * 4, |images| {
            for image in images {
                // SAFETY: no other call writes this image's windows.
                unsafe { split_windows(&dy[image * after..][..after], dims, output.at(image * after)) };
            }
        });
    };
    // SAFETY: every image is written.
    let windows = unsafe { written(batch * after, fill) };
    let mut db = vec![0.0; outputs];
    for image in windows.chunks_exact(after.max(1)) {
        for (db, window) in db.iter_mut().zip(image.chunks_exact(WINDOW * dims.area())) {
            *db += window.iter().sum::<f32>();
        }
    }
    let dx = need_dx.then(|| input_gradient(&windows, w, dims));
    let dw = need_dw.then(|| weight_gradient(x, &windows, dims));
    (dx, dw, db)
}

fn input_gradient(windows: &[f32], w: &[f32], dims: Dims) -> Vec<f32> {
    let Dims { batch, inputs, outputs, .. } = dims;
    let (before, after) = image_sizes(dims);
    let left = Left::from_rows(w, WINDOW * outputs, inputs, WINDOW * outputs, 0);
    let fill = |output: OutputSlice| {
        split(batch, multiply_adds(dims), |images| {
            let mut panel = left.panel();
            for image in images {
                // SAFETY: no other call writes this image's gradient.
                unsafe {
                    product_into(&left, &windows[image * after..][..after], &mut panel, output.at(image * before));
                }
            }
        });
    };
    // SAFETY: every image is written.
    unsafe { written(batch * before, fill) }
}

fn weight_gradient(x: &[f32], windows: &[f32], dims: Dims) -> Vec<f32> {
    let Dims { batch, inputs, outputs, .. } = dims;
    let ((before, after), area) = (image_sizes(dims), dims.area());
    let together = (DEPTH / area.max(1)).max(1);
    let all = WINDOW * outputs;
    sum(batch, multiply_adds(dims), inputs * all, |images, dw| {
        let output = OutputSlice::of(dw);
        for image in images.clone().step_by(together) {
            let count = together.min(images.end - image);
            let left = Left::from_images(&x[image * before..], before, count, inputs, area);
            let (mut panel, width) = (left.panel(), left.width());
            for first in (0..all).step_by(width) {
                let columns = width.min(all - first);
                for (of, part) in panel.chunks_exact_mut(area * width).enumerate() {
                    transpose(&windows[(image + of) * after + first * area..], area, columns, area, part, width);
                }
                // SAFETY: `columns` columns from `first` on of `[C, 4 O]`.
                unsafe { left.times(&panel, columns, output.at(first), all, Finish::Add) };
            }
        }
    })
}

/// Multiplies with one image's `[depth, H * W]`.
fn product(left: &Left, right: &[f32], panel: &mut [f32], out: &mut [f32]) {
    assert!(out.len() * left.depth() == right.len() * left.rows(), "input and output have the same pixels");
    // SAFETY: the output holds every row, as just asserted.
    unsafe { product_into(left, right, panel, out.as_mut_ptr()) }
}

/// [`product`] into memory that need not be initialised.
///
/// # Safety
/// `out` points to `[rows, H * W]`.
unsafe fn product_into(left: &Left, right: &[f32], panel: &mut [f32], out: *mut f32) {
    let (area, width) = (right.len() / left.depth().max(1), left.width());
    for first in (0..area).step_by(width) {
        let count = width.min(area - first);
        copy(&right[first..], area, count, left.depth(), panel, width);
        // SAFETY: `count` pixels from `first` on, of every row.
        unsafe { left.times(panel, count, out.add(first), area, Finish::Set) };
    }
}

/// Moves windows `[O, 2, 2, H, W]` to `[O, 2H, 2W]` and adds the bias.
///
/// # Safety
/// `out` points to `[O, 2H, 2W]`.
unsafe fn interleave(windows: &[f32], bias: Option<&[f32]>, dims: Dims, out: *mut f32) {
    let Dims { height, width, outputs, .. } = dims;
    for output in 0..outputs {
        let bias = bias.map_or(0.0, |bias| bias[output]);
        for row in 0..2 * height {
            let at = |column| ((output * 2 + row % 2) * 2 + column) * dims.area() + row / 2 * width;
            let (even, odd) = (&windows[at(0)..][..width], &windows[at(1)..][..width]);
            for (column, (even, odd)) in even.iter().zip(odd).enumerate() {
                // SAFETY: within the row of this channel.
                unsafe {
                    let to = out.add((output * 2 * height + row) * 2 * width + 2 * column);
                    *to = even + bias;
                    *to.add(1) = odd + bias;
                }
            }
        }
    }
}

/// The inverse of [`interleave`] without a bias.
///
/// # Safety
/// `out` points to `[O, 2, 2, H, W]`.
unsafe fn split_windows(image: &[f32], dims: Dims, out: *mut f32) {
    let Dims { height, width, outputs, .. } = dims;
    for (line, from) in image.chunks_exact((2 * width).max(1)).enumerate().take(outputs * 2 * height) {
        let (output, row) = (line / (2 * height), line % (2 * height));
        let at = |column| ((output * 2 + row % 2) * 2 + column) * dims.area() + row / 2 * width;
        for (column, pair) in from.chunks_exact(2).enumerate() {
            // SAFETY: within the windows of this channel.
            unsafe {
                *out.add(at(0) + column) = pair[0];
                *out.add(at(1) + column) = pair[1];
            }
        }
    }
}
