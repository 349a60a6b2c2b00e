//! Weights from a file of ours or of another program: what was inferred, converted and left out.

use std::collections::BTreeSet;

use safetensors::Dtype;
use serde::Serialize;

use super::eight_bit::scale_name;
use super::infer::{Shapes, infer};
use super::names::Names;
use super::{File, LARGEST_FILE, OPTIMISER, Precision, TRAINING, Weights, check_same, first_difference};
use crate::model::{LikelihoodKind, ModelConfig, layout};
use crate::snapshot::NamedTensor;
use crate::{Error, Result};

/// PyTorch's batch norm counts its batches under this name; nothing here depends on it.
const BATCHES: &str = "num_batches_tracked";

/// Weights, and how they differ from the file that they are from.
#[derive(Debug, Clone, PartialEq)]
pub struct Loaded {
    /// With our names, in the order in which the model visits its parameters; [`Weights::to_bytes`] writes a file of ours.
    pub weights: Weights,
    /// The precision that keeps every bit of the file's tensors.
    pub precision: Precision,
    /// What was converted or inferred; empty for a file of ours.
    pub converted: Vec<Conversion>,
    /// Tensors that the model does not have, by the file's names: moments of an optimiser, averaged copies.
    pub unused: Vec<String>,
}

/// Something that was changed to make a file one of ours. The sentences are the catalogue's `explore.model.converted.<kind>`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[allow(missing_docs, reason = "the variants say what their values are")]
pub enum Conversion {
    /// The configuration was inferred from names and shapes.
    Configuration {},
    /// The likelihood is the one that was answered.
    Likelihood {},
    /// A prefix was removed from the names.
    Prefix { prefix: String },
    /// The names of PyTorch's VAE example were translated.
    PytorchExample {},
    /// Numbers of this type became F32.
    Type { dtype: String },
}

impl Loaded {
    /// Reads a safetensors file of ours or of another program. `likelihood` answers
    /// [`WeightsLikelihoodUnknown`](Error::WeightsLikelihoodUnknown): it counts where the file does not tell.
    ///
    /// # Errors
    /// When the bytes are not a safetensors file, a tensor of the model is missing, of the wrong shape or not finite, the model is
    /// outside the family's limits, the metadata contradict the tensors or the answer, or the likelihood is not known.
    pub fn from_bytes(bytes: &[u8], likelihood: Option<LikelihoodKind>) -> Result<Self> {
        Self::read(&mut File::parse(bytes, LARGEST_FILE)?, likelihood)
    }

    pub(crate) fn read(file: &mut File, answer: Option<LikelihoodKind>) -> Result<Self> {
        let stated: Option<ModelConfig> = file.take("model")?;
        let names = Names::of(&file.names());
        let shapes: Shapes =
            names.iter().filter_map(|(ours, original)| Some((ours.into(), file.shape(original)?))).collect();
        let model = configuration(stated.as_ref(), &shapes, answer, file)?;
        let layout = layout(&model);
        check_layout(&layout, &shapes)?;
        let mut parameters = Vec::with_capacity(layout.len());
        for (name, _) in &layout {
            let original = names.original(name).ok_or_else(|| Error::TensorMissing { tensor: name.as_str().into() })?;
            parameters.push(NamedTensor { name: name.clone(), ..file.tensor(original)? });
        }
        let known = stated.is_some() || model.likelihood.has_parameters();
        let likelihood = match (known, answer) {
            (true, _) => None,
            (false, Some(_)) => Some(Conversion::Likelihood {}),
            (false, None) => return Err(Error::WeightsLikelihoodUnknown {}),
        };
        let used: Vec<&str> = layout.iter().filter_map(|(name, _)| names.original(name)).collect();
        let types = types(file, &used);
        let inferred = stated.is_none().then_some(Conversion::Configuration {});
        let converted = inferred.into_iter().chain(likelihood).chain(names.conversions.iter().cloned());
        let converted = converted.chain(types.iter().filter_map(conversion)).collect();
        let precision = match types.iter().collect::<Vec<_>>()[..] {
            [Dtype::F16] => Precision::Half,
            [Dtype::I8] | [Dtype::I8, Dtype::F16] => Precision::EightBit,
            _ => Precision::Single,
        };
        let unused = unused(file, &used);
        let mut notes = file.take_notes();
        notes.retain(|key, _| !TRAINING.contains(&key.as_str()));
        Ok(Self { weights: Weights { model, parameters, notes }, precision, converted, unused })
    }
}

