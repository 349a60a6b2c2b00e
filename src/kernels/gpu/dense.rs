//! A fully connected layer.

use burn::backend::Cube;
use burn_wgpu::{CubeTensor, into_contiguous};

use super::launch::{Kernel, empty, fits_vec4, parts_of_one_buffer, shader};
use crate::kernels::operations::{DenseGradients, DenseState};

pub(super) const FORWARD: Kernel = Kernel::new(shader!("dense_forward"), [8, 4]);
const GRADIENTS: Kernel = Kernel::new(shader!("dense_gradients"), [8, 4]);

/// Rows of a workgroup's elements.
const ROWS_A_GROUP: usize = 32;

/// Invocations for a matrix of 8 x 4 elements each.
pub(super) fn threads(rows: usize, columns: usize) -> [usize; 2] {
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
    if !parameters && !input {
        return DenseGradients { parameters: None, input: None };
    }
    let DenseState { x, weight, relu_output } = state;
    let gradients = Gradients { dy: vec![dy], relu_output, x, weights: vec![weight], parameters, input };
    let (parameters, input) = gradients.compute();
    DenseGradients { parameters: parameters.and_then(|layers| layers.into_iter().next()), input }
}

/// What the gradients of one or two layers of an input `x` need.
pub(super) struct Gradients {
    /// The gradient of each layer's output.
    pub dy: Vec<CubeTensor>,
    pub relu_output: Option<CubeTensor>,
    pub x: CubeTensor,
    pub weights: Vec<CubeTensor>,
    pub parameters: bool,
    pub input: bool,
}

impl Gradients {
    /// Those of weight and bias of each layer, and of the input, in one launch; at least one of the two is wanted.
    pub fn compute(self) -> (Option<Vec<[CubeTensor; 2]>>, Option<CubeTensor>) {
        let contiguous = |all: Vec<CubeTensor>| all.into_iter().map(into_contiguous).collect::<Vec<_>>();
        let (dy, weights) = (contiguous(self.dy), contiguous(self.weights));
        let (x, relu_output) = (into_contiguous(self.x), self.relu_output.map(into_contiguous));
        let [[rows, inputs], [outputs, _]] = [x.meta.shape().dims(), weights[0].meta.shape().dims()];
        let vec4 = fits_vec4(&[inputs, outputs]);
        let shapes: Vec<_> = weights.iter().flat_map(|_| [vec![outputs, inputs], vec![outputs]]).collect();
        let dparameters = self.parameters.then(|| parts_of_one_buffer(&x, &shapes));
        let dx = self.input.then(|| empty(&x, [rows, inputs]));

        let (mut tensors, mut groups) = (dy.iter().chain(&relu_output).collect::<Vec<_>>(), 0);
        if let Some((whole, _)) = &dparameters {
            tensors.extend([&x, whole]);
            groups += weights.len() * outputs.div_ceil(ROWS_A_GROUP);
        }
        if let Some(dx) = &dx {
            tensors.extend(weights.iter().chain([dx]));
            groups += rows.div_ceil(ROWS_A_GROUP);
        }
        let starts = dparameters.iter().flat_map(|(_, parts)| parts).map(|(start, _)| start / if vec4 { 4 } else { 1 });
        let sizes: Vec<usize> = [rows, inputs, outputs].into_iter().chain(starts.skip(1)).collect();
        let [columns, _] = threads(rows, inputs);
        let threads = [columns, groups * ROWS_A_GROUP / 8];
        let kernel = GRADIENTS
            .vec4(vec4)
            .sliced(8, threads)
            .defining("pair", weights.len() == 2)
            .defining("masked", relu_output.is_some())
            .defining("parameters", self.parameters)
            .defining("input", self.input);
        kernel.launch(threads, &tensors, &sizes);
        let by_layer = |(_, parts): (_, Vec<(usize, CubeTensor)>)| {
            let mut parts = parts.into_iter().map(|(_, part)| part);
            std::iter::from_fn(|| Some([parts.next()?, parts.next()?])).collect()
        };
        (dparameters.map(by_layer), dx)
    }
}
