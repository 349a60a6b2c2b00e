//! Tensors from plain numbers and back, for the other tests.

use burn::tensor::{Tensor, TensorData};
use latent_lab::device::cpu;
use latent_lab::snapshot::{block_on, read};

pub fn tensor<const D: usize>(values: &[f32], shape: [usize; D]) -> Tensor<D> {
    Tensor::from_data(TensorData::new(values.to_vec(), shape), &cpu())
}

pub fn values<const D: usize>(tensor: Tensor<D>) -> Vec<f32> {
    block_on(read(vec![tensor])).unwrap().remove(0)
}
