//! What training will look at, told beforehand, so that another program can take the very same steps.

use js_sys::Float32Array;
use serde::Serialize;
use wasm_bindgen::prelude::*;

use super::convert::{deserialize, floats, serialize};
use super::trainer::Options;
use crate::data::{Batches, PIXELS, Position};
use crate::data::{Corruption, Images};
use crate::random::{Stream, normals};
use crate::train::TrainConfig;
use crate::{Error, Result};

/// The batches and the noise of a run, step after step from its first.
#[wasm_bindgen]
pub struct Rehearsal {
    images: Images,
    batches: Batches,
    train: TrainConfig,
    latent: usize,
    step: u64,
}

#[derive(Serialize)]
struct Seen {
    #[serde(with = "serde_wasm_bindgen::preserve")]
    images: Float32Array,
    #[serde(with = "serde_wasm_bindgen::preserve")]
    noise: Float32Array,
}

#[wasm_bindgen]
impl Rehearsal {
    /// From `{ model, train }`, as a trainer takes them, and the training images' IDX file.
    pub fn load(options: JsValue, images: Vec<u8>) -> Result<Rehearsal> {
        let Options { model, train, .. } = deserialize(options)?;
        model.check()?;
        train.check(&model)?;
        if model.labelled || train.samples > 1 || train.binarise || train.corruption != Corruption::None {
            return Err(Error::ReplayUnsupported {});
        }
        let images = Images::parse("train images", images)?;
        let batches = Batches::new(train.seed, Position::default());
        Ok(Self { images, batches, latent: model.latent, train, step: 0 })
    }

    /// The next step's `{ images [B * 784], noise [B * Z] }`.
    pub fn next(&mut self) -> JsValue {
        let TrainConfig { batch, seed, .. } = self.train;
        let indices = self.batches.next(self.images.len(), batch);
        let mut pixels = Vec::with_capacity(batch * PIXELS);
        indices.into_iter().for_each(|index| pixels.extend(self.images.pixels(index)));
        let noise = normals(seed, Stream::Noise { step: self.step }, batch * self.latent);
        self.step += 1;
        serialize(&Seen { images: floats(&pixels), noise: floats(&noise) })
    }
}
