//! A convolution by Winograd's F(2 x 2, 3 x 3) (Lavin & Gray 2016): 2 x 2 pixels of output need 16 multiplications instead
//! of 36, so `4 * B * C * O * H * W` multiply-adds forward and for each gradient, and sums before and after.
//!
//! A square of output is `A^T ((G g G^T) * (B^T d B)) A`, with `d` the 4 x 4 pixels around it, `g` the kernel, and
//! `*` entry by entry; over channels and squares, each of the 16 entries is a matrix product of its own. The gradient by
//! `g` is the transposed sentence: `G^T ((A dy A^T) * (B^T d B)) G`, summed over squares.

use super::super::product::{Left, copy_run, transpose};
use super::super::simd::vectorised;
use super::super::threads::{Place, split, written};
use super::super::tile::Finish;
use super::squares::{Corners, ENTRIES, Squares, spread, surroundings};
use super::{Dims, TAPS};

/// At least so many squares, of one or several images, make a group forward, and twice as many for the weight's gradient.
const GROUP: usize = 64;

/// See [`super::forward`].
pub fn forward(x: &[f32], w: &[f32], dims: Dims) -> Vec<f32> {
    let Dims { batch, inputs, outputs, .. } = dims;
    let squares = Squares::of(dims);
    let kernels = kernels(w, outputs, inputs);
    let together = squares.images(GROUP.max(kernels[0].width())).min(batch);
    let fill = |place: Place| {
        split(batch.div_ceil(together), dims.cost() * 4 / TAPS, |groups| {
            let image = ENTRIES * inputs * squares.count();
            let mut transformed = vec![0.0; together * image];
            let mut corners = Corners::new(squares);
            let mut tiles = Tiles::new(&kernels, dims);
            for first in groups.map(|group| group * together) {
                let images = together.min(batch - first);
                let pictures = x[first * inputs * dims.area()..].chunks_exact(inputs * dims.area());
                for (from, to) in pictures.zip(transformed.chunks_exact_mut(image)).take(images) {
                    surroundings(from, dims, &mut corners, to);
                }
                // SAFETY: nobody else writes these images.
                unsafe { tiles.multiply(&transformed, images, place.at(first * outputs * dims.area())) };
            }
        });
    };
    // SAFETY: the groups together are all images.
    unsafe { written(batch * outputs * dims.area(), fill) }
}

/// See [`super::weight_gradient`].
pub fn weight_gradient(x: &[f32], dy: &[f32], dims: Dims) -> Vec<f32> {
    let Dims { batch, inputs, outputs, .. } = dims;
    let squares = Squares::of(dims);
    let (count, together) = (squares.count(), squares.images(2 * GROUP).min(batch));
    let (before, after) = (ENTRIES * inputs * count, ENTRIES * outputs * count);
    let (mut pixels, mut slopes) = (vec![0.0; together * before], vec![0.0; together * after]);
    let mut products = vec![0.0; ENTRIES * outputs * inputs];
    for first in (0..batch).step_by(together) {
        let images = together.min(batch - first);
        let (pixels_place, slopes_place) = (Place::of(&mut pixels), Place::of(&mut slopes));
        split(images, images * (inputs + outputs) * dims.area() * ENTRIES, |range| {
            let mut corners = Corners::new(squares);
            for image in range {
                let x = &x[(first + image) * inputs * dims.area()..][..inputs * dims.area()];
                let dy = &dy[(first + image) * outputs * dims.area()..][..outputs * dims.area()];
                // SAFETY: every image has a part of its own.
                let (pixels, slopes) = unsafe {
                    let pixels = pixels_place.part(image * before..(image + 1) * before);
                    (pixels, slopes_place.part(image * after..(image + 1) * after))
                };
                surroundings(x, dims, &mut corners, pixels);
                spread(dy, dims, &mut corners, slopes);
            }
        });
        let place = Place::of(&mut products);
        split(ENTRIES, ENTRIES * images * count * inputs * outputs, |entries| {
            for entry in entries {
                let left = Left::from_images(&slopes[entry * outputs * count..], after, images, outputs, count);
                let (mut panel, width) = (left.panel(), left.width());
                for input in (0..inputs).step_by(width) {
                    let columns = width.min(inputs - input);
                    for (image, part) in panel.chunks_exact_mut(count * width).enumerate() {
                        let from = &pixels[image * before + (entry * inputs + input) * count..];
                        transpose(from, count, columns, count, part, width);
                    }
                    // SAFETY: `columns` columns of this entry's `[O, C]`.
                    unsafe {
                        left.times(&panel, columns, place.at(entry * outputs * inputs + input), inputs, Finish::Add);
                    }
                }
            }
        });
    }
    let mut dw = vec![0.0; outputs * inputs * TAPS];
    for (pair, to) in dw.chunks_exact_mut(TAPS).enumerate() {
        let entry = |row: usize, column: usize| products[(row * 4 + column) * outputs * inputs + pair];
        let halves = |a: f32, b: f32, c: f32, d: f32| [a + 0.5 * (b + c), 0.5 * (b - c), 0.5 * (b + c) + d];
        let rows: [[f32; 3]; 4] =
            std::array::from_fn(|row| halves(entry(row, 0), entry(row, 1), entry(row, 2), entry(row, 3)));
        for column in 0..3 {
            let sums = halves(rows[0][column], rows[1][column], rows[2][column], rows[3][column]);
            (0..3).for_each(|row| to[row * 3 + column] = sums[row]);
        }
    }
    dw
}

