//! The innermost loop of every product: a tile of sums held in registers, one multiply-add per entry and step of depth.

use std::sync::OnceLock;

/// What becomes of a finished tile.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Finish {
    Set,
    Add,
    Relu,
}

/// The tile that suits this processor.
#[derive(Debug, Clone, Copy)]
pub struct Tile {
    pub rows: usize,
    pub columns: usize,
    run: Run,
}

/// Depth, left panel `[depth, rows]`, right panel `[depth, columns]`, output, its stride, what to do with it.
type Run = unsafe fn(usize, *const f32, *const f32, *mut f32, usize, Finish);

impl Tile {
    /// `[rows, columns]` entries at `out`, `stride` apart, from the product of a left and a right panel.
    ///
    /// # Safety
    /// `left` holds `depth * rows` numbers, `right` holds `depth * columns`, and each row of the output may be written.
    pub unsafe fn run(
        &self,
        depth: usize,
        left: *const f32,
        right: *const f32,
        out: *mut f32,
        stride: usize,
        finish: Finish,
    ) {
        // SAFETY: as the caller promises; the processor was asked before this tile was chosen.
        unsafe { (self.run)(depth, left, right, out, stride, finish) }
    }

    /// The fastest that this processor can run.
    pub fn best() -> &'static Self {
        static BEST: OnceLock<Tile> = OnceLock::new();
        BEST.get_or_init(|| *Self::all().first().expect("the plain tile is always there"))
    }

    /// Every tile that this processor can run, the fastest first.
    #[allow(clippy::vec_init_then_push, reason = "what comes first depends on the processor")]
    pub fn all() -> Vec<Self> {
        let mut all = Vec::new();
        #[cfg(target_arch = "x86_64")]
        {
            if is_x86_feature_detected!("avx512f") {
                all.push(Self { rows: 12, columns: 32, run: x86::avx512 });
            }
            if is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma") {
                all.push(Self { rows: 6, columns: 16, run: x86::avx2 });
            }
        }
        #[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
        all.push(Self {
            rows: WASM_ROWS,
            columns: 4 * WASM_VECTORS,
            run: accumulate::<std::arch::wasm32::v128, WASM_ROWS, WASM_VECTORS>,
        });
        all.push(Self { rows: 4, columns: 8, run: accumulate::<[f32; 4], 4, 2> });
        all
    }
}

#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
const WASM_ROWS: usize = 4;
#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
const WASM_VECTORS: usize = 2;

/// A register full of numbers.
trait Lanes: Copy {
    const COUNT: usize;
    fn splat(value: f32) -> Self;
    /// One number from memory into all lanes.
    unsafe fn spread(from: *const f32) -> Self;
    unsafe fn load(from: *const f32) -> Self;
    unsafe fn store(self, to: *mut f32);
    /// `self + a * b`
    fn plus_product(self, a: Self, b: Self) -> Self;
    fn plus(self, other: Self) -> Self;
    /// What is no number stays none, so that a loss that has diverged shows it.
    fn at_least_zero(self) -> Self;
}

/// # Safety
/// See [`Tile::run`]; also, the processor knows the instructions of `V`.
#[inline(always)]
unsafe fn accumulate<V: Lanes, const ROWS: usize, const VECTORS: usize>(
    depth: usize,
    mut left: *const f32,
    mut right: *const f32,
    out: *mut f32,
    stride: usize,
    finish: Finish,
) {
    let zero = V::splat(0.0);
    let mut sums = [[zero; VECTORS]; ROWS];
    // SAFETY: the pointers stay within the panels and the rows of the output.
    unsafe {
        for _ in 0..depth / UNROLLED {
            for _ in 0..UNROLLED {
                step_of(left, right, &mut sums);
                left = left.add(ROWS);
                right = right.add(VECTORS * V::COUNT);
            }
        }
        for _ in 0..depth % UNROLLED {
            step_of(left, right, &mut sums);
            left = left.add(ROWS);
            right = right.add(VECTORS * V::COUNT);
        }
        for (row, sums) in sums.iter().enumerate() {
            for (vector, &sum) in sums.iter().enumerate() {
                let to = out.add(row * stride + vector * V::COUNT);
                let value = match finish {
                    Finish::Set => sum,
                    Finish::Add => V::load(to).plus(sum),
                    Finish::Relu => sum.at_least_zero(),
                };
                value.store(to);
            }
        }
    }
}

