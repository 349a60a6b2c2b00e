//! Data sets from JavaScript: what they are called, their classes, and IDX files.

use js_sys::Uint8Array;
use serde::Deserialize;
use wasm_bindgen::prelude::*;

use super::convert::deserialize;
use crate::Result;
use crate::data::{DataInfo, Dataset};

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

/// One split; errors name it. No labels where they are undefined or null.
pub(super) fn parse(split: &str, info: DataInfo, images: &JsValue, labels: &JsValue) -> Result<Dataset> {
    let bytes = |file: &JsValue| Uint8Array::new(file).to_vec();
    let labels = (!labels.is_undefined() && !labels.is_null()).then(|| bytes(labels));
    Dataset::parse(split, info, bytes(images), labels.as_deref())
}
