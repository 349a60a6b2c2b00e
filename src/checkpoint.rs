//! A model and its place in training as one safetensors file, with PyTorch's names and layouts
//! (<https://github.com/huggingface/safetensors>); the settings travel in its metadata.

use std::collections::{BTreeMap, HashMap};

use burn::module::{Module, ModuleMapper, Param};
use burn::tensor::{Device, Tensor, TensorData};
use half::f16;
use safetensors::{Dtype, SafeTensors, tensor::TensorView};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::data::Position;
use crate::model::{ModelConfig, Vae};
use crate::snapshot::{self, Values};
use crate::train::TrainConfig;
use crate::{Error, Result};

/// A file larger than this is no model of this family.
pub const LARGEST_FILE: usize = 64 << 20;

const FIRST_MOMENT: &str = "adam.first.";
const USAGE: &str = "usage";
const SECOND_MOMENT: &str = "adam.second.";

/// Free text about a model, by key: where it came from, how it scored.
pub type Notes = BTreeMap<String, String>;

/// Everything a file can hold.
#[derive(Debug, Clone, PartialEq)]
pub struct Checkpoint {
    pub model: ModelConfig,
    pub parameters: Vec<Values>,
    /// What training needs to go on; absent in a file of mere weights.
    pub progress: Option<Progress>,
    pub notes: Notes,
}

/// A place in training.
#[derive(Debug, Clone, PartialEq)]
pub struct Progress {
    pub train: TrainConfig,
    pub step: u64,
    pub position: Position,
    /// Adam's first and second moments, one pair a parameter, in the parameters' order; empty for running statistics.
    pub moments: Vec<[Vec<f32>; 2]>,
}

/// How weights are stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Precision {
    Half,
    Single,
}

impl Checkpoint {
    /// The file's bytes.
    pub fn to_bytes(&self, precision: Precision) -> Vec<u8> {
        let mut metadata: HashMap<String, String> = self.notes.clone().into_iter().collect();
        metadata.insert("format".into(), "pt".into());
        metadata.insert("model".into(), json(&self.model));
        let mut tensors = Vec::new();
        for Values { name, shape, values } in &self.parameters {
            tensors.push(Stored::new(name.clone(), shape, values, precision));
        }
        if let Some(progress) = &self.progress {
            metadata.insert("train".into(), json(&progress.train));
            metadata.insert("step".into(), json(&progress.step));
            metadata.insert("position".into(), json(&progress.position));
            let moments = self.parameters.iter().zip(&progress.moments);
            for (Values { name, shape, .. }, [first, second]) in moments.filter(|(values, _)| !values.is_running()) {
                tensors.push(Stored::new(format!("{FIRST_MOMENT}{name}"), shape, first, Precision::Single));
                tensors.push(Stored::new(format!("{SECOND_MOMENT}{name}"), shape, second, Precision::Single));
            }
        }
        let views = tensors.iter().map(|stored| (stored.name.as_str(), stored.view()));
        safetensors::serialize(views, Some(metadata)).expect("names are unique and lengths match shapes")
    }

    /// Reads a file, ours or one that PyTorch wrote with our names.
    ///
    /// # Errors
    /// When the bytes are no safetensors file, a tensor is missing, has another shape, or holds no finite number.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self> {
        if bytes.len() > LARGEST_FILE {
            return refuse(format!(
                "the file has {} MB; models here have at most {}",
                bytes.len() >> 20,
                LARGEST_FILE >> 20
            ));
        }
        let (_, header) = SafeTensors::read_metadata(bytes).map_err(damaged)?;
        let file = SafeTensors::deserialize(bytes).map_err(damaged)?;
        let mut metadata: Notes = header.metadata().clone().unwrap_or_default().into_iter().collect();
        metadata.remove("format");
        let model = match metadata.remove("model") {
            Some(text) => parse("model", &text)?,
            None => sizes(&file)?,
        };
        model.check().map_err(|error| Error::Checkpoint(error.to_string()))?;

