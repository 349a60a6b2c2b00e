//! Tensors from plain numbers and images, and back, for the other tests.

use burn::tensor::{Tensor, TensorData};
use latent_lab::data::{Dataset, PIXELS};
use latent_lab::device::cpu;
use latent_lab::objective::Batch;
use latent_lab::snapshot::{block_on, read};

pub fn tensor<const D: usize>(values: &[f32], shape: [usize; D]) -> Tensor<D> {
    Tensor::from_data(TensorData::new(values.to_vec(), shape), &cpu())
}

pub fn values<const D: usize>(tensor: Tensor<D>) -> Vec<f32> {
    block_on(read(vec![tensor])).unwrap().remove(0)
}

/// All images, `[n, P]`.
pub fn images(data: &Dataset) -> Tensor<2> {
    let pixels: Vec<f32> = (0..data.len()).flat_map(|image| data.images.pixels(image)).collect();
    tensor(&pixels, [data.len(), PIXELS])
}

/// All images with this noise, `[n * k * Z]`, without labels or corruption.
pub fn batch(data: &Dataset, noise: &[f32]) -> Batch {
    let images = images(data);
    let noise = tensor(noise, [data.len(), noise.len() / data.len()]);
    Batch { inputs: images.clone(), images, labels: None, noise, component: None, prior: None }
}
