//! Weights files of other programs, as files of ours for all workers of the page.

use js_sys::Uint8Array;
use serde::Serialize;
use wasm_bindgen::prelude::*;

use super::convert::{deserialize, serialize};
use crate::Result;
use crate::model::LikelihoodKind;
use crate::weights::{Conversion, Loaded};

/// The weights of a safetensors file as a file of ours: `{ weights, converted: [{ kind, .. }], unused }`, with the names of the
/// tensors that were left out. `likelihood`, "bernoulli" or "unit_gaussian", is the answer to an error of the kind
/// `weights_likelihood_unknown`; undefined or null before it was asked.
#[wasm_bindgen]
pub fn translate(weights: &[u8], likelihood: JsValue) -> Result<JsValue> {
    #[derive(Serialize)]
    struct Translation {
        #[serde(with = "serde_wasm_bindgen::preserve")]
        weights: Uint8Array,
        converted: Vec<Conversion>,
        unused: Vec<String>,
    }
    let likelihood: Option<LikelihoodKind> = deserialize(likelihood)?;
    let Loaded { weights, precision, converted, unused } = Loaded::from_bytes(weights, likelihood)?;
    let weights = Uint8Array::from(weights.to_bytes(precision).as_slice());
    Ok(serialize(&Translation { weights, converted, unused }))
}
