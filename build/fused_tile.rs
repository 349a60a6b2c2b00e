//! The build script of the CPU's module: writes the wasm function of a tile whose multiply-adds are single instructions, those of relaxed SIMD,
//! as a module of its own, because a browser that does not know one instruction refuses the whole module. `src/kernels/cpu/tile/fused.rs` uses it.

use std::{env, error::Error, fs, path::PathBuf};

use wasm_encoder::{
    BlockType, CodeSection, EntityType, ExportKind, ExportSection, Function, FunctionSection, ImportSection,
    InstructionSink, MemArg, MemArgTarget, MemoryType, Module, TypeSection, ValType,
};

// The size of the tile without, in `src/kernels/cpu/tile/wasm.rs`.
const ROWS: u32 = 4;
const VECTORS: u32 = 2;
const SUMS: u32 = ROWS * VECTORS;

/// Bytes of a number, and of a vector.
const NUMBER: u32 = 4;
const VECTOR: u32 = 16;

// The arguments, as `Tile::run` has them; then local variables.
const DEPTH: u32 = 0;
const LEFT: u32 = 1;
const RIGHT: u32 = 2;
const OUT: u32 = 3;
const STRIDE: u32 = 4;
const FINISH: u32 = 5;
const ARGUMENTS: u32 = 6;
const END: u32 = ARGUMENTS;
const FIRST_SUM: u32 = END + 1;
const FIRST_RIGHT: u32 = FIRST_SUM + SUMS;
const LEFT_NUMBER: u32 = FIRST_RIGHT + VECTORS;

// `Finish` as a number.
const ADD: i32 = 1;
const RELU: i32 = 2;

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo:rerun-if-changed=build/fused_tile.rs");
    let has = |feature: &str| env::var_os(format!("CARGO_FEATURE_{feature}")).is_some();
    let is_wasm = env::var("CARGO_CFG_TARGET_ARCH")? == "wasm32";
    if is_wasm && has("CPU") {
        println!("cargo:rustc-link-arg-cdylib=--growable-table"); // for one more function
    }
    let shared = is_wasm && has("THREADS");
    fs::write(PathBuf::from(env::var("OUT_DIR")?).join("fused_tile.wasm"), module(shared))?;
    Ok(())
}

/// A module that imports `"" "memory"` and exports `tile`.
fn module(shared: bool) -> Vec<u8> {
    let mut types = TypeSection::new();
    types.ty().function(vec![ValType::I32; ARGUMENTS as usize], []);
    let mut imports = ImportSection::new();
    let maximum = shared.then_some(1 << 16); // pages of 64 KiB; shared memory has to have one
    let memory = MemoryType { minimum: 1, maximum, memory64: false, shared, page_size_log2: None };
    imports.import("", "memory", EntityType::Memory(memory));
    let mut functions = FunctionSection::new();
    functions.function(0);
    let mut exports = ExportSection::new();
    exports.export("tile", ExportKind::Func, 0);
    let mut code = CodeSection::new();
    code.function(&tile());

    let mut module = Module::new();
    module.section(&types).section(&imports).section(&functions).section(&exports).section(&code);
    module.finish()
}

fn tile() -> Function {
    let mut function = Function::new([(1, ValType::I32), (SUMS + VECTORS + 1, ValType::V128)]);
    let mut to = function.instructions();
    steps(&mut to);
    finish_if(&mut to, ADD, |to, at| {
        address(to, at);
        to.v128_load(vector_at(at)).f32x4_add();
    });
    finish_if(&mut to, RELU, |to, _| {
        to.f32_const(0.0.into()).f32x4_splat().f32x4_pmax(); // a sum that is NaN stays
    });
    for at in 0..SUMS {
        address(&mut to, at);
        to.local_get(FIRST_SUM + at).v128_store(vector_at(at));
    }
    to.end();
    function
}

/// Adds the products of all steps of depth. Not unrolled: it is no faster in Chromium 156, and an older V8 (Node.js 20) then orders products by sum
/// and runs out of registers.
fn steps(to: &mut InstructionSink) {
    to.local_get(DEPTH).i32_const((ROWS * NUMBER) as i32).i32_mul().local_get(LEFT).i32_add().local_set(END);
    to.block(BlockType::Empty).local_get(DEPTH).i32_eqz().br_if(0).loop_(BlockType::Empty);
    for vector in 0..VECTORS {
        to.local_get(RIGHT).v128_load(memory(vector * VECTOR)).local_set(FIRST_RIGHT + vector);
    }
    for row in 0..ROWS {
        to.local_get(LEFT).v128_load32_splat(memory(row * NUMBER)).local_set(LEFT_NUMBER);
        for vector in 0..VECTORS {
            let sum = FIRST_SUM + row * VECTORS + vector;
            to.local_get(LEFT_NUMBER).local_get(FIRST_RIGHT + vector).local_get(sum);
            to.f32x4_relaxed_madd().local_set(sum);
        }
    }
    to.local_get(RIGHT).i32_const((VECTORS * VECTOR) as i32).i32_add().local_set(RIGHT);
    to.local_get(LEFT).i32_const((ROWS * NUMBER) as i32).i32_add().local_tee(LEFT);
    to.local_get(END).i32_ne().br_if(0).end().end();
}

/// Changes every sum by what `change` does with the one on the stack, if the tile is to be finished so.
fn finish_if(to: &mut InstructionSink, finish: i32, change: impl Fn(&mut InstructionSink, u32)) {
    to.local_get(FINISH).i32_const(finish).i32_eq().if_(BlockType::Empty);
    for at in 0..SUMS {
        to.local_get(FIRST_SUM + at);
        change(to, at);
        to.local_set(FIRST_SUM + at);
    }
    to.end();
}

/// The address of the row that a sum is written to.
fn address(to: &mut InstructionSink, at: u32) {
    to.local_get(STRIDE).i32_const((at / VECTORS * NUMBER) as i32).i32_mul().local_get(OUT).i32_add();
}

/// The vector of a sum in its row.
fn vector_at(at: u32) -> MemArg {
    memory(at % VECTORS * VECTOR)
}

fn memory(offset: u32) -> MemArg {
    let align = 2; // as a number has to be; vectors are not aligned
    MemArg { offset: offset.into(), align, target: MemArgTarget::Memory(0), ordering: None }
}
