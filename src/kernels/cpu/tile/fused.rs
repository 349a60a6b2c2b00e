//! The tile for browsers that know relaxed SIMD, in which a multiply-add is one instruction. A module with one is refused as a whole elsewhere, so this
//! function is a module of its own (`build/fused_tile.rs`), which has the memory of this one and is called through its function table.

use std::cell::OnceCell;

use js_sys::WebAssembly::{Instance, Module, Table};
use js_sys::{Function, Object, Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};

use super::{Finish, Tile, wasm};

const MODULE: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/fused_tile.wasm"));

/// As [`Tile::run`], with the convention of wasm for its arguments.
type Fused = unsafe extern "C" fn(usize, *const f32, *const f32, *mut f32, usize, Finish);

thread_local! {
    /// The function, in each thread: each has an instance of the module, and so a table, of its own.
    static FUSED: OnceCell<Option<Fused>> = const { OnceCell::new() };
}

/// The tile, if this browser has it; of the same size as the one without.
pub fn tile() -> Option<Tile> {
    fused().map(|_| Tile { run, ..wasm::TILE })
}

fn fused() -> Option<Fused> {
    FUSED.with(|fused| *fused.get_or_init(|| instantiate().ok()))
}

fn instantiate() -> Result<Fused, JsValue> {
    let module = Module::new(&Uint8Array::from(MODULE))?;
    let given = Object::new();
    Reflect::set(&given, &"memory".into(), &wasm_bindgen::memory())?;
    let imports = Object::new();
    Reflect::set(&imports, &"".into(), &given)?;
    let function: Function = Reflect::get(&Instance::new(&module, &imports)?.exports(), &"tile".into())?.dyn_into()?;
    let table: Table = wasm_bindgen::function_table().dyn_into()?;
    let index = table.grow(1)?;
    table.set(index, &function)?;
    // SAFETY: in wasm a pointer to a function is its index in the table, and this one has these arguments.
    Ok(unsafe { std::mem::transmute::<usize, Fused>(index as usize) })
}

/// # Safety
/// As for [`Tile::run`].
unsafe fn run(depth: usize, left: *const f32, right: *const f32, out: *mut f32, stride: usize, finish: Finish) {
    let tile = fused().expect("where one thread has the tile, all have it");
    // SAFETY: as the caller promises.
    unsafe { tile(depth, left, right, out, stride, finish) }
}
