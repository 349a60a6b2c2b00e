//! A model's weights and configuration as one safetensors file, with PyTorch's names and layouts.
//!
//! A file that also resumes a training run ([`Checkpoint`](crate::train::Checkpoint)) holds the same tensors and metadata
//! and more; read here, it gives its weights. Files of other programs are recognised and converted ([`Loaded`]).

mod eight_bit;
mod file;
mod infer;
mod loaded;
mod names;
mod recognise;
mod zip;

pub use file::Precision;
pub(crate) use file::{Contents, File};
pub use loaded::{Conversion, Loaded};

use std::collections::BTreeMap;

use burn::module::{Module, ModuleMapper, Param};
use burn::tensor::{Device, Tensor, TensorData};
use serde::Serialize;
use serde_json::{Value, json};

use crate::data::Dataset;
use crate::model::{ModelConfig, Vae};
use crate::snapshot::{self, NamedTensor};
use crate::{Error, Result};

/// The largest file that is read, in bytes; every model of this family is smaller.
pub const LARGEST_FILE: usize = 64_000_000;
/// The largest checkpoint that is read, in bytes: a model's weights and two moments of each.
pub(crate) const LARGEST_CHECKPOINT: usize = 3 * LARGEST_FILE;

/// Prefix of the tensors of an optimiser's state.
pub(crate) const OPTIMISER: &str = "adam.";
/// Metadata keys of a training run's state.
pub(crate) const TRAINING: [&str; 4] = ["train", "step", "earlier_steps", "position"];
const USAGE: &str = "usage";
const DATA: &str = "data";
const DATA_SHA256: &str = "data_sha256";
const LEFT_OUT: &str = "left_out";

/// Free text about a model, by key: how it was trained, how it scored.
pub type Notes = BTreeMap<String, String>;

/// The data set that a model was trained on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TrainedOn {
    /// Its name.
    pub name: String,
    /// [`Dataset::sha256`] of the training images, where the file has it.
    pub sha256: Option<String>,
}

/// Notes for weights that are trained on `train`, whose [`Dataset::sha256`] is given.
pub fn notes_of(train: &Dataset, sha256: String) -> Notes {
    let count = grouped(train.len());
    let data = format!("{}, {count} training images", train.info.name);
    Notes::from([(DATA.into(), data), (DATA_SHA256.into(), sha256)])
}

/// `notes`, with the class that was not trained on, where there is one.
pub(crate) fn with_left_out(mut notes: Notes, class: Option<u8>) -> Notes {
    notes.extend(class.map(|class| (LEFT_OUT.into(), class.to_string())));
    notes
}

/// 60000 as "60,000".
pub fn grouped(count: usize) -> String {
    let digits = count.to_string();
    let groups: Vec<&str> =
        digits.as_bytes().rchunks(3).rev().map(|group| str::from_utf8(group).unwrap_or("")).collect();
    groups.join(",")
}

/// The parameters of a model, on the host.
#[derive(Debug, Clone, PartialEq)]
pub struct Weights {
    /// The configuration from which the model is built.
    pub model: ModelConfig,
    /// By name; in the order in which the model visits them once they [fit](Self::fit) it.
    pub parameters: Vec<NamedTensor>,
    /// Everything else in the file's metadata.
    pub notes: Notes,
}

impl Weights {
    /// The file's bytes.
    pub fn to_bytes(&self, precision: Precision) -> Vec<u8> {
        self.contents(precision).to_bytes()
    }

    /// Whether no weight is beyond the range of half precision, ±65,504.
    pub fn fit_half_precision(&self) -> bool {
        let most = half::f16::MAX.to_f32();
        self.parameters.iter().flat_map(|parameter| &parameter.values).all(|value| value.abs() <= most)
    }

    pub(crate) fn contents(&self, precision: Precision) -> Contents {
        let mut contents = Contents::new(self.notes.clone());
        contents.set("model", &self.model);
        for NamedTensor { name, shape, values } in &self.parameters {
            contents.push(name.clone(), shape, values, precision);
        }
        contents
    }

    /// Reads a file, ours or another program's with a learned variance; see [`Loaded::from_bytes`] for files that do not tell
    /// their likelihood.
    ///
    /// # Errors
    /// Those of [`Loaded::from_bytes`].
    pub fn from_bytes(bytes: &[u8]) -> Result<Self> {
        Ok(Loaded::from_bytes(bytes, None)?.weights)
    }

    pub(crate) fn read(file: &mut File) -> Result<Self> {
        Ok(Loaded::read(file, None)?.weights)
    }

