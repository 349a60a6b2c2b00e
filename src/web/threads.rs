//! Threads of the module: workers of the page that instantiate it again, with the same memory.

use js_sys::Array;
use wasm_bindgen::prelude::*;

use crate::kernels::cpu::threads::TEAM;

/// What another worker instantiates: `[module, memory]`.
#[wasm_bindgen]
pub fn instance() -> Array {
    Array::of2(&wasm_bindgen::module(), &wasm_bindgen::memory())
}

/// Makes this worker a thread that shares the loops of the trainer's worker; does not return.
#[wasm_bindgen]
pub fn serve_as_thread() {
    TEAM.serve();
}

/// To be called where [`serve_as_thread`] has thrown: the trainer, which waits for this thread, then fails.
#[wasm_bindgen]
pub fn thread_failed() {
    TEAM.thread_failed();
}
