//! Minibatches of several training steps, collected on the host and uploaded together.

use burn::tensor::{Device, Tensor, TensorData};
use rand::RngExt;

use super::{DivergenceKind, TrainConfig};
use crate::data::{Corruption, Images, Labels, PIXELS, binarise, one_hot, pixel};
use crate::kernels;
use crate::model::{ModelConfig, PriorKind};
use crate::objective::Batch;
use crate::random::{Stream, generator, normals};

/// Up to so many images become numbers on the host: that takes about as long (`docs/kernels.md`), in one launch less.
const FEW_IMAGES: usize = 512;

/// Minibatches on the host, one after the other.
#[derive(Debug, Default)]
pub struct HostBatches {
    /// Pixels as bytes, `[steps * B * P]`.
    pub images: Vec<u8>,
    /// N(0, 1) noise, `[steps * B * k * Z]`, with [`ModelConfig::noise_width`] as `Z`.
    pub noise: Vec<f32>,
    inputs: Vec<f32>,    // [steps * B * P], where corrupted
    labels: Vec<f32>,    // [steps * B * Y], where labelled
    component: Vec<f32>, // [steps * B], for a critic that is shown samples of a learned prior
    prior: Vec<f32>,     // [steps * B * Z], for a divergence between codes and prior samples
    steps: usize,
}

/// The same minibatches on the device.
#[derive(Debug)]
pub struct DeviceBatches {
    images: Tensor<2>,
    inputs: Option<Tensor<2>>,
    labels: Option<Tensor<2>>,
    noise: Tensor<2>,
    component: Option<Tensor<2>>,
    prior: Option<Tensor<2>>,
    batch: usize,
}

impl HostBatches {
    /// Room for `steps` minibatches of `batch` images, so that none is moved.
    pub fn with_capacity(steps: usize, batch: usize) -> Self {
        Self { images: Vec::with_capacity(steps * batch * PIXELS), ..Self::default() }
    }

    /// Adds the minibatch of the images `indices`, with the random numbers of `step`.
    pub fn add(
        &mut self,
        (images, labels): (&Images, Option<&Labels>),
        indices: &[usize],
        step: u64,
        model: &ModelConfig,
        train: &TrainConfig,
    ) {
        let TrainConfig { seed, corruption, samples, .. } = *train;
        let binarisation = &mut generator(seed, Stream::DynamicBinarisation { step });
        let corruption_random = &mut generator(seed, Stream::Corruption { step });
        for &index in indices {
            let start = self.images.len();
            self.images.extend_from_slice(images.bytes(index..index + 1));
            if train.binarise {
                binarise(&mut self.images[start..], binarisation);
            }
            if corruption != Corruption::None {
                self.inputs.extend(self.images[start..].iter().copied().map(pixel));
                corruption.apply(&mut self.inputs[start..], corruption_random);
            }
            if let Some(labels) = labels {
                self.labels.extend(one_hot(labels.class(index), model.classes));
            }
        }
        self.noise.extend(normals(seed, Stream::Noise { step }, indices.len() * model.noise_width() * samples));
        if model.critic && model.prior != PriorKind::Standard {
            let random = generator(seed, Stream::PriorComponent { step });
            self.component.extend(random.random_iter::<f32>().take(indices.len()));
        }
        if train.divergence == DivergenceKind::Mmd {
            self.prior.extend(normals(seed, Stream::PriorNoise { step }, indices.len() * model.latent));
        }
        self.steps += 1;
    }

    /// Uploads all minibatches, in one transfer for each kind of data. Where they are a trainer's `first`, pixels become numbers as in large
    /// uploads, so that the comparison of a GPU's first step with the CPU's covers that kernel.
    pub fn upload(self, first: bool, device: &Device) -> DeviceBatches {
        let rows = self.images.len() / PIXELS;
        let upload = |values: Vec<f32>| {
            let columns = values.len() / rows;
            Tensor::from_data(TensorData::new(values, [rows, columns]), device)
        };
        let upload_some = |values: Vec<f32>| (!values.is_empty()).then(|| upload(values));
        let images = match first || rows > FEW_IMAGES {
            true => kernels::pixels(self.images, PIXELS, device),
            false => upload(self.images.into_iter().map(pixel).collect()),
        };
        DeviceBatches {
            images,
            inputs: upload_some(self.inputs),
            labels: upload_some(self.labels),
            noise: upload(self.noise),
            component: upload_some(self.component),
            prior: upload_some(self.prior),
            batch: rows / self.steps,
        }
    }
}

impl DeviceBatches {
    /// The minibatch of the `n`-th step.
    pub fn batch(&self, n: usize) -> Batch {
        let rows = |of: &Tensor<2>| of.clone().narrow(0, n * self.batch, self.batch);
        let images = rows(&self.images);
        Batch {
            inputs: self.inputs.as_ref().map_or_else(|| images.clone(), rows),
            images,
            labels: self.labels.as_ref().map(rows),
            noise: rows(&self.noise),
            component: self.component.as_ref().map(rows),
            prior: self.prior.as_ref().map(rows),
        }
    }
}
