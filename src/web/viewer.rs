//! Answers everything interactive, on the CPU: one image costs less there than one readback from a GPU.

use super::arguments::{check_digit, check_image, check_length, check_rows};
use super::*;
use crate::data::{PIXELS, frame};
use crate::evaluate::DecodedCode;
use crate::model::{Vae, within};
use crate::snapshot::{self, now};

/// What stands for a digit that the model is to guess.
const AS_GUESSED: u8 = 255;

/// A model to look at.
#[wasm_bindgen]
pub struct Viewer {
    file: Weights,
    model: Vae,
    device: Device,
}

#[wasm_bindgen]
impl Viewer {
    /// From the bytes of a safetensors file.
    pub fn load(weights: &[u8]) -> Result<Viewer> {
        let file = Weights::from_bytes(weights)?;
        let device = device::cpu();
        let model = file.build(&device)?;
        Ok(Self { file, model, device })
    }

    /// Other weights, of any size; refused ones leave the model as it was.
    pub fn replace(&mut self, weights: &[u8]) -> Result<()> {
        *self = Self::load(weights)?;
        Ok(())
    }

    /// `{ model, code, usage, note }`: sizes, the numbers in a code (`length`; of a codebook of `codes` vectors, else 0), mean KL
    /// per component (or null) and what else the file says.
    pub fn describe(&self) -> JsValue {
        #[derive(Serialize)]
        struct Code {
            length: usize,
            codes: usize,
        }
        #[derive(Serialize)]
        struct Description<'a> {
            model: &'a ModelConfig,
            code: Code,
            usage: Option<Vec<f64>>,
            note: &'a Notes,
        }
        let model = &self.file.model;
        let codes = if self.model.codebook().is_some() { model.codes } else { 0 };
        let code = Code { length: model.code_length(), codes };
        object(&Description { model, code, usage: self.file.usage(), note: &self.file.notes })
    }

    /// A square drawing as 784 pixels, or undefined when nothing is drawn.
    pub fn frame(&self, ink: &[f32], width: usize, centre: bool) -> Result<Option<Float32Array>> {
        check_length("A drawing", width * width, ink.len())?;
        Ok(frame(ink, width, centre).map(|pixels| floats(&pixels)))
    }

    /// Everything the page shows about one image.
    /// `digit` says which digit it is to a model with labels; 255 leaves that to one with a classifier.
    pub fn look(&self, image: Vec<f32>, noise: Vec<f32>, digit: u8) -> Result<JsValue> {
        check_image(&image)?;
        check_length("The noise", self.file.model.latent, noise.len())?;
        let guess = digit == AS_GUESSED && self.file.model.classifier;
        let digit = if guess { None } else { self.label(digit)? };
        let look = now(evaluate::infer(&self.model, image, digit, noise, &self.device))?;
        let rendering = |it: &DecodedCode| {
            record(&[
                ("z", floats(&it.z).into()),
                ("picture", floats(&it.picture).into()),
                ("reconstruction", it.reconstruction.into()),
                ("kl", it.kl.into()),
                ("total", (it.reconstruction + it.kl).into()),
            ])
        };
        Ok(record(&[
            ("mean", floats(&look.mean).into()),
            ("sigma", floats(&look.sigma).into()),
            ("covariance", floats(&look.covariance).into()),
            ("classes", look.classes.map_or(JsValue::UNDEFINED, |classes| floats(&classes).into())),
            ("kl_per_component", floats(&look.kl_per_component).into()),
            ("at_mean", rendering(&look.at_mean)),
            ("at_sample", rendering(&look.at_sample)),
        ]))
    }

    /// Pictures of codes, `n * length` to `n * 784`; `digit` says which digit to draw to a model with labels.
    pub fn decode(&self, z: Vec<f32>, digit: u8) -> Result<Float32Array> {
        let latent = self.file.model.code_length();
        check_rows("Codes", latent, z.len())?;
        if self.model.codebook().is_some() {
            let last = (self.file.model.codes - 1) as f32;
            z.iter().try_for_each(|&code| within("The number of a code", code, 0.0..=last))?;
        }
        Ok(floats(&now(evaluate::decode(&self.model, z, latent, self.label(digit)?, &self.device))?))
    }

    /// `count` codes `count * length` drawn from the model's prior.
    pub fn prior(&self, seed: f64, count: usize) -> Result<Float32Array> {
        let latent = self.file.model.code_length();
        Ok(floats(&now(evaluate::sample_prior(&self.model, latent, count, seed as u64))?))
    }

    /// The pseudo-inputs of a VampPrior, `K * 784`, or undefined.
    pub fn pseudo_inputs(&self) -> Result<Option<Float32Array>> {
        let Some(pictures) = self.model.pseudo_inputs() else { return Ok(None) };
        Ok(Some(floats(&now(snapshot::read(vec![pictures]))?[0])))
    }

    /// Reconstructions at the mean, `n * 784` to `n * 784`; `digits` `[n]` are for a model with labels.
    pub fn reconstruct(&self, images: Vec<f32>, digits: Vec<u8>) -> Result<Float32Array> {
        check_rows("Images", PIXELS, images.len())?;
        let digits = self.labels(&images, &digits)?;
        Ok(floats(&now(evaluate::reconstruct(&self.model, images, digits, &self.device))?))
    }

    /// Mean KL of each component over `n * 784` pixels; `digits` as above.
    pub fn usage(&self, images: Vec<f32>, digits: Vec<u8>) -> Result<Float32Array> {
        check_rows("Images", PIXELS, images.len())?;
        let digits = self.labels(&images, &digits)?;
        Ok(floats(&now(evaluate::usage(&self.model, images, digits, &self.device))?))
    }

    /// The label of one image or code, for a model with labels.
    fn label(&self, digit: u8) -> Result<Option<u8>> {
        check_digit(digit)?;
        Ok(self.file.model.labelled.then_some(digit))
    }

    /// The labels of several images, for a model with labels.
    fn labels<'a>(&self, images: &[f32], digits: &'a [u8]) -> Result<Option<&'a [u8]>> {
        if !self.file.model.labelled {
            return Ok(None);
        }
        check_length("The digits", images.len() / PIXELS, digits.len())?;
        digits.iter().copied().try_for_each(check_digit)?;
        Ok(Some(digits))
    }
}

fn record(fields: &[(&str, JsValue)]) -> JsValue {
    let object = js_sys::Object::new();
    for (key, value) in fields {
        js_sys::Reflect::set(&object, &(*key).into(), value).expect("a fresh object takes any field");
    }
    object.into()
}
