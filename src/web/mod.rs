//! The interface to JavaScript. Arguments and results are plain numbers, objects and copies of arrays; an error is thrown as
//! an `Error` with a kind and values. Calls of methods that borrow mutably must not overlap, so the worker queues them.

#[cfg(feature = "cpu")]
mod archive;
#[cfg(feature = "cpu")]
mod arguments;
#[cfg(feature = "cpu")]
mod branch;
#[cfg(feature = "cpu")]
mod codebook;
mod convert;
#[cfg(feature = "cpu")]
mod data_import;
mod data_set;
#[cfg(feature = "cpu")]
mod evaluator;
#[cfg(feature = "cpu")]
mod exact_posterior;
#[cfg(feature = "cpu")]
mod latent_map;
#[cfg(feature = "cpu")]
mod likelihood;
#[cfg(feature = "cpu")]
mod loss_comparison;
#[cfg(feature = "cpu")]
mod replay;
#[cfg(feature = "cpu")]
mod smallest_change;
#[cfg(feature = "cpu")]
mod study;
#[cfg(feature = "cpu")]
mod test_images;
#[cfg(feature = "threads")]
mod threads;
mod trainer;
#[cfg(feature = "cpu")]
mod translation;
#[cfg(feature = "cpu")]
mod viewer;

use js_sys::Float32Array;
use serde::Serialize;
use wasm_bindgen::prelude::*;

use self::convert::{deserialize, floats, serialize};
#[cfg(feature = "cpu")]
use self::trainer::Options;
use crate::data::{Corruption, Images};
use crate::random::{Stream, generator, normals};
use crate::{Result, settings, train};

#[wasm_bindgen(start)]
fn start() {
    construct();
    std::panic::set_hook(Box::new(report_panic));
}

/// Prints a panic's message and JavaScript's stack in the console, and throws the message: otherwise the page would only get
/// the error "unreachable". So that error is left for an allocation that fails, which aborts without a panic.
fn report_panic(panic: &std::panic::PanicHookInfo) {
    let (message, stack) = (panic.to_string(), js_sys::Reflect::get(&js_sys::Error::new(""), &"stack".into()));
    web_sys::console::error_2(&message.as_str().into(), &stack.unwrap_or_default());
    wasm_bindgen::throw_str(&message);
}

/// Runs the module's static constructors, by which cubecl's parts register themselves. A module that never calls this symbol
/// is linked as a command: then every call from JavaScript runs all constructors again, which takes longer than a training
/// step.
fn construct() {
    unsafe extern "C" {
        fn __wasm_call_ctors();
    }
    // SAFETY: the linker defines this function, and nothing else of this module has run.
    unsafe { __wasm_call_ctors() };
}

/// Lets kernels use subgroups. To be called before the device is opened, if the adapter has them.
#[cfg(feature = "webgpu")]
#[wasm_bindgen]
pub fn allow_subgroups() {
    crate::kernels::allow_subgroups();
}

/// Lets kernels split few long sums, and share matrices out, among more invocations. To be called before the device is opened, if it is a GPU and no
/// software adapter.
#[cfg(feature = "webgpu")]
#[wasm_bindgen]
pub fn assume_parallel() {
    crate::kernels::assume_parallel();
}

/// `count` samples of N(0, 1), the same for the same seed.
#[wasm_bindgen]
pub fn normal(seed: f64, count: usize) -> Float32Array {
    floats(&normals(seed as u64, Stream::Samples, count))
}

/// The images of an IDX file, `[n * 784]`, pixels in 0..=1.
#[wasm_bindgen]
pub fn images(idx: Vec<u8>) -> Result<Float32Array> {
    let images = Images::parse("images", idx)?;
    let pixels: Vec<f32> = (0..images.len()).flat_map(|index| images.pixels(index)).collect();
    Ok(floats(&pixels))
}

/// `count` pictures from one `[784]` to another, `[count * 784]`: every pixel changes linearly.
#[cfg(feature = "cpu")]
#[wasm_bindgen]
pub fn blend(from: &[f32], to: &[f32], count: usize) -> Result<Float32Array> {
    arguments::check_image(from)?;
    arguments::check_image(to)?;
    crate::Error::check_quantity("path_points", count, crate::evaluate::PATH_POINTS)?;
    Ok(floats(&crate::evaluate::path(crate::evaluate::PathKind::Straight, from, to, count).points))
}

/// The settings of a system, the presets, the conditions between settings and the widths of strokes:
/// `{ settings, presets, closed_form, has_density, gaussian, strokes }`.
#[wasm_bindgen]
pub fn schema() -> JsValue {
    serialize(&settings::schema())
}

/// An image `[784]` corrupted by "noise", "mask", "salt_and_pepper" or not at all ("none"), the same for the same seed.
#[wasm_bindgen]
pub fn corrupt(mut image: Vec<f32>, kind: JsValue, seed: f64) -> Result<Float32Array> {
    let kind: Corruption = deserialize(kind)?;
    kind.apply(&mut image, &mut generator(seed as u64, Stream::Samples));
    Ok(floats(&image))
}

/// Bytes that training takes at its peak, with `{ model, train, images? }`: as many images in memory, those of MNIST where it is missing.
#[cfg(feature = "cpu")]
#[wasm_bindgen]
pub fn training_bytes(options: JsValue) -> Result<f64> {
    let Options { model, train, images, .. } = Options::read(options)?;
    Ok(train::training_bytes(&model, &train, images))
}

/// Throws where training with `{ model, train, images? }` needs more than `limit` bytes.
#[cfg(feature = "cpu")]
#[wasm_bindgen]
pub fn check_memory(options: JsValue, limit: f64) -> Result<()> {
    let Options { model, train, images, .. } = Options::read(options)?;
    train::check_memory(&model, &train, images, limit)
}

/// The parameter whose gradient's first moment differs most between two checkpoints of the same step, and the relative
/// difference: `{ name, relative }`.
#[wasm_bindgen]
pub fn largest_difference(a: &[u8], b: &[u8]) -> Result<JsValue> {
    #[derive(Serialize)]
    struct Difference {
        name: String,
        relative: f64,
    }
    let (name, relative) = train::largest_difference(a, b)?;
    Ok(serialize(&Difference { name, relative }))
}

/// The outputs and gradients of the fused operations on this module's device, for sizes and numbers drawn from `seed`:
/// `[[name, values], ..]`.
#[cfg(feature = "kernel-tests")]
#[wasm_bindgen]
pub async fn kernel_trial(seed: f64) -> Result<JsValue> {
    use crate::kernels::trial::{FUSED, trial};

    let device = crate::device::open().await?;
    Ok(serialize(&trial(FUSED, seed as u64, &device).await?))
}

/// How far the tiles of the CPU's matrix products are from sums in double precision, the fastest first.
#[cfg(all(feature = "kernel-tests", feature = "cpu"))]
#[wasm_bindgen]
pub fn tile_differences() -> Vec<f64> {
    crate::kernels::cpu::tile::trial::differences()
}
