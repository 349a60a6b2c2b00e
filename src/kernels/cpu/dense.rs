//! A fully connected layer with bias and optional ReLU: `B * I * O` multiply-adds forward, twice as many backward. The bias
//! is one more step of the product's depth, and the ReLU is applied in registers.

use super::layout::{copy, transpose};
use super::matmul::Left;
use super::relu::relu_backward;
use super::simd::vectorised;
use super::sparse::SparseRows;
use super::threads::{OutputSlice, saturating_product, split, written};
use super::tile::Finish;

/// The sizes of a layer, from `[batch, inputs]` to `[batch, outputs]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Dims {
    /// Images.
    pub batch: usize,
    /// Inputs per image.
    pub inputs: usize,
    /// Outputs per image.
    pub outputs: usize,
}

impl Dims {
    fn multiply_adds(self) -> usize {
        saturating_product([self.batch, self.inputs, self.outputs])
    }
}

/// With fewer images than this, rearranging the weights takes longer than it saves.
const FEW: usize = 4;

/// Independent sums, so that additions need not wait for each other.
const SUMS: usize = 16;

/// `x w^T + b`, with negative entries set to zero if `relu`.
///
/// # Shapes
/// `x` is `[B, I]`, `w` is `[O, I]`, `b` is `[O]`; to `[B, O]`.
pub fn forward(x: &[f32], w: &[f32], b: &[f32], dims: Dims, relu: bool) -> Vec<f32> {
    let Dims { batch, inputs, outputs } = dims;
    assert!(
        x.len() == batch * inputs && w.len() == outputs * inputs && b.len() == outputs,
        "slice lengths match `dims`"
    );
    if batch < FEW {
        return x.chunks_exact(inputs).flat_map(|x| one_image(x, w, b, relu)).collect();
    }
    if let Some(rows) = SparseRows::of(x, inputs) {
        return rows.times_transposed(w, b, inputs, relu);
    }
    let left = Left::from_rows(x, inputs, batch, inputs, 1);
    let width = left.width();
    let finish = if relu { Finish::Relu } else { Finish::Set };
    let fill = |output: OutputSlice| {
        split(outputs.div_ceil(width), dims.multiply_adds(), |panels| {
            let mut panel = left.panel();
            for first in panels.map(|panel| panel * width) {
                let count = width.min(outputs - first);
                transpose(&w[first * inputs..], inputs, count, inputs, &mut panel, width);
                copy(&b[first..], 0, count, 1, &mut panel[inputs * width..], width);
                // SAFETY: `count` columns from `first` on, of every image, which belong to this panel alone.
                unsafe { left.times(&panel, count, output.at(first), outputs, finish) };
            }
        });
    };
    // SAFETY: the panels together cover all columns.
    unsafe { written(batch * outputs, fill) }
}

/// Gradients of `x`, and of `w` and `b`, as far as they are wanted. `rectified`: `x` is the output of a ReLU, and its gradient is set to zero where
/// `x` is zero; where this layer ends in a ReLU, `dy` has those zeros already.
///
/// # Shapes
/// `dy` is `[B, O]`; to `[B, I]`, and `[O, I]` and `[O]`.
#[allow(clippy::type_complexity, reason = "three gradients, two of which are computed together")]
pub fn backward(
    x: &[f32],
    rectified: bool,
    w: &[f32],
    dy: &[f32],
    dims: Dims,
    [input, parameters]: [bool; 2],
) -> (Option<Vec<f32>>, Option<(Vec<f32>, Vec<f32>)>) {
    let Dims { batch, inputs, outputs } = dims;
    assert!(x.len() == batch * inputs && w.len() == outputs * inputs && dy.len() == batch * outputs);
    let dx = input.then(|| {
        let mut dx = product(&Left::from_rows(dy, outputs, batch, outputs, 0), w, inputs);
        if rectified {
            dx.iter_mut().zip(x).for_each(|(dx, &x)| *dx = relu_backward(x, *dx));
        }
        dx
    });
    let parameters = parameters.then(|| {
        let dw = match SparseRows::of(x, inputs) {
            Some(rows) => rows.transposed(inputs).product_transposed(dy, outputs),
            None => product(&Left::from_columns(dy, outputs, outputs, batch), x, inputs),
        };
        let mut db = vec![0.0; outputs];
        for dy in dy.chunks_exact(outputs.max(1)) {
            db.iter_mut().zip(dy).for_each(|(sum, dy)| *sum += dy);
        }
        (dw, db)
    });
    (dx, parameters)
}

vectorised! {
    /// The outputs for one image, reading the weights once and in order.
    fn one_image(x: &[f32], w: &[f32], b: &[f32], relu: bool) -> Vec<f32> {
        let (x_chunks, x_rest) = x.as_chunks::<SUMS>();
        let rows = w.chunks_exact(x.len()).zip(b).map(|(w, &b)| {
            let (w_chunks, w_rest) = w.as_chunks::<SUMS>();
            let mut sums = [0.0; SUMS];
            for (x, w) in x_chunks.iter().zip(w_chunks) {
                for lane in 0..SUMS {
                    sums[lane] += x[lane] * w[lane];
                }
            }
            let rest: f32 = x_rest.iter().zip(w_rest).map(|(x, w)| x * w).sum();
            b + sums.into_iter().sum::<f32>() + rest
        });
        rows.map(|value| if relu && value < 0.0 { 0.0 } else { value }).collect()
    }
}

/// The product of a left matrix with a right one of `columns` columns.
fn product(left: &Left, right: &[f32], columns: usize) -> Vec<f32> {
    let width = left.width();
    let fill = |output: OutputSlice| {
        split(columns.div_ceil(width), saturating_product([left.rows(), left.depth(), columns]), |panels| {
            let mut panel = left.panel();
            for first in panels.map(|panel| panel * width) {
                let count = width.min(columns - first);
                copy(&right[first..], columns, count, left.depth(), &mut panel, width);
                // SAFETY: `count` columns from `first` on, of every row, which belong to this panel alone.
                unsafe { left.times(&panel, count, output.at(first), columns, Finish::Set) };
            }
        });
    };
    // SAFETY: the panels together cover all columns.
    unsafe { written(left.rows() * columns, fill) }
}
