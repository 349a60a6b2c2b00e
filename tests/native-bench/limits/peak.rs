//! What a core can do at most: multiply-adds on registers, and numbers updated as Adam does, in memory. Compiled natively and for wasm by `limits.mjs`.

use std::hint::black_box;

#[cfg(target_arch = "wasm32")]
mod vector {
    use std::arch::wasm32::{f32x4_add, f32x4_mul};
    pub use std::arch::wasm32::{f32x4_splat as splat, v128 as Vector};

    pub fn multiply_add(sum: Vector, a: Vector, b: Vector) -> Vector {
        f32x4_add(f32x4_mul(sum, a), b)
    }
}

#[cfg(all(target_arch = "x86_64", target_feature = "avx512f"))]
mod vector {
    use std::arch::x86_64::{__m512, _mm512_fmadd_ps, _mm512_set1_ps};
    pub type Vector = __m512;

    pub fn splat(value: f32) -> Vector {
        unsafe { _mm512_set1_ps(value) }
    }

    pub fn multiply_add(sum: Vector, a: Vector, b: Vector) -> Vector {
        unsafe { _mm512_fmadd_ps(sum, a, b) }
    }
}

#[cfg(all(target_arch = "x86_64", not(target_feature = "avx512f")))]
mod vector {
    use std::arch::x86_64::{__m256, _mm256_fmadd_ps, _mm256_set1_ps};
    pub type Vector = __m256;

    pub fn splat(value: f32) -> Vector {
        unsafe { _mm256_set1_ps(value) }
    }

    pub fn multiply_add(sum: Vector, a: Vector, b: Vector) -> Vector {
        unsafe { _mm256_fmadd_ps(sum, a, b) }
    }
}

use vector::{Vector, multiply_add, splat};

/// Vectors that do not wait for each other: more than are in flight, and few enough for 16 registers.
const SUMS: usize = 12;

/// Takes `rounds` multiply-adds in each lane of each sum; returns their number.
#[unsafe(no_mangle)]
pub extern "C" fn multiply_adds(rounds: u32) -> f64 {
    let (a, b) = (splat(black_box(0.999)), splat(black_box(1e-3)));
    let mut sums = [splat(1.0); SUMS];
    for _ in 0..rounds {
        sums = sums.map(|sum| multiply_add(sum, a, b));
    }
    black_box(sums);
    f64::from(rounds) * (SUMS * size_of::<Vector>() / size_of::<f32>()) as f64
}

/// Reads `count` values, gradients and both moments, and writes all but the gradients, as often as `rounds`: 28 bytes a number, as much as Adam moves. Returns the bytes.
#[unsafe(no_mangle)]
pub extern "C" fn update_in_memory(count: u32, rounds: u32) -> f64 {
    let count = count as usize;
    let [mut value, gradient, mut first, mut second] = [(); 4].map(|()| vec![0.5_f32; count]);
    for _ in 0..rounds {
        for at in 0..count {
            first[at] = 0.9 * first[at] + 0.1 * gradient[at];
            second[at] = 0.999 * second[at] + 0.001 * gradient[at];
            value[at] -= 1e-3 * (first[at] + second[at]);
        }
    }
    black_box((value, first, second));
    28.0 * count as f64 * f64::from(rounds)
}

#[cfg(not(target_arch = "wasm32"))]
fn main() {
    let timed = |work: &dyn Fn() -> f64| {
        let started = std::time::Instant::now();
        let done = work();
        done / started.elapsed().as_secs_f64() / 1e9
    };
    let best = |work: &dyn Fn() -> f64| (0..7).map(|_| timed(work)).fold(0.0, f64::max);
    println!("native, multiply-adds on registers: {:.1} G/s", best(&|| multiply_adds(20_000_000)));
    println!("native, Adam's traffic, 652,824 numbers: {:.1} GB/s", best(&|| update_in_memory(652_824, 50)));
}
