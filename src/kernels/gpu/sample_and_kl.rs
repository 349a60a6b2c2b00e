//! A reparameterised sample and its KL divergence.

use burn::backend::Cube;
use burn_wgpu::{CubeTensor, into_contiguous};

use super::launch::{Kernel, empty, shader};
use crate::kernels::operations::SampleState;

/// Invocations that share an image.
const PER_IMAGE: usize = 32;

const FORWARD: Kernel = Kernel::new(shader!("sample_and_kl_forward"), [PER_IMAGE, 1]);
const BACKWARD: Kernel = Kernel::new(shader!("sample_and_kl_backward"), [64, 1]);

pub fn forward(mean: CubeTensor, log_var: CubeTensor, noise: CubeTensor) -> (CubeTensor, CubeTensor) {
    let [mean, log_var, noise] = [mean, log_var, noise].map(into_contiguous);
    let [rows, components] = mean.meta.shape().dims();
    let (z, kl) = (empty(&mean, [rows, components]), empty(&mean, [rows]));
    FORWARD.launch([rows * PER_IMAGE, 1], &[&mean, &log_var, &noise, &z, &kl], &[rows, components]);
    (z, kl)
}

pub fn backward(state: SampleState<Cube>, dz: CubeTensor, dkl: Option<CubeTensor>) -> [CubeTensor; 2] {
    let SampleState { mean, log_var, noise } = state;
    let [mean, log_var, noise, dz] = [mean, log_var, noise, dz].map(into_contiguous);
    let with_kl = usize::from(dkl.is_some());
    let dkl = dkl.map_or_else(|| dz.clone(), into_contiguous);
    let [rows, components] = mean.meta.shape().dims();
    let [dmean, dlog_var] = [(); 2].map(|()| empty(&mean, [rows, components]));
    let tensors = [&mean, &log_var, &noise, &dz, &dkl, &dmean, &dlog_var];
    let count = rows * components;
    BACKWARD.launch([count, 1], &tensors, &[count, components, with_kl]);
    [dmean, dlog_var]
}
