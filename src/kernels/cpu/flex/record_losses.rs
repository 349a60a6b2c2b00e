//! Recording the losses of a step.

use burn::backend::flex::FlexTensor;

use super::{contiguous, values, values_mut};

pub fn write(reconstruction: FlexTensor, divergence: FlexTensor, mut losses: FlexTensor, row: usize) -> FlexTensor {
    for (column, term) in [reconstruction, divergence].map(contiguous).iter().enumerate() {
        let mean = values(term).iter().sum::<f32>() / values(term).len() as f32;
        values_mut(&mut losses)[2 * row + column] = mean;
    }
    losses
}
