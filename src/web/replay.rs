//! The minibatches and the noise of a run for the page's bench, where other programs take the same steps.

use js_sys::Float32Array;
use serde::Serialize;
use wasm_bindgen::prelude::*;

use super::convert::{floats, serialize};
use super::trainer::Options;
use crate::data::Images;
use crate::{Result, train};

/// A run's minibatches, step by step from its first.
#[wasm_bindgen]
pub struct Replay {
    replay: train::Replay,
    images: Images,
}

#[derive(Serialize)]
struct Minibatch {
    #[serde(with = "serde_wasm_bindgen::preserve")]
    images: Float32Array,
    #[serde(with = "serde_wasm_bindgen::preserve")]
    noise: Float32Array,
}

#[wasm_bindgen]
impl Replay {
    /// From `{ model, train }`, as a trainer takes them, and the training images' IDX file.
    pub fn load(options: JsValue, images: Vec<u8>) -> Result<Replay> {
        let Options { model, train, .. } = Options::read(options)?;
        Ok(Self { replay: train::Replay::new(model, train)?, images: Images::parse("train images", images)? })
    }

    /// The next step's `{ images [B * 784], noise [B * Z] }`.
    pub fn next(&mut self) -> JsValue {
        let train::Minibatch { images, noise } = self.replay.next(&self.images);
        serialize(&Minibatch { images: floats(&images), noise: floats(&noise) })
    }
}
