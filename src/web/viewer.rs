//! Inference for the page, on the CPU: one image takes less time there than one readback from a GPU.

use burn::tensor::Device;
use js_sys::Float32Array;
use serde::Serialize;
use wasm_bindgen::prelude::*;

use super::arguments::{check_image, check_label, check_length, check_rows};
use super::convert::{floats, record, serialize};
use crate::data::{Drawing, PIXELS};
use crate::evaluate::{self, DecodedCode, LoadedModel, PathKind};
use crate::model::{ModelConfig, PosteriorKind, Vae};
use crate::snapshot::{self, block_on};
use crate::weights::TrainedOn;
use crate::weights::{Notes, Weights};
use crate::{Error, Result, device};

/// A model for inference.
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
        let (file, device) = (Weights::from_bytes(weights)?, device::cpu());
        let model = Vae::new(&file.model, 0, &device);
        Self::filled(file, model, device)
    }

    /// Replaces the model by one of any size. On an error nothing changes. Other weights of the same model take a quarter of the time, because
    /// none are drawn at random first.
    pub fn replace(&mut self, weights: &[u8]) -> Result<()> {
        let (file, device) = (Weights::from_bytes(weights)?, self.device.clone());
        let same = file.model == self.file.model;
        let model = if same { self.model.clone() } else { Vae::new(&file.model, 0, &device) };
        *self = Self::filled(file, model, device)?;
        Ok(())
    }

    /// `{ model, code: { length, codes, kind, levels, noise }, usage, data, notes }`: the configuration; the numbers in one code, how many values
    /// each of them has where it is an index (0 for real numbers), what they are ("real", "codebook" or "categorical"), the places of each
    /// codebook, the top one first, and the N(0, 1) numbers that a sample of the posterior takes; the mean KL of each component on test data,
    /// or null where the file does not have it, `{ name, sha256 }` of
    /// the data set it was trained on, or null, and what else the file says of itself, text by key.
    pub fn describe(&self) -> JsValue {
        #[derive(Serialize)]
        struct Code {
            length: usize,
            codes: usize,
            kind: &'static str,
            levels: &'static [usize],
            noise: usize,
        }
        #[derive(Serialize)]
        struct Description<'a> {
            model: &'a ModelConfig,
            code: Code,
            usage: Option<Vec<f64>>,
            data: Option<TrainedOn>,
            notes: &'a Notes,
        }
        let model = &self.file.model;
        let kind = match model.posterior {
            PosteriorKind::Categorical => "categorical",
            _ if model.has_codebook() => "codebook",
            _ => "real",
        };
        let codes = model.index_values().unwrap_or(0);
        let (length, levels, noise) = (model.code_length(), model.levels(), model.noise_width());
        let code = Code { length, codes, kind, levels, noise };
        serialize(&Description {
            model,
            code,
            usage: self.file.usage(),
            data: self.file.trained_on(),
            notes: &self.file.notes,
        })
    }

    /// A drawing as the 784 pixels of an image, or undefined when nothing is drawn; arguments as in [`Drawing::new`].
    pub fn frame(
        &self,
        points: &[f32],
        lengths: &[u32],
        erase: &[u8],
        image: Option<Vec<f32>>,
        centre: bool,
    ) -> Result<Option<Float32Array>> {
        Ok(Drawing::new(points, lengths, erase, image)?.frame(centre).map(|pixels| floats(&pixels)))
    }

    /// The posterior of one image `[784]` and its reconstructions at the mean and at the sample that `noise` gives, `code.noise` numbers:
    /// `{ mean, sigma, covariance, classes, kl_per_component, at_mean, at_sample, pixel_sample }`. `label` is that for a conditional
    /// model; undefined or null lets the classifier choose it. `pixel_sample` is one of p(x | z) at the mean, `[784]`, or undefined for a
    /// Bernoulli likelihood.
    pub fn infer(&self, image: Vec<f32>, noise: Vec<f32>, label: Option<u8>) -> Result<JsValue> {
        check_image(&image)?;
        check_length("noise", self.file.model.noise_width(), noise.len())?;
        let label = match label {
            Some(label) => self.label(label)?,
            None if self.file.model.labelled && !self.file.model.classifier => return Err(Error::LabelNeeded {}),
            None => None,
        };
        let inference = block_on(evaluate::infer(&self.model, image, label, noise, &self.device))?;
        let decoded = |it: &DecodedCode| {
            record([
                ("z", floats(&it.z).into()),
                ("picture", floats(&it.picture).into()),
                ("reconstruction", it.reconstruction.into()),
                ("kl", it.kl.into()),
                ("total", (it.reconstruction + it.kl).into()),
                ("squared_error", it.squared_error.into()),
            ])
        };
        Ok(record([
            ("mean", floats(&inference.mean).into()),
            ("sigma", floats(&inference.sigma).into()),
            ("covariance", floats(&inference.covariance).into()),
            ("classes", inference.classes.map_or(JsValue::UNDEFINED, |classes| floats(&classes).into())),
            ("kl_per_component", floats(&inference.kl_per_component).into()),
            ("at_mean", decoded(&inference.at_mean)),
            ("at_sample", decoded(&inference.at_sample)),
            ("pixel_sample", inference.pixel_sample.map_or(JsValue::UNDEFINED, |picture| floats(&picture).into())),
        ]))
    }

    /// Codes `[n * length]` decoded to pictures `[n * 784]`; `label` is that of a conditional model.
    pub fn decode(&self, z: Vec<f32>, label: u8) -> Result<Float32Array> {
        let latent = self.file.model.code_length();
        check_rows("codes", latent, z.len())?;
        if let Some(values) = self.file.model.index_values() {
            let last = (values - 1) as f32;
            z.iter().try_for_each(|&code| Error::check_quantity("code", code, 0.0..=last))?;
        }
        Ok(floats(&block_on(evaluate::decode(&self.model, z, latent, self.label(label)?, &self.device))?))
    }

    /// `count` codes from `from` to `to`, both `[length]`, along a straight line or, if `spherical`, a great circle:
    /// `{ points: [count * D], spherical, norms: [count], nlls: [count] }`. `points` are what the decoder gets, `D` numbers each: codes, or
    /// the vectors that indices stand for, between which every path is straight. `spherical`: whether the path is; the great circle is undetermined
    /// for parallel codes. `nlls`: -log p(z) in nats. `norms` and `nlls` are undefined for indices, and `nlls` for a model without a prior.
    pub fn path(&self, from: Vec<f32>, to: Vec<f32>, count: usize, spherical: bool) -> Result<JsValue> {
        let length = self.file.model.code_length();
        check_length("code", length, from.len())?;
        check_length("code", length, to.len())?;
        Error::check_quantity("path_points", count, evaluate::PATH_POINTS)?;
        let input = |code| block_on(evaluate::decoder_input(&self.model, code, &self.device));
        let is_real = self.file.model.index_values().is_none();
        let kind = if spherical && is_real { PathKind::Spherical } else { PathKind::Straight };
        let path = evaluate::path(kind, &input(from)?, &input(to)?, count);
        let has_prior = is_real && self.file.model.posterior != PosteriorKind::Point;
        let nlls = match has_prior {
            true => {
                let codes = path.points.clone();
                floats(&block_on(evaluate::negative_log_prior(&self.model, codes, length, &self.device))?).into()
            }
            false => JsValue::UNDEFINED,
        };
        let norms = if is_real { floats(&evaluate::norms(&path.points, length)).into() } else { JsValue::UNDEFINED };
        Ok(record([
            ("points", floats(&path.points).into()),
            ("spherical", (path.kind == PathKind::Spherical).into()),
            ("norms", norms),
            ("nlls", nlls),
        ]))
    }

    /// Pictures `[n * 784]` of points of a [path](Self::path), `[n * D]`; `label` is that of a conditional model.
    pub fn decode_points(&self, points: Vec<f32>, label: u8) -> Result<Float32Array> {
        let length = self.file.model.code_width();
        check_rows("codes", length, points.len())?;
        let label = self.label(label)?;
        Ok(floats(&block_on(evaluate::decode_inputs(&self.model, points, length, label, &self.device))?))
    }

    /// `count` samples of the model's prior, `[count * length]`; decoded by [`decode`](Self::decode).
    pub fn prior(&self, seed: f64, count: usize) -> Result<Float32Array> {
        let latent = self.file.model.code_length();
        Ok(floats(&block_on(evaluate::sample_prior(&self.model, latent, count, seed as u64))?))
    }

    /// `count` codes `[count * length]`, each component uniform between -`reach` and `reach`, or undefined where codes are indices; decoded by [`decode`](Self::decode).
    pub fn sample_box(&self, seed: f64, count: usize, reach: f32) -> Result<Option<Float32Array>> {
        if self.file.model.index_values().is_some() {
            return Ok(None);
        }
        Ok(Some(floats(&evaluate::sample_box(self.file.model.code_length(), count, reach, seed as u64)?)))
    }

    /// The pseudo-inputs of a VampPrior, `[K * 784]`, or undefined.
    pub fn pseudo_inputs(&self) -> Result<Option<Float32Array>> {
        let Some(pictures) = self.model.pseudo_inputs() else { return Ok(None) };
        Ok(Some(floats(&block_on(snapshot::read(vec![pictures]))?[0])))
    }

    /// Reconstructions at the posterior mean of images `[n * 784]`, `[n * 784]`; `labels` `[n]` are those of a conditional
    /// model.
    pub fn reconstruct(&self, images: Vec<f32>, labels: Vec<u8>) -> Result<Float32Array> {
        check_rows("images", PIXELS, images.len())?;
        let labels = self.labels(&images, &labels)?;
        Ok(floats(&block_on(evaluate::reconstruct(&self.model, images, labels, &self.device))?))
    }

    /// Mean KL of each component over images `[n * 784]`, in nats, or -log p of a codebook's codes at each position; `labels`
    /// as in [`reconstruct`](Self::reconstruct).
    pub fn usage(&self, images: Vec<f32>, labels: Vec<u8>) -> Result<Float32Array> {
        check_rows("images", PIXELS, images.len())?;
        let labels = self.labels(&images, &labels)?;
        Ok(floats(&block_on(evaluate::usage(&self.model, images, labels, &self.device))?))
    }

    /// The label of one image or code, if the model is conditional.
    fn label(&self, label: u8) -> Result<Option<u8>> {
        if !self.file.model.labelled {
            return Ok(None);
        }
        check_label(label, self.file.model.classes)?;
        Ok(Some(label))
    }

    /// The labels of several images, if the model is conditional.
    fn labels<'a>(&self, images: &[f32], labels: &'a [u8]) -> Result<Option<&'a [u8]>> {
        if !self.file.model.labelled {
            return Ok(None);
        }
        check_length("labels", images.len() / PIXELS, labels.len())?;
        labels.iter().try_for_each(|&label| check_label(label, self.file.model.classes))?;
        Ok(Some(labels))
    }
}

impl Viewer {
    /// `model` with the weights of `file`.
    fn filled(file: Weights, model: Vae, device: Device) -> Result<Self> {
        let file = file.fit(&model)?;
        Ok(Self { model: file.fill(model), file, device })
    }

    /// The model, which shares its weights, with its configuration.
    pub(super) fn loaded_model(&self) -> LoadedModel {
        LoadedModel { model: self.model.clone(), config: self.file.model.clone(), device: self.device.clone() }
    }
}