/// One step of depth.
///
/// # Safety
/// As for [`accumulate`].
#[inline(always)]
unsafe fn step_of<V: Lanes, const ROWS: usize, const VECTORS: usize>(
    left: *const f32,
    right: *const f32,
    sums: &mut [[V; VECTORS]; ROWS],
) {
    // SAFETY: the pointers stay within the panels.
    unsafe {
        let mut b = [V::splat(0.0); VECTORS];
        for (vector, b) in b.iter_mut().enumerate() {
            *b = V::load(right.add(vector * V::COUNT));
        }
        for (row, sums) in sums.iter_mut().enumerate() {
            let a = V::spread(left.add(row));
            for vector in 0..VECTORS {
                sums[vector] = sums[vector].plus_product(a, b[vector]);
            }
        }
    }
}

/// An inner loop of fixed length is what V8 unrolls: a tenth faster there. One written out here is slower: then the compiler
/// orders all steps by sum and registers run out. So they do with any tile above eight sums.
const UNROLLED: usize = 8;

/// Numbers that the compiler may or may not keep in one register.
impl Lanes for [f32; 4] {
    const COUNT: usize = 4;

    #[inline(always)]
    fn splat(value: f32) -> Self {
        [value; 4]
    }

    #[inline(always)]
    unsafe fn spread(from: *const f32) -> Self {
        // SAFETY: as the caller promises.
        Self::splat(unsafe { *from })
    }

    #[inline(always)]
    unsafe fn load(from: *const f32) -> Self {
        // SAFETY: as the caller promises.
        unsafe { from.cast::<Self>().read_unaligned() }
    }

    #[inline(always)]
    unsafe fn store(self, to: *mut f32) {
        // SAFETY: as the caller promises.
        unsafe { to.cast::<Self>().write_unaligned(self) }
    }

    #[inline(always)]
    fn plus_product(self, a: Self, b: Self) -> Self {
        [self[0] + a[0] * b[0], self[1] + a[1] * b[1], self[2] + a[2] * b[2], self[3] + a[3] * b[3]]
    }

    #[inline(always)]
    fn plus(self, other: Self) -> Self {
        [self[0] + other[0], self[1] + other[1], self[2] + other[2], self[3] + other[3]]
    }

    #[inline(always)]
    fn at_least_zero(self) -> Self {
        self.map(|value| if value < 0.0 { 0.0 } else { value })
    }
}

/// Implements [`Lanes`] by a processor's own instructions.
#[allow(unused_macros, reason = "processors without an implementation take the plain one")]
macro_rules! lanes {
    ($vector:ty, $count:literal, $splat:path, $spread:path, $load:path, $store:path, $plus_product:expr, $plus:path, $max:path) => {
        #[allow(unused_unsafe, reason = "those of wasm are safe")]
        impl Lanes for $vector {
            const COUNT: usize = $count;

            #[inline(always)]
            fn splat(value: f32) -> Self {
                // SAFETY: who runs a tile has asked the processor for these instructions.
                unsafe { $splat(value) }
            }

            #[inline(always)]
            unsafe fn spread(from: *const f32) -> Self {
                // SAFETY: as the caller promises.
                unsafe { $spread(from) }
            }

            #[inline(always)]
            unsafe fn load(from: *const f32) -> Self {
                // SAFETY: as the caller promises.
                unsafe { $load(from.cast()) }
            }

            #[inline(always)]
            unsafe fn store(self, to: *mut f32) {
                // SAFETY: as the caller promises.
                unsafe { $store(to.cast(), self) }
            }

            #[inline(always)]
            fn plus_product(self, a: Self, b: Self) -> Self {
                // SAFETY: as in `splat`.
                unsafe { $plus_product(self, a, b) }
            }

            #[inline(always)]
            fn plus(self, other: Self) -> Self {
                // SAFETY: as in `splat`.
                unsafe { $plus(self, other) }
            }

            #[inline(always)]
            fn at_least_zero(self) -> Self {
                // SAFETY: as in `splat`.
                unsafe { $max($splat(0.0), self) }
            }
        }
    };
}

