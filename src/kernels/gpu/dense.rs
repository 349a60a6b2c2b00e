//! A fully connected layer.

use burn::backend::Cube;
use burn_wgpu::{CubeTensor, into_contiguous};

use super::launch::{Kernel, empty, fits_vec4, shader};
use crate::kernels::operations::{DenseGradients, DenseState};

const FORWARD: Kernel = Kernel::new(shader!("dense_forward"), [8, 4]);
const INPUT_GRADIENT: Kernel = Kernel::new(shader!("dense_input_gradient"), [8, 4]);
const WEIGHT_GRADIENT: Kernel = Kernel::new(shader!("dense_weight_gradient"), [8, 4]);
const RELU_BACKWARD: Kernel = Kernel::new(shader!("relu_backward"), [64, 1]);

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

pub fn backward(state: DenseState<Cube>, dy: CubeTensor, parameters: bool, input: bool) -> DenseGradients<Cube> {
    let DenseState { x, weight, relu_output } = state;
    let [x, weight, mut dy] = [x, weight, dy].map(into_contiguous);
    let [[rows, inputs], [outputs, _]] = [x.meta.shape().dims(), weight.meta.shape().dims()];
    if let Some(y) = relu_output.map(into_contiguous) {
        let masked = empty(&dy, [rows, outputs]);
        RELU_BACKWARD.launch([rows * outputs, 1], &[&y, &dy, &masked], &[rows * outputs]);
        dy = masked;
    }
    let sizes = [rows, inputs, outputs];
    let vec4 = fits_vec4(&[inputs, outputs]);
    let parameters = parameters.then(|| {
        let (dweight, dbias) = (empty(&x, [outputs, inputs]), empty(&x, [outputs]));
        let tensors = [&dy, &x, &dweight, &dbias];
        let threads = threads(outputs, inputs);
        WEIGHT_GRADIENT.vec4(vec4).sliced(4, threads).launch(threads, &tensors, &sizes);
        [dweight, dbias]
    });
    let input = input.then(|| {
        let dx = empty(&x, [rows, inputs]);
        let threads = threads(rows, inputs);
        INPUT_GRADIENT.vec4(vec4).sliced(8, threads).launch(threads, &[&dy, &weight, &dx], &sizes);
        dx
    });
    DenseGradients { parameters, input }
}
