//! The test images of the page, parsed once for several models.

use std::sync::Arc;

use js_sys::Float32Array;
use serde::Deserialize;
use wasm_bindgen::prelude::*;

use super::arguments::check_length;
use super::convert::{deserialize, floats};
use super::data_set::parse;
use crate::data::{DataInfo, Dataset, Factors};
use crate::{Error, Result};

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

    /// The pixels of an image, `[784]`.
    pub fn picture(&self, index: usize) -> Result<Float32Array> {
        picture(&self.data, index)
    }
}

impl TestImages {
    /// The images, shared.
    pub(super) fn data(&self) -> Arc<Dataset> {
        self.data.clone()
    }
}

/// The pixels of a test image, `[784]`.
pub(super) fn picture(data: &Dataset, index: usize) -> Result<Float32Array> {
    Error::check_quantity("test_image", index, 0..=data.len() - 1)?;
    Ok(floats(&data.images.pixels(index).collect::<Vec<_>>()))
}

#[derive(Deserialize)]
struct Split {
    name: String,
    classes: Vec<String>,
    #[serde(with = "serde_wasm_bindgen::preserve")]
    images: JsValue,
    #[serde(default, with = "serde_wasm_bindgen::preserve")]
    labels: JsValue,
    /// `[n * F]`
    #[serde(default, with = "serde_wasm_bindgen::preserve")]
    factors: JsValue,
    #[serde(default)]
    factor_names: Vec<String>,
}

/// One split, from `{ name, classes, images, labels?, factors?, factor_names? }`, where `factors` are the numbers that the images were drawn
/// from, `[n * F]`; errors name it.
pub(super) fn parse_split(split: &str, files: JsValue) -> Result<Dataset> {
    let Split { name, classes, images, labels, factors, factor_names } = deserialize(files)?;
    let mut data = parse(split, DataInfo { name, classes }, &images, &labels)?;
    if !factors.is_undefined() && !factors.is_null() {
        let factors = Float32Array::new(&factors).to_vec();
        check_length("factors", data.len() * factor_names.len(), factors.len())?;
        data.factors = Some(Arc::new(Factors::new(factor_names, &factors)));
    }
    Ok(data)
}