/// `G g G^T` of every kernel, a left matrix `[O, C]` for each entry.
fn kernels(w: &[f32], outputs: usize, inputs: usize) -> Vec<Left> {
    let pairs = outputs * inputs;
    let mut transformed = vec![0.0; ENTRIES * pairs];
    for (pair, kernel) in w.chunks_exact(TAPS).enumerate() {
        let sides = |a: f32, b: f32, c: f32| [a, 0.5 * (a + b + c), 0.5 * (a - b + c), c];
        let columns: [[f32; 4]; 3] =
            std::array::from_fn(|column| sides(kernel[column], kernel[column + 3], kernel[column + 6]));
        for row in 0..4 {
            let values = sides(columns[0][row], columns[1][row], columns[2][row]);
            (0..4).for_each(|column| transformed[(row * 4 + column) * pairs + pair] = values[column]);
        }
    }
    transformed.chunks_exact(pairs).map(|matrix| Left::from_rows(matrix, inputs, outputs, inputs, 0)).collect()
}

vectorised! {
    /// `A^T m A`: 16 planes to 4, each `len` long.
    fn collect(entries: &[f32], corners: &mut [f32], len: usize) {
        let (upper, lower) = corners.split_at_mut(2 * len);
        let ((top_left, top_right), (low_left, low_right)) = (upper.split_at_mut(len), lower.split_at_mut(len));
        let (top_right, low_right) = (&mut top_right[..len], &mut low_right[..len]);
        let low_left = &mut low_left[..len];
        let mut planes = entries.chunks_exact(len);
        let m: [&[f32]; ENTRIES] = std::array::from_fn(|_| planes.next().map_or(&[][..], |plane| &plane[..len]));
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

/// The 16 products, a tile of each at a time, so that they are put together while in the nearest cache.
struct Tiles<'a> {
    kernels: &'a [Left],
    dims: Dims,
    panels: Vec<f32>,
    entries: Vec<f32>,
    corners: Vec<f32>,
}

impl<'a> Tiles<'a> {
    fn new(kernels: &'a [Left], dims: Dims) -> Self {
        let tile = kernels[0].height() * kernels[0].width();
        Self {
            kernels,
            dims,
            panels: vec![0.0; ENTRIES * dims.inputs * kernels[0].width()],
            entries: vec![0.0; ENTRIES * tile],
            corners: vec![0.0; 4 * tile],
        }
    }

    /// Transformed squares `[16, C, squares]` of some images to their pictures `[O, H, W]`.
    ///
    /// # Safety
    /// `out` has room for the pictures.
    unsafe fn multiply(&mut self, transformed: &[f32], images: usize, out: *mut f32) {
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
                collect(&self.entries, &mut self.corners, height * width);
                for row in 0..height.min(outputs - tile * height) {
                    // SAFETY: squares of one channel of these images.
                    unsafe { self.place(row, tile * height + row, first, count, out) };
                }
            }
        }
    }

    /// One channel of some squares to where they belong in the pictures.
    ///
    /// # Safety
    /// `out` has room for the pictures.
    unsafe fn place(&self, row: usize, output: usize, first: usize, count: usize, out: *mut f32) {
        let Dims { outputs, height, width, .. } = self.dims;
        let (squares, columns) = (Squares::of(self.dims), self.kernels[0].width());
        let plane = self.corners.len() / 4;
        let mut done = 0;
        while done < count {
            let (image, square) = ((first + done) / squares.count(), (first + done) % squares.count());
            let (y, x) = (2 * (square / squares.across), 2 * (square % squares.across));
            let len = (squares.across - x / 2).min(count - done);
            for low in 0..2.min(height - y) {
                let from = low * 2 * plane + row * columns + done;
                let (left, right) = (&self.corners[from..][..len], &self.corners[from + plane..][..len]);
                let whole = len.min((width - x) / 2);
                // SAFETY: a part of one row of this channel.
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
