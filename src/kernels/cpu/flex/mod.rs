//! The fused operations on the tensors of burn's CPU backend, by the loops of [`cpu`](super): a module per operation.

mod adam;
mod batch_norm;
mod conv;
mod conv_transpose;
mod cross_entropy;
mod dense;
mod dense_pair;
mod pixels;
mod sample_and_kl;
mod total_and_record;

use burn::backend::Flex;
use burn::backend::flex::FlexTensor;
use burn::tensor::TensorData;

use crate::kernels::implement::implement_operations;

implement_operations!(Flex);

/// A tensor of these values, row by row.
fn tensor<const D: usize>(values: Vec<f32>, shape: [usize; D]) -> FlexTensor {
    FlexTensor::from_data(TensorData::new(values, shape))
}

/// The same tensor in row-major order without gaps, as [`values`] needs it.
fn contiguous(tensor: FlexTensor) -> FlexTensor {
    tensor.to_contiguous()
}

/// The elements of a contiguous tensor, row by row.
fn values(contiguous: &FlexTensor) -> &[f32] {
    contiguous.as_slice().expect("a contiguous tensor of f32")
}

fn shape<const D: usize>(tensor: &FlexTensor) -> [usize; D] {
    tensor.layout().shape().dims()
}

/// The elements of a tensor, to be changed in place; copied first if another tensor shares them.
fn values_mut(tensor: &mut FlexTensor) -> &mut [f32] {
    if tensor.layout().contiguous_offsets() != Some((0, tensor.storage::<f32>().len())) {
        *tensor = FlexTensor::from_data(tensor.clone().into_data());
    }
    tensor.storage_mut()
}
