//! A convolution by Winograd's F(2 x 2, 3 x 3) (Lavin & Gray 2016): 2 x 2 pixels of output need 16 multiplications instead
//! of 36, so `4 * B * C * O * H * W` multiply-adds forward and for each gradient, and sums before and after.
//!
//! A square of output is `A^T ((G g G^T) * (B^T d B)) A`, with `d` the 4 x 4 pixels around it, `g` the kernel, and
//! `*` entry by entry; over channels and squares, each of the 16 entries is a matrix product of its own. The gradient by
//! `g` is the transposed sentence: `G^T ((A dy A^T) * (B^T d B)) G`, summed over squares.

use super::super::product::{Left, copy, copy_run, transpose};
use super::super::simd::vectorised;
use super::super::threads::{Place, split, written};
use super::super::tile::Finish;
use super::{Dims, TAPS};

/// Entries of a transformed square.
const ENTRIES: usize = 16;

/// At least so many squares, of one or several images, make a group forward, and twice as many for the weight's gradient.
const GROUP: usize = 64;

/// The squares of 2 x 2 pixels that cover an image.
#[derive(Clone, Copy)]
struct Squares {
    down: usize,
    across: usize,
}

impl Squares {
    fn of(dims: Dims) -> Self {
        Self { down: dims.height.div_ceil(2), across: dims.width.div_ceil(2) }
    }

    fn count(self) -> usize {
        self.down * self.across
    }

    /// How many images have `squares` or more.
    fn images(self, squares: usize) -> usize {
        squares.div_ceil(self.count())
    }
}

