//! Winograd's transforms of inputs and of output gradients, for every 2 x 2 square of an image: about ten additions for
//! each of the 16 entries.

use super::super::Dims;
use crate::kernels::cpu::layout::copy_run;
use crate::kernels::cpu::simd::vectorised;

/// Entries of a transformed square.
pub const ENTRIES: usize = 16;

/// The 2 x 2 squares that cover an image.
#[derive(Clone, Copy)]
pub struct Squares {
    /// Squares in a column.
    pub down: usize,
    /// Squares in a row.
    pub across: usize,
}

impl Squares {
    pub fn of(dims: Dims) -> Self {
        Self { down: dims.height.div_ceil(2), across: dims.width.div_ceil(2) }
    }

    pub fn count(self) -> usize {
        self.down * self.across
    }

    /// The fewest images that together have at least `squares` squares.
    pub fn images(self, squares: usize) -> usize {
        squares.div_ceil(self.count())
    }
}

/// Buffers for one channel. Pixels are sorted by the parity of their row and column: pixels of neighbouring squares are then
/// contiguous, and all squares of a channel are transformed in a few long loops.
pub struct Buffers {
    squares: Squares,
    /// Four planes `[down + 1, across + 1]`, with a border of zeros.
    padded: Vec<f32>,
    /// Four planes `[down, across]`, without a border.
    unpadded: Vec<f32>,
    /// Four entries of every square, in rows as long as those of a padded plane.
    lines: Vec<f32>,
}

impl Buffers {
    pub fn new(squares: Squares) -> Self {
        let plane = (squares.down + 1) * (squares.across + 1);
        Self {
            squares,
            padded: vec![0.0; 4 * plane],
            unpadded: vec![0.0; 4 * squares.count()],
            lines: vec![0.0; 4 * plane],
        }
    }

    /// `B^T d B` of every square of one channel, with the entries `stride` apart.
    #[inline(always)]
    fn transform_input(&mut self, image: &[f32], width: usize, to: &mut [f32], stride: usize) {
        let Squares { down, across } = self.squares;
        let pitch = across + 1;
        let plane = (down + 1) * pitch;
        for (row, from) in image.chunks_exact(width).enumerate() {
            // The border shifts every pixel down and to the right by one.
            let start = ((row + 1) % 2 * 2) * plane + row.div_ceil(2) * pitch;
            let (left, right) = self.padded[start..].split_at_mut(plane);
            deinterleave(from, &mut right[..pitch], &mut left[1..pitch]);
        }
        let len = (down - 1) * pitch + across;
        let (first, rest) = self.lines.split_at_mut(plane);
        let (second, rest) = rest.split_at_mut(plane);
        let (third, fourth) = rest.split_at_mut(plane);
        for (row, (upper, lower, sign)) in
            [(0, 2, -1.0), (1, 2, 1.0), (2, 1, -1.0), (1, 3, -1.0)].into_iter().enumerate()
        {
            let pixels =
                |y: usize, x: usize| &self.padded[(y % 2 * 2 + x % 2) * plane + y / 2 * pitch + x / 2..][..len];
            let upper = [pixels(upper, 0), pixels(upper, 1), pixels(upper, 2), pixels(upper, 3)];
            let lower = [pixels(lower, 0), pixels(lower, 1), pixels(lower, 2), pixels(lower, 3)];
            input_row(upper, lower, sign, first, second, third, fourth);
            for (column, line) in [&*first, &*second, &*third, &*fourth].into_iter().enumerate() {
                drop_last_column(line, across, &mut to[(row * 4 + column) * stride..][..down * across]);
            }
        }
    }

