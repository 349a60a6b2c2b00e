//! The tile for wasm with 128-bit SIMD.

use std::arch::wasm32::*;

use super::Tile;
use super::accumulate::accumulate;
use super::gather::gather;
use super::lanes::{Lanes, lanes};

const ROWS: usize = 4;
const VECTORS: usize = 2;
const GATHERED: usize = 8; // vectors

/// A tile of 4 x 8: eight vectors of sums; with more, V8 runs out of registers.
pub const TILE: Tile = Tile {
    rows: ROWS,
    columns: v128::COUNT * VECTORS,
    gathered: v128::COUNT * GATHERED,
    run: accumulate::<v128, ROWS, VECTORS>,
    gather: gather::<v128, GATHERED>,
};

#[inline(always)]
unsafe fn broadcast(from: *const f32) -> v128 {
    // SAFETY: as the caller promises.
    unsafe { v128_load32_splat(from.cast()) }
}

#[inline(always)]
fn product(sum: v128, a: v128, b: v128) -> v128 {
    f32x4_add(sum, f32x4_mul(a, b))
}

/// NaN if `value` is NaN, as on the processors of the other tiles.
#[inline(always)]
fn max(zero: v128, value: v128) -> v128 {
    f32x4_pmax(value, zero)
}

lanes!(v128, 4, f32x4_splat, broadcast, v128_load, v128_store, product, f32x4_add, max);
