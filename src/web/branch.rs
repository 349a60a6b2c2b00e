//! Snapshots of a run, and how training goes on from one.

use js_sys::Uint8Array;
use wasm_bindgen::prelude::*;

use super::trainer::Options;
use crate::Result;
use crate::train::Checkpoint;
use crate::weights::{Precision, Weights};

/// The weights of a file in half precision: three significant digits, half the bytes. Undefined where one is beyond its range.
#[wasm_bindgen]
pub fn halve(weights: &[u8]) -> Result<Option<Uint8Array>> {
    let weights = Weights::from_bytes(weights)?;
    let fits = weights.fit_half_precision();
    Ok(fits.then(|| Uint8Array::from(weights.to_bytes(Precision::Half).as_slice())))
}

/// A checkpoint of a run that goes on from the weights of `{ model, train, weights }`, which another run had after `step` steps and
/// `epochs` epochs of a data set of `images` training images: with its next batches and random numbers, but with Adam's moments at zero.
#[wasm_bindgen]
pub fn branch(options: JsValue, step: f64, epochs: f64, images: usize) -> Result<Uint8Array> {
    let Options { model, train, weights, .. } = Options::read(options)?;
    let weights = Weights::from_bytes(&Uint8Array::new(&weights).to_vec())?;
    weights.check_model(&model)?;
    train.check(&model)?;
    let checkpoint = Checkpoint::branch(weights, train, step as u64, epochs, images);
    Ok(Uint8Array::from(checkpoint.to_bytes().as_slice()))
}
