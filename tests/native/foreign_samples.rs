//! Weights files as other programs write them: tensors that are renamed, converted, added or removed.

use std::fs;

use half::{bf16, f16};
use latent_lab::messages::sentence;
use latent_lab::model::LikelihoodKind;
use latent_lab::weights::{Loaded, Precision, Weights};
use safetensors::{Dtype, SafeTensors, tensor::TensorView};

/// A tensor as its file holds it.
#[derive(Debug, Clone)]
pub struct Raw {
    pub name: String,
    pub dtype: Dtype,
    pub shape: Vec<usize>,
    pub bytes: Vec<u8>,
}

impl Raw {
    pub fn new(name: &str, dtype: Dtype, shape: &[usize], bytes: Vec<u8>) -> Self {
        Self { name: name.into(), dtype, shape: shape.into(), bytes }
    }

    pub fn renamed(self, name: impl Fn(&str) -> String) -> Self {
        Self { name: name(&self.name), ..self }
    }

    fn values(&self) -> Vec<f32> {
        match self.dtype {
            Dtype::F16 => self.bytes.as_chunks().0.iter().map(|&bytes| f16::from_le_bytes(bytes).to_f32()).collect(),
            _ => self.bytes.as_chunks().0.iter().map(|&bytes| f32::from_le_bytes(bytes)).collect(),
        }
    }

    /// The same numbers, rounded to another type.
    pub fn converted(self, dtype: Dtype) -> Self {
        let values = self.values();
        let bytes = match dtype {
            Dtype::F64 => values.iter().flat_map(|&value| f64::from(value).to_le_bytes()).collect(),
            Dtype::BF16 => values.iter().flat_map(|&value| bf16::from_f32(value).to_le_bytes()).collect(),
            _ => values.iter().flat_map(|value| value.to_le_bytes()).collect(),
        };
        Self { dtype, bytes, ..self }
    }
}

/// A model that the page offers, in half precision: other programs have no 8-bit weights with scales.
pub fn shipped(name: &str) -> Vec<u8> {
    Weights::from_bytes(&shipped_file(name)).unwrap().to_bytes(Precision::Half)
}

/// A file that the page offers, as it is.
pub fn shipped_file(name: &str) -> Vec<u8> {
    fs::read(format!("{}/www/models/{name}.safetensors", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

/// The tensors of a file.
pub fn tensors(bytes: &[u8]) -> Vec<Raw> {
    let file = SafeTensors::deserialize(bytes).unwrap();
    let raw = |(name, view): (String, TensorView)| Raw::new(&name, view.dtype(), view.shape(), view.data().to_vec());
    file.tensors().into_iter().map(raw).collect()
}

/// A file of these tensors without metadata, as `save_file` of Python writes it.
pub fn saved_again(tensors: &[Raw]) -> Vec<u8> {
    saved_with(tensors, None)
}

/// The same with a metadata entry "model".
pub fn saved_with(tensors: &[Raw], model: Option<&str>) -> Vec<u8> {
    let views = tensors.iter().map(|Raw { name, dtype, shape, bytes }| {
        (name.clone(), TensorView::new(*dtype, shape.clone(), bytes).unwrap())
    });
    let metadata = model.map(|model| [("model".to_string(), model.to_string())].into());
    safetensors::serialize(views, metadata).unwrap()
}

pub fn bernoulli(bytes: &[u8]) -> Loaded {
    Loaded::from_bytes(bytes, Some(LikelihoodKind::Bernoulli)).unwrap()
}

/// The sentence with which a file is refused.
pub fn refusal(bytes: &[u8]) -> String {
    sentence(&Loaded::from_bytes(bytes, None).unwrap_err())
}
