//! Winograd's 16 matrix products and the transform of their results.

use super::super::Dims;
use super::squares::{ENTRIES, Squares};
use crate::kernels::cpu::layout::copy_run;
use crate::kernels::cpu::matmul::Left;
use crate::kernels::cpu::simd::vectorised;

vectorised! {
    /// `A^T m A`: `[16, len]` to the four pixels of each square, `[4, len]`.
    fn transform_entries(entries: &[f32], pixels: &mut [f32], len: usize) {
        let (upper, lower) = pixels.split_at_mut(2 * len);
        let ((top_left, top_right), (low_left, low_right)) = (upper.split_at_mut(len), lower.split_at_mut(len));
        let (top_right, low_right) = (&mut top_right[..len], &mut low_right[..len]);
        let low_left = &mut low_left[..len];
        let mut rows = entries.chunks_exact(len);
        let m: [&[f32]; ENTRIES] = std::array::from_fn(|_| rows.next().map_or(&[][..], |row| &row[..len]));
        for at in 0..len {
            let column = |column: usize| {
                let (a, b, c, d) = (m[column][at], m[column + 4][at], m[column + 8][at], m[column + 12][at]);
                (a + b + c, b - c - d)
            };
            let (a, b, c, d) = (column(0), column(1), column(2), column(3));
            top_left[at] = a.0 + b.0 + c.0;
            top_right[at] = b.0 - c.0 - d.0;
            low_left[at] = a.1 + b.1 + c.1;
            low_right[at] = b.1 - c.1 - d.1;
        }
    }
}

/// The 16 matrix products, computed one tile of each at a time, so that the tiles are combined while they are in the L1 cache.
pub struct Tiles<'a> {
    kernels: &'a [Left],
    dims: Dims,
    /// `[16, C, tile columns]`.
    panels: Vec<f32>,
    /// `[16, tile]`.
    entries: Vec<f32>,
    /// `[4, tile]`: the pixels of the squares.
    pixels: Vec<f32>,
}

impl<'a> Tiles<'a> {
    pub fn new(kernels: &'a [Left], dims: Dims) -> Self {
        let tile = kernels[0].height() * kernels[0].width();
        Self {
            kernels,
            dims,
            panels: vec![0.0; ENTRIES * dims.inputs * kernels[0].width()],
            entries: vec![0.0; ENTRIES * tile],
            pixels: vec![0.0; 4 * tile],
        }
    }

    /// Convolves `images` transformed images `[16, C, squares]` into `[O, H, W]` each.
    ///
    /// # Safety
    /// `out` points to `[images, O, H, W]`.
    pub unsafe fn multiply(&mut self, transformed: &[f32], images: usize, out: *mut f32) {
        let (inputs, outputs) = (self.dims.inputs, self.dims.outputs);
        let (height, width) = (self.kernels[0].height(), self.kernels[0].width());
        let squares = Squares::of(self.dims).count();
        for first in (0..images * squares).step_by(width) {
            let count = width.min(images * squares - first);
            let mut done = 0;
            while done < count {
                let (image, square) = ((first + done) / squares, (first + done) % squares);
                let len = (squares - square).min(count - done);
                let rows = transformed[image * ENTRIES * inputs * squares..].chunks_exact(squares);
                for (from, to) in rows.zip(self.panels.chunks_exact_mut(width)) {
                    copy_run(&from[square..square + len], &mut to[done..done + len]);
                }
                done += len;
            }
            for tile in 0..self.kernels[0].tiles() {
                let products =
                    self.panels.chunks_exact(inputs * width).zip(self.entries.chunks_exact_mut(height * width));
                for (kernel, (panel, entries)) in self.kernels.iter().zip(products) {
                    kernel.tile(tile, panel, entries);
                }
                transform_entries(&self.entries, &mut self.pixels, height * width);
                for row in 0..height.min(outputs - tile * height) {
                    // SAFETY: squares of one channel of these images.
                    unsafe { self.store(row, tile * height + row, first, count, out) };
                }
            }
        }
    }

    /// Writes `count` squares of one output channel, from row `row` of the tile, to their places in the images.
    ///
    /// # Safety
    /// As for [`Tiles::multiply`].
    unsafe fn store(&self, row: usize, output: usize, first: usize, count: usize, out: *mut f32) {
        let Dims { outputs, height, width, .. } = self.dims;
        let (squares, columns) = (Squares::of(self.dims), self.kernels[0].width());
        let tile = self.pixels.len() / 4;
        let mut done = 0;
        while done < count {
            let (image, square) = ((first + done) / squares.count(), (first + done) % squares.count());
            let (y, x) = (2 * (square / squares.across), 2 * (square % squares.across));
            let len = (squares.across - x / 2).min(count - done);
            for low in 0..2.min(height - y) {
                let from = low * 2 * tile + row * columns + done;
                let (left, right) = (&self.pixels[from..][..len], &self.pixels[from + tile..][..len]);
                let whole = len.min((width - x) / 2);
                // SAFETY: within one row of this channel.
                unsafe {
                    let to = out.add(((image * outputs + output) * height + y + low) * width + x);
                    for (at, (left, right)) in left.iter().zip(right).take(whole).enumerate() {
                        *to.add(2 * at) = *left;
                        *to.add(2 * at + 1) = *right;
                    }
                    if whole < len {
                        *to.add(2 * whole) = left[whole];
                    }
                }
            }
            done += len;
        }
    }
}
