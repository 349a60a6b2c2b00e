//! Vectors of numbers as tiles use them.

/// A vector of `COUNT` numbers.
pub trait Lanes: Copy {
    /// Numbers in a vector.
    const COUNT: usize;
    /// `value` in all lanes.
    fn splat(value: f32) -> Self;
    /// One number from memory in all lanes.
    ///
    /// # Safety
    /// `from` points to a number.
    unsafe fn broadcast(from: *const f32) -> Self;
    /// # Safety
    /// `from` points to `COUNT` numbers.
    unsafe fn load(from: *const f32) -> Self;
    /// # Safety
    /// `to` points to `COUNT` writable numbers.
    unsafe fn store(self, to: *mut f32);
    /// `self + a * b`.
    fn plus_product(self, a: Self, b: Self) -> Self;
    /// `self + other`.
    fn plus(self, other: Self) -> Self;
    /// Zero where negative. NaN propagates, so that a diverged loss stays visible.
    fn relu(self) -> Self;
}

/// The portable vector: an array that the compiler may keep in a register.
impl Lanes for [f32; 4] {
    const COUNT: usize = 4;

    #[inline(always)]
    fn splat(value: f32) -> Self {
        [value; 4]
    }

    #[inline(always)]
    unsafe fn broadcast(from: *const f32) -> Self {
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
    /// `self + other`.
    fn plus(self, other: Self) -> Self {
        [self[0] + other[0], self[1] + other[1], self[2] + other[2], self[3] + other[3]]
    }

    #[inline(always)]
    fn relu(self) -> Self {
        self.map(|value| if value < 0.0 { 0.0 } else { value })
    }
}

/// Implements [`Lanes`] with the instructions of a processor.
#[allow(unused_macros, reason = "processors without an implementation use the portable one")]
macro_rules! lanes {
    ($vector:ty, $count:literal, $splat:path, $broadcast:path, $load:path, $store:path, $plus_product:expr, $plus:path, $max:path) => {
        #[allow(unused_unsafe, reason = "the instructions of wasm are safe functions")]
        impl Lanes for $vector {
            const COUNT: usize = $count;

            #[inline(always)]
            fn splat(value: f32) -> Self {
                // SAFETY: tiles run only on processors that have these instructions.
                unsafe { $splat(value) }
            }

            #[inline(always)]
            unsafe fn broadcast(from: *const f32) -> Self {
                // SAFETY: as the caller promises.
                unsafe { $broadcast(from) }
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
            /// `self + other`.
            fn plus(self, other: Self) -> Self {
                // SAFETY: as in `splat`.
                unsafe { $plus(self, other) }
            }

            #[inline(always)]
            fn relu(self) -> Self {
                // SAFETY: as in `splat`.
                unsafe { $max($splat(0.0), self) }
            }
        }
    };
}

#[allow(unused_imports, reason = "as for the macro")]
pub(super) use lanes;
