//! Matrix products by panels: the left matrix is laid out once, the right one a panel at a time, and each panel meets
//! every tile of the left while it is in the nearest cache. `rows * columns * depth` multiply-adds.

use super::tile::{Finish, Tile};

/// A left matrix `[rows, depth]` in panels `[depth, tile rows]`, filled up with zeros.
pub struct Left {
    rows: usize,
    depth: usize,
    tile: &'static Tile,
    panels: Vec<f32>,
}

impl Left {
    /// From a matrix `[rows, depth]` whose rows begin `stride` apart, with `ones` more columns of ones: they meet a bias.
    pub fn from_rows(matrix: &[f32], stride: usize, rows: usize, depth: usize, ones: usize) -> Self {
        let mut left = Self::empty(rows, depth + ones);
        let width = left.tile.rows;
        for (panel, first) in left.panels.chunks_exact_mut(width * (depth + ones)).zip((0..rows).step_by(width)) {
            let (matrix_part, ones_part) = panel.split_at_mut(width * depth);
            transpose(&matrix[first * stride..], stride, width.min(rows - first), depth, matrix_part, width);
            ones_part.fill(1.0);
        }
        left
    }

    /// From several matrices `[rows, area]` that begin `stride` apart, side by side: a depth of `count * area`.
    pub fn from_images(images: &[f32], stride: usize, count: usize, rows: usize, area: usize) -> Self {
        let mut left = Self::empty(rows, count * area);
        let width = left.tile.rows;
        for (panel, first) in left.panels.chunks_exact_mut(width * count * area).zip((0..rows).step_by(width)) {
            for (image, part) in panel.chunks_exact_mut(width * area).enumerate() {
                let from = &images[image * stride + first * area..];
                transpose(from, area, width.min(rows - first), area, part, width);
            }
        }
        left
    }

    /// From a matrix that lies transposed, `[depth, rows]`, its rows `stride` apart.
    pub fn from_columns(matrix: &[f32], stride: usize, rows: usize, depth: usize) -> Self {
        let mut left = Self::empty(rows, depth);
        let width = left.tile.rows;
        for (panel, first) in left.panels.chunks_exact_mut(width * depth).zip((0..rows).step_by(width)) {
            copy(&matrix[first..], stride, width.min(rows - first), depth, panel, width);
        }
        left
    }

    fn empty(rows: usize, depth: usize) -> Self {
        let tile = Tile::best();
        Self { rows, depth, tile, panels: vec![0.0; rows.next_multiple_of(tile.rows) * depth] }
    }

    pub fn rows(&self) -> usize {
        self.rows
    }

    pub fn depth(&self) -> usize {
        self.depth
    }

    /// Room for a right panel `[depth, tile columns]`.
    pub fn panel(&self) -> Vec<f32> {
        vec![0.0; self.depth * self.tile.columns]
    }

    /// The columns of a panel.
    pub fn width(&self) -> usize {
        self.tile.columns
    }

