//! Adam (Kingma & Ba 2015, algorithm 1), one pass: four numbers read and three written for each parameter.

use super::simd::vectorised;
use super::threads::{Place, split};

const BETA_1: f64 = 0.9;
const BETA_2: f64 = 0.999;

/// Moves parameters one step against their gradient and brings both moments up to date. Both bias corrections are folded
/// into the first two of `rates`, step size and epsilon; the third is the share of each gradient that counts.
pub fn update(value: &mut [f32], gradient: &[f32], first: &mut [f32], second: &mut [f32], rates: [f32; 3]) {
    let len = value.len();
    assert!(gradient.len() == len && first.len() == len && second.len() == len, "one moment each for a parameter");
    let blocks = len.div_ceil(BLOCK);
    let [value, first, second] = [value, first, second].map(Place::of);
    split(blocks, len * COST, |range| {
        let range = range.start * BLOCK..len.min(range.end * BLOCK);
        // SAFETY: nobody else has this range, and it lies within slices of `len` numbers.
        let [value, first, second] = [value, first, second].map(|place| unsafe { place.part(range.clone()) });
        one_pass(value, &gradient[range], first, second, rates);
    });
}

/// So many parameters stay together.
const BLOCK: usize = 4096;
/// The time a parameter takes, in multiplications of a product.
const COST: usize = 16;

vectorised! {
    fn one_pass(value: &mut [f32], gradient: &[f32], first: &mut [f32], second: &mut [f32], rates: [f32; 3]) {
        let [step_size, epsilon, share] = rates;
        let (keep_1, keep_2) = (BETA_1 as f32, BETA_2 as f32);
        let (take_1, take_2) = ((1.0 - BETA_1) as f32, (1.0 - BETA_2) as f32);
        for (((value, gradient), first), second) in value.iter_mut().zip(gradient).zip(first).zip(second) {
            let gradient = gradient * share;
            *first = *first * keep_1 + gradient * take_1;
            *second = *second * keep_2 + gradient * gradient * take_2;
            *value -= *first / (second.sqrt() + epsilon) * step_size;
        }
    }
}
