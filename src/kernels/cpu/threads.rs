//! Work over all cores where the build has threads, and memory that several of them write.

use std::ops::Range;

/// Below this many multiplications, waking a thread costs more than it saves.
#[cfg(feature = "cli")]
const WORTH_A_THREAD: usize = 500_000;

/// Calls `work` with ranges that together are `0..count`, each once; `cost` is the multiplications of all.
#[cfg(feature = "cli")]
pub fn split(count: usize, cost: usize, work: impl Fn(Range<usize>) + Sync) {
    use rayon::prelude::*;

    let threads = rayon::current_num_threads();
    if count < 2 || threads < 2 || cost < WORTH_A_THREAD {
        return work(0..count);
    }
    // More parts than threads, so that a thread that is held up does not hold up the others.
    let parts = count.min(4 * threads);
    (0..parts).into_par_iter().for_each(|part| work(part * count / parts..(part + 1) * count / parts));
}

#[cfg(not(feature = "cli"))]
pub fn split(count: usize, _cost: usize, work: impl Fn(Range<usize>) + Sync) {
    work(0..count);
}

/// The sum of what `work` adds up, `len` numbers a range, over ranges that together are `0..count`. The ranges are the same
/// however many threads there are, so that the rounding is.
pub fn sum(count: usize, cost: usize, len: usize, work: impl Fn(Range<usize>, &mut [f32]) + Sync) -> Vec<f32> {
    let parts = count.clamp(1, SUMMANDS);
    let mut sums = vec![0.0; parts * len];
    let place = Place::of(&mut sums);
    split(parts, cost, |range| {
        for part in range {
            // SAFETY: each part has `len` numbers of its own.
            let sum = unsafe { place.part(part * len..(part + 1) * len) };
            work(part * count / parts..(part + 1) * count / parts, sum);
        }
    });
    let (total, others) = sums.split_at_mut(len);
    for other in others.chunks_exact(len.max(1)) {
        total.iter_mut().zip(other).for_each(|(total, other)| *total += other);
    }
    sums.truncate(len);
    sums
}

/// How many parts a sum over images is made of.
const SUMMANDS: usize = if cfg!(feature = "cli") { 4 } else { 1 };

/// Memory of which several threads write different parts.
#[derive(Clone, Copy)]
pub struct Place(*mut f32);

// SAFETY: a pointer alone does nothing; every use of it is an unsafe block that says which part it writes.
unsafe impl Send for Place {}
// SAFETY: as above.
unsafe impl Sync for Place {}

impl Place {
    pub fn of(values: &mut [f32]) -> Self {
        Self(values.as_mut_ptr())
    }

    /// # Safety
    /// `offset` lies within the memory.
    pub unsafe fn at(self, offset: usize) -> *mut f32 {
        // SAFETY: as the caller promises.
        unsafe { self.0.add(offset) }
    }

    /// # Safety
    /// The range lies within the memory, has been written before, and nobody else uses it meanwhile.
    pub unsafe fn part<'a>(self, range: Range<usize>) -> &'a mut [f32] {
        // SAFETY: as the caller promises.
        unsafe { std::slice::from_raw_parts_mut(self.0.add(range.start), range.len()) }
    }
}

/// `len` numbers that `write` sets, without setting them to zero first.
///
/// # Safety
/// `write` sets every one of them.
pub unsafe fn written(len: usize, write: impl FnOnce(Place)) -> Vec<f32> {
    let mut values = Vec::with_capacity(len);
    write(Place(values.as_mut_ptr()));
    // SAFETY: the capacity is there and, as the caller promises, every value is set.
    unsafe { values.set_len(len) };
    values
}
