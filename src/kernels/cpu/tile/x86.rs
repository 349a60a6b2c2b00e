//! Tiles for x86 processors with AVX2 or AVX-512.

use std::arch::x86_64::*;

use super::Finish;
use super::accumulate::accumulate;
use super::gather::gather;
use super::lanes::{Lanes, lanes};

#[inline(always)]
unsafe fn broadcast_256(from: *const f32) -> __m256 {
    // SAFETY: as the caller promises.
    unsafe { _mm256_set1_ps(*from) }
}

#[inline(always)]
unsafe fn broadcast_512(from: *const f32) -> __m512 {
    // SAFETY: as the caller promises.
    unsafe { _mm512_set1_ps(*from) }
}

#[inline(always)]
unsafe fn fused_256(sum: __m256, a: __m256, b: __m256) -> __m256 {
    // SAFETY: as for `Lanes::splat`.
    unsafe { _mm256_fmadd_ps(a, b, sum) }
}

#[inline(always)]
unsafe fn fused_512(sum: __m512, a: __m512, b: __m512) -> __m512 {
    // SAFETY: as for `Lanes::splat`.
    unsafe { _mm512_fmadd_ps(a, b, sum) }
}

lanes!(
    __m256,
    8,
    _mm256_set1_ps,
    broadcast_256,
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
    broadcast_512,
    _mm512_loadu_ps,
    _mm512_storeu_ps,
    fused_512,
    _mm512_add_ps,
    _mm512_max_ps
);

/// A tile of 6 x 16: 12 of the 16 registers hold sums.
#[target_feature(enable = "avx2,fma")]
pub unsafe fn avx2(depth: usize, left: *const f32, right: *const f32, out: *mut f32, stride: usize, finish: Finish) {
    // SAFETY: as the caller promises.
    unsafe { accumulate::<__m256, 6, 2>(depth, left, right, out, stride, finish) }
}

/// A tile of 12 x 32: 24 of the 32 registers hold sums.
#[target_feature(enable = "avx512f")]
pub unsafe fn avx512(depth: usize, left: *const f32, right: *const f32, out: *mut f32, stride: usize, finish: Finish) {
    // SAFETY: as the caller promises.
    unsafe { accumulate::<__m512, 12, 2>(depth, left, right, out, stride, finish) }
}

/// A sparse row's sums, four vectors.
#[target_feature(enable = "avx2,fma")]
pub unsafe fn gather_avx2(at: &[u32], values: &[f32], panel: *const f32, last: *const f32, out: *mut f32, relu: bool) {
    // SAFETY: as the caller promises.
    unsafe { gather::<__m256, 4>(at, values, panel, last, out, relu) }
}

/// A sparse row's sums, two vectors.
#[target_feature(enable = "avx512f")]
pub unsafe fn gather_avx512(
    at: &[u32],
    values: &[f32],
    panel: *const f32,
    last: *const f32,
    out: *mut f32,
    relu: bool,
) {
    // SAFETY: as the caller promises.
    unsafe { gather::<__m512, 2>(at, values, panel, last, out, relu) }
}
