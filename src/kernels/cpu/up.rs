//! A transposed 2 x 2 convolution of stride 2: every pixel becomes a square of its own, so it is one matrix product and a
//! rearrangement. `4 * B * C * O * H * W` multiply-adds forward and for each gradient.

use super::product::{Left, copy, transpose};
use super::threads::{Place, split, sum, written};
use super::tile::Finish;

const SQUARE: usize = 4;
const DEPTH: usize = 256;

/// Pictures `[batch, inputs, height, width]` to `[batch, outputs, 2 height, 2 width]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Dims {
    pub batch: usize,
    pub inputs: usize,
    pub outputs: usize,
    pub height: usize,
    pub width: usize,
}

impl Dims {
    fn area(self) -> usize {
        self.height * self.width
    }

    fn cost(self) -> usize {
        SQUARE * self.batch * self.inputs * self.outputs * self.area()
    }

    /// The numbers of one image before and after.
    fn image(self) -> (usize, usize) {
        (self.inputs * self.area(), SQUARE * self.outputs * self.area())
    }
}

/// # Shapes
/// `x` is `[B, C, H, W]`, `w` is `[C, O, 2, 2]`, the bias `[O]`; to `[B, O, 2H, 2W]`.
pub fn forward(x: &[f32], w: &[f32], bias: Option<&[f32]>, dims: Dims) -> Vec<f32> {
    let Dims { batch, inputs, outputs, .. } = dims;
    let (before, after) = dims.image();
    assert!(x.len() == batch * before && w.len() == inputs * SQUARE * outputs, "slices are as dims say");
    let left = Left::from_columns(w, SQUARE * outputs, SQUARE * outputs, inputs);
    let fill = |place: Place| {
        split(batch, dims.cost(), |images| {
            let mut panel = left.panel();
            let mut squares = vec![0.0; after];
            for image in images {
                product(&left, &x[image * before..][..before], &mut panel, &mut squares);
                // SAFETY: this image's output is written by nobody else.
                unsafe { spread(&squares, bias, dims, place.at(image * after)) };
            }
        });
    };
    // SAFETY: every image is written.
    unsafe { written(batch * after, fill) }
}

/// Gradients by `x` and `w` (each if asked for) and by the bias.
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
    let (before, after) = dims.image();
    assert!(x.len() == batch * before && dy.len() == batch * after && w.len() == inputs * SQUARE * outputs);
    let fill = |place: Place| {
        split(batch, after * batch * 4, |images| {
            for image in images {
                // SAFETY: this image's squares are written by nobody else.
                unsafe { gather(&dy[image * after..][..after], dims, place.at(image * after)) };
            }
        });
    };
    // SAFETY: every image is written.
    let squares = unsafe { written(batch * after, fill) };
    let mut db = vec![0.0; outputs];
    for image in squares.chunks_exact(after.max(1)) {
        for (db, square) in db.iter_mut().zip(image.chunks_exact(SQUARE * dims.area())) {
            *db += square.iter().sum::<f32>();
        }
    }
    let dx = need_dx.then(|| input_gradient(&squares, w, dims));
    let dw = need_dw.then(|| weight_gradient(x, &squares, dims));
    (dx, dw, db)
}

fn input_gradient(squares: &[f32], w: &[f32], dims: Dims) -> Vec<f32> {
    let Dims { batch, inputs, outputs, .. } = dims;
    let (before, after) = dims.image();
    let left = Left::from_rows(w, SQUARE * outputs, inputs, SQUARE * outputs, 0);
    let fill = |place: Place| {
        split(batch, dims.cost(), |images| {
            let mut panel = left.panel();
            for image in images {
                // SAFETY: this image's gradient is written by nobody else.
                unsafe {
                    product_into(&left, &squares[image * after..][..after], &mut panel, place.at(image * before));
                }
            }
        });
    };
    // SAFETY: every image is written.
    unsafe { written(batch * before, fill) }
}

fn weight_gradient(x: &[f32], squares: &[f32], dims: Dims) -> Vec<f32> {
    let Dims { batch, inputs, outputs, .. } = dims;
    let ((before, after), area) = (dims.image(), dims.area());
    let together = (DEPTH / area.max(1)).max(1);
    let all = SQUARE * outputs;
    sum(batch, dims.cost(), inputs * all, |images, dw| {
        let place = Place::of(dw);
        for image in images.clone().step_by(together) {
            let count = together.min(images.end - image);
            let left = Left::from_images(&x[image * before..], before, count, inputs, area);
            let (mut panel, width) = (left.panel(), left.width());
            for first in (0..all).step_by(width) {
                let columns = width.min(all - first);
                for (of, part) in panel.chunks_exact_mut(area * width).enumerate() {
                    transpose(&squares[(image + of) * after + first * area..], area, columns, area, part, width);
                }
                // SAFETY: `columns` columns from `first` on of `[C, 4 O]`.
                unsafe { left.times(&panel, columns, place.at(first), all, Finish::Add) };
            }
        }
    })
}

/// The product with one image's `[depth, H * W]`.
fn product(left: &Left, right: &[f32], panel: &mut [f32], out: &mut [f32]) {
    assert!(out.len() * left.depth() == right.len() * left.rows(), "as many pixels before as after");
    // SAFETY: the output has room for every row, as just asserted.
    unsafe { product_into(left, right, panel, out.as_mut_ptr()) }
}

/// # Safety
/// `out` has room for `[rows, H * W]`.
unsafe fn product_into(left: &Left, right: &[f32], panel: &mut [f32], out: *mut f32) {
    let (area, width) = (right.len() / left.depth().max(1), left.width());
    for first in (0..area).step_by(width) {
        let count = width.min(area - first);
        copy(&right[first..], area, count, left.depth(), panel, width);
        // SAFETY: `count` pixels from `first` on, of every row.
        unsafe { left.times(panel, count, out.add(first), area, Finish::Set) };
    }
}

/// Squares `[O, 2, 2, H, W]` to where they belong in `[O, 2H, 2W]`, and the bias on top.
///
/// # Safety
/// `out` has room for the picture.
unsafe fn spread(squares: &[f32], bias: Option<&[f32]>, dims: Dims, out: *mut f32) {
    let Dims { height, width, outputs, .. } = dims;
    for output in 0..outputs {
        let bias = bias.map_or(0.0, |bias| bias[output]);
        for row in 0..2 * height {
            let at = |column| ((output * 2 + row % 2) * 2 + column) * dims.area() + row / 2 * width;
            let (even, odd) = (&squares[at(0)..][..width], &squares[at(1)..][..width]);
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

/// The reverse of [`spread`] without a bias.
///
/// # Safety
/// `out` has room for the squares.
unsafe fn gather(picture: &[f32], dims: Dims, out: *mut f32) {
    let Dims { height, width, outputs, .. } = dims;
    for (line, from) in picture.chunks_exact((2 * width).max(1)).enumerate().take(outputs * 2 * height) {
        let (output, row) = (line / (2 * height), line % (2 * height));
        let at = |column| ((output * 2 + row % 2) * 2 + column) * dims.area() + row / 2 * width;
        for (column, pair) in from.chunks_exact(2).enumerate() {
            // SAFETY: within the squares of this channel.
            unsafe {
                *out.add(at(0) + column) = pair[0];
                *out.add(at(1) + column) = pair[1];
            }
        }
    }
}