        let mut parameters = Vec::new();
        let mut names: Vec<&str> = file.names();
        names.sort_unstable();
        for name in names.iter().filter(|name| !name.starts_with(FIRST_MOMENT) && !name.starts_with(SECOND_MOMENT)) {
            parameters.push(tensor(&file, name)?);
        }
        let progress = match (metadata.remove("train"), metadata.remove("step"), metadata.remove("position")) {
            (Some(train), Some(step), Some(position)) => {
                let step = parse("step", &step)?;
                let moments = if step == 0 { Vec::new() } else { moments(&file, &parameters)? };
                Some(Progress {
                    train: parse("train", &train)?,
                    step,
                    position: parse("position", &position)?,
                    moments,
                })
            }
            _ => None,
        };
        Ok(Self { model, parameters, progress, notes: metadata })
    }

    /// This checkpoint with its parameters in the order in which `model` visits them, each of the shape it has there.
    ///
    /// # Errors
    /// When one is missing or of another shape.
    pub fn fit(mut self, model: &Vae) -> Result<Self> {
        let layout = snapshot::layout(model);
        let mut order = Vec::with_capacity(layout.len());
        for (name, shape) in &layout {
            let Some(at) = self.parameters.iter().position(|values| &values.name == name) else {
                return refuse(format!("{name} is missing"));
            };
            if &self.parameters[at].shape != shape {
                return refuse(format!("{name} has the shape {:?}, not {shape:?}", self.parameters[at].shape));
            }
            order.push(at);
        }
        self.parameters = order.iter().map(|&at| self.parameters[at].clone()).collect();
        if let Some(progress) = self.progress.as_mut().filter(|progress| progress.step > 0) {
            progress.moments = order.iter().map(|&at| progress.moments[at].clone()).collect();
        }
        Ok(self)
    }

    /// Mean KL of each latent component on test data, in nats, where the file's notes say it: `[Z]`.
    pub fn usage(&self) -> Option<Vec<f64>> {
        let usage: Vec<f64> = serde_json::from_str(self.notes.get(USAGE)?).ok()?;
        (usage.len() == self.model.code_length()).then_some(usage)
    }

    /// Notes [`Checkpoint::usage`].
    pub fn note_usage(&mut self, usage: &[f64]) {
        self.notes.insert(USAGE.into(), json(&usage));
    }

    /// `model` with this checkpoint's parameters, on `model`'s device; the checkpoint [fits](Self::fit) it.
    pub fn fill(&self, model: Vae) -> Vae {
        let mut fill = Fill { values: self.parameters.iter() };
        model.map(&mut fill)
    }

    /// The checkpoint's model, ready to look at.
    ///
    /// # Errors
    /// When a parameter is missing or of another shape than the model's settings say.
    pub fn build(&self, device: &Device) -> Result<Vae> {
        let model = Vae::new(&self.model, 0, device);
        Ok(self.clone().fit(&model)?.fill(model))
    }
}

/// Puts values into parameters, in the order in which the model visits them.
pub(crate) struct Fill<'a> {
    pub(crate) values: std::slice::Iter<'a, Values>,
}

impl ModuleMapper for Fill<'_> {
    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        let Values { values, shape, .. } = self.values.next().expect("a checkpoint holds every parameter");
        param.map(|old| {
            let data = TensorData::new(values.clone(), shape.clone());
            let new = Tensor::from_data(data, &old.device());
            new.set_require_grad(old.is_require_grad())
        })
    }
}

/// The sizes of a model whose file does not say them.
fn sizes(file: &SafeTensors) -> Result<ModelConfig> {
    let name = "decoder.hidden.weight";
    match file.tensor(name).map(|view| view.shape().to_vec()).as_deref() {
        Ok(&[hidden, latent]) => Ok(ModelConfig { latent, hidden, ..ModelConfig::default() }),
        _ => refuse(format!("the matrix {name} is missing")),
    }
}

fn moments(file: &SafeTensors, parameters: &[Values]) -> Result<Vec<[Vec<f32>; 2]>> {
    let moment = |prefix: &str, values: &Values| {
        if values.is_running() {
            return Ok(Vec::new());
        }
        let Values { name, shape, .. } = values;
        let moment = tensor(file, &format!("{prefix}{name}"))?;
        match &moment.shape == shape {
            true => Ok(moment.values),
            false => refuse(format!("{} has the shape {:?}, not {shape:?}", moment.name, moment.shape)),
        }
    };
    parameters.iter().map(|values| Ok([moment(FIRST_MOMENT, values)?, moment(SECOND_MOMENT, values)?])).collect()
}

