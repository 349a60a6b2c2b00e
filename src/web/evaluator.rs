//! Evaluation of a model for the page, on the CPU: each call is short, so that the page can stop between any two.

use std::sync::Arc;

use js_sys::Float32Array;
use serde::Serialize;
use wasm_bindgen::prelude::*;

use super::arguments::{check_image, check_label};
use super::convert::{deserialize, floats, serialize};
use super::test_images::{parse_split, picture};
use crate::data::Dataset;
use crate::evaluate::{EncodedImages, Evaluation, Example, Extent, Judge, LoadedModel, class_probabilities};
use crate::snapshot::block_on;
use crate::weights::Weights;
use crate::{Error, Result, device};

/// A model, and the judge and test images for its evaluation.
#[wasm_bindgen]
pub struct Evaluator {
    model: LoadedModel,
    judge: Option<Judge>,
    test: Option<TestImages>,
    evaluation: Option<Evaluation>,
}

struct TestImages {
    data: Arc<Dataset>,
    encoded: EncodedImages,
}

#[derive(Serialize)]
struct EncodingProgress {
    done: usize,
    of: usize,
}

#[derive(Serialize)]
struct ClassLikelihoods {
    #[serde(with = "serde_wasm_bindgen::preserve")]
    nats: Float32Array,
    #[serde(with = "serde_wasm_bindgen::preserve")]
    probabilities: Float32Array,
}

#[wasm_bindgen]
impl Evaluator {
    /// From the bytes of two safetensors files: the model's weights and the judge's, undefined or null where there is none for the data set.
    pub fn load(weights: &[u8], judge: Option<Vec<u8>>) -> Result<Evaluator> {
        let judge = judge.map(|judge| Judge::from_bytes(&judge, &device::cpu())).transpose()?;
        Ok(Self { model: load(weights)?, judge, test: None, evaluation: None })
    }

    /// Replaces the model by one of any size; keeps the judge and the test images. On an error nothing changes.
    pub fn replace(&mut self, weights: &[u8]) -> Result<()> {
        self.model = load(weights)?;
        self.evaluation = None;
        if let Some(TestImages { data, encoded }) = &mut self.test {
            *encoded = EncodedImages::new(self.model.clone(), data.clone());
        }
        Ok(())
    }

    /// Takes the test images, `{ name, classes, images, labels? }` with two IDX files; returns their count.
    pub fn load_test_images(&mut self, test: JsValue) -> Result<usize> {
        let data = Arc::new(parse_split("t10k", test)?);
        let count = data.len();
        let encoded = EncodedImages::new(self.model.clone(), data.clone());
        self.test = Some(TestImages { data, encoded });
        self.evaluation = None;
        Ok(count)
    }

    /// Starts an evaluation of `{ images, importance_samples, prior_samples, seed, binarised }`; each field has a default.
    pub fn start(&mut self, extent: JsValue) -> Result<()> {
        let extent: Extent = deserialize(extent)?;
        let data = test_images(&self.test)?.data.clone();
        self.evaluation = Some(block_on(Evaluation::new(self.model.clone(), self.judge.clone(), data, extent))?);
        Ok(())
    }

    /// Does the next work item of the evaluation: `{ done, of, stage, report }`; the report is null until all are done.
    pub fn advance(&mut self) -> Result<JsValue> {
        let Some(evaluation) = &mut self.evaluation else { return Err(Error::EvaluationNotStarted {}) };
        Ok(serialize(&block_on(evaluation.advance())?))
    }

    /// Encodes the next few of the first `count` test images: `{ done, of }`.
    pub fn encode_test_images(&mut self, count: usize) -> Result<JsValue> {
        let Some(test) = &mut self.test else { return Err(Error::TestImagesNotLoaded {}) };
        let (done, of) = block_on(test.encoded.encode_next(count))?;
        Ok(serialize(&EncodingProgress { done, of }))
    }

    /// The encoded test images nearest to `image` in code space: `[{ index, label, distance }]`. `label` is that for a
    /// conditional model; undefined or null lets the classifier choose it.
    pub fn nearest(&self, image: Vec<f32>, label: Option<u8>, count: usize) -> Result<JsValue> {
        check_image(&image)?;
        self.check_label(label)?;
        Ok(serialize(&block_on(test_images(&self.test)?.encoded.nearest(image, label, count))?))
    }

    /// The pixels of a test image, `[784]`.
    pub fn picture(&self, index: usize) -> Result<Float32Array> {
        picture(&test_images(&self.test)?.data, index)
    }

    /// -log p(x) in nats and its rank: `{ nats, percentile, of }`, where `percentile` percent of the `of` encoded test images
    /// have a lower one. `label` as in [`nearest`](Self::nearest).
    pub fn nll(&self, image: Vec<f32>, label: Option<u8>, samples: usize, seed: f64) -> Result<JsValue> {
        check_image(&image)?;
        self.check_label(label)?;
        check_importance_samples(samples)?;
        Ok(serialize(&block_on(test_images(&self.test)?.encoded.nll(image, label, samples, seed as u64))?))
    }

    /// `{ nats: [Y], probabilities: [Y] }`: -log p(x | y) and p(y | x) of a conditional model, else undefined.
    pub fn class_likelihoods(&self, image: Vec<f32>, samples: usize, seed: f64) -> Result<JsValue> {
        check_image(&image)?;
        check_importance_samples(samples)?;
        let example = Example { pixels: image, label: 0, index: Example::NOT_IN_DATA };
        let Some(nats) = block_on(self.model.class_nlls(&example, samples, seed as u64))? else {
            return Ok(JsValue::UNDEFINED);
        };
        let single = |values: &[f64]| floats(&values.iter().map(|&value| value as f32).collect::<Vec<_>>());
        Ok(serialize(&ClassLikelihoods { nats: single(&nats), probabilities: single(&class_probabilities(&nats)) }))
    }
}

impl Evaluator {
    fn check_label(&self, label: Option<u8>) -> Result<()> {
        label.map_or(Ok(()), |label| check_label(label, self.model.config.classes))
    }
}

fn load(weights: &[u8]) -> Result<LoadedModel> {
    let file = Weights::from_bytes(weights)?;
    let device = device::cpu();
    Ok(LoadedModel { model: file.build(&device)?, config: file.model, device })
}

fn test_images(test: &Option<TestImages>) -> Result<&TestImages> {
    test.as_ref().ok_or(Error::TestImagesNotLoaded {})
}

fn check_importance_samples(samples: usize) -> Result<()> {
    Error::check_quantity("importance_samples", samples, Extent::IMPORTANCE_SAMPLES)
}