    /// These weights in the order in which `model` visits its parameters, each of the shape it has there.
    ///
    /// # Errors
    /// When a parameter is missing or of another shape.
    pub fn fit(mut self, model: &Vae) -> Result<Self> {
        self.parameters = fit(self.parameters, model)?;
        Ok(self)
    }

    /// Checks that these are weights of `model`.
    ///
    /// # Errors
    /// When they are not; names the first setting in which the models differ.
    pub fn check_model(&self, model: &ModelConfig) -> Result<()> {
        check_same(&self.model, model)
    }

    /// Mean KL of each latent component on test data in nats, where the file has it: `[Z]`, or a codebook's `[N]`.
    pub fn usage(&self) -> Option<Vec<f64>> {
        let usage: Vec<f64> = serde_json::from_str(self.notes.get(USAGE)?).ok()?;
        (usage.len() == self.model.code_length()).then_some(usage)
    }

    /// The data set that the model was trained on, where the file says so.
    pub fn trained_on(&self) -> Option<TrainedOn> {
        let (name, _count) = self.notes.get(DATA)?.rsplit_once(", ")?;
        Some(TrainedOn { name: name.into(), sha256: self.notes.get(DATA_SHA256).cloned() })
    }

    /// The class that the model was not trained on, where the file names one.
    pub fn left_out(&self) -> Option<u8> {
        self.notes.get(LEFT_OUT)?.parse().ok()
    }

    /// Stores [`Weights::usage`] in the notes.
    pub fn note_usage(&mut self, usage: &[f64]) {
        self.notes.insert(USAGE.into(), file::json(&usage));
    }

    /// `model` with these parameters, on `model`'s device; they [fit](Self::fit) it.
    pub fn fill(&self, model: Vae) -> Vae {
        fill(model, &self.parameters)
    }

    /// The model with these weights, for inference.
    ///
    /// # Errors
    /// When a parameter is missing or of another shape than the configuration says.
    pub fn build(&self, device: &Device) -> Result<Vae> {
        let model = Vae::new(&self.model, 0, device);
        Ok(self.clone().fit(&model)?.fill(model))
    }
}

/// # Errors
/// When the configurations differ; names the first setting in which they do.
fn check_same(found: &ModelConfig, expected: &ModelConfig) -> Result<()> {
    match first_difference(found, expected) {
        None => Ok(()),
        Some((setting, [found, expected])) => {
            Err(Error::WeightsOtherModel { setting: setting.into(), found: found.into(), expected: expected.into() })
        }
    }
}

/// The first setting in which two configurations differ, with both values; the classes only where the model is conditional on the label.
fn first_difference(a: &ModelConfig, b: &ModelConfig) -> Option<(String, [String; 2])> {
    let usual = ModelConfig::default().classes;
    let [a, b] = [a, b]
        .map(|model| ModelConfig { classes: if model.labelled { model.classes } else { usual }, ..model.clone() });
    let [a, b] = [a, b].map(|model| json!(model));
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), String::from);
    let (key, value) = a.as_object()?.into_iter().find(|(key, value)| b[*key] != **value)?;
    Some((key.clone(), [text(value), text(&b[key])]))
}

/// `parameters` in the order in which `module` visits its own, each of the shape it has there.
///
/// # Errors
/// When one is missing or of another shape.
pub(crate) fn fit<M: Module>(mut parameters: Vec<NamedTensor>, module: &M) -> Result<Vec<NamedTensor>> {
    let mut fitting = Vec::with_capacity(parameters.len());
    for (name, shape) in snapshot::layout(module) {
        let Some(at) = parameters.iter().position(|values| values.name == name) else {
            return Err(Error::TensorMissing { tensor: name.into() });
        };
        let values = parameters.swap_remove(at);
        if values.shape != shape {
            return Err(Error::tensor_shape(&name, &values.shape, &shape));
        }
        fitting.push(values);
    }
    Ok(fitting)
}

/// `module` with these values in its parameters, in the order in which it visits them.
pub(crate) fn fill<M: Module>(module: M, parameters: &[NamedTensor]) -> M {
    module.map(&mut Fill { values: parameters.iter() })
}

struct Fill<'a> {
    values: std::slice::Iter<'a, NamedTensor>,
}

impl ModuleMapper for Fill<'_> {
    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        let NamedTensor { values, shape, .. } = self.values.next().expect("the values fit the module");
        param.map(|old| {
            let data = TensorData::new(values.clone(), shape.clone());
            let new = Tensor::from_data(data, &old.device());
            new.set_require_grad(old.is_require_grad())
        })
    }
}
