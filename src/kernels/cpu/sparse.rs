//! Products with a matrix of mostly zeros, as images of digits are (a fifth of their pixels is ink): only the other entries are multiplied.
//! For finite numbers a term of zero adds nothing, and the order is kept, so a sum has the same bits as one of [`matmul`](super::matmul),
//! except in browsers with relaxed SIMD, where the tiles of that round once for a product and a sum.

use super::layout::{copy, transpose};
use super::threads::{OutputSlice, saturating_product, split, written};
use super::tile::Tile;

/// A matrix is sparse if at most one entry in so many is not zero: denser ones are as fast by register tiles, which load less for each product.
const ONE_IN: usize = 3;
/// Time to take an element or to leave it, in multiply-adds.
const TIME_PER_ELEMENT: usize = 16;
/// Time to see whether an element is zero.
const TIME_TO_COUNT: usize = 4;

/// How many entries of each row are not zero.
fn counts(matrix: &[f32], columns: usize) -> Vec<usize> {
    let mut counts = vec![0; matrix.len() / columns];
    let output = OutputSlice::of(&mut counts);
    split(matrix.len() / columns, matrix.len() * TIME_TO_COUNT, |rows| {
        for row in rows {
            let values = &matrix[row * columns..][..columns];
            // SAFETY: each row is counted once.
            unsafe { *output.at(row) = values.iter().filter(|&&value| value != 0.0).count() };
        }
    });
    counts
}

/// The entries of a matrix that are not zero, row by row.
pub struct SparseRows {
    ends: Vec<usize>, // of each row in those below
    at: Vec<u32>,     // the column of each entry
    values: Vec<f32>,
}

impl SparseRows {
    /// The entries of a matrix whose rows have `columns`; `None` where too many are not zero.
    pub fn of(matrix: &[f32], columns: usize) -> Option<Self> {
        let mut ends = counts(matrix, columns);
        let mut count = 0;
        for end in &mut ends {
            count += *end;
            *end = count;
        }
        if count * ONE_IN > matrix.len() {
            return None;
        }
        let mut at = vec![0; count];
        let to = OutputSlice::of(&mut at);
        let fill = |values: OutputSlice| {
            split(ends.len(), matrix.len() * TIME_PER_ELEMENT, |rows| {
                // Each entry is written, and the next one over it where it was zero: a branch would be guessed wrong at every edge of a stroke.
                let (mut row_at, mut row_values) = (vec![0; columns + 1], vec![0.0; columns + 1]);
                for row in rows {
                    let mut len = 0;
                    for (column, &value) in matrix[row * columns..][..columns].iter().enumerate() {
                        (row_at[len], row_values[len]) = (column as u32, value);
                        len += usize::from(value != 0.0);
                    }
                    let begin = ends[row] - len;
                    // SAFETY: the entries of this row, of which there are `len`, as counted above.
                    unsafe {
                        to.at(begin).copy_from_nonoverlapping(row_at.as_ptr(), len);
                        values.at(begin).copy_from_nonoverlapping(row_values.as_ptr(), len);
                    }
                }
            });
        };
        // SAFETY: the rows together have all entries.
        let values = unsafe { written(count, fill) };
        Some(Self { ends, at, values })
    }

    /// The rows of the transposed matrix, of which there are `columns`.
    pub fn transposed(&self, columns: usize) -> Self {
        let mut ends = vec![0; columns];
        self.at.iter().for_each(|&column| ends[column as usize] += 1);
        let mut sum = 0;
        for end in &mut ends {
            (*end, sum) = (sum, sum + *end); // where the row begins, which is raised to its end below
        }
        let (mut at, mut values) = (vec![0; sum], vec![0.0; sum]);
        for (row, (columns, row_values)) in self.rows().enumerate() {
            for (&column, &value) in columns.iter().zip(row_values) {
                let to = &mut ends[column as usize];
                (at[*to], values[*to]) = (row as u32, value);
                *to += 1;
            }
        }
        Self { ends, at, values }
    }

    /// Columns and values of the entries of each row.
    fn rows(&self) -> impl Iterator<Item = (&[u32], &[f32])> {
        let begins = std::iter::once(0).chain(self.ends.iter().copied());
        begins.zip(&self.ends).map(|(begin, &end)| (&self.at[begin..end], &self.values[begin..end]))
    }

    /// `self w^T + b`, with negative entries set to zero if `relu`: `[rows, outputs]`. `w` is `[outputs, inputs]`, and `b` is `[outputs]`.
    pub fn times_transposed(&self, w: &[f32], b: &[f32], inputs: usize, relu: bool) -> Vec<f32> {
        let outputs = b.len();
        let tile = Tile::best();
        let width = tile.gathered;
        let fill = |output: OutputSlice| {
            self.by_panels(inputs, outputs, |first, count, panel| {
                let (weights, bias) = panel.split_at_mut(inputs * width);
                transpose(&w[first * inputs..], inputs, count, inputs, weights, width);
                copy(&b[first..], 0, count, 1, bias, width);
                let mut sums = vec![0.0; width];
                for (row, (at, values)) in self.rows().enumerate() {
                    // SAFETY: the columns are below `inputs`, and the row has `count` outputs from `first` on, which belong to this panel alone.
                    unsafe {
                        let out = output.at(row * outputs + first);
                        let to = if count == width { out } else { sums.as_mut_ptr() };
                        tile.gather(at, values, panel, to, relu);
                        if count < width {
                            out.copy_from_nonoverlapping(to, count);
                        }
                    }
                }
            });
        };
        // SAFETY: the panels together cover all columns.
        unsafe { written(self.ends.len() * outputs, fill) }
    }

    /// The transposed product of these rows with `right` `[depth, columns]`: `[columns, rows]`.
    pub fn product_transposed(&self, right: &[f32], columns: usize) -> Vec<f32> {
        let (tile, rows, depth) = (Tile::best(), self.ends.len(), right.len() / columns.max(1));
        let width = tile.gathered;
        let fill = |output: OutputSlice| {
            self.by_panels(depth, columns, |first, count, panel| {
                copy(&right[first..], columns, count, depth, panel, width);
                let mut sums = vec![0.0; rows * width];
                for ((at, values), sums) in self.rows().zip(sums.chunks_exact_mut(width)) {
                    // SAFETY: the columns are below `depth`.
                    unsafe { tile.gather(at, values, panel, sums.as_mut_ptr(), false) };
                }
                // SAFETY: rows of the output from `first` on, which belong to this panel alone.
                let to = unsafe { output.zeros(first * rows..(first + count) * rows) };
                transpose(&sums, width, rows, count, to, rows);
            });
        };
        // SAFETY: the panels together cover all rows of the output.
        unsafe { written(columns * rows, fill) }
    }

    /// Calls `work(first, count, panel)` for each panel of `count` columns from `first` on; `panel` `[depth + 1, gathered]` is memory for it,
    /// its last row zeros at first.
    fn by_panels(&self, depth: usize, columns: usize, work: impl Fn(usize, usize, &mut [f32]) + Sync) {
        let width = Tile::best().gathered;
        split(columns.div_ceil(width), saturating_product([self.values.len(), columns]), |panels| {
            let mut panel = vec![0.0; (depth + 1) * width];
            for first in panels.map(|panel| panel * width) {
                work(first, width.min(columns - first), &mut panel);
            }
        });
    }
}
