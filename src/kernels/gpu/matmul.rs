//! The batched matrix product that all convolutions use.

use burn_wgpu::CubeTensor;

use super::launch::{Kernel, parallel, shader};
use super::template::{ACROSS, Tile};

const MATMUL: Kernel = Kernel::new(shader!("matmul"), [ACROSS, 1]);
/// Matrices are padded to multiples of so many rows and columns.
const PADDING: usize = 8;
/// Elements of an invocation with sixteen rows.
const TILE_ELEMENTS: usize = 64;
/// Invocations that fill a GPU: a product with fewer is split along its depth.
const ENOUGH_INVOCATIONS: usize = 8192;
/// The least depth that is worth an invocation.
const LEAST_DEPTH: usize = 64;
/// The `group` of [`Columns`] whose columns are all contiguous.
const ALL: usize = 1 << 30;

/// The layout of a matrix, in elements.
#[derive(Debug, Clone, Copy)]
pub struct Columns {
    /// From one row to the next.
    pub row_stride: usize,
    /// From one plane to the next.
    pub plane_stride: usize,
    /// Columns that are contiguous.
    pub group: usize,
    /// From one such group to the next.
    pub group_stride: usize,
}

impl Columns {
    /// Planes of `rows` rows that begin `stride` apart, without gaps between them.
    pub fn rows(rows: usize, stride: usize) -> Self {
        Self { row_stride: stride, plane_stride: rows * stride, group: ALL, group_stride: 0 }
    }

    /// Images `[B, C, pixels]` as a matrix `[C, B * pixels]`.
    pub fn images(channels: usize, pixels: usize) -> Self {
        Self { row_stride: pixels, plane_stride: 0, group: pixels, group_stride: channels * pixels }
    }
}

/// `C = A^T B` for each plane, with `A` `[planes, depth, rows]`, `B` `[planes, depth, columns]` and `C` `[planes, parts, rows,
/// columns]`. Strides, planes and groups are multiples of four.
#[derive(Debug, Clone, Copy)]
pub struct Matmul {
    pub planes: usize,
    pub rows: usize,
    pub columns: usize,
    pub depth: usize,
    pub split: SplitDepth,
    /// From one row of A to the next, in elements.
    pub a_stride: usize,
    pub b: Columns,
    pub c: Columns,
    /// The first element of C.
    pub c_start: usize,
    /// From one part of C to the next, in elements.
    pub c_part_stride: usize,
}

impl Matmul {
    pub fn launch(&self, a: &CubeTensor, b: &CubeTensor, c: &CubeTensor) {
        let tile = self.tile();
        let groups_down = self.rows.div_ceil(tile.group_rows());
        let sizes = [
            self.rows,
            groups_down,
            self.columns / 4,
            self.depth,
            self.split.depth,
            self.split.parts,
            self.depth * self.a_stride / 4,
            self.a_stride / 4,
            self.b.plane_stride / 4,
            self.b.row_stride / 4,
            self.b.group / 4,
            self.b.group_stride / 4,
            self.c_start / 4,
            self.c.plane_stride / 4,
            self.c_part_stride / 4,
            self.c.row_stride / 4,
            self.c.group / 4,
            self.c.group_stride / 4,
        ];
        let products = self.planes * self.split.parts;
        MATMUL.tiled(tile).launch([self.columns / 4, tile.down * groups_down * products], &[a, b, c], &sizes);
    }

    /// Sixteen rows share loads best, eight where half of them would be padding.
    fn tile(&self) -> Tile {
        let padding = self.rows.next_multiple_of(16) - self.rows;
        Tile { rows: if padding < 8 { 16 } else { 8 }, down: if parallel() { 4 } else { 1 } }
    }
}

/// A product split along its depth into parts that are computed in parallel and summed by a later kernel ("split-K").
#[derive(Debug, Clone, Copy)]
pub struct SplitDepth {
    pub parts: usize,
    /// Depth of each part; the last may have less.
    pub depth: usize,
}

impl SplitDepth {
    /// One part.
    pub fn none(depth: usize) -> Self {
        Self { parts: 1, depth }
    }

    /// As many parts as fill a GPU, for products with `elements` elements in all.
    pub fn fill(elements: usize, depth: usize) -> Self {
        let wanted = ENOUGH_INVOCATIONS.div_ceil(elements.div_ceil(TILE_ELEMENTS)).min(depth / LEAST_DEPTH).max(1);
        let part = depth.div_ceil(wanted);
        Self { parts: depth.div_ceil(part), depth: part }
    }
}

/// The next multiple of eight.
pub fn padded(length: usize) -> usize {
    length.next_multiple_of(PADDING)
}
