//! The true posterior of a drawing for the page, on the CPU: each call is short, so that other calls come between.

use js_sys::Array;
use wasm_bindgen::prelude::*;

use super::arguments::{check_image, check_label};
use super::convert::{floats, record, serialize};
use super::viewer::Viewer;
use crate::Result;
use crate::evaluate::{self, PlaneGaussian, PosteriorView, Square};
use crate::snapshot::block_on;

/// p(z | x) of one image on a lattice over the two components of a model.
#[wasm_bindgen]
pub struct ExactPosterior {
    posterior: evaluate::ExactPosterior,
}

#[wasm_bindgen]
impl ExactPosterior {
    /// Of an `image` `[784]`, which is binarised, by the model of `viewer`; `label` is that for a conditional model, undefined or null lets
    /// the classifier choose it. Throws where the model is not one that this can be computed for.
    pub fn of(viewer: &Viewer, image: Vec<f32>, label: Option<u8>) -> Result<ExactPosterior> {
        check_image(&image)?;
        let model = viewer.loaded_model();
        label.map_or(Ok(()), |label| check_label(label, model.config.classes))?;
        Ok(Self { posterior: block_on(evaluate::ExactPosterior::new(model, image, label))? })
    }

    /// Does the next work item: false when there is none.
    pub fn advance(&mut self) -> Result<bool> {
        block_on(self.posterior.advance())
    }

    /// How fine the results are: points along a side of their lattice, and one more once the estimates by importance sampling are
    /// there; 0 before the first.
    pub fn fineness(&self) -> usize {
        self.posterior.view().map_or(0, |view| view.side + usize::from(view.numbers.importance.is_some()))
    }

    /// The finest results so far: `{ image: [784], square, side, density: [side * side], contours: [[x, y, x, y, ..], ..], shown,
    /// approximation, closest, moments, numbers }`, or undefined. Squares are `{ centre: [2], reach }`, Gaussians `{ mean: [2],
    /// covariance: [3] }` with the entries (1, 1), (1, 2) and (2, 2), and the numbers those of
    /// [`PosteriorNumbers`](evaluate::PosteriorNumbers).
    pub fn view(&self) -> JsValue {
        self.posterior.view().map_or(JsValue::UNDEFINED, |view| record_of(view, self.posterior.image()))
    }
}

fn record_of(view: &PosteriorView, image: &[f32]) -> JsValue {
    let square = |it: &Square| record([("centre", list(&it.centre)), ("reach", it.reach.into())]);
    let gaussian = |it: &PlaneGaussian| record([("mean", list(&it.mean)), ("covariance", list(&it.covariance))]);
    let contours: Array = view.contours.iter().map(|segments| JsValue::from(floats(segments))).collect();
    record([
        ("image", floats(image).into()),
        ("square", square(&view.square)),
        ("side", (view.side as f64).into()),
        ("density", floats(&view.density).into()),
        ("contours", contours.into()),
        ("shown", square(&view.shown)),
        ("approximation", gaussian(&view.approximation)),
        ("closest", gaussian(&view.closest)),
        ("moments", gaussian(&view.moments)),
        ("numbers", serialize(&view.numbers)),
    ])
}

/// Numbers in double precision, as a list.
fn list(values: &[f64]) -> JsValue {
    values.iter().map(|&value| JsValue::from(value)).collect::<Array>().into()
}
