//! 2 x 2 max pooling with stride 2: each pixel is read once forward and once backward. An odd last row or column is ignored.

use super::simd::vectorised;
use super::threads::{OutputSlice, split};

/// Time per pixel, in multiply-adds of a matrix product.
const TIME_PER_PIXEL: usize = 8;

/// The sizes of the input, `[planes, height, width]`, with a plane for each channel of each image.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Dims {
    /// Channels of all images.
    pub planes: usize,
    /// Rows of pixels in a plane.
    pub height: usize,
    /// Pixels of a row.
    pub width: usize,
}

impl Dims {
    fn input_area(self) -> usize {
        self.height * self.width
    }

    fn output_area(self) -> usize {
        (self.height / 2) * (self.width / 2)
    }
}

/// The largest pixel of each window.
///
/// # Shapes
/// `[B, C, H, W]` to `[B, C, H / 2, W / 2]`.
pub fn forward(x: &[f32], dims: Dims) -> Vec<f32> {
    let (before, after) = (dims.input_area(), dims.output_area());
    assert!(x.len() == dims.planes * before, "the slice's length matches `dims`");
    let mut y = vec![0.0; dims.planes * after];
    let output = OutputSlice::of(&mut y);
    split(dims.planes, x.len() * TIME_PER_PIXEL, |planes| {
        // SAFETY: each plane is written once.
        let y = unsafe { output.part(planes.start * after..planes.end * after) };
        largest(&x[planes.start * before..planes.end * before], y, dims);
    });
    y
}

/// The gradient of the input: that of each window at its maximum, the first of equal pixels, and zero elsewhere.
///
/// # Shapes
/// `y` and `dy` are `[B, C, H / 2, W / 2]`; to `[B, C, H, W]`.
pub fn backward(x: &[f32], y: &[f32], dy: &[f32], dims: Dims) -> Vec<f32> {
    let (before, after) = (dims.input_area(), dims.output_area());
    assert!(x.len() == dims.planes * before && y.len() == dims.planes * after && dy.len() == y.len());
    let mut dx = vec![0.0; x.len()];
    let output = OutputSlice::of(&mut dx);
    split(dims.planes, x.len() * TIME_PER_PIXEL, |planes| {
        let (from, to) = (planes.start * before..planes.end * before, planes.start * after..planes.end * after);
        // SAFETY: each plane is written once.
        let dx = unsafe { output.part(from.clone()) };
        scatter(&x[from], &y[to.clone()], &dy[to], dx, dims);
    });
    dx
}

/// Windows per iteration: a fixed count, so that the compiler separates left and right pixels in registers.
const WINDOWS: usize = 4;

/// Not `f32::max`, whose treatment of NaN takes several instructions in wasm.
#[inline(always)]
fn larger(a: f32, b: f32) -> f32 {
    if b > a { b } else { a }
}

/// The maxima of `N / 2` neighbouring windows.
#[inline(always)]
fn largest_of<const N: usize>(upper: &[f32; N], lower: &[f32; N], y: &mut [f32]) {
    let mut columns = [0.0; N];
    for column in 0..N {
        columns[column] = larger(upper[column], lower[column]);
    }
    for (window, y) in y.iter_mut().enumerate() {
        *y = larger(columns[2 * window], columns[2 * window + 1]);
    }
}

vectorised! {
    /// The largest pixel of each window.
    fn largest(x: &[f32], y: &mut [f32], dims: Dims) {
        let Dims { height, width, .. } = dims;
        let (lines, half) = (height / 2, width / 2);
        if lines * half == 0 {
            return;
        }
        for (plane, y) in x.chunks_exact(height * width).zip(y.chunks_exact_mut(lines * half)) {
            for (rows, y) in plane.chunks_exact(2 * width).zip(y.chunks_exact_mut(half)) {
                let (upper, upper_rest) = rows[..2 * half].as_chunks::<{ 2 * WINDOWS }>();
                let (lower, lower_rest) = rows[width..width + 2 * half].as_chunks::<{ 2 * WINDOWS }>();
                let (y, y_rest) = y.as_chunks_mut::<WINDOWS>();
                for ((upper, lower), y) in upper.iter().zip(lower).zip(y) {
                    largest_of(upper, lower, y);
                }
                let pairs = upper_rest.as_chunks::<2>().0.iter().zip(lower_rest.as_chunks::<2>().0);
                for ((upper, lower), y) in pairs.zip(y_rest.chunks_exact_mut(1)) {
                    largest_of(upper, lower, y);
                }
            }
        }
    }

    /// Writes the gradient of each window to its maximum, and zeros to its other pixels.
    fn scatter(x: &[f32], y: &[f32], dy: &[f32], dx: &mut [f32], dims: Dims) {
        let Dims { height, width, .. } = dims;
        let (lines, half) = (height / 2, width / 2);
        if lines * half == 0 {
            return;
        }
        let windows = y.chunks_exact(lines * half).zip(dy.chunks_exact(lines * half));
        for ((x, dx), (y, dy)) in x.chunks_exact(height * width).zip(dx.chunks_exact_mut(height * width)).zip(windows) {
            let outputs = y.chunks_exact(half).zip(dy.chunks_exact(half));
            for ((rows, to), (y, dy)) in x.chunks_exact(2 * width).zip(dx.chunks_exact_mut(2 * width)).zip(outputs) {
                let (upper, lower) = (&rows[..2 * half], &rows[width..width + 2 * half]);
                let (to_upper, to_lower) = to.split_at_mut(width);
                let (to_upper, to_lower) = (&mut to_upper[..2 * half], &mut to_lower[..2 * half]);
                for column in 0..half {
                    let (largest, gradient) = (y[column], dy[column]);
                    let (left, right) = (2 * column, 2 * column + 1);
                    let first = upper[left] == largest;
                    let second = !first & (upper[right] == largest);
                    let third = !(first | second) & (lower[left] == largest);
                    let if_maximum = |is: bool| if is { gradient } else { 0.0 };
                    to_upper[left] = if_maximum(first);
                    to_upper[right] = if_maximum(second);
                    to_lower[left] = if_maximum(third);
                    to_lower[right] = if_maximum(!(first | second | third));
                }
            }
        }
    }
}