    /// The product with the first `columns` of a right panel, into rows that begin `stride` apart at `out`.
    ///
    /// # Safety
    /// Every row at `out` has `columns` numbers that may be written, and that are set when the product is to be added.
    pub unsafe fn times(&self, panel: &[f32], columns: usize, out: *mut f32, stride: usize, finish: Finish) {
        let Tile { rows: height, columns: width, .. } = *self.tile;
        debug_assert!(panel.len() == self.depth * width && columns <= width);
        for (left, first) in self.panels.chunks_exact((height * self.depth).max(1)).zip((0..self.rows).step_by(height))
        {
            let rows = height.min(self.rows - first);
            // SAFETY: the panels are as long as the tile wants them, and the rows are there as the caller promises.
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

    /// How many tiles the rows make.
    pub fn tiles(&self) -> usize {
        self.rows.div_ceil(self.tile.rows)
    }

    /// The rows of one tile.
    pub fn height(&self) -> usize {
        self.tile.rows
    }

    /// The product of one tile's rows with a whole right panel, `[height, width]` in one piece.
    pub fn tile(&self, index: usize, panel: &[f32], out: &mut [f32]) {
        let Tile { rows: height, columns: width, .. } = *self.tile;
        let left = &self.panels[index * height * self.depth..][..height * self.depth];
        assert!(panel.len() == self.depth * width && out.len() == height * width);
        // SAFETY: the panels and the output are as long as the tile wants them, as just asserted.
        unsafe { self.tile.run(self.depth, left.as_ptr(), panel.as_ptr(), out.as_mut_ptr(), width, Finish::Set) }
    }

    /// A tile of which only some rows and columns exist.
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
        const LARGEST: usize = 12 * 32;
        let width = self.tile.columns;
        let mut whole = [0.0; LARGEST];
        assert!(self.tile.rows * width <= LARGEST);
        let inner = if finish == Finish::Add { Finish::Set } else { finish };
        // SAFETY: a whole tile fits the array; the rows are there as the caller promises.
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

/// `to[k, j] = from[j, k]` for `j < count`, zero up to `width`; rows of `from` begin `stride` apart.
pub fn transpose(from: &[f32], stride: usize, count: usize, depth: usize, to: &mut [f32], width: usize) {
    /// So many rows of the panel stay in the nearest cache while all columns are filled.
    const BLOCK: usize = 64;
    assert!(count <= width && to.len() >= depth * width && (count == 0 || from.len() >= (count - 1) * stride + depth));
    for first in (0..depth).step_by(BLOCK) {
        let end = depth.min(first + BLOCK);
        let mut column = 0;
        while column + 4 <= count {
            let mut k = first;
            while k + 4 <= end {
                // SAFETY: four rows from `column` and four columns from `k` lie within both, by the assertion above.
                unsafe {
                    transpose_4(
                        from.as_ptr().add(column * stride + k),
                        stride,
                        to.as_mut_ptr().add(k * width + column),
                        width,
                    );
                }
                k += 4;
            }
            for k in k..end {
                for column in column..column + 4 {
                    to[k * width + column] = from[column * stride + k];
                }
            }
            column += 4;
        }
        for k in first..end {
            for column in column..count {
                to[k * width + column] = from[column * stride + k];
            }
            to[k * width + count..(k + 1) * width].fill(0.0);
        }
    }
}

/// # Safety
/// Four rows of four numbers lie at `from` and at `to`.
#[inline(always)]
#[cfg(target_arch = "x86_64")]
unsafe fn transpose_4(from: *const f32, stride: usize, to: *mut f32, width: usize) {
    use std::arch::x86_64::{_MM_TRANSPOSE4_PS, _mm_loadu_ps, _mm_storeu_ps};
    // SAFETY: as the caller promises.
    unsafe {
        let [mut a, mut b, mut c, mut d] = [0, 1, 2, 3].map(|row| _mm_loadu_ps(from.add(row * stride)));
        _MM_TRANSPOSE4_PS(&mut a, &mut b, &mut c, &mut d);
        for (row, values) in [a, b, c, d].into_iter().enumerate() {
            _mm_storeu_ps(to.add(row * width), values);
        }
    }
}

/// # Safety
/// Four rows of four numbers lie at `from` and at `to`.
#[inline(always)]
#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
unsafe fn transpose_4(from: *const f32, stride: usize, to: *mut f32, width: usize) {
    use std::arch::wasm32::{i32x4_shuffle, v128_load, v128_store};
    // SAFETY: as the caller promises.
    unsafe {
        let [a, b, c, d] = [0, 1, 2, 3].map(|row| v128_load(from.add(row * stride).cast()));
        let (ab_low, ab_high) = (i32x4_shuffle::<0, 4, 1, 5>(a, b), i32x4_shuffle::<2, 6, 3, 7>(a, b));
        let (cd_low, cd_high) = (i32x4_shuffle::<0, 4, 1, 5>(c, d), i32x4_shuffle::<2, 6, 3, 7>(c, d));
        let rows = [
            i32x4_shuffle::<0, 1, 4, 5>(ab_low, cd_low),
            i32x4_shuffle::<2, 3, 6, 7>(ab_low, cd_low),
            i32x4_shuffle::<0, 1, 4, 5>(ab_high, cd_high),
            i32x4_shuffle::<2, 3, 6, 7>(ab_high, cd_high),
        ];
        for (row, values) in rows.into_iter().enumerate() {
            v128_store(to.add(row * width).cast(), values);
        }
    }
}

/// # Safety
/// Four rows of four numbers lie at `from` and at `to`.
#[cfg(not(any(target_arch = "x86_64", all(target_arch = "wasm32", target_feature = "simd128"))))]
unsafe fn transpose_4(from: *const f32, stride: usize, to: *mut f32, width: usize) {
    for row in 0..4 {
        for column in 0..4 {
            // SAFETY: as the caller promises.
            unsafe { *to.add(column * width + row) = *from.add(row * stride + column) };
        }
    }
}

/// `to[k, j] = from[k, j]` for `j < count`, zero up to `width`; rows of `from` begin `stride` apart.
pub fn copy(from: &[f32], stride: usize, count: usize, depth: usize, to: &mut [f32], width: usize) {
    for (k, to) in to.chunks_exact_mut(width).take(depth).enumerate() {
        copy_run(&from[k * stride..k * stride + count], &mut to[..count]);
        to[count..].fill(0.0);
    }
}

/// A copy that is a few instructions for the lengths that occur most: no call.
#[inline(always)]
pub fn copy_run(from: &[f32], to: &mut [f32]) {
    fn exactly<const COUNT: usize>(from: &[f32], to: &mut [f32]) {
        let from: &[f32; COUNT] = from.try_into().expect("the length was asked for");
        let to: &mut [f32; COUNT] = to.try_into().expect("both are as long");
        *to = *from;
    }
    match from.len() {
        4 => exactly::<4>(from, to),
        6 => exactly::<6>(from, to),
        8 => exactly::<8>(from, to),
        12 => exactly::<12>(from, to),
        16 => exactly::<16>(from, to),
        32 => exactly::<32>(from, to),
        _ => to.copy_from_slice(from),
    }
}
