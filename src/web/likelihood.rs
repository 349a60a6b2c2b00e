//! The likelihood of one image by the model of a viewer.

use wasm_bindgen::prelude::*;

use super::arguments::{check_image, check_label};
use super::viewer::Viewer;
use crate::evaluate::Extent;
use crate::snapshot::block_on;
use crate::{Error, Result};

#[wasm_bindgen]
impl Viewer {
    /// -log p(x) of one image `[784]` in nats, estimated with so many importance `samples`, or the loss of a model without a density. `label` is
    /// that of a conditional model; undefined or null lets the classifier choose it.
    pub fn nll(&self, image: Vec<f32>, label: Option<u8>, samples: usize, seed: f64) -> Result<f64> {
        check_image(&image)?;
        Error::check_quantity("importance_samples", samples, Extent::IMPORTANCE_SAMPLES)?;
        let model = self.loaded_model();
        label.map_or(Ok(()), |label| check_label(label, model.config.classes))?;
        block_on(async {
            let example = [model.example(image, label).await?];
            Ok(model.nlls_or_losses(&example, samples, seed as u64).await?[0])
        })
    }
}
