//! The search for the smallest change of a code, on the CPU: each call is short, so that other calls come between.

use js_sys::{Array, Float32Array, Uint32Array};
use wasm_bindgen::prelude::*;

use super::arguments::{check_label, check_length};
use super::convert::{floats, record};
use crate::evaluate::{self, Change, Judge, Reading, SearchStage};
use crate::snapshot::block_on;
use crate::weights::Weights;
use crate::{Error, Result, device};

/// A search for the smallest change after which the judge reads another class.
#[wasm_bindgen]
pub struct SmallestChange {
    search: evaluate::SmallestChange,
    of: usize,
}

#[wasm_bindgen]
impl SmallestChange {
    /// For the model in the bytes of `weights`, and the judge in those of `judge`, two safetensors files: from the code `z` `[Z]` over these
    /// `components`, for the class `target`, or any other where it is undefined or null. `label` is that for a conditional model.
    pub fn begin(
        weights: &[u8],
        judge: &[u8],
        z: Vec<f32>,
        label: u8,
        components: Vec<usize>,
        target: Option<u8>,
    ) -> Result<SmallestChange> {
        let device = device::cpu();
        let judge = Judge::from_bytes(judge, &device)?;
        let file = Weights::from_bytes(weights)?;
        let model = evaluate::LoadedModel { model: file.build(&device)?, config: file.model, device };
        let config = &model.config;
        check_length("code", config.code_length(), z.len())?;
        check_label(label, config.classes)?;
        let last = config.code_length() - 1;
        components.iter().try_for_each(|&component| Error::check_quantity("component", component, 0..=last))?;
        let label = config.labelled.then_some(label);
        let of = components.len();
        Ok(Self { search: evaluate::SmallestChange::new(model, judge, z, label, components, target)?, of })
    }

    /// Does the next piece: `{ stage, done, of }`. `stage`: "singles", with so many components `done`; "pairs", searched up to `done`, a
    /// distance |dz|; or "done".
    pub fn advance(&mut self) -> Result<JsValue> {
        let (stage, done, of) = match block_on(self.search.advance())? {
            SearchStage::Start => ("singles", 0.0, self.of),
            SearchStage::Singles(done) => ("singles", done as f64, self.of),
            SearchStage::Pairs(hundredths) => ("pairs", f64::from(hundredths) / 100.0, 0),
            SearchStage::Done => ("done", self.of as f64, self.of),
        };
        Ok(record([("stage", stage.into()), ("done", done.into()), ("of", (of as f64).into())]))
    }

    /// What is found so far: `{ reading, singles, pairs }`; `reading` of the code itself, `{ label, probability }`, or null before the first
    /// piece; the others `[{ components, moves, distance, reading, pictures: [5 * 784] }]`, the smallest first.
    pub fn found(&self) -> JsValue {
        let list = |changes: &[Change]| changes.iter().map(change_record).collect::<Array>().into();
        record([
            ("reading", self.search.reading().map_or(JsValue::NULL, reading_record)),
            ("singles", list(self.search.singles())),
            ("pairs", list(self.search.pairs())),
        ])
    }
}

fn reading_record(Reading { label, probability }: Reading) -> JsValue {
    record([("label", label.into()), ("probability", probability.into())])
}

fn change_record(change: &Change) -> JsValue {
    let components: Vec<u32> = change.moves.iter().map(|&(component, _)| component as u32).collect();
    let moves: Vec<f32> = change.moves.iter().map(|&(_, by)| by).collect();
    record([
        ("components", Uint32Array::from(components.as_slice()).into()),
        ("moves", Float32Array::from(moves.as_slice()).into()),
        ("distance", change.distance.into()),
        ("reading", reading_record(change.reading)),
        ("pictures", floats(&change.pictures).into()),
    ])
}
