//! The codebook of the model shown, for the page: what its codes are coloured by.

use wasm_bindgen::prelude::*;

use super::arguments::check_length;
use super::convert::{floats, record};
use super::viewer::Viewer;
use crate::Result;
use crate::evaluate::{CodebookPlane, LatentPlane};
use crate::snapshot::block_on;

#[wasm_bindgen]
impl Viewer {
    /// `{ places: [C * 2], share, directions: [2 * Z] }`: the codebook's vectors in the plane of their principal components, in -1..=1, or
    /// undefined without a codebook. `before`: the directions of an earlier view, or empty.
    pub fn codebook(&self, before: Vec<f32>) -> Result<JsValue> {
        let loaded = self.loaded_model();
        let Some(codebook) = loaded.model.codebook() else { return Ok(JsValue::UNDEFINED) };
        let earlier = match before.is_empty() {
            true => None,
            false => {
                check_length("directions", 2 * loaded.config.latent, before.len())?;
                Some(LatentPlane::of_directions(&before))
            }
        };
        let CodebookPlane { plane, places, share } = block_on(CodebookPlane::of(codebook, earlier.as_ref()))?;
        let directions: Vec<f32> = plane.across.iter().chain(&plane.upwards).map(|&weight| weight as f32).collect();
        Ok(record([
            ("places", floats(&places).into()),
            ("share", share.into()),
            ("directions", floats(&directions).into()),
        ]))
    }
}
