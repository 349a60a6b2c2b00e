//! One row of sums over the entries of a sparse row, for any kind of vector.

use super::lanes::Lanes;

/// Adds `values[i] * panel[at[i]]` for each `i`, in that order, then the row `last`, and writes `VECTORS` vectors of sums to `out`; `relu`
/// sets negative ones to zero.
///
/// # Safety
/// `panel` points to rows of `VECTORS * V::COUNT` numbers, more than each entry of `at`, and `last` and `out` to one; the processor has
/// the instructions of `V`.
#[inline(always)]
pub unsafe fn gather<V: Lanes, const VECTORS: usize>(
    at: &[u32],
    values: &[f32],
    panel: *const f32,
    last: *const f32,
    out: *mut f32,
    relu: bool,
) {
    let mut sums = [V::splat(0.0); VECTORS];
    // SAFETY: as the caller promises.
    unsafe {
        for (&at, value) in at.iter().zip(values) {
            let row = panel.add(at as usize * VECTORS * V::COUNT);
            let value = V::broadcast(value);
            for (vector, sum) in sums.iter_mut().enumerate() {
                *sum = sum.plus_product(value, V::load(row.add(vector * V::COUNT)));
            }
        }
        for (vector, sum) in sums.into_iter().enumerate() {
            let sum = sum.plus(V::load(last.add(vector * V::COUNT)));
            let value = if relu { sum.relu() } else { sum };
            value.store(out.add(vector * V::COUNT));
        }
    }
}
