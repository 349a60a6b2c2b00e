//! The loss of each image, and a record of its terms.

use burn::backend::flex::FlexTensor;

use super::{contiguous, tensor, values, values_mut};

pub fn forward(
    reconstruction: FlexTensor,
    divergence: FlexTensor,
    beta: f32,
    mut losses: FlexTensor,
    row: usize,
) -> (FlexTensor, FlexTensor) {
    let terms = [reconstruction, divergence].map(contiguous);
    let [reconstruction, divergence] = [&terms[0], &terms[1]].map(values);
    for (column, term) in [reconstruction, divergence].into_iter().enumerate() {
        values_mut(&mut losses)[2 * row + column] = term.iter().sum::<f32>() / term.len() as f32;
    }
    let total =
        reconstruction.iter().zip(divergence).map(|(reconstruction, divergence)| reconstruction + beta * divergence);
    (tensor(total.collect(), [reconstruction.len()]), losses)
}
