//! Adam.

use burn_wgpu::{CubeTensor, into_contiguous};

use super::launch::{Kernel, fits_vec4, into_exclusive, shader};

const UPDATE: Kernel = Kernel::new(shader!("adam"), [64, 1]);
const UPDATE_PAIR: Kernel = Kernel::new(shader!("adam_pair"), [64, 1]);

/// Returns value and moments.
pub fn update(
    value: CubeTensor,
    gradient: CubeTensor,
    moments: CubeTensor,
    rates: CubeTensor,
) -> (CubeTensor, CubeTensor) {
    let [value, moments] = [value, moments].map(into_exclusive);
    let [gradient, rates] = [gradient, rates].map(into_contiguous);
    let [size] = value.meta.shape().dims();
    let vec4 = fits_vec4(&[size]);
    let elements = size / if vec4 { 4 } else { 1 };
    UPDATE.vec4(vec4).launch([elements, 1], &[&value, &moments, &gradient, &rates], &[elements]);
    (value, moments)
}

/// The same for two parameters, each value, gradient and moments; returns value and moments of each.
pub fn update_pair(
    [value, gradient, moments]: [CubeTensor; 3],
    [other_value, other_gradient, other_moments]: [CubeTensor; 3],
    rates: CubeTensor,
) -> [[CubeTensor; 2]; 2] {
    let [value, moments, other_value, other_moments] = [value, moments, other_value, other_moments].map(into_exclusive);
    let [gradient, other_gradient, rates] = [gradient, other_gradient, rates].map(into_contiguous);
    let sizes = [&value, &other_value].map(|of| of.meta.shape().num_elements());
    let vec4 = fits_vec4(&sizes);
    let [elements, other_elements] = sizes.map(|size| size / if vec4 { 4 } else { 1 });
    UPDATE_PAIR.vec4(vec4).launch(
        [elements + other_elements, 1],
        &[&value, &moments, &gradient, &other_value, &other_moments, &other_gradient, &rates],
        &[elements, other_elements],
    );
    [[value, moments], [other_value, other_moments]]
}