    /// `A dy A^T` of every square of one channel, with the entries `stride` apart.
    #[inline(always)]
    fn transform_gradient(&mut self, image: &[f32], width: usize, to: &mut [f32], stride: usize) {
        let Squares { down, across } = self.squares;
        let plane = down * across;
        for (row, from) in image.chunks_exact(width).enumerate() {
            let (left, right) = self.unpadded[(row % 2 * 2) * plane + row / 2 * across..].split_at_mut(plane);
            deinterleave(from, &mut left[..across], &mut right[..across]);
        }
        let (upper, lower) = self.unpadded.split_at(2 * plane);
        let (upper, lower) = (upper.split_at(plane), lower.split_at(plane));
        for (row, factors) in [[1.0, 0.0], [1.0, 1.0], [1.0, -1.0], [0.0, -1.0]].into_iter().enumerate() {
            let (first, rest) = to[row * 4 * stride..].split_at_mut(stride);
            let (second, rest) = rest.split_at_mut(stride);
            let (third, fourth) = rest.split_at_mut(stride);
            let [first, second, third, fourth] = [first, second, third, fourth].map(|to| &mut to[..plane]);
            gradient_row(upper.into(), lower.into(), factors, first, second, third, fourth);
        }
    }
}

vectorised! {
    /// `B^T d B` of every square, where `d` is the 4 x 4 pixels around it: `[C, H, W]` to `[16, C, squares]`.
    pub fn transform_inputs(image: &[f32], dims: Dims, buffers: &mut Buffers, to: &mut [f32]) {
        let (channels, count) = (image.len() / dims.area(), buffers.squares.count());
        for (channel, from) in image.chunks_exact(dims.area()).enumerate() {
            buffers.transform_input(from, dims.width, &mut to[channel * count..], channels * count);
        }
    }

    /// `A dy A^T` of every square, where `dy` is its own pixels: `[O, H, W]` to `[16, O, squares]`.
    pub fn transform_gradients(image: &[f32], dims: Dims, buffers: &mut Buffers, to: &mut [f32]) {
        let (channels, count) = (image.len() / dims.area(), buffers.squares.count());
        for (channel, from) in image.chunks_exact(dims.area()).enumerate() {
            buffers.transform_gradient(from, dims.width, &mut to[channel * count..], channels * count);
        }
    }
}

/// Copies the elements at even indices of a row to `even`, those at odd indices to `odd`.
#[inline(always)]
fn deinterleave(from: &[f32], even: &mut [f32], odd: &mut [f32]) {
    let (pairs, rest) = from.as_chunks::<2>();
    for ((pair, even), odd) in pairs.iter().zip(&mut *even).zip(odd) {
        [*even, *odd] = *pair;
    }
    if let [last] = rest {
        even[pairs.len()] = *last;
    }
}

/// Copies rows of `across + 1` elements without their last one.
#[inline(always)]
fn drop_last_column(line: &[f32], across: usize, to: &mut [f32]) {
    #[inline(always)]
    fn rows<const ACROSS: usize>(line: &[f32], to: &mut [f32]) {
        for (from, to) in line.chunks_exact(ACROSS + 1).zip(to.as_chunks_mut::<ACROSS>().0) {
            to.copy_from_slice(&from[..ACROSS]);
        }
    }
    match across {
        4 => rows::<4>(line, to),
        8 => rows::<8>(line, to),
        _ => {
            for (from, to) in line.chunks_exact(across + 1).zip(to.chunks_exact_mut(across)) {
                copy_run(&from[..across], to);
            }
        }
    }
}

/// One row of `B^T d B`, from the rows of pixels that it combines. Each output is a separate argument: so the compiler knows
/// that they do not overlap.
#[inline(always)]
fn input_row(
    upper: [&[f32]; 4],
    lower: [&[f32]; 4],
    sign: f32,
    first: &mut [f32],
    second: &mut [f32],
    third: &mut [f32],
    fourth: &mut [f32],
) {
    let len = upper[0].len();
    let ([u0, u1, u2, u3], [l0, l1, l2, l3]) = (upper.map(|u| &u[..len]), lower.map(|l| &l[..len]));
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

/// One row of `A dy A^T`, from the left and right pixels of two rows; outputs as for [`input_row`].
#[inline(always)]
fn gradient_row(
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