pub(crate) fn tensor(file: &SafeTensors, name: &str) -> Result<Values> {
    let Ok(view) = file.tensor(name) else {
        return refuse(format!("{name} is missing"));
    };
    let values: Vec<f32> = match view.dtype() {
        Dtype::F32 => words(view.data()).map(f32::from_le_bytes).collect(),
        Dtype::F16 => words(view.data()).map(|word| f16::from_le_bytes(word).to_f32()).collect(),
        other => return refuse(format!("{name} holds {other:?}, not F32 or F16")),
    };
    match values.iter().all(|value| value.is_finite()) {
        true => Ok(Values { name: name.into(), shape: view.shape().to_vec(), values }),
        false => refuse(format!("{name} holds values that are not finite numbers")),
    }
}

fn words<const N: usize>(bytes: &[u8]) -> impl Iterator<Item = [u8; N]> {
    bytes.as_chunks().0.iter().copied()
}

/// A tensor as its file will hold it.
pub(crate) struct Stored {
    pub(crate) name: String,
    dtype: Dtype,
    shape: Vec<usize>,
    bytes: Vec<u8>,
}

impl Stored {
    pub(crate) fn new(name: String, shape: &[usize], values: &[f32], precision: Precision) -> Self {
        let (dtype, bytes) = match precision {
            Precision::Single => (Dtype::F32, values.iter().flat_map(|value| value.to_le_bytes()).collect()),
            Precision::Half => {
                let halves = values.iter().flat_map(|&value| f16::from_f32(value).to_le_bytes());
                (Dtype::F16, halves.collect())
            }
        };
        Self { name, dtype, shape: shape.to_vec(), bytes }
    }

    pub(crate) fn view(&self) -> TensorView<'_> {
        TensorView::new(self.dtype, self.shape.clone(), &self.bytes).expect("the length matches the shape")
    }
}

/// Where two checkpoints of the same run differ most in their gradients' first moments: the parameter's name, and the
/// norm of the difference over the norm of `a`'s. After one step that compares two devices' gradients.
///
/// # Errors
/// When either file is damaged or has no place in training, or the models differ.
pub fn largest_difference(a: &[u8], b: &[u8]) -> Result<(String, f64)> {
    let (a, b) = (Checkpoint::from_bytes(a)?, Checkpoint::from_bytes(b)?);
    let (Some(first), Some(second)) = (&a.progress, &b.progress) else {
        return refuse("they do not say where training stands".into());
    };
    if a.model != b.model {
        return refuse("the two models differ in size".into());
    }
    let norm = |values: &mut dyn Iterator<Item = f32>| values.map(|x| f64::from(x).powi(2)).sum::<f64>().sqrt();
    let worst = a
        .parameters
        .iter()
        .zip(first.moments.iter().zip(&second.moments))
        .map(|(parameter, ([x, _], [y, _]))| {
            let difference = norm(&mut x.iter().zip(y).map(|(x, y)| x - y));
            let relative = difference / norm(&mut x.iter().copied()).max(f64::MIN_POSITIVE);
            (parameter.name.clone(), relative)
        })
        .max_by(|(_, x), (_, y)| x.total_cmp(y));
    worst.ok_or_else(|| Error::Checkpoint("no step was taken".into()))
}

fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).expect("settings are plain numbers")
}

fn parse<T: DeserializeOwned>(key: &str, text: &str) -> Result<T> {
    serde_json::from_str(text).map_err(|error| Error::Checkpoint(format!("the metadata '{key}' is damaged: {error}")))
}

pub(crate) fn damaged(error: impl std::fmt::Display) -> Error {
    Error::Checkpoint(format!("this is no intact safetensors file ({error})"))
}

pub(crate) fn refuse<T>(reason: String) -> Result<T> {
    Err(Error::Checkpoint(reason))
}
