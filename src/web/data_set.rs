//! Data sets from JavaScript: what they are called, their classes, and IDX files.

use std::sync::Arc;

use js_sys::{Float32Array, Uint8Array};
use serde::Deserialize;
use wasm_bindgen::prelude::*;

use super::arguments::check_length;
use super::convert::deserialize;
use crate::Result;
use crate::data::{DataInfo, Dataset, Factors};

/// Both splits of a data set.
pub struct DataSet {
    /// [`Dataset::sha256`] of the training images, where it is known.
    pub sha256: Option<String>,
    pub train: Dataset,
    pub test: Dataset,
}

#[derive(Deserialize)]
struct Files {
    name: String,
    classes: Vec<String>,
    sha256: Option<String>,
    #[serde(with = "serde_wasm_bindgen::preserve")]
    train_images: JsValue,
    #[serde(default, with = "serde_wasm_bindgen::preserve")]
    train_labels: JsValue,
    #[serde(with = "serde_wasm_bindgen::preserve")]
    test_images: JsValue,
    #[serde(default, with = "serde_wasm_bindgen::preserve")]
    test_labels: JsValue,
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

impl DataSet {
    /// From `{ name, classes, sha256?, train_images, train_labels?, test_images, test_labels? }`, where `classes` are names and the others
    /// IDX files; labels are undefined or null where there are none.
    pub fn parse(files: JsValue) -> Result<Self> {
        let Files { name, classes, sha256, train_images, train_labels, test_images, test_labels } = deserialize(files)?;
        let info = DataInfo { name, classes };
        let train = parse("train", info.clone(), &train_images, &train_labels)?;
        Ok(Self { sha256, train, test: parse("t10k", info, &test_images, &test_labels)? })
    }
}

/// One split, from `{ name, classes, images, labels?, factors?, factor_names? }`, where `factors` are the numbers that the images were drawn
/// from, `[n * F]`; errors name it.
pub fn parse_split(split: &str, files: JsValue) -> Result<Dataset> {
    let Split { name, classes, images, labels, factors, factor_names } = deserialize(files)?;
    let mut data = parse(split, DataInfo { name, classes }, &images, &labels)?;
    if !factors.is_undefined() && !factors.is_null() {
        let factors = Float32Array::new(&factors).to_vec();
        check_length("factors", data.len() * factor_names.len(), factors.len())?;
        data.factors = Some(Arc::new(Factors::new(factor_names, &factors)));
    }
    Ok(data)
}

fn parse(split: &str, info: DataInfo, images: &JsValue, labels: &JsValue) -> Result<Dataset> {
    let bytes = |file: &JsValue| Uint8Array::new(file).to_vec();
    let labels = (!labels.is_undefined() && !labels.is_null()).then(|| bytes(labels));
    Dataset::parse(split, info, bytes(images), labels.as_deref())
}
