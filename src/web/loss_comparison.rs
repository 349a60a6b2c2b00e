//! The losses of models side by side, on the CPU: each call is short, so that other calls come between.

use wasm_bindgen::prelude::*;

use super::convert::{record, serialize};
use super::test_images::TestImages;
use super::viewer::Viewer;
use crate::Result;
use crate::evaluate;
use crate::snapshot::block_on;

/// Test images scored by a model, on the scale that all models have in common.
#[wasm_bindgen]
pub struct LossComparison {
    comparison: evaluate::LossComparison,
}

#[wasm_bindgen]
impl LossComparison {
    /// Scores by the model of `viewer`; no image is scored yet.
    pub fn of(images: &TestImages, viewer: &Viewer) -> LossComparison {
        Self { comparison: evaluate::LossComparison::new(viewer.loaded_model(), images.data()) }
    }

    /// `[{ kind, components, nats }]`: cross-entropies of simple reconstructions to compare with.
    pub fn references() -> JsValue {
        serialize(&evaluate::REFERENCES)
    }

    /// Scores the next few of the first `count` test images: `{ done, of }`.
    pub fn score(&mut self, count: usize) -> Result<JsValue> {
        let (done, of) = block_on(self.comparison.score_next(count))?;
        Ok(record([("done", (done as f64).into()), ("of", (of as f64).into())]))
    }

    /// `{ images, cross_entropy, kl, total }`: means over the images scored so far, `{ mean, standard_error }` in nats per image.
    pub fn losses(&self) -> JsValue {
        serialize(&self.comparison.losses())
    }
}
