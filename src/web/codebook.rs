//! The codebooks of the model shown, for the page: what their codes are coloured by.

use js_sys::Array;
use wasm_bindgen::prelude::*;

use super::arguments::check_length;
use super::convert::{floats, record};
use super::viewer::Viewer;
use crate::Result;
use crate::evaluate::{CodebookPlane, LatentPlane};
use crate::snapshot::block_on;

#[wasm_bindgen]
impl Viewer {
    /// `[{ places: [C * 2], share, directions: [2 * Z] }]`: the vectors of each codebook, the top one first, in the plane of their principal
    /// components, in -1..=1. `before`: the directions of an earlier view, one after the other, or empty.
    pub fn codebook(&self, before: Vec<f32>) -> Result<Array> {
        let loaded = self.loaded_model();
        let codebooks = loaded.model.codebooks();
        let each = 2 * loaded.config.latent;
        if !before.is_empty() {
            check_length("directions", each * codebooks.len(), before.len())?;
        }
        let of_level = |(level, codebook)| {
            let earlier = before.chunks_exact(each).nth(level).map(LatentPlane::of_directions);
            let CodebookPlane { plane, places, share } = block_on(CodebookPlane::of(codebook, earlier.as_ref()))?;
            let directions: Vec<f32> = plane.across.iter().chain(&plane.upwards).map(|&weight| weight as f32).collect();
            Ok(record([
                ("places", floats(&places).into()),
                ("share", share.into()),
                ("directions", floats(&directions).into()),
            ]))
        };
        codebooks.into_iter().enumerate().map(of_level).collect()
    }
}
