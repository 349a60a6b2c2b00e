//! Matrix products by panels: the left matrix is arranged once, the right one a panel at a time, and each panel is
//! multiplied with every tile of the left while it is in the L1 cache. `rows * columns * depth` multiply-adds.

use super::layout::{copy, transpose};
use super::threads::{OutputSlice, saturating_product, split, written};
use super::tile::{Finish, Tile};

/// Time to arrange an element, in multiply-adds.
const TIME_PER_ELEMENT: usize = 8;

/// A left matrix `[rows, depth]` as panels `[depth, tile rows]`, padded with zeros.
pub struct Left {
    rows: usize,
    depth: usize,
    tile: &'static Tile,
    panels: Vec<f32>,
}

impl Left {
    /// A left matrix from a matrix `[rows, depth]` whose rows begin `stride` apart, with `ones` columns of ones appended, which
    /// add a bias.
    pub fn from_rows(matrix: &[f32], stride: usize, rows: usize, depth: usize, ones: usize) -> Self {
        Self::filled(rows, depth + ones, |panel, first, count, width| {
            let (matrix_part, ones_part) = panel.split_at_mut(width * depth);
            transpose(&matrix[first * stride..], stride, count, depth, matrix_part, width);
            ones_part.fill(1.0);
        })
    }

    /// A left matrix from `count` matrices `[rows, area]` that begin `stride` apart, side by side: the depth is `count * area`.
    pub fn from_images(images: &[f32], stride: usize, count: usize, rows: usize, area: usize) -> Self {
        Self::filled(rows, count * area, |panel, first, height, width| {
            for (image, part) in panel.chunks_exact_mut(width * area).enumerate() {
                transpose(&images[image * stride + first * area..], area, height, area, part, width);
            }
        })
    }

    /// A left matrix from a transposed matrix `[depth, rows]` whose rows begin `stride` apart.
    pub fn from_columns(matrix: &[f32], stride: usize, rows: usize, depth: usize) -> Self {
        Self::filled(rows, depth, |panel, first, count, width| {
            copy(&matrix[first..], stride, count, depth, panel, width);
        })
    }

    /// Panels that `fill(panel, first, count, width)` writes over zeros: of `count` rows from `first` on, in `width` columns.
    fn filled(rows: usize, depth: usize, fill: impl Fn(&mut [f32], usize, usize, usize) + Sync) -> Self {
        let tile = Tile::best();
        let (width, len) = (tile.rows, tile.rows * depth);
        let all = rows.div_ceil(width);
        let write = |output: OutputSlice| {
            split(all, saturating_product([all, len, TIME_PER_ELEMENT]), |panels| {
                for panel in panels {
                    let first = panel * width;
                    // SAFETY: each panel belongs to this call alone.
                    let to = unsafe { output.zeros(panel * len..(panel + 1) * len) };
                    fill(to, first, width.min(rows - first), width);
                }
            });
        };
        // SAFETY: every panel is written.
        Self { rows, depth, tile, panels: unsafe { written(all * len, write) } }
    }

    /// Rows of the matrix.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// Columns of the matrix, with those of ones.
    pub fn depth(&self) -> usize {
        self.depth
    }

    /// A right panel of zeros, `[depth, tile columns]`.
    pub fn panel(&self) -> Vec<f32> {
        vec![0.0; self.depth * self.tile.columns]
    }

    /// The columns of a right panel.
    pub fn width(&self) -> usize {
        self.tile.columns
    }

    /// Multiplies with the first `columns` of a right panel, into rows that begin `stride` apart at `out`.
    ///
    /// # Safety
    /// Every row at `out` has `columns` writable elements, initialised if `finish` is [`Finish::Add`].
    pub unsafe fn times(&self, panel: &[f32], columns: usize, out: *mut f32, stride: usize, finish: Finish) {
        let Tile { rows: height, columns: width, .. } = *self.tile;
        debug_assert!(panel.len() == self.depth * width && columns <= width);
        for (left, first) in self.panels.chunks_exact((height * self.depth).max(1)).zip((0..self.rows).step_by(height))
        {
            let rows = height.min(self.rows - first);
            // SAFETY: the panels have the tile's lengths, and the rows exist as the caller promises.
            unsafe {
                let out = out.add(first * stride);
                if rows == height && columns == width {
                    self.tile.run(self.depth, left.as_ptr(), panel.as_ptr(), out, stride, finish);
                } else {
                    self.edge(left, panel, [rows, columns], out, stride, finish);
                }
            }
        }
    }

    /// The number of tiles that cover the rows.
    pub fn tiles(&self) -> usize {
        self.rows.div_ceil(self.tile.rows)
    }

    /// The rows of one tile.
    pub fn height(&self) -> usize {
        self.tile.rows
    }

    /// Multiplies one tile's rows with a whole right panel: `[height, width]`, contiguous.
    pub fn tile(&self, index: usize, panel: &[f32], out: &mut [f32]) {
        let Tile { rows: height, columns: width, .. } = *self.tile;
        let left = &self.panels[index * height * self.depth..][..height * self.depth];
        assert!(panel.len() == self.depth * width && out.len() == height * width);
        // SAFETY: the panels and the output have the tile's lengths, as just asserted.
        unsafe { self.tile.run(self.depth, left.as_ptr(), panel.as_ptr(), out.as_mut_ptr(), width, Finish::Set) }
    }

    /// A tile at the edge, of which only some rows and columns exist.
    ///
    /// # Safety
    /// As for [`Left::times`].
    unsafe fn edge(
        &self,
        left: &[f32],
        panel: &[f32],
        [rows, columns]: [usize; 2],
        out: *mut f32,
        stride: usize,
        finish: Finish,
    ) {
        /// Entries of the largest tile.
        const LARGEST: usize = 12 * 32;
        let width = self.tile.columns;
        let mut whole = [0.0; LARGEST];
        assert!(self.tile.rows * width <= LARGEST);
        let inner = if finish == Finish::Add { Finish::Set } else { finish };
        // SAFETY: a whole tile fits into the array; the rows exist as the caller promises.
        unsafe {
            self.tile.run(self.depth, left.as_ptr(), panel.as_ptr(), whole.as_mut_ptr(), width, inner);
            for row in 0..rows {
                for column in 0..columns {
                    let to = out.add(row * stride + column);
                    let before = if finish == Finish::Add { *to } else { 0.0 };
                    *to = before + whole[row * width + column];
                }
            }
        }
    }
}