/// See [`super::forward`].
pub fn forward(x: &[f32], w: &[f32], dims: Dims) -> Vec<f32> {
    let Dims { batch, inputs, outputs, .. } = dims;
    let squares = Squares::of(dims);
    let kernels = kernels(w, outputs, inputs);
    let together = squares.images(GROUP.max(kernels[0].width())).min(batch);
    let all = together * squares.count();
    let fill = |place: Place| {
        split(batch.div_ceil(together), dims.cost() * 4 / TAPS, |groups| {
            let mut transformed = vec![0.0; ENTRIES * inputs * all];
            let to = Place::of(&mut transformed);
            let mut corners = Corners::new(squares);
            let mut tiles = Tiles::new(&kernels, dims);
            for first in groups.map(|group| group * together) {
                let images = together.min(batch - first);
                for (plane, from) in
                    x[first * inputs * dims.area()..].chunks_exact(dims.area()).take(images * inputs).enumerate()
                {
                    let (image, input) = (plane / inputs, plane % inputs);
                    // SAFETY: all of these numbers are this thread's.
                    unsafe { corners.transform(from, dims, to, input * all + image * squares.count(), inputs * all) };
                }
                // SAFETY: nobody else writes these images.
                unsafe { tiles.multiply(&transformed, all, images, place.at(first * outputs * dims.area())) };
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
    let together = squares.images(2 * GROUP).min(batch);
    let all = together * squares.count();
    let (mut pixels, mut slopes) = (vec![0.0; ENTRIES * inputs * all], vec![0.0; ENTRIES * outputs * all]);
    let mut products = vec![0.0; ENTRIES * outputs * inputs];
    for first in (0..batch).step_by(together) {
        let images = together.min(batch - first);
        let (pixels_place, slopes_place) = (Place::of(&mut pixels), Place::of(&mut slopes));
        split(images, images * (inputs + outputs) * dims.area() * ENTRIES, |range| {
            let mut corners = Corners::new(squares);
            for image in range {
                let at = image * squares.count();
                let (x, dy) =
                    (&x[(first + image) * inputs * dims.area()..], &dy[(first + image) * outputs * dims.area()..]);
                // SAFETY: every image has squares of its own.
                unsafe {
                    for (input, from) in x.chunks_exact(dims.area()).take(inputs).enumerate() {
                        corners.transform(from, dims, pixels_place, input * all + at, inputs * all);
                    }
                    for (output, from) in dy.chunks_exact(dims.area()).take(outputs).enumerate() {
                        corners.transform_slopes(from, dims, slopes_place, output * all + at, outputs * all);
                    }
                }
            }
        });
        let place = Place::of(&mut products);
        let depth = images * squares.count();
        split(ENTRIES, ENTRIES * depth * inputs * outputs, |entries| {
            for entry in entries {
                let left = Left::from_rows(&slopes[entry * outputs * all..], all, outputs, depth, 0);
                let (mut panel, width) = (left.panel(), left.width());
                for input in (0..inputs).step_by(width) {
                    let count = width.min(inputs - input);
                    transpose(&pixels[(entry * inputs + input) * all..], all, count, depth, &mut panel, width);
                    // SAFETY: `count` columns of this entry's `[O, C]`.
                    unsafe {
                        left.times(&panel, count, place.at(entry * outputs * inputs + input), inputs, Finish::Add);
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

/// One channel of one image, its pixels sorted by the parity of their row and column: neighbouring squares then lie side
/// by side, and all squares of a channel are transformed in a few long loops.
struct Corners {
    squares: Squares,
    /// Four planes `[down + 1, across + 1]`, the border of zeros included.
    sorted: Vec<f32>,
    /// Four entries of every square, in rows as long as those of a plane.
    lines: Vec<f32>,
}

impl Corners {
    fn new(squares: Squares) -> Self {
        let plane = (squares.down + 1) * (squares.across + 1);
        Self { squares, sorted: vec![0.0; 4 * plane], lines: vec![0.0; 4 * plane] }
    }

    /// `B^T d B` of every square, to `place` from `at` on, `stride` further for each entry.
    ///
    /// # Safety
    /// There is room for every square of every entry, and nobody else uses it.
    unsafe fn transform(&mut self, image: &[f32], dims: Dims, place: Place, at: usize, stride: usize) {
        let Squares { down, across } = self.squares;
        let pitch = across + 1;
        let plane = (down + 1) * pitch;
        for (row, from) in image.chunks_exact(dims.width).enumerate() {
            // The border moves every pixel down and to the right by one.
            let start = ((row + 1) % 2 * 2) * plane + row.div_ceil(2) * pitch;
            let (left, right) = self.sorted[start..].split_at_mut(plane);
            sort(from, &mut right[..pitch], &mut left[1..pitch]);
        }
        let len = (down - 1) * pitch + across;
        for (row, (upper, lower, sign)) in
            [(0, 2, -1.0), (1, 2, 1.0), (2, 1, -1.0), (1, 3, -1.0)].into_iter().enumerate()
        {
            let pixels =
                |y: usize, x: usize| &self.sorted[(y % 2 * 2 + x % 2) * plane + y / 2 * pitch + x / 2..][..len];
            let pixels = |y: usize| [0, 1, 2, 3].map(|x| pixels(y, x));
            differences(pixels(upper), pixels(lower), sign, &mut self.lines, plane);
            for (column, line) in self.lines.chunks_exact(plane).enumerate() {
                for (y, from) in line.chunks_exact(pitch).take(down).enumerate() {
                    let to = at + (row * 4 + column) * stride + y * across;
                    // SAFETY: a row of this channel's squares.
                    copy_run(&from[..across], unsafe { place.part(to..to + across) });
                }
            }
        }
    }

    /// `A dy A^T` of every square; otherwise as [`Corners::transform`].
    ///
    /// # Safety
    /// As for [`Corners::transform`].
    unsafe fn transform_slopes(&mut self, image: &[f32], dims: Dims, place: Place, at: usize, stride: usize) {
        let Squares { down, across } = self.squares;
        let plane = down * across;
        let sorted = &mut self.lines[..4 * plane];
        sorted.fill(0.0);
        for (row, from) in image.chunks_exact(dims.width).enumerate() {
            let start = (row % 2 * 2) * plane + row / 2 * across;
            let (left, right) = sorted[start..].split_at_mut(plane);
            sort(from, &mut left[..across], &mut right[..across]);
        }
        for row in 0..4 {
            let (upper, lower) = sorted.split_at(2 * plane);
            let factors = [[1.0, 0.0], [1.0, 1.0], [1.0, -1.0], [0.0, -1.0]][row];
            let start = at + row * 4 * stride;
            // SAFETY: four times this channel's squares.
            let [first, second, third, fourth] = [0, 1, 2, 3]
                .map(|column| unsafe { place.part(start + column * stride..start + column * stride + plane) });
            spreads(upper.split_at(plane).into(), lower.split_at(plane).into(), factors, first, second, third, fourth);
        }
    }
}

/// Even places of a row to one side, odd ones to the other.
fn sort(from: &[f32], even: &mut [f32], odd: &mut [f32]) {
    let (pairs, rest) = from.as_chunks::<2>();
    for ((pair, even), odd) in pairs.iter().zip(&mut *even).zip(odd) {
        [*even, *odd] = *pair;
    }
    if let [last] = rest {
        even[pairs.len()] = *last;
    }
}

vectorised! {
    /// One row of `B^T d`, times `B`: four lines, `plane` apart.
    fn differences(upper: [&[f32]; 4], lower: [&[f32]; 4], sign: f32, lines: &mut [f32], plane: usize) {
        let len = upper[0].len();
        let ([u0, u1, u2, u3], [l0, l1, l2, l3]) = (upper.map(|u| &u[..len]), lower.map(|l| &l[..len]));
        let (first, rest) = lines.split_at_mut(plane);
        let (second, rest) = rest.split_at_mut(plane);
        let (third, fourth) = rest.split_at_mut(plane);
        let (first, second, third, fourth) = (&mut first[..len], &mut second[..len], &mut third[..len], &mut fourth[..len]);
        for at in 0..len {
            let (a, b) = (u0[at] + sign * l0[at], u1[at] + sign * l1[at]);
            let (c, d) = (u2[at] + sign * l2[at], u3[at] + sign * l3[at]);
            first[at] = a - c;
            second[at] = b + c;
            third[at] = c - b;
            fourth[at] = b - d;
        }
    }

    /// One row of `A dy`, times `A^T`, from left and right pixels of two rows. Each output is an argument of its own, so that
    /// the compiler knows that they do not overlap.
    fn spreads(
        upper: [&[f32]; 2],
        lower: [&[f32]; 2],
        factors: [f32; 2],
        first: &mut [f32],
        second: &mut [f32],
        third: &mut [f32],
        fourth: &mut [f32],
    ) {
        let len = first.len();
        let ([a, a_right], [b, b_right]) = (upper.map(|row| &row[..len]), lower.map(|row| &row[..len]));
        let (second, third, fourth) = (&mut second[..len], &mut third[..len], &mut fourth[..len]);
        for at in 0..len {
            let left = factors[0] * a[at] + factors[1] * b[at];
            let right = factors[0] * a_right[at] + factors[1] * b_right[at];
            first[at] = left;
            second[at] = left + right;
            third[at] = left - right;
            fourth[at] = -right;
        }
    }

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

    /// Transformed squares `[16, C, all]` of some images to their pictures `[O, H, W]`.
    ///
    /// # Safety
    /// `out` has room for the pictures.
    unsafe fn multiply(&mut self, transformed: &[f32], all: usize, images: usize, out: *mut f32) {
        let (inputs, outputs) = (self.dims.inputs, self.dims.outputs);
        let (height, width) = (self.kernels[0].height(), self.kernels[0].width());
        let squares = images * Squares::of(self.dims).count();
        for first in (0..squares).step_by(width) {
            let count = width.min(squares - first);
            for (entry, panel) in self.panels.chunks_exact_mut(inputs * width).enumerate() {
                copy(&transformed[entry * inputs * all + first..], all, count, inputs, panel, width);
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
