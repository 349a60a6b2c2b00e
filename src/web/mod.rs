//! The whole JavaScript surface: translation only. Numbers are plain, typed arrays are copies, failures are `Error`s with
//! a sentence for the person at the page. Methods that borrow mutably must not overlap: the worker queues its calls.

#[cfg(feature = "cpu")]
mod examiner;
#[cfg(feature = "cpu")]
mod replay;
#[cfg(feature = "cpu")]
mod viewer;

use js_sys::{Error as JsError, Float32Array, Uint8Array};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use wasm_bindgen::prelude::*;

use burn::tensor::Device;

use crate::data::{Corruption, Dataset, Images};
use crate::evaluate::{self, At, Scoring};
use crate::model::ModelConfig;
use crate::random::{Stream, generator, normals};
use crate::train::{Checkpoint, Loss, TrainConfig};
use crate::weights::{Notes, Precision, Weights};
use crate::{Error, Result, device, kernels, presets, train};

impl From<Error> for JsValue {
    fn from(error: Error) -> Self {
        JsError::new(&error.to_string()).into()
    }
}

#[wasm_bindgen(start)]
fn start() {
    construct();
    console_error_panic_hook::set_once();
}

/// Runs what registers itself before a program starts, as cubecl's parts do. A module that nowhere asks for it is linked as a
/// command, where every call from JavaScript registers all of it once more: that took longer than a training step.
fn construct() {
    unsafe extern "C" {
        fn __wasm_call_ctors();
    }
    // SAFETY: the linker makes it, and nothing else of this module has run.
    unsafe { __wasm_call_ctors() };
}

/// Says that the device, once it is opened, has subgroups.
#[cfg(feature = "webgpu")]
#[wasm_bindgen]
pub fn allow_subgroups() {
    kernels::allow_subgroups();
}

/// `count` draws from N(0, 1), the same for the same seed.
#[wasm_bindgen]
pub fn normal(seed: f64, count: usize) -> Float32Array {
    floats(&normals(seed as u64, Stream::Draw, count))
}

/// The pictures of an IDX file, `n * 784` numbers in 0..=1.
#[wasm_bindgen]
pub fn images(idx: Vec<u8>) -> Result<Float32Array> {
    let images = Images::parse("images", idx)?;
    let pixels: Vec<f32> = (0..images.len()).flat_map(|index| images.pixels(index)).collect();
    Ok(floats(&pixels))
}

/// The systems of the field: `[{ name, title, idea, look_for, reconstruction, divergence, model, train }]`, the default first.
#[wasm_bindgen]
pub fn presets() -> JsValue {
    object(&presets::all())
}

/// An image `[784]` spoilt by "noise", "mask" or "salt_and_pepper" ("none" leaves it), the same for the same seed.
#[wasm_bindgen]
pub fn corrupt(mut image: Vec<f32>, kind: JsValue, seed: f64) -> Result<Float32Array> {
    let kind: Corruption = plain(kind)?;
    kind.apply(&mut image, &mut generator(seed as u64, Stream::Draw));
    Ok(floats(&image))
}

/// Where two checkpoints of the same step differ most: `{ name, relative }`.
#[wasm_bindgen]
pub fn largest_difference(a: &[u8], b: &[u8]) -> Result<JsValue> {
    #[derive(Serialize)]
    struct Difference {
        name: String,
        relative: f64,
    }
    let (name, relative) = train::largest_difference(a, b)?;
    Ok(object(&Difference { name, relative }))
}

/// A trainer: `create`, `load_data`, then `train` as long as it is asked.
#[wasm_bindgen]
pub struct Trainer {
    trainer: train::Trainer,
    device: Device,
    data: Option<Data>,
}

