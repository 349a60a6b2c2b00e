//! Adam.

use burn::backend::flex::FlexTensor;

use super::{contiguous, shape, values, values_mut};
use crate::kernels::cpu::adam;

/// Returns value and moments.
pub fn update(
    mut value: FlexTensor,
    gradient: FlexTensor,
    mut moments: FlexTensor,
    rates: FlexTensor,
) -> (FlexTensor, FlexTensor) {
    let [gradient, rates] = [gradient, rates].map(contiguous);
    let rates = values(&rates)[..3].try_into().expect("three elements");
    let [size] = shape(&value);
    let (first, second) = values_mut(&mut moments).split_at_mut(size);
    adam::update(values_mut(&mut value), values(&gradient), first, second, rates);
    (value, moments)
}

/// The same for two parameters, each value, gradient and moments; returns value and moments of each.
pub fn update_pair(one: [FlexTensor; 3], other: [FlexTensor; 3], rates: FlexTensor) -> [[FlexTensor; 2]; 2] {
    [one, other].map(|[value, gradient, moments]| update(value, gradient, moments, rates.clone()).into())
}
