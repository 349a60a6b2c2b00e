//! A fully connected layer with its bias and, where asked, its ReLU: `B * I * O` multiply-adds forward, twice that
//! backward; the bias is one more step of depth, the ReLU happens in registers.

use super::product::{Left, copy, transpose};
use super::relu::through;
use super::simd::vectorised;
use super::threads::{Place, split, written};
use super::tile::Finish;

/// `[batch, inputs]` to `[batch, outputs]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Dims {
    pub batch: usize,
    pub inputs: usize,
    pub outputs: usize,
}

impl Dims {
    fn cost(self) -> usize {
        self.batch * self.inputs * self.outputs
    }
}

/// Fewer images than this are not worth laying out the weights anew.
const FEW: usize = 4;

/// So many sums at once, so that additions need not wait for each other.
const SUMS: usize = 16;

/// `x w^T + b`, negative entries set to zero with `relu`.
///
/// # Shapes
/// `x` is `[B, I]`, `w` is `[O, I]`, `b` is `[O]`; to `[B, O]`.
pub fn forward(x: &[f32], w: &[f32], b: &[f32], dims: Dims, relu: bool) -> Vec<f32> {
    let Dims { batch, inputs, outputs } = dims;
    assert!(x.len() == batch * inputs && w.len() == outputs * inputs && b.len() == outputs, "slices are as dims say");
    if batch < FEW {
        return x.chunks_exact(inputs).flat_map(|x| one(x, w, b, relu)).collect();
    }
    let left = Left::from_rows(x, inputs, batch, inputs, 1);
    let width = left.width();
    let finish = if relu { Finish::Relu } else { Finish::Set };
    let fill = |place: Place| {
        split(outputs.div_ceil(width), dims.cost(), |panels| {
            let mut panel = left.panel();
            for first in panels.map(|panel| panel * width) {
                let count = width.min(outputs - first);
                transpose(&w[first * inputs..], inputs, count, inputs, &mut panel, width);
                copy(&b[first..], 0, count, 1, &mut panel[inputs * width..], width);
                // SAFETY: `count` columns from `first` on, of every image; no other panel has them.
                unsafe { left.times(&panel, count, place.at(first), outputs, finish) };
            }
        });
    };
    // SAFETY: the panels together are all columns.
    unsafe { written(batch * outputs, fill) }
}

/// Gradients of [`forward`] by `x`, and by `w` and `b`, those that are wanted; `opened` is its output if it has a ReLU.
///
/// # Shapes
/// `opened` and `dy` are `[B, O]`; to `[B, I]`, and `[O, I]` and `[O]`.
#[allow(clippy::type_complexity, reason = "three slopes, two of which come together")]
pub fn backward(
    x: &[f32],
    w: &[f32],
    opened: Option<&[f32]>,
    dy: &[f32],
    dims: Dims,
    [by_x, by_parameters]: [bool; 2],
) -> (Option<Vec<f32>>, Option<(Vec<f32>, Vec<f32>)>) {
    let Dims { batch, inputs, outputs } = dims;
    assert!(x.len() == batch * inputs && w.len() == outputs * inputs && dy.len() == batch * outputs);
    assert!(opened.is_none_or(|y| y.len() == dy.len()), "the output says where the ReLU was open");
    let masked: Option<Vec<f32>> = opened.map(|y| y.iter().zip(dy).map(|(&y, &dy)| through(y, dy)).collect());
    let dy = masked.as_deref().unwrap_or(dy);
    let dx = by_x.then(|| across(&Left::from_rows(dy, outputs, batch, outputs, 0), w, inputs));
    let parameters = by_parameters.then(|| {
        let dw = across(&Left::from_columns(dy, outputs, outputs, batch), x, inputs);
        let mut db = vec![0.0; outputs];
        for dy in dy.chunks_exact(outputs.max(1)) {
            db.iter_mut().zip(dy).for_each(|(sum, dy)| *sum += dy);
        }
        (dw, db)
    });
    (dx, parameters)
}

vectorised! {
    /// The outputs of one image: the weights are read once, in order.
    fn one(x: &[f32], w: &[f32], b: &[f32], relu: bool) -> Vec<f32> {
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
fn across(left: &Left, right: &[f32], columns: usize) -> Vec<f32> {
    let width = left.width();
    let fill = |place: Place| {
        split(columns.div_ceil(width), left.rows() * left.depth() * columns, |panels| {
            let mut panel = left.panel();
            for first in panels.map(|panel| panel * width) {
                let count = width.min(columns - first);
                copy(&right[first..], columns, count, left.depth(), &mut panel, width);
                // SAFETY: `count` columns from `first` on, of every row; no other panel has them.
                unsafe { left.times(&panel, count, place.at(first), columns, Finish::Set) };
            }
        });
    };
    // SAFETY: the panels together are all columns.
    unsafe { written(left.rows() * columns, fill) }
}
