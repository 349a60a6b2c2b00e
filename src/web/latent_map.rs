//! The map of a latent space for the page, on the CPU: each call is short, so that other calls come between.

use js_sys::{Array, Uint8Array, Uint32Array};
use wasm_bindgen::prelude::*;

use super::arguments::check_length;
use super::convert::{floats, record};
use super::test_images::TestImages;
use super::viewer::Viewer;
use crate::evaluate::{self, CodeUsage, LatentPlane, MapAxes, MapView};
use crate::snapshot::block_on;
use crate::{Error, Result};

/// Test images encoded by a model.
#[wasm_bindgen]
pub struct LatentMap {
    map: evaluate::LatentMap,
    latent: usize,
}

#[wasm_bindgen]
impl LatentMap {
    /// A map by the model of `viewer`, which must have a code of real numbers; no image is encoded yet.
    pub fn of(images: &TestImages, viewer: &Viewer) -> LatentMap {
        let model = viewer.loaded_model();
        Self { latent: model.config.code_length(), map: evaluate::LatentMap::new(model, images.data()) }
    }

    /// Encodes the next few of the first `count` test images: `{ done, of }`.
    pub fn encode(&mut self, count: usize) -> Result<JsValue> {
        let (done, of) = block_on(self.map.encode_next(count))?;
        Ok(record([("done", (done as f64).into()), ("of", (of as f64).into())]))
    }

    /// The encoded images in the plane of two `components`, or of the only one, or of the principal components where it is empty: these are turned
    /// within their plane towards `before` `[2 * Z]`, the directions of an earlier view, unless that is empty. Returns
    /// `{ places: [n * 2], labels: [n], across: [Z], upwards: [Z], share, variances: [Z], contours }`; `contours` is null for
    /// N(0, I), else segments `[x, y, x, y]` around 39, 86 and 99 % of the prior.
    pub fn view(&self, components: Vec<usize>, before: Vec<f32>) -> Result<JsValue> {
        let axes = match components[..] {
            [] if before.is_empty() => MapAxes::Principal(None),
            [] => MapAxes::Principal(Some(self.plane(&before)?)),
            [0] if self.latent == 1 => MapAxes::Single,
            [across, upwards] => MapAxes::Components([across, upwards]),
            _ => {
                return Err(Error::Length {
                    quantity: "components".into(),
                    expected: 2_usize.into(),
                    found: components.len().into(),
                });
            }
        };
        Ok(record_of(&block_on(self.map.view(axes))?))
    }

    /// `{ codes: [n * length], labels: [n] }` of the encoded images: posterior means, or a codebook's indices.
    pub fn codes(&self) -> JsValue {
        let (codes, labels) = self.map.codes();
        record([("codes", floats(codes).into()), ("labels", Uint8Array::from(labels).into())])
    }

    /// `[{ counts: [C], perplexity }]`: how often the encoded images use each code of each codebook, the top one first.
    pub fn code_usage(&self) -> Result<Array> {
        let of_level = |CodeUsage { counts, perplexity }| {
            record([("counts", Uint32Array::from(counts.as_slice()).into()), ("perplexity", perplexity.into())])
        };
        Ok(self.map.code_usage()?.into_iter().map(of_level).collect())
    }

    fn plane(&self, directions: &[f32]) -> Result<LatentPlane> {
        check_length("directions", 2 * self.latent, directions.len())?;
        Ok(LatentPlane::of_directions(directions))
    }
}

fn record_of(view: &MapView) -> JsValue {
    let single = |values: &[f64]| floats(&values.iter().map(|&value| value as f32).collect::<Vec<_>>());
    let contours = view.contours.as_ref().map_or(JsValue::NULL, |all| {
        all.iter().map(|segments| JsValue::from(floats(segments))).collect::<Array>().into()
    });
    record([
        ("places", floats(&view.places).into()),
        ("labels", Uint8Array::from(view.labels.as_slice()).into()),
        ("across", single(&view.plane.across).into()),
        ("upwards", single(&view.plane.upwards).into()),
        ("share", view.share.into()),
        ("variances", single(&view.variances).into()),
        ("contours", contours),
    ])
}
