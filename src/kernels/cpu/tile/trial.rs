//! What the tests compare: every tile with sums in double precision.

use rand::RngExt;

use super::{Finish, Tile};
use crate::random::{Stream, generator};

/// For each tile that this processor and this browser can run, the fastest first: the largest difference of an entry from the sum in double
/// precision, relative to one plus its size, over depths and ways to finish. Infinite where a NaN is lost.
pub fn differences() -> Vec<f64> {
    Tile::all().iter().map(difference).collect()
}

fn difference(tile: &Tile) -> f64 {
    let mut largest: f64 = 0.0;
    for depth in [0, 1, 7, 100] {
        for finish in [Finish::Set, Finish::Add, Finish::Relu] {
            for nan in [false, true] {
                largest = largest.max(difference_of(tile, depth, finish, nan));
            }
        }
    }
    largest
}

/// Of one product; with `nan`, one number of the left panel is NaN.
fn difference_of(tile: &Tile, depth: usize, finish: Finish, nan: bool) -> f64 {
    let mut random = generator(depth as u64, Stream::Weights);
    let mut numbers = |len: usize| (0..len).map(|_| random.random_range(-1.0..1.0)).collect::<Vec<f32>>();
    let (mut left, right) = (numbers(depth * tile.rows), numbers(depth * tile.columns));
    if nan && depth > 0 {
        left[1] = f32::NAN;
    }
    let stride = tile.columns + 3;
    let before = numbers(tile.rows * stride);
    let mut out = before.clone();
    // SAFETY: the panels and the rows have the tile's lengths.
    unsafe { tile.run(depth, left.as_ptr(), right.as_ptr(), out.as_mut_ptr(), stride, finish) };
    let entries = out.iter().enumerate().map(|(at, &found)| {
        let (row, column) = (at / stride, at % stride);
        let before = f64::from(before[at]);
        if column >= tile.columns {
            return (found, before);
        }
        let term = |k| f64::from(left[k * tile.rows + row]) * f64::from(right[k * tile.columns + column]);
        let sum: f64 = (0..depth).map(term).sum();
        let expected = match finish {
            Finish::Set => sum,
            Finish::Add => before + sum,
            Finish::Relu if sum < 0.0 => 0.0,
            Finish::Relu => sum,
        };
        (found, expected)
    });
    let of_each = entries.map(|(found, expected)| match (found.is_nan(), expected.is_nan()) {
        (true, true) => 0.0,
        (false, false) => (f64::from(found) - expected).abs() / (1.0 + expected.abs()),
        _ => f64::INFINITY,
    });
    of_each.fold(0.0, f64::max)
}
