//! The batched product that convolutions, up and down, come down to.

use burn_cubecl::tensor::CubeTensor;

use super::launch::{Kernel, empty};

const PRODUCT: Kernel = Kernel::new("conv_product", include_str!("conv_product.wgsl"), [8, 8]);
/// Rows or columns of an invocation: what is read in eights is padded to them.
const EIGHT: usize = 8;
/// Invocations that fill a GPU: a product with fewer sums in parts.
const ENOUGH: usize = 8192;
/// The shortest part of a sum that is worth an invocation.
const SHORTEST: usize = 64;
/// Columns that lie together where all do.
const ALL: usize = 1 << 30;

/// How the columns of a matrix lie, in numbers.
#[derive(Debug, Clone, Copy)]
pub struct Columns {
    /// From one row to the next.
    pub stride: usize,
    /// From one plane to the next.
    pub plane: usize,
    /// Columns that lie together.
    pub group: usize,
    /// From one such group to the next.
    pub apart: usize,
}

impl Columns {
    /// Row after row, plane after plane.
    pub fn rows(rows: usize, stride: usize) -> Self {
        Self { stride, plane: rows * stride, group: ALL, apart: 0 }
    }

    /// The pixels of pictures `[B, C, pixels]`, with a row for each channel.
    pub fn pictures(channels: usize, pixels: usize) -> Self {
        Self { stride: pixels, plane: 0, group: pixels, apart: channels * pixels }
    }
}

/// `C = A^T B` for each plane, with `A` `[planes, depth, rows]`, `B` `[planes, depth, columns]` and `C` `[planes, parts, rows,
/// columns]`; strides, planes and groups are multiples of four.
#[derive(Debug, Clone, Copy)]
pub struct Product {
    pub planes: usize,
    pub rows: usize,
    pub columns: usize,
    pub depth: usize,
    pub parts: Parts,
    pub a_stride: usize,
    pub b: Columns,
    pub c: Columns,
    /// Where C begins, in numbers, and how far it is from one part to the next.
    pub c_start: usize,
    pub c_part: usize,
}

impl Product {
    pub fn launch(&self, a: &CubeTensor, b: &CubeTensor, c: &CubeTensor) {
        let groups_down = self.rows.div_ceil(EIGHT * EIGHT);
        let sizes = [
            self.rows,
            groups_down,
            self.columns / 4,
            self.depth,
            self.parts.length,
            self.parts.count,
            self.depth * self.a_stride / 4,
            self.a_stride / 4,
            self.b.plane / 4,
            self.b.stride / 4,
            self.b.group / 4,
            self.b.apart / 4,
            self.c_start / 4,
            self.c.plane / 4,
            self.c_part / 4,
            self.c.stride / 4,
            self.c.group / 4,
            self.c.apart / 4,
        ];
        let products = self.planes * self.parts.count;
        PRODUCT.launch([self.columns.div_ceil(EIGHT), EIGHT * groups_down * products], &[a, b, c], &sizes);
    }
}

/// A sum taken in parts, so that there is work for the whole device.
#[derive(Debug, Clone, Copy)]
pub struct Parts {
    pub count: usize,
    pub length: usize,
}

impl Parts {
    pub fn one(depth: usize) -> Self {
        Self { count: 1, length: depth }
    }

    /// Enough for products that make `numbers` numbers in all.
    pub fn fill(numbers: usize, depth: usize) -> Self {
        let wanted = ENOUGH.div_ceil(numbers.div_ceil(EIGHT * EIGHT)).min(depth / SHORTEST).max(1);
        let length = depth.div_ceil(wanted);
        Self { count: depth.div_ceil(length), length }
    }
}

/// The next multiple of eight.
pub fn padded(length: usize) -> usize {
    length.next_multiple_of(EIGHT)
}

/// Room for `count` numbers in no shape.
pub fn room(beside: &CubeTensor, count: usize) -> CubeTensor {
    empty(beside, [count])
}
