//! Copies and transposes that arrange matrices in panels for [`matmul`](super::matmul).

/// `to[k, j] = from[j, k]` for `j < count` and zero for `count <= j < width`; rows of `from` begin `stride` apart.
pub fn transpose(from: &[f32], stride: usize, count: usize, depth: usize, to: &mut [f32], width: usize) {
    /// Rows of the panel that stay in the L1 cache while all columns are filled.
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
/// `from` and `to` each point to four rows of four numbers.
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
/// `from` and `to` each point to four rows of four numbers.
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
/// `from` and `to` each point to four rows of four numbers.
#[cfg(not(any(target_arch = "x86_64", all(target_arch = "wasm32", target_feature = "simd128"))))]
unsafe fn transpose_4(from: *const f32, stride: usize, to: *mut f32, width: usize) {
    for row in 0..4 {
        for column in 0..4 {
            // SAFETY: as the caller promises.
            unsafe { *to.add(column * width + row) = *from.add(row * stride + column) };
        }
    }
}

/// `to[k, j] = from[k, j]` for `j < count` and zero for `count <= j < width`; rows of `from` begin `stride` apart.
pub fn copy(from: &[f32], stride: usize, count: usize, depth: usize, to: &mut [f32], width: usize) {
    for (k, to) in to.chunks_exact_mut(width).take(depth).enumerate() {
        copy_run(&from[k * stride..k * stride + count], &mut to[..count]);
        to[count..].fill(0.0);
    }
}

/// Copies a slice, for the most frequent lengths in a few instructions instead of a call.
#[inline(always)]
pub fn copy_run(from: &[f32], to: &mut [f32]) {
    fn exactly<const COUNT: usize>(from: &[f32], to: &mut [f32]) {
        let from: &[f32; COUNT] = from.try_into().expect("the length was checked");
        let to: &mut [f32; COUNT] = to.try_into().expect("both have the same length");
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
