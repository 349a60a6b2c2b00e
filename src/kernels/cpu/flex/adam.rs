//! Adam.

use burn::backend::Flex;
use burn::backend::flex::FlexTensor;

use super::{contiguous, values, values_mut};
use crate::kernels::cpu::adam;
use crate::kernels::operations::{AdamGroup, AdamParameter};

/// Returns values and moments. `rates` are step size, epsilon and the factor for each gradient.
pub fn update(group: AdamGroup<Flex>, mut moments: FlexTensor, rates: [f32; 3]) -> (Vec<FlexTensor>, FlexTensor) {
    let of_both = values_mut(&mut moments);
    let (mut first, mut second) = of_both.split_at_mut(of_both.len() / 2);
    let step = |AdamParameter { mut value, gradient }: AdamParameter<Flex>| {
        let gradient = contiguous(gradient);
        let size = values(&gradient).len();
        let (first_here, second_here);
        (first_here, first) = std::mem::take(&mut first).split_at_mut(size);
        (second_here, second) = std::mem::take(&mut second).split_at_mut(size);
        adam::update(values_mut(&mut value), values(&gradient), first_here, second_here, rates);
        value
    };
    let updated = group.parameters().into_iter().map(step).collect();
    (updated, moments)
}
