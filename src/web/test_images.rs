//! The test images of the page, parsed once for several models.

use std::sync::Arc;

use wasm_bindgen::prelude::*;

use super::data_set::parse_split;
use crate::Result;
use crate::data::Dataset;

/// Test images with their labels.
#[wasm_bindgen]
pub struct TestImages {
    data: Arc<Dataset>,
}

#[wasm_bindgen]
impl TestImages {
    /// From `{ name, classes, images, labels? }` with two IDX files.
    pub fn parse(test: JsValue) -> Result<TestImages> {
        Ok(Self { data: Arc::new(parse_split("t10k", test)?) })
    }
}

impl TestImages {
    /// The images, shared.
    pub(super) fn data(&self) -> Arc<Dataset> {
        self.data.clone()
    }
}
