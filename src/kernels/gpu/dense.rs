//! A fully connected layer.

use burn::backend::Cube;
use burn_wgpu::{CubeTensor, into_contiguous};

use super::launch::{Kernel, empty, fits_vec4, shader};
use crate::kernels::operations::{DenseGradients, DenseState};

const FORWARD: Kernel = Kernel::new(shader!("dense_forward"), [8, 4]);
const GRADIENTS: Kernel = Kernel::new(shader!("dense_gradients"), [8, 4]);

/// Rows of a workgroup's elements.
const ROWS_A_GROUP: usize = 32;

/// Invocations for a matrix of 8 x 4 elements each.
fn threads(rows: usize, columns: usize) -> [usize; 2] {
    [columns.div_ceil(4), rows.div_ceil(8)]
}

pub fn forward(x: CubeTensor, weight: CubeTensor, bias: CubeTensor, relu: bool) -> CubeTensor {
    let [x, weight, bias] = [x, weight, bias].map(into_contiguous);
    let [[rows, inputs], [outputs, _]] = [x.meta.shape().dims(), weight.meta.shape().dims()];
    let y = empty(&x, [rows, outputs]);
    let sizes = [rows, inputs, outputs, usize::from(relu)];
    let threads = threads(rows, outputs);
    let kernel = FORWARD.vec4(fits_vec4(&[inputs, outputs])).sliced(8, threads);
    kernel.launch(threads, &[&x, &weight, &bias, &y], &sizes);
    y
}

/// All gradients in one launch.
pub fn backward(state: DenseState<Cube>, dy: CubeTensor, parameters: bool, input: bool) -> DenseGradients<Cube> {
    if !parameters && !input {
        return DenseGradients { parameters: None, input: None };
    }
    let DenseState { x, weight, relu_output } = state;
    let [x, weight, dy] = [x, weight, dy].map(into_contiguous);
    let relu_output = relu_output.map(into_contiguous);
    let [[rows, inputs], [outputs, _]] = [x.meta.shape().dims(), weight.meta.shape().dims()];
    let dparameters = parameters.then(|| [empty(&x, [outputs, inputs]), empty(&x, [outputs])]);
    let dx = input.then(|| empty(&x, [rows, inputs]));

    let (mut tensors, mut groups) = (vec![&dy], 0);
    tensors.extend(&relu_output);
    if let Some([dweight, dbias]) = &dparameters {
        tensors.extend([&x, dweight, dbias]);
        groups += outputs.div_ceil(ROWS_A_GROUP);
    }
    if let Some(dx) = &dx {
        tensors.extend([&weight, dx]);
        groups += rows.div_ceil(ROWS_A_GROUP);
    }
    let [columns, _] = threads(rows, inputs);
    let threads = [columns, groups * ROWS_A_GROUP / 8];
    let kernel =
        GRADIENTS.vec4(fits_vec4(&[inputs, outputs])).defining(parts(relu_output.is_some(), parameters, input));
    kernel.sliced(8, threads).launch(threads, &tensors, &[rows, inputs, outputs]);
    DenseGradients { parameters: dparameters, input: dx }
}

/// What the shader computes.
fn parts(masked: bool, parameters: bool, input: bool) -> &'static [&'static str] {
    match (masked, parameters, input) {
        (false, true, true) => &["parameters", "input"],
        (false, true, false) => &["parameters"],
        (false, false, _) => &["input"],
        (true, true, true) => &["masked", "parameters", "input"],
        (true, true, false) => &["masked", "parameters"],
        (true, false, _) => &["masked", "input"],
    }
}
