//! Training for the page, on the device of this module.

use burn::tensor::Device;
use js_sys::Uint8Array;
use serde::{Deserialize, Serialize};
use wasm_bindgen::prelude::*;

use super::convert::{deserialize, serialize};
use crate::data::Dataset;
use crate::evaluate::{self, At, Scoring};
use crate::model::ModelConfig;
use crate::train::{self, Checkpoint, Loss, TrainConfig};
use crate::weights::{Precision, Weights};
use crate::{Error, Result, device};

/// Images for training and for testing.
pub(super) const MNIST_IMAGES: usize = 70_000;

/// A model in training. `train` and `evaluate` need `load_data` first; the weights do not.
#[wasm_bindgen]
pub struct Trainer {
    trainer: train::Trainer,
    device: Device,
    data: Option<Data>,
    memory: f64,
}

struct Data {
    train: Dataset,
    test: Dataset,
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
    /// Bytes that there are; nothing is checked without it.
    memory: Option<f64>,
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
    /// From `{ model, train, weights?, resume?, memory? }`. With `resume`, `weights` is a checkpoint and its run goes on; without,
    /// a new run starts from `weights`, or from random ones. `memory` is what training may take, in bytes.
    pub async fn create(options: JsValue) -> Result<Trainer> {
        let Options { model, train, weights, resume, memory } = Options::read(options)?;
        let memory = memory.unwrap_or(f64::INFINITY);
        train::check_memory(&model, &train, MNIST_IMAGES, memory)?;
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
        Ok(Self { trainer, device, data: None, memory })
    }

    /// "CPU" or "WebGPU".
    pub fn device(&self) -> String {
        device::NAME.into()
    }

    /// Loads MNIST from its four IDX files; returns the numbers of images, `{ train, test }`.
    pub fn load_data(
        &mut self,
        train_images: Vec<u8>,
        train_labels: &[u8],
        test_images: Vec<u8>,
        test_labels: &[u8],
    ) -> Result<JsValue> {
        #[derive(Serialize)]
        struct Counts {
            train: usize,
            test: usize,
        }
        let train = Dataset::parse("train", train_images, train_labels)?;
        let test = Dataset::parse("t10k", test_images, test_labels)?;
        let counts = Counts { train: train.len(), test: test.len() };
        self.data = Some(Data { train, test });
        Ok(serialize(&counts))
    }

    /// Changes the settings from the next step on; the seed stays.
    pub fn configure(&mut self, train: JsValue) -> Result<()> {
        let train = deserialize(train)?;
        train::check_memory(self.trainer.model_config(), &train, MNIST_IMAGES, self.memory)?;
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

fn loaded(data: &Option<Data>) -> Result<&Data> {
    data.as_ref().ok_or(Error::TrainingImagesNotLoaded {})
}
