//! Training for the page, on the device of this module.

use burn::tensor::Device;
use js_sys::Uint8Array;
use serde::{Deserialize, Serialize};
use wasm_bindgen::prelude::*;

use super::convert::{deserialize, serialize};
use super::data_set::DataSet;
use crate::evaluate::{self, At, Scoring};
use crate::model::ModelConfig;
use crate::train::{self, Checkpoint, Loss, TrainConfig};
use crate::weights::{Precision, Weights};
use crate::{Error, Result, device};

/// Images for training and for testing where the options do not say how many: those of MNIST.
const MNIST_IMAGES: usize = 70_000;

/// A model in training. `train` and `evaluate` need `load_data` first; the weights do not.
#[wasm_bindgen]
pub struct Trainer {
    trainer: train::Trainer,
    device: Device,
    data: Option<DataSet>,
    images: usize,
    memory: f64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Options {
    #[serde(default)]
    pub model: ModelConfig,
    #[serde(default)]
    pub train: TrainConfig,
    #[serde(default, with = "serde_wasm_bindgen::preserve")]
    pub weights: JsValue,
    #[serde(default)]
    resume: bool,
    /// Images for training and for testing, which are held in memory.
    #[serde(default = "mnist_images")]
    pub images: usize,
    /// Bytes that there are; nothing is checked without it.
    memory: Option<f64>,
}

fn mnist_images() -> usize {
    MNIST_IMAGES
}

impl Options {
    /// From a plain object. Not inlined: the code that reads one is large.
    #[inline(never)]
    pub fn read(options: JsValue) -> Result<Self> {
        deserialize(options)
    }
}

#[derive(Serialize)]
struct Progress {
    step: u64,
    epoch: f64,
    losses: Vec<Loss>,
    finite: bool,
}

#[wasm_bindgen]
impl Trainer {
    /// From `{ model, train, weights?, resume?, images?, memory? }`. With `resume`, `weights` is a checkpoint and its run goes on; without,
    /// a new run starts from `weights`, or from random ones. `memory` is what training may take, in bytes.
    pub async fn create(options: JsValue) -> Result<Trainer> {
        let Options { model, train, weights, resume, images, memory } = Options::read(options)?;
        let memory = memory.unwrap_or(f64::INFINITY);
        train::check_memory(&model, &train, images, memory)?;
        let bytes = (!weights.is_undefined() && !weights.is_null()).then(|| Uint8Array::new(&weights).to_vec());
        let (weights, checkpoint) = match bytes {
            Some(bytes) if resume => (None, Some(Checkpoint::from_bytes(&bytes)?)),
            Some(bytes) => (Some(Weights::from_bytes(&bytes)?), None),
            None => (None, None),
        };
        if let Some(given) = checkpoint.as_ref().map(|checkpoint| &checkpoint.weights).or(weights.as_ref()) {
            given.check_model(&model)?;
        }
        let device = device::open().await?;
        let trainer = match (checkpoint, weights) {
            (Some(checkpoint), _) => train::Trainer::from_checkpoint(checkpoint, train, &device)?,
            (None, Some(weights)) => train::Trainer::from_weights(weights, train, &device)?,
            (None, None) => train::Trainer::new(model, train, &device)?,
        };
        Ok(Self { trainer, device, data: None, images, memory })
    }

    /// "CPU" or "WebGPU".
    pub fn device(&self) -> String {
        device::NAME.into()
    }

    /// Loads a data set, `{ name, classes, sha256?, train_images, train_labels?, test_images, test_labels? }`, where `classes` are names and
    /// the others IDX files; returns the numbers of images, `{ train, test }`.
    pub fn load_data(&mut self, files: JsValue) -> Result<JsValue> {
        #[derive(Serialize)]
        struct Counts {
            train: usize,
            test: usize,
        }
        let data = DataSet::parse(files)?;
        data.train.check_labels_for(self.trainer.model_config())?;
        let counts = Counts { train: data.train.len(), test: data.test.len() };
        let sha256 = data.sha256.clone().unwrap_or_else(|| data.train.sha256());
        self.trainer.note_data(&data.train, sha256);
        self.data = Some(data);
        Ok(serialize(&counts))
    }

    /// Changes the settings from the next step on; the seed stays.
    pub fn configure(&mut self, train: JsValue) -> Result<()> {
        let train = deserialize(train)?;
        train::check_memory(self.trainer.model_config(), &train, self.images, self.memory)?;
        self.trainer.configure(train)
    }

    /// Takes `steps` steps: `{ step, epoch, losses: [{ step, reconstruction, kl, total }], finite }`, losses in nats
    /// per image.
    pub async fn train(&mut self, steps: usize) -> Result<JsValue> {
        let data = &loaded(&self.data)?.train;
        let losses = self.trainer.train(data, steps).await?;
        Ok(serialize(&Progress {
            step: self.trainer.step_count(),
            epoch: self.trainer.epochs_done(data.len()),
            finite: losses.iter().all(Loss::is_finite),
            losses,
        }))
    }

    /// Scores the test images `from..from + count`, as far as they exist, at one sample of z each.
    pub async fn evaluate(&self, from: usize, count: usize) -> Result<JsValue> {
        let data = &loaded(&self.data)?.test;
        let range = from.min(data.len() - 1)..from.saturating_add(count.max(1)).min(data.len());
        let TrainConfig { seed, corruption, .. } = *self.trainer.config();
        let scoring = Scoring { at: At::Sample, seed, corruption };
        let (model, config) = (self.trainer.model(), self.trainer.model_config());
        Ok(serialize(&evaluate::score(&model, config, data, range, scoring, &self.device).await?))
    }

    /// The weights as the bytes of a safetensors file; with `resume` a checkpoint that continues the run exactly here.
    pub async fn checkpoint(&self, resume: bool) -> Result<Uint8Array> {
        let bytes = match resume {
            true => self.trainer.checkpoint().await?.to_bytes(),
            false => self.trainer.weights().await?.to_bytes(Precision::Single),
        };
        Ok(Uint8Array::from(bytes.as_slice()))
    }
}

fn loaded(data: &Option<DataSet>) -> Result<&DataSet> {
    data.as_ref().ok_or(Error::TrainingImagesNotLoaded {})
}