#[cfg(target_arch = "x86_64")]
mod x86 {
    use std::arch::x86_64::*;

    use super::{Finish, Lanes, accumulate};

    #[inline(always)]
    unsafe fn spread_256(from: *const f32) -> __m256 {
        // SAFETY: as the caller promises.
        unsafe { _mm256_set1_ps(*from) }
    }

    #[inline(always)]
    unsafe fn spread_512(from: *const f32) -> __m512 {
        // SAFETY: as the caller promises.
        unsafe { _mm512_set1_ps(*from) }
    }

    #[inline(always)]
    unsafe fn fused_256(sum: __m256, a: __m256, b: __m256) -> __m256 {
        // SAFETY: as in `splat`.
        unsafe { _mm256_fmadd_ps(a, b, sum) }
    }

    #[inline(always)]
    unsafe fn fused_512(sum: __m512, a: __m512, b: __m512) -> __m512 {
        // SAFETY: as in `splat`.
        unsafe { _mm512_fmadd_ps(a, b, sum) }
    }

    lanes!(
        __m256,
        8,
        _mm256_set1_ps,
        spread_256,
        _mm256_loadu_ps,
        _mm256_storeu_ps,
        fused_256,
        _mm256_add_ps,
        _mm256_max_ps
    );
    lanes!(
        __m512,
        16,
        _mm512_set1_ps,
        spread_512,
        _mm512_loadu_ps,
        _mm512_storeu_ps,
        fused_512,
        _mm512_add_ps,
        _mm512_max_ps
    );

    /// 12 of the 16 registers hold sums.
    #[target_feature(enable = "avx2,fma")]
    pub unsafe fn avx2(
        depth: usize,
        left: *const f32,
        right: *const f32,
        out: *mut f32,
        stride: usize,
        finish: Finish,
    ) {
        // SAFETY: as the caller promises.
        unsafe { accumulate::<__m256, 6, 2>(depth, left, right, out, stride, finish) }
    }

    /// 24 of the 32 registers hold sums.
    #[target_feature(enable = "avx512f")]
    pub unsafe fn avx512(
        depth: usize,
        left: *const f32,
        right: *const f32,
        out: *mut f32,
        stride: usize,
        finish: Finish,
    ) {
        // SAFETY: as the caller promises.
        unsafe { accumulate::<__m512, 12, 2>(depth, left, right, out, stride, finish) }
    }
}

#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
mod wasm {
    use std::arch::wasm32::*;

    use super::Lanes;

    #[inline(always)]
    unsafe fn spread(from: *const f32) -> v128 {
        // SAFETY: as the caller promises.
        unsafe { v128_load32_splat(from.cast()) }
    }

    #[inline(always)]
    fn product(sum: v128, a: v128, b: v128) -> v128 {
        f32x4_add(sum, f32x4_mul(a, b))
    }

    /// `value` where it is no number, as the processors of the other tiles have it.
    #[inline(always)]
    fn larger(zero: v128, value: v128) -> v128 {
        f32x4_pmax(value, zero)
    }

    lanes!(v128, 4, f32x4_splat, spread, v128_load, v128_store, product, f32x4_add, larger);
}
