//! The results of a study for the page.

use wasm_bindgen::prelude::*;

use super::convert::serialize;
use crate::Result;
use crate::study;

/// Whether a file that starts with these bytes is one of a study's results.
#[wasm_bindgen]
pub fn is_study(start: &[u8]) -> bool {
    study::is_results(start)
}

/// The configurations of a study's results: `[{ name, likelihood, data, scored_on, test: { n, mean, deviation }, curves: [{ step, reconstruction, kl, total }] }]`.
#[wasm_bindgen]
pub fn read_study(bytes: &[u8]) -> Result<JsValue> {
    let results = study::read_results(bytes)?;
    Ok(serialize(&study::configurations(&results).iter().map(|each| each.drawn()).collect::<Vec<_>>()))
}
