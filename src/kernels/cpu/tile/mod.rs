//! The innermost loop of every matrix product: a tile of sums held in registers, one multiply-add per entry and step of depth.

mod accumulate;
#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
mod fused;
mod gather;
mod lanes;
#[cfg(feature = "kernel-tests")]
pub mod trial;
#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
mod wasm;
#[cfg(target_arch = "x86_64")]
mod x86;

use std::sync::OnceLock;

use self::accumulate::accumulate;
use self::gather::gather;

/// How a finished tile is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)] // as `build/fused_tile.rs` has them
pub enum Finish {
    /// The sums replace the output.
    Set,
    /// The sums are added to the output.
    Add,
    /// The sums replace the output after a ReLU.
    Relu,
}

/// A tile's size and the function that computes it.
#[derive(Debug, Clone, Copy)]
pub struct Tile {
    /// Rows, which are read from the left panel.
    pub rows: usize,
    /// Columns, which are read from the right panel.
    pub columns: usize,
    /// Columns of a panel that is multiplied with a sparse row; the panel of 785 inputs should stay near the processor.
    pub gathered: usize,
    run: Run,
    gather: Gather,
}

/// Takes depth, left panel `[depth, rows]`, right panel `[depth, columns]`, output, its stride, and how to write it.
type Run = unsafe fn(usize, *const f32, *const f32, *mut f32, usize, Finish);

/// Takes columns and values of a sparse row, panel, what is added last, output, and whether negative sums become zero.
type Gather = unsafe fn(&[u32], &[f32], *const f32, *const f32, *mut f32, bool);

impl Tile {
    /// Multiplies a left and a right panel into the `[rows, columns]` entries at `out`, whose rows are `stride` apart.
    ///
    /// # Safety
    /// `left` points to `depth * rows` numbers, `right` to `depth * columns`, and each row of the output is writable; with
    /// [`Finish::Add`] it is initialised.
    pub unsafe fn run(
        &self,
        depth: usize,
        left: *const f32,
        right: *const f32,
        out: *mut f32,
        stride: usize,
        finish: Finish,
    ) {
        // SAFETY: as the caller promises; `all` has checked that the processor has the instructions of this tile.
        unsafe { (self.run)(depth, left, right, out, stride, finish) }
    }

    /// Multiplies a sparse row, `values` in the columns `at`, with a panel `[depth + 1, gathered]` whose last row is added.
    ///
    /// # Safety
    /// The columns are below `depth`, and `out` points to `gathered` writable numbers.
    pub unsafe fn gather(&self, at: &[u32], values: &[f32], panel: &[f32], out: *mut f32, relu: bool) {
        let last = panel.len() - self.gathered;
        debug_assert!(at.iter().all(|&at| (at as usize) < last / self.gathered));
        // SAFETY: as for `run`.
        unsafe { (self.gather)(at, values, panel.as_ptr(), panel[last..].as_ptr(), out, relu) }
    }

    /// The fastest tile that this processor can run.
    pub fn best() -> &'static Self {
        static BEST: OnceLock<Tile> = OnceLock::new();
        BEST.get_or_init(|| *Self::all().first().expect("the portable tile is always available"))
    }

    /// Every tile that this processor can run, the fastest first.
    #[allow(clippy::vec_init_then_push, reason = "the first entries depend on the processor")]
    pub fn all() -> Vec<Self> {
        let mut all = Vec::new();
        #[cfg(target_arch = "x86_64")]
        {
            if is_x86_feature_detected!("avx512f") {
                all.push(Self { rows: 12, columns: 32, gathered: 32, run: x86::avx512, gather: x86::gather_avx512 });
            }
            if is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma") {
                all.push(Self { rows: 6, columns: 16, gathered: 32, run: x86::avx2, gather: x86::gather_avx2 });
            }
        }
        #[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
        all.extend(fused::tile().into_iter().chain([wasm::TILE]));
        all.push(Self {
            rows: 4,
            columns: 8,
            gathered: 16,
            run: accumulate::<[f32; 4], 4, 2>,
            gather: gather::<[f32; 4], 4>,
        });
        all
    }
}
