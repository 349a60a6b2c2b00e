//! An allocator that says how it failed. Without it a refused allocation only executes `unreachable`, like any other panic.

use std::alloc::{GlobalAlloc, Layout, System};

#[global_allocator]
static ALLOCATOR: Reporting = Reporting;

/// The words by which `www/worker/out-of-memory.js` knows this failure.
pub const OUT_OF_MEMORY: &str = "out of memory";

struct Reporting;

/// Throws a JavaScript error in the place of an abort: both leave the module unusable.
fn allocated(block: *mut u8) -> *mut u8 {
    if block.is_null() {
        wasm_bindgen::throw_str(OUT_OF_MEMORY);
    }
    block
}

// SAFETY: every call goes to the system's allocator, and a null pointer is never returned.
unsafe impl GlobalAlloc for Reporting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        allocated(unsafe { System.alloc(layout) })
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        allocated(unsafe { System.alloc_zeroed(layout) })
    }

    unsafe fn realloc(&self, block: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        allocated(unsafe { System.realloc(block, layout, size) })
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        unsafe { System.dealloc(block, layout) }
    }
}
