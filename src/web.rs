//! The whole JavaScript surface: translation only. Numbers are plain, typed arrays are copies, failures are `Error`s with
//! a sentence for the person at the page. Methods that borrow mutably must not overlap: the worker queues its calls.

use js_sys::{Error as JsError, Float32Array, Uint8Array};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use wasm_bindgen::prelude::*;

use burn::tensor::Device;

use crate::checkpoint::{self, Checkpoint, Precision};
use crate::data::{Dataset, Images};
use crate::evaluate::{self, At};
use crate::model::ModelConfig;
use crate::random::{Stream, normals};
use crate::train::{Loss, TrainConfig};
use crate::{Error, Result, device, train};

impl From<Error> for JsValue {
    fn from(error: Error) -> Self {
        JsError::new(&error.to_string()).into()
    }
}

#[wasm_bindgen(start)]
fn start() {
    console_error_panic_hook::set_once();
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

/// Where two checkpoints of the same step differ most: `{ name, relative }`.
#[wasm_bindgen]
pub fn largest_difference(a: &[u8], b: &[u8]) -> Result<JsValue> {
    #[derive(Serialize)]
    struct Difference {
        name: String,
        relative: f64,
    }
    let (name, relative) = checkpoint::largest_difference(a, b)?;
    Ok(object(&Difference { name, relative }))
}

/// Bytes of wasm memory in use by this module, which never shrinks.
#[wasm_bindgen]
pub fn memory_bytes() -> f64 {
    core::arch::wasm32::memory_size::<0>() as f64 * 65_536.0
}

/// A trainer: `create`, `load_data`, then `train` as long as it is asked.
#[wasm_bindgen]
pub struct Trainer {
    trainer: train::Trainer,
    device: Device,
    data: Option<Data>,
}

struct Data {
    train: Images,
    test: Images,
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
    /// From `{ model, train, weights? }`.
    pub async fn create(options: JsValue) -> Result<Trainer> {
        let Options { model, train, weights } = plain(options)?;
        let file = match weights.is_undefined() || weights.is_null() {
            true => None,
            false => Some(Checkpoint::from_bytes(&Uint8Array::new(&weights).to_vec())?),
        };
        let device = device::open().await?;
        let trainer = match file {
            None => train::Trainer::new(model, train, &device)?,
            Some(file) if file.model == model => train::Trainer::from_checkpoint(&file, train, &device)?,
            Some(file) => {
                return Err(Error::Checkpoint(format!(
                    "they are for {} latents and {} hidden units, and this model has {} and {}",
                    file.model.latent, file.model.hidden, model.latent, model.hidden
                )));
            }
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
        let train = Dataset::parse("train", train_images, train_labels)?.images;
        let test = Dataset::parse("t10k", test_images, test_labels)?.images;
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
        let images = &data(&self.data)?.train;
        let losses = self.trainer.train(images, steps).await?;
        Ok(object(&Progress {
            step: self.trainer.step_count(),
            epoch: self.trainer.epochs_done(images.len()),
            images: steps * self.trainer.config().batch,
            finite: losses.iter().all(Loss::is_finite),
            losses,
        }))
    }

    /// Scores test images `from..from + count` (as far as there are) with z sampled.
    pub async fn evaluate(&self, from: usize, count: usize) -> Result<JsValue> {
        let images = &data(&self.data)?.test;
        let range = from.min(images.len() - 1)..from.saturating_add(count.max(1)).min(images.len());
        let latent = self.trainer.model_config().latent;
        let at = At::Sample { seed: self.trainer.config().seed };
        let model = self.trainer.model();
        Ok(object(&evaluate::score(&model, latent, images, range, at, &self.device).await?))
    }

    /// The weights as safetensors bytes, with `resume` all that is needed to go on exactly here.
    pub async fn checkpoint(&self, resume: bool) -> Result<Uint8Array> {
        let file = self.trainer.checkpoint(resume).await?;
        Ok(Uint8Array::from(file.to_bytes(Precision::Single).as_slice()))
    }
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

#[cfg(feature = "cpu")]
mod viewer {
    //! Answers everything interactive, on the CPU: one image costs less there than one readback from a GPU.

    use super::*;
    use crate::data::{PIXELS, frame};
    use crate::evaluate::Rendering;
    use crate::model::Vae;
    use crate::snapshot::now;

    /// A model to look at.
    #[wasm_bindgen]
    pub struct Viewer {
        file: Checkpoint,
        model: Vae,
        device: Device,
    }

    #[wasm_bindgen]
    impl Viewer {
        /// From the bytes of a safetensors file.
        pub fn load(weights: &[u8]) -> Result<Viewer> {
            let file = Checkpoint::from_bytes(weights)?;
            let device = device::cpu();
            let model = file.build(&device);
            Ok(Self { file, model, device })
        }

        /// Other weights, of any size; refused ones leave the model as it was.
        pub fn replace(&mut self, weights: &[u8]) -> Result<()> {
            *self = Self::load(weights)?;
            Ok(())
        }

        /// `{ model, usage, note }`: sizes, mean KL per component (or null) and what else the file says.
        pub fn describe(&self) -> JsValue {
            #[derive(Serialize)]
            struct Description<'a> {
                model: &'a ModelConfig,
                usage: Option<Vec<f64>>,
                note: &'a checkpoint::Notes,
            }
            object(&Description { model: &self.file.model, usage: self.file.usage(), note: &self.file.notes })
        }

        /// A square drawing as 784 pixels, or undefined when nothing is drawn.
        pub fn frame(&self, ink: &[f32], width: usize, centre: bool) -> Result<Option<Float32Array>> {
            expect("A drawing", width * width, ink.len())?;
            Ok(frame(ink, width, centre).map(|pixels| floats(&pixels)))
        }

        /// Everything the page shows about one image.
        pub fn look(&self, image: Vec<f32>, noise: Vec<f32>) -> Result<JsValue> {
            expect("An image", PIXELS, image.len())?;
            expect("The noise", self.file.model.latent, noise.len())?;
            let look = now(evaluate::look(&self.model, image, noise, &self.device))?;
            let kl = look.kl_per_component.iter().sum::<f32>();
            let rendering = |it: &Rendering| {
                record(&[
                    ("z", floats(&it.z).into()),
                    ("picture", floats(&it.picture).into()),
                    ("reconstruction", it.reconstruction.into()),
                    ("total", (it.reconstruction + kl).into()),
                ])
            };
            Ok(record(&[
                ("mean", floats(&look.mean).into()),
                ("sigma", floats(&look.sigma).into()),
                ("kl_per_component", floats(&look.kl_per_component).into()),
                ("kl", kl.into()),
                ("at_mean", rendering(&look.at_mean)),
                ("at_sample", rendering(&look.at_sample)),
            ]))
        }

        /// Pictures of codes, `n * Z` to `n * 784`.
        pub fn decode(&self, z: Vec<f32>) -> Result<Float32Array> {
            let latent = self.file.model.latent;
            expect_rows("Codes", latent, z.len())?;
            Ok(floats(&now(evaluate::decode(&self.model, z, latent, &self.device))?))
        }

        /// Reconstructions at the mean, `n * 784` to `n * 784`.
        pub fn reconstruct(&self, images: Vec<f32>) -> Result<Float32Array> {
            expect_rows("Images", PIXELS, images.len())?;
            Ok(floats(&now(evaluate::reconstruct(&self.model, images, &self.device))?))
        }

        /// Mean KL of each component over `n * 784` pixels.
        pub fn usage(&self, images: Vec<f32>) -> Result<Float32Array> {
            expect_rows("Images", PIXELS, images.len())?;
            Ok(floats(&now(evaluate::usage(&self.model, images, &self.device))?))
        }
    }

    fn expect(what: &'static str, expected: usize, found: usize) -> Result<()> {
        match found == expected && found > 0 {
            true => Ok(()),
            false => Err(Error::Length { what, expected: expected.to_string(), found }),
        }
    }

    fn expect_rows(what: &'static str, row: usize, found: usize) -> Result<()> {
        match found > 0 && found.is_multiple_of(row) {
            true => Ok(()),
            false => Err(Error::Length { what, expected: format!("a multiple of {row}"), found }),
        }
    }

    fn record(fields: &[(&str, JsValue)]) -> JsValue {
        let object = js_sys::Object::new();
        for (key, value) in fields {
            js_sys::Reflect::set(&object, &(*key).into(), value).expect("a fresh object takes any field");
        }
        object.into()
    }
}
