//! A reparameterised sample and its KL divergence.

use burn::backend::Flex;
use burn::backend::flex::FlexTensor;

use super::{contiguous, shape, tensor, values};
use crate::kernels::cpu::sample_and_kl;
use crate::kernels::operations::SampleState;

pub fn forward(mean: FlexTensor, log_var: FlexTensor, noise: FlexTensor) -> (FlexTensor, FlexTensor) {
    let [mean, log_var, noise] = [mean, log_var, noise].map(contiguous);
    let [rows, components] = shape(&mean);
    let z = sample_and_kl::sample(values(&mean), values(&log_var), values(&noise));
    let kl = sample_and_kl::kl(values(&mean), values(&log_var), rows);
    (tensor(z, [rows, components]), tensor(kl, [rows]))
}

pub fn backward(state: SampleState<Flex>, dz: FlexTensor, dkl: Option<FlexTensor>) -> [FlexTensor; 2] {
    let SampleState { mean, log_var, noise } = state;
    let [mean, log_var, noise, dz] = [mean, log_var, noise, dz].map(contiguous);
    let mut dmean = values(&dz).to_vec();
    let mut dlog_var = sample_and_kl::sample_backward(values(&log_var), values(&noise), values(&dz));
    if let Some(dkl) = dkl.map(contiguous) {
        let (by_mean, by_log_var) = sample_and_kl::kl_backward(values(&mean), values(&log_var), values(&dkl));
        dmean.iter_mut().zip(by_mean).for_each(|(sum, term)| *sum += term);
        dlog_var.iter_mut().zip(by_log_var).for_each(|(sum, term)| *sum += term);
    }
    [dmean, dlog_var].map(|gradient| tensor::<2>(gradient, shape(&mean)))
}
