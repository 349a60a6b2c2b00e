//! A safetensors file (<https://github.com/huggingface/safetensors>): named tensors, and text metadata by key.

use std::collections::{BTreeMap, HashMap};

use half::{bf16, f16};
use safetensors::{Dtype, SafeTensorError, SafeTensors, tensor::TensorView};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::Notes;
use super::eight_bit::{is_matrix, quantise, restore, scale_name};
use super::recognise::recognise;
use crate::snapshot::NamedTensor;
use crate::{Error, Result};

/// How tensors are stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Precision {
    /// Matrices as 8-bit integers with a scale for each row, vectors as 16-bit floats.
    EightBit,
    /// 16-bit floats: three significant digits.
    Half,
    /// 32-bit floats, exactly as they are on the device.
    Single,
}

/// Tensors and metadata of a file to be written.
#[derive(Debug, Default)]
pub(crate) struct Contents {
    tensors: Vec<Stored>,
    metadata: BTreeMap<String, String>,
}

/// A tensor as its file holds it.
#[derive(Debug)]
struct Stored {
    name: String,
    dtype: Dtype,
    shape: Vec<usize>,
    bytes: Vec<u8>,
}

impl Stored {
    fn view(&self) -> (&str, TensorView<'_>) {
        let view = TensorView::new(self.dtype, self.shape.clone(), &self.bytes);
        (&self.name, view.expect("the length matches the shape"))
    }
}

impl Contents {
    /// A file with these notes, marked as PyTorch's (`format: pt`).
    pub fn new(notes: Notes) -> Self {
        let mut metadata = notes;
        metadata.insert("format".into(), "pt".into());
        Self { tensors: Vec::new(), metadata }
    }

    /// Adds a setting or a number as JSON.
    pub fn set(&mut self, key: &str, value: &impl Serialize) {
        self.metadata.insert(key.into(), json(value));
    }

    /// Adds a tensor, its values row by row.
    pub fn push(&mut self, name: String, shape: &[usize], values: &[f32], precision: Precision) {
        let (dtype, bytes) = match precision {
            Precision::EightBit if is_matrix(shape) => {
                let (scales, integers) = quantise(values, shape[0]);
                self.push(scale_name(&name), &shape[..1], &scales, Precision::Single);
                (Dtype::I8, integers.into_iter().map(i8::cast_unsigned).collect())
            }
            Precision::Single => (Dtype::F32, values.iter().flat_map(|value| value.to_le_bytes()).collect()),
            Precision::Half | Precision::EightBit => {
                let halves = values.iter().flat_map(|&value| f16::from_f32(value).to_le_bytes());
                (Dtype::F16, halves.collect())
            }
        };
        self.tensors.push(Stored { name, dtype, shape: shape.to_vec(), bytes });
    }

    /// The file's bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        let metadata: HashMap<String, String> = self.metadata.clone().into_iter().collect();
        safetensors::serialize(self.tensors.iter().map(Stored::view), Some(metadata)).expect("names are unique")
    }
}

/// A file whose header has been read.
#[derive(Debug)]
pub(crate) struct File<'a> {
    tensors: SafeTensors<'a>,
    metadata: Notes,
}

impl<'a> File<'a> {
    /// Reads the header of a file of at most `most` bytes.
    ///
    /// # Errors
    /// When the bytes are not a safetensors file, or too many. The error says what they are instead.
    pub fn parse(bytes: &'a [u8], most: usize) -> Result<Self> {
        if bytes.len() > most {
            let [megabytes, most] = [bytes.len(), most].map(|bytes| bytes.div_ceil(1_000_000).into());
            return Err(Error::FileTooLarge { megabytes, most });
        }
        let refused = |error: SafeTensorError| recognise(bytes, &error.to_string());
        let (length, header) = SafeTensors::read_metadata(bytes).map_err(refused)?;
        // The library adds up sizes without a check for overflow, which 32 bits reach.
        let data = bytes.len() - length;
        if header.tensors().values().any(|tensor| tensor.data_offsets.1 > data) {
            return Err(refused(SafeTensorError::ValidationOverflow));
        }
        let tensors = SafeTensors::deserialize(bytes).map_err(refused)?;
        let mut metadata: Notes = header.metadata().clone().unwrap_or_default().into_iter().collect();
        metadata.remove("format");
        Ok(Self { tensors, metadata })
    }

