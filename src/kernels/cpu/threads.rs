//! Splitting loops over all cores in builds that have threads, and memory that several threads write.

use std::ops::Range;

/// With fewer multiply-adds than this, waking other threads takes longer than they save; those of a team are mostly awake.
const WORTH_A_THREAD: usize = if cfg!(target_arch = "wasm32") { 200_000 } else { 500_000 };

/// A product of counts, or the largest count where it exceeds 32 bits, as those of large loops do.
pub fn saturating_product<const N: usize>(counts: [usize; N]) -> usize {
    counts.into_iter().fold(1, usize::saturating_mul)
}

/// Calls `work` with disjoint ranges that together are `0..count`. `multiply_adds` is the time of the whole loop, in
/// multiply-adds of a matrix product.
pub fn split(count: usize, multiply_adds: usize, work: impl Fn(Range<usize>) + Sync) {
    let threads = engine::threads();
    if count < 2 || threads < 2 || multiply_adds < WORTH_A_THREAD {
        return work(0..count);
    }
    engine::run(HALVINGS * threads, &|part| {
        let range = part_of(count, threads, part);
        if !range.is_empty() {
            work(range);
        }
    });
}

/// Parts of each thread's share of a loop.
const HALVINGS: usize = 6;

/// A part of `0..count`. Each thread has an equal share, cut into a half, a quarter and so on: few parts, since each allocates memory of its own, and small ones
/// last, for threads that are done early. A thread that keeps to its share finds what it wrote before in its own cache.
fn part_of(count: usize, threads: usize, part: usize) -> Range<usize> {
    let share = part / HALVINGS;
    let (begin, end) = (share * count / threads, (share + 1) * count / threads);
    let after = |halvings| if halvings == HALVINGS { end } else { end - ((end - begin) >> halvings) };
    after(part % HALVINGS)..after(part % HALVINGS + 1)
}

/// Threads by rayon.
#[cfg(all(feature = "threads", not(target_arch = "wasm32")))]
mod engine {
    use rayon::prelude::*;

    pub use rayon::current_num_threads as threads;

    pub fn run(parts: usize, part: &(dyn Fn(usize) + Sync)) {
        (0..parts).into_par_iter().for_each(part);
    }
}

/// The threads that the page has started.
#[cfg(all(feature = "threads", target_arch = "wasm32"))]
pub static TEAM: super::team::Team = super::team::Team::new();

#[cfg(all(feature = "threads", target_arch = "wasm32"))]
mod engine {
    use super::TEAM;

    pub fn threads() -> usize {
        TEAM.threads()
    }

    pub fn run(parts: usize, part: &(dyn Fn(usize) + Sync)) {
        TEAM.run(parts, part);
    }
}

/// One thread.
#[cfg(not(feature = "threads"))]
mod engine {
    pub const fn threads() -> usize {
        1
    }

    pub fn run(parts: usize, part: &(dyn Fn(usize) + Sync)) {
        (0..parts).for_each(part);
    }
}

/// `len` sums over `0..count`. `work` adds the terms of a range to them; the ranges, and so the rounding, do not depend on the
/// number of threads.
pub fn sum(count: usize, multiply_adds: usize, len: usize, work: impl Fn(Range<usize>, &mut [f32]) + Sync) -> Vec<f32> {
    let parts = count.clamp(1, SUMMANDS);
    let mut sums = vec![0.0; parts * len];
    let output = OutputSlice::of(&mut sums);
    split(parts, multiply_adds, |range| {
        for part in range {
            // SAFETY: each part has `len` elements of its own.
            let sum = unsafe { output.part(part * len..(part + 1) * len) };
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

/// Ranges into which a sum is split.
const SUMMANDS: usize = if cfg!(feature = "threads") { 4 } else { 1 };

/// Memory of which several threads write disjoint parts.
pub struct OutputSlice<T = f32>(*mut T);

impl<T> Clone for OutputSlice<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for OutputSlice<T> {}

// SAFETY: dereferencing the pointer is unsafe; each place that does says which part it writes.
unsafe impl<T: Send> Send for OutputSlice<T> {}
// SAFETY: as above.
unsafe impl<T: Send> Sync for OutputSlice<T> {}

impl<T: Copy> OutputSlice<T> {
    /// The memory of `values`, which must outlive all writes.
    pub fn of(values: &mut [T]) -> Self {
        Self(values.as_mut_ptr())
    }

    /// A pointer to the element at `offset`.
    ///
    /// # Safety
    /// `offset` lies within the memory.
    pub unsafe fn at(self, offset: usize) -> *mut T {
        // SAFETY: as the caller promises.
        unsafe { self.0.add(offset) }
    }

    /// The elements of `range`.
    ///
    /// # Safety
    /// The range lies within the memory, is initialised, and is not used by any other thread meanwhile.
    pub unsafe fn part<'a>(self, range: Range<usize>) -> &'a mut [T] {
        // SAFETY: as the caller promises.
        unsafe { std::slice::from_raw_parts_mut(self.0.add(range.start), range.len()) }
    }
}

impl OutputSlice {
    /// The elements of `range`, set to zeros.
    ///
    /// # Safety
    /// The range lies within the memory, and is not used by any other thread meanwhile.
    pub unsafe fn zeros<'a>(self, range: Range<usize>) -> &'a mut [f32] {
        // SAFETY: as the caller promises; afterwards the range is initialised.
        unsafe {
            self.at(range.start).write_bytes(0, range.len());
            self.part(range)
        }
    }
}

/// A vector of `len` numbers that `write` initialises, without zeroing it first.
///
/// # Safety
/// `write` initialises every number.
pub unsafe fn written<T>(len: usize, write: impl FnOnce(OutputSlice<T>)) -> Vec<T> {
    let mut values = Vec::with_capacity(len);
    write(OutputSlice(values.as_mut_ptr()));
    // SAFETY: the capacity is reserved and, as the caller promises, every element is initialised.
    unsafe { values.set_len(len) };
    values
}
