//! What the steps of one chunk look at, gathered on the host and uploaded together.

use burn::tensor::{Device, Tensor, TensorData};

use super::TrainConfig;
use crate::data::{Corruption, DIGITS, Dataset, PIXELS, binarise, one_hot};
use crate::model::ModelConfig;
use crate::objective::Batch;
use crate::random::{Stream, generator, normals};

/// Batches on the host, one after the other.
#[derive(Debug, Default)]
pub struct Gathered {
    images: Vec<f32>,
    inputs: Vec<f32>,
    labels: Vec<f32>,
    noise: Vec<f32>,
    steps: usize,
}

/// The same batches on the device.
#[derive(Debug)]
pub struct Feed {
    images: Tensor<2>,
    inputs: Option<Tensor<2>>,
    labels: Option<Tensor<2>>,
    noise: Tensor<2>,
    batch: usize,
}

impl Gathered {
    /// Adds a batch: the images of `indices`, `told` their digits or not. Random numbers are those of `step`.
    pub fn add(
        &mut self,
        (data, indices, told): (&Dataset, &[usize], bool),
        step: u64,
        model: &ModelConfig,
        train: &TrainConfig,
    ) {
        let TrainConfig { seed, corruption, samples, .. } = *train;
        let coins = &mut generator(seed, Stream::DynamicBinarisation { step });
        let damage = &mut generator(seed, Stream::Corruption { step });
        for &index in indices {
            let start = self.images.len();
            self.images.extend(data.images.pixels(index));
            if train.binarise {
                binarise(&mut self.images[start..], coins);
            }
            if corruption != Corruption::None {
                self.inputs.extend_from_slice(&self.images[start..]);
                corruption.apply(&mut self.inputs[start..], damage);
            }
            if told {
                self.labels.extend(one_hot(data.labels.digit(index)));
            }
        }
        self.noise.extend(normals(seed, Stream::Noise { step }, indices.len() * model.latent * samples));
        self.steps += 1;
    }

    pub fn upload(self, device: &Device) -> Feed {
        let rows = self.images.len() / PIXELS;
        let upload = |values: Vec<f32>| {
            let columns = values.len() / rows;
            Tensor::from_data(TensorData::new(values, [rows, columns]), device)
        };
        let some = |values: Vec<f32>| (!values.is_empty()).then(|| upload(values));
        debug_assert!(self.labels.is_empty() || self.labels.len() == rows * DIGITS);
        Feed {
            images: upload(self.images),
            inputs: some(self.inputs),
            labels: some(self.labels),
            noise: upload(self.noise),
            batch: rows / self.steps,
        }
    }
}

impl Feed {
    /// The `n`-th of its batches.
    pub fn batch(&self, n: usize) -> Batch {
        let rows = |of: &Tensor<2>| of.clone().narrow(0, n * self.batch, self.batch);
        let images = rows(&self.images);
        Batch {
            inputs: self.inputs.as_ref().map_or_else(|| images.clone(), rows),
            images,
            labels: self.labels.as_ref().map(rows),
            noise: rows(&self.noise),
        }
    }
}
