//! The test images of the page, parsed once for several models.

use std::sync::Arc;

use wasm_bindgen::prelude::*;

use crate::Result;
use crate::data::Dataset;

/// Test images with their labels.
#[wasm_bindgen]
pub struct TestImages {
    data: Arc<Dataset>,
}

#[wasm_bindgen]
impl TestImages {
    /// From two IDX files.
    pub fn parse(images: Vec<u8>, labels: &[u8]) -> Result<TestImages> {
        Ok(Self { data: Arc::new(Dataset::parse("t10k", images, labels)?) })
    }
}

impl TestImages {
    /// The images, shared.
    pub(super) fn data(&self) -> Arc<Dataset> {
        self.data.clone()
    }
}