struct Data {
    train: Dataset,
    test: Dataset,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Options {
    #[serde(default)]
    model: ModelConfig,
    #[serde(default)]
    train: TrainConfig,
    #[serde(default, with = "serde_wasm_bindgen::preserve")]
    weights: JsValue,
    #[serde(default)]
    resume: bool,
}

#[derive(Serialize)]
struct Progress {
    step: u64,
    epoch: f64,
    images: usize,
    losses: Vec<Loss>,
    finite: bool,
}

#[wasm_bindgen]
impl Trainer {
    /// From `{ model, train, weights?, resume? }`: with `resume` training goes on where the weights' file stands, else it
    /// starts from the weights alone.
    pub async fn create(options: JsValue) -> Result<Trainer> {
        let Options { model, train, weights, resume } = plain(options)?;
        let bytes = (!weights.is_undefined() && !weights.is_null()).then(|| Uint8Array::new(&weights).to_vec());
        let (weights, checkpoint) = match bytes {
            Some(bytes) if resume => (None, Some(Checkpoint::from_bytes(&bytes)?)),
            Some(bytes) => (Some(Weights::from_bytes(&bytes)?), None),
            None => (None, None),
        };
        let given = checkpoint.as_ref().map(|checkpoint| &checkpoint.weights).or(weights.as_ref());
        if let Some(Weights { model: other, .. }) = given.filter(|given| given.model != model) {
            return Err(Error::Checkpoint(format!("they are for the model {other:?}, and this one is {model:?}")));
        }
        let device = device::open().await?;
        let trainer = match (checkpoint, weights) {
            (Some(checkpoint), _) => train::Trainer::from_checkpoint(checkpoint, train, &device)?,
            (None, Some(weights)) => train::Trainer::from_weights(weights, train, &device)?,
            (None, None) => train::Trainer::new(model, train, &device)?,
        };
        Ok(Self { trainer, device, data: None })
    }

    /// "CPU" or "WebGPU".
    pub fn device(&self) -> String {
        device::NAME.into()
    }

    /// Takes MNIST's four files; returns `{ train, test }`, their counts.
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
        Ok(object(&counts))
    }

    /// New settings, from the next step on.
    pub fn configure(&mut self, train: JsValue) -> Result<()> {
        self.trainer.configure(plain(train)?)
    }

    /// Takes some steps; returns where training stands and their losses.
    pub async fn train(&mut self, steps: usize) -> Result<JsValue> {
        let data = &data(&self.data)?.train;
        let losses = self.trainer.train(data, steps).await?;
        Ok(object(&Progress {
            step: self.trainer.step_count(),
            epoch: self.trainer.epochs_done(data.len()),
            images: steps * self.trainer.config().batch,
            finite: losses.iter().all(Loss::is_finite),
            losses,
        }))
    }

    /// Scores test images `from..from + count` (as far as there are) with z sampled.
    pub async fn evaluate(&self, from: usize, count: usize) -> Result<JsValue> {
        let data = &data(&self.data)?.test;
        let range = from.min(data.len() - 1)..from.saturating_add(count.max(1)).min(data.len());
        let TrainConfig { seed, corruption, .. } = *self.trainer.config();
        let scoring = Scoring { at: At::Sample, seed, corruption };
        let (model, config) = (self.trainer.model(), self.trainer.model_config());
        Ok(object(&evaluate::score(&model, config, data, range, scoring, &self.device).await?))
    }

    /// The weights as safetensors bytes, with `resume` all that is needed to go on exactly here.
    pub async fn checkpoint(&self, resume: bool) -> Result<Uint8Array> {
        let bytes = match resume {
            true => self.trainer.checkpoint().await?.to_bytes(),
            false => self.trainer.weights().await?.to_bytes(Precision::Single),
        };
        Ok(Uint8Array::from(bytes.as_slice()))
    }
}

/// What this module's device makes of the fused operations, with the sizes and numbers of `seed`: `[[name, values], ..]`.
#[wasm_bindgen]
pub async fn kernel_trial(seed: f64) -> Result<JsValue> {
    let device = device::open().await?;
    Ok(object(&kernels::trial::trial(kernels::trial::FUSED, seed as u64, &device).await?))
}

fn data(data: &Option<Data>) -> Result<&Data> {
    data.as_ref().ok_or_else(|| Error::Device("The training images are not loaded yet.".into()))
}

/// A plain object's fields, or a sentence about the one that is wrong.
fn plain<T: DeserializeOwned>(value: JsValue) -> Result<T> {
    serde_wasm_bindgen::from_value(value)
        .map_err(|error| Error::Device(format!("These settings cannot be read: {error}")))
}

fn object(value: &impl Serialize) -> JsValue {
    let serializer = serde_wasm_bindgen::Serializer::json_compatible();
    value.serialize(&serializer).expect("plain numbers and text always translate")
}

fn floats(values: &[f32]) -> Float32Array {
    Float32Array::from(values)
}