    /// Takes a JSON value out of the metadata; `None` where the file does not have the key.
    ///
    /// # Errors
    /// When the value cannot be parsed.
    pub fn take<T: DeserializeOwned>(&mut self, key: &str) -> Result<Option<T>> {
        let Some(text) = self.metadata.remove(key) else { return Ok(None) };
        let value = serde_json::from_str(&text);
        value.map(Some).map_err(|error| Error::WeightsMetadata { entry: key.into(), detail: error.to_string().into() })
    }

    /// Whether the metadata still have this key.
    pub fn has(&self, key: &str) -> bool {
        self.metadata.contains_key(key)
    }

    /// Takes what is left of the metadata.
    pub fn take_notes(&mut self) -> Notes {
        std::mem::take(&mut self.metadata)
    }

    /// Names of all tensors, sorted.
    pub fn names(&self) -> Vec<String> {
        let mut names: Vec<String> = self.tensors.names().into_iter().map(String::from).collect();
        names.sort_unstable();
        names
    }

    /// The sizes of a tensor, outermost first; `None` where the file does not have it.
    pub fn shape(&self, name: &str) -> Option<Vec<usize>> {
        self.tensors.tensor(name).map(|view| view.shape().to_vec()).ok()
    }

    pub fn dtype(&self, name: &str) -> Option<Dtype> {
        self.tensors.tensor(name).map(|view| view.dtype()).ok()
    }

    /// A tensor's values in single precision; those of F64 beyond its range are not finite.
    ///
    /// # Errors
    /// When the tensor is missing, of another type than F32, F16, BF16, F64 or I8 with scales, or holds values that are not finite.
    pub fn tensor(&self, name: &str) -> Result<NamedTensor> {
        let Ok(view) = self.tensors.tensor(name) else {
            return Err(Error::TensorMissing { tensor: name.into() });
        };
        let values: Vec<f32> = match view.dtype() {
            Dtype::F32 => words(view.data()).map(f32::from_le_bytes).collect(),
            Dtype::F16 => words(view.data()).map(|word| f16::from_le_bytes(word).to_f32()).collect(),
            Dtype::BF16 => words(view.data()).map(|word| bf16::from_le_bytes(word).to_f32()).collect(),
            Dtype::F64 => words(view.data()).map(|word| f64::from_le_bytes(word) as f32).collect(),
            Dtype::I8 if self.has_scale(name) => restore(view.data(), &self.scales(name, view.shape())?),
            other => return Err(Error::TensorType { tensor: name.into(), found: format!("{other:?}").into() }),
        };
        match values.iter().all(|value| value.is_finite()) {
            true => Ok(NamedTensor { name: name.into(), shape: view.shape().to_vec(), values }),
            false => Err(Error::TensorNotFinite { tensor: name.into() }),
        }
    }

    /// Whether the tensor has scales, as matrices in 8 bits do.
    pub fn has_scale(&self, name: &str) -> bool {
        self.shape(&scale_name(name)).is_some()
    }

    /// The scales of a matrix in 8 bits.
    fn scales(&self, name: &str, shape: &[usize]) -> Result<Vec<f32>> {
        let NamedTensor { name, shape: found, values } = self.tensor(&scale_name(name))?;
        let rows = shape.get(..1).unwrap_or_default();
        match found == rows {
            true => Ok(values),
            false => Err(Error::tensor_shape(&name, &found, rows)),
        }
    }
}

/// The bytes in groups of `N`.
fn words<const N: usize>(bytes: &[u8]) -> impl Iterator<Item = [u8; N]> {
    bytes.as_chunks().0.iter().copied()
}

/// A setting or a number as JSON.
pub(super) fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).expect("settings are plain numbers")
}
