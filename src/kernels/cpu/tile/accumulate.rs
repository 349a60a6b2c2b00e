//! A tile's loop over depth, for any kind of vector.

use super::Finish;
use super::lanes::Lanes;

/// Steps of an inner loop of fixed length. V8 unrolls it, which is a tenth faster. Unrolling by hand is slower: the compiler
/// then reorders the steps by sum and spills registers, as it does for any tile with more than eight sums.
const UNROLLED: usize = 8;

/// One tile of `ROWS` rows and `VECTORS` vectors of columns, as the function of a [`Tile`](super::Tile).
///
/// # Safety
/// As for [`Tile::run`](super::Tile::run); also, the processor has the instructions of `V`.
#[inline(always)]
pub unsafe fn accumulate<V: Lanes, const ROWS: usize, const VECTORS: usize>(
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
                step(left, right, &mut sums);
                left = left.add(ROWS);
                right = right.add(VECTORS * V::COUNT);
            }
        }
        for _ in 0..depth % UNROLLED {
            step(left, right, &mut sums);
            left = left.add(ROWS);
            right = right.add(VECTORS * V::COUNT);
        }
        for (row, sums) in sums.iter().enumerate() {
            for (vector, &sum) in sums.iter().enumerate() {
                let to = out.add(row * stride + vector * V::COUNT);
                let value = match finish {
                    Finish::Set => sum,
                    Finish::Add => V::load(to).plus(sum),
                    Finish::Relu => sum.relu(),
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
unsafe fn step<V: Lanes, const ROWS: usize, const VECTORS: usize>(
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
            let a = V::broadcast(left.add(row));
            for vector in 0..VECTORS {
                sums[vector] = sums[vector].plus_product(a, b[vector]);
            }
        }
    }
}