/// The configuration that the metadata state, checked against tensors and answer; else the one that the tensors have, with the
/// likelihood of the answer.
fn configuration(
    stated: Option<&ModelConfig>,
    shapes: &Shapes,
    answer: Option<LikelihoodKind>,
    file: &File,
) -> Result<ModelConfig> {
    let base = stated.cloned().unwrap_or_default();
    let Some(mut inferred) = infer(shapes, &base) else { return Err(unknown_model(file)) };
    if let Some(stated) = stated {
        stated.check()?;
        if inferred.check().is_ok() && check_layout(&layout(&inferred), shapes).is_ok() {
            check_stated(stated, &inferred)?;
        }
        inferred = stated.clone();
    }
    inferred.check()?;
    let known = stated.is_some() || inferred.likelihood.has_parameters();
    match answer {
        Some(likelihood) if known => {
            check_same(&inferred, &ModelConfig { likelihood, ..inferred.clone() })?;
            Ok(inferred)
        }
        Some(likelihood) => Ok(ModelConfig { likelihood, ..inferred }),
        None => Ok(inferred),
    }
}

/// Another network's file; names what it holds instead.
fn unknown_model(file: &File) -> Error {
    const MOST: usize = 3;
    let names = file.names();
    let found = if names.is_empty() { "\u{2013}".into() } else { names[..names.len().min(MOST)].join(", ") };
    Error::WeightsUnknownModel { tensor: "encoder.mean.weight".into(), found: found.into() }
}

/// Compares the metadata with a configuration that fits all tensors.
fn check_stated(stated: &ModelConfig, inferred: &ModelConfig) -> Result<()> {
    match first_difference(stated, inferred) {
        None => Ok(()),
        Some((setting, [stated, found])) => {
            Err(Error::WeightsContradiction { setting: setting.into(), stated: stated.into(), found: found.into() })
        }
    }
}

fn check_layout(layout: &[(String, Vec<usize>)], shapes: &Shapes) -> Result<()> {
    for (name, expected) in layout {
        match shapes.get(name) {
            Some(found) if found == expected => {}
            Some(found) => return Err(Error::tensor_shape(name, found, expected)),
            None => return Err(Error::TensorMissing { tensor: name.as_str().into() }),
        }
    }
    Ok(())
}

/// The types of the tensors used.
fn types(file: &File, used: &[&str]) -> BTreeSet<Dtype> {
    used.iter().filter_map(|name| file.dtype(name)).collect()
}

fn conversion(dtype: &Dtype) -> Option<Conversion> {
    (!matches!(dtype, Dtype::F32 | Dtype::F16 | Dtype::I8)).then(|| Conversion::Type { dtype: format!("{dtype:?}") })
}

/// Tensors that nothing here reads. A checkpoint's moments resume its run, PyTorch's count of batches is no weight, and a
/// scale is read with its matrix.
fn unused(file: &File, used: &[&str]) -> Vec<String> {
    let used: BTreeSet<&str> = used.iter().copied().collect();
    let resumes = file.has("train");
    let mut names = file.names();
    names.retain(|name| {
        let moment = resumes && name.starts_with(OPTIMISER);
        let batches = name.rsplit('.').next() == Some(BATCHES);
        let scale = used.iter().any(|used| *name == scale_name(used));
        !used.contains(name.as_str()) && !moment && !batches && !scale
    });
    names
}
