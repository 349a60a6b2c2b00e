//! Adam (Kingma & Ba 2015, algorithm 1) in one pass: four numbers read and three written per parameter.

use super::simd::vectorised;
use super::threads::{OutputSlice, split};
use crate::kernels::constants::{ADAM_BETA_1, ADAM_BETA_2};

/// Updates parameters and both moments by one step. `rates` are step size and epsilon, both with the bias corrections
/// folded in, and the factor for each gradient.
///
/// # Shapes
/// All slices have the same length.
pub fn update(value: &mut [f32], gradient: &[f32], first: &mut [f32], second: &mut [f32], rates: [f32; 3]) {
    let len = value.len();
    assert!(
        gradient.len() == len && first.len() == len && second.len() == len,
        "one moment of each kind per parameter"
    );
    let blocks = len.div_ceil(BLOCK);
    let [value, first, second] = [value, first, second].map(OutputSlice::of);
    split(blocks, len * TIME_PER_PARAMETER, |range| {
        let range = range.start * BLOCK..len.min(range.end * BLOCK);
        // SAFETY: no other call has this range, and it lies within slices of length `len`.
        let [value, first, second] = [value, first, second].map(|output| unsafe { output.part(range.clone()) });
        one_pass(value, &gradient[range], first, second, rates);
    });
}

/// Parameters that one thread updates together.
const BLOCK: usize = 4096;
/// Time per parameter, in multiply-adds of a matrix product.
const TIME_PER_PARAMETER: usize = 16;

vectorised! {
    fn one_pass(value: &mut [f32], gradient: &[f32], first: &mut [f32], second: &mut [f32], rates: [f32; 3]) {
        let [step_size, epsilon, gradient_factor] = rates;
        let (keep_1, keep_2) = (ADAM_BETA_1 as f32, ADAM_BETA_2 as f32);
        let (add_1, add_2) = ((1.0 - ADAM_BETA_1) as f32, (1.0 - ADAM_BETA_2) as f32);
        for (((value, gradient), first), second) in value.iter_mut().zip(gradient).zip(first).zip(second) {
            let gradient = gradient * gradient_factor;
            *first = *first * keep_1 + gradient * add_1;
            *second = *second * keep_2 + gradient * gradient * add_2;
            *value -= *first / (second.sqrt() + epsilon) * step_size;
        }
    }
}
