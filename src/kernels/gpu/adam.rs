//! Adam.

use burn::backend::Cube;
use burn_wgpu::{CubeTensor, into_contiguous};

use super::launch::{Kernel, fits_vec4, into_exclusive, shader};
use crate::kernels::ADAM_GROUP;
use crate::kernels::operations::AdamGroup;

const UPDATE: Kernel = Kernel::new(shader!("adam"), [256, 1]);

/// Returns values and moments. `rates` are step size, epsilon and the factor for each gradient: in the last binding, so that an update uploads no tensor.
pub fn update(group: AdamGroup<Cube>, moments: CubeTensor, rates: [f32; 3]) -> (Vec<CubeTensor>, CubeTensor) {
    let moments = into_exclusive(moments);
    let parameters = group.parameters().into_iter();
    let (values, gradients): (Vec<_>, Vec<_>) =
        parameters.map(|of| (into_exclusive(of.value), into_contiguous(of.gradient))).unzip();
    let sizes: Vec<usize> = values.iter().map(|value| value.meta.shape().num_elements()).collect();
    let vec4 = fits_vec4(&sizes);
    let mut size = 0;
    let mut ends = [0; ADAM_GROUP];
    for (end, of) in ends.iter_mut().zip(&sizes) {
        size += of / if vec4 { 4 } else { 1 };
        *end = size;
    }
    let rates = rates.map(|rate| rate.to_bits() as usize);

    let mut tensors = vec![&moments];
    tensors.extend(values.iter().zip(&gradients).flat_map(|(value, gradient)| [value, gradient]));
    let kernel = UPDATE.vec4(vec4).defining("two", values.len() >= 2).defining("three", values.len() == 3);
    kernel.launch([size, 1], &tensors, &[&rates[..], &[size], &ends].concat());
    (values, moments)
}
