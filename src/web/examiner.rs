//! The slow questions about a model, each answered in pieces, on the CPU.

use std::sync::Arc;

use super::*;
use crate::data::PIXELS;
use crate::evaluate::{Case, Examination, Extent, Judge, Reference, Subject, class_probabilities};
use crate::model::within;
use crate::snapshot::now;

/// A model under examination, beside the test images.
#[wasm_bindgen]
pub struct Examiner {
    subject: Subject,
    judge: Judge,
    test: Option<Tests>,
    examination: Option<Examination>,
}

struct Tests {
    data: Arc<Dataset>,
    reference: Reference,
}

#[derive(Serialize)]
struct Prepared {
    done: usize,
    of: usize,
}

#[derive(Serialize)]
struct Plane {
    #[serde(with = "serde_wasm_bindgen::preserve")]
    mean: Float32Array,
    #[serde(with = "serde_wasm_bindgen::preserve")]
    digits: Uint8Array,
}

#[derive(Serialize)]
struct Classes {
    #[serde(with = "serde_wasm_bindgen::preserve")]
    nats: Float32Array,
    #[serde(with = "serde_wasm_bindgen::preserve")]
    probabilities: Float32Array,
}

#[wasm_bindgen]
impl Examiner {
    /// From the bytes of two safetensors files: the model's weights, and the judge's.
    pub fn load(weights: &[u8], judge: &[u8]) -> Result<Examiner> {
        let judge = Judge::from_bytes(judge, &device::cpu())?;
        Ok(Self { subject: subject(weights)?, judge, test: None, examination: None })
    }

    /// Other weights, of any size; refused ones leave everything as it was. The test images and the judge stay.
    pub fn replace(&mut self, weights: &[u8]) -> Result<()> {
        self.subject = subject(weights)?;
        self.examination = None;
        if let Some(Tests { data, reference }) = &mut self.test {
            *reference = Reference::new(self.subject.clone(), data.clone());
        }
        Ok(())
    }

    /// Takes the two IDX files of the test images; returns their count.
    pub fn take(&mut self, images: Vec<u8>, labels: &[u8]) -> Result<usize> {
        let data = Arc::new(Dataset::parse("t10k", images, labels)?);
        let count = data.len();
        let reference = Reference::new(self.subject.clone(), data.clone());
        self.test = Some(Tests { data, reference });
        self.examination = None;
        Ok(count)
    }

    /// Begins an examination, of `{ images, samples, draws, seed, binarised }`; what is left out has a default.
    pub fn start(&mut self, extent: JsValue) -> Result<()> {
        let extent: Extent = plain(extent)?;
        let data = tests(&self.test)?.data.clone();
        self.examination = Some(now(Examination::new(self.subject.clone(), self.judge.clone(), data, extent))?);
        Ok(())
    }

    /// One piece of the examination: `{ done, of, stage, report }`; the report is null until all is done.
    pub fn advance(&mut self) -> Result<JsValue> {
        let Some(examination) = &mut self.examination else {
            return Err(Error::Device("No examination has been started.".into()));
        };
        Ok(object(&now(examination.advance())?))
    }

    /// Encodes some more of the first `count` test images: `{ done, of }`.
    pub fn prepare(&mut self, count: usize) -> Result<JsValue> {
        let Some(tests) = &mut self.test else { return Err(no_tests()) };
        let (done, of) = now(tests.reference.prepare(count))?;
        Ok(object(&Prepared { done, of }))
    }

    /// `{ mean: [n * Z], digits: [n] }` of the test images prepared.
    pub fn plane(&self) -> Result<JsValue> {
        let reference = &tests(&self.test)?.reference;
        let digits = Uint8Array::from(reference.digits().as_slice());
        Ok(object(&Plane { mean: floats(reference.codes()), digits }))
    }

    /// The nearest of the test images prepared: `[{ index, digit, distance }]`; `digit` is for a model with labels.
    pub fn nearest(&self, image: Vec<f32>, digit: u8, count: usize) -> Result<JsValue> {
        check(&image, digit)?;
        Ok(object(&now(tests(&self.test)?.reference.nearest(image, digit, count))?))
    }

    /// A test image, `[784]`.
    pub fn picture(&self, index: usize) -> Result<Float32Array> {
        let data = &tests(&self.test)?.data;
        within("The number of the test image", index, 0..=data.len() - 1)?;
        Ok(floats(&data.images.pixels(index).collect::<Vec<_>>()))
    }

    /// `{ nats, percentile, of }`: -log p(x), and the percentage of the test images prepared that cost less.
    pub fn rarity(&self, image: Vec<f32>, digit: u8, samples: usize, seed: f64) -> Result<JsValue> {
        check(&image, digit)?;
        within("The number of importance samples", samples, Extent::SAMPLES)?;
        Ok(object(&now(tests(&self.test)?.reference.rarity(image, digit, samples, seed as u64))?))
    }

    /// `{ nats: [10], probabilities: [10] }`: -log p(x | y) and p(y | x) of a model with labels, else undefined.
    pub fn classes(&self, image: Vec<f32>, samples: usize, seed: f64) -> Result<JsValue> {
        check(&image, 0)?;
        within("The number of importance samples", samples, Extent::SAMPLES)?;
        let case = Case { pixels: image, digit: 0, index: Case::STRANGER };
        let Some(nats) = now(self.subject.class_costs(&case, samples, seed as u64))? else {
            return Ok(JsValue::UNDEFINED);
        };
        let narrow = |values: &[f64]| floats(&values.iter().map(|&value| value as f32).collect::<Vec<_>>());
        Ok(object(&Classes { nats: narrow(&nats), probabilities: narrow(&class_probabilities(&nats)) }))
    }
}

fn subject(weights: &[u8]) -> Result<Subject> {
    let file = Weights::from_bytes(weights)?;
    let device = device::cpu();
    Ok(Subject { model: file.build(&device)?, config: file.model, device })
}

fn tests(tests: &Option<Tests>) -> Result<&Tests> {
    tests.as_ref().ok_or_else(no_tests)
}

fn no_tests() -> Error {
    Error::Device("The test images are not loaded yet.".into())
}

fn check(image: &[f32], digit: u8) -> Result<()> {
    within("The digit", digit, 0..=9)?;
    match image.len() {
        PIXELS => Ok(()),
        found => Err(Error::Length { what: "An image", expected: PIXELS.to_string(), found }),
    }
}
