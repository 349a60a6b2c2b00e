//! A fully connected layer.

use burn::backend::Cube;
use burn_wgpu::{CubeTensor, into_contiguous};

use super::launch::{Kernel, empty, fits_vec4, parallel, parts_of_one_buffer, shader};
use super::template::{ACROSS, Tile};
use crate::kernels::operations::{DenseGradients, DenseState};

const FORWARD: Kernel = Kernel::new(shader!("dense_forward"), [ACROSS, 1]);
const GRADIENTS: Kernel = Kernel::new(shader!("dense_gradients"), [ACROSS, 1]);

/// Rows and units beyond which a tall tile is worth the time that its shader takes to compile.
const MANY_ROWS: usize = 8;
const MANY_UNITS: usize = 64;

/// What an invocation computes of a matrix: on a software adapter, where loads take longer than sums, as many rows as share them well. A single layer
/// has the tall tile if either side is large: in 784-H-Z the large layers have compiled that shader already. Pairs, and sizes that are not read four
/// numbers at a time, share no shader with other layers.
fn tile([rows, inputs, outputs]: [usize; 3], pair: bool) -> Tile {
    let own_shader = pair || !fits_vec4(&[inputs, outputs]);
    let units = if own_shader { inputs.min(outputs) } else { inputs.max(outputs) };
    let tall = rows > MANY_ROWS && units > MANY_UNITS;
    match parallel() {
        true => Tile { rows: 8, down: 4 },
        false => Tile { rows: if tall { 16 } else { 8 }, down: 1 },
    }
}

/// `y` of one layer, or of two with `pair`, from tensors and sizes (B, I, O) in the order of the shader's bindings.
pub(super) fn launch_forward(sizes: [usize; 3], relu: bool, tensors: &[&CubeTensor], pair: bool) {
    let [rows, inputs, outputs] = sizes;
    let tile = tile(sizes, pair);
    // Whole workgroups for each layer.
    let vectors = if pair { 2 * outputs.div_ceil(4).next_multiple_of(ACROSS) } else { outputs.div_ceil(4) };
    let threads = [vectors, rows.div_ceil(tile.rows)];
    let kernel = FORWARD.vec4(fits_vec4(&[inputs, outputs])).defining("pair", pair).tiled(tile).sliced(8, threads);
    kernel.launch(threads, tensors, &[rows, inputs, outputs, usize::from(relu)]);
}

pub fn forward(x: CubeTensor, weight: CubeTensor, bias: CubeTensor, relu: bool) -> CubeTensor {
    let [x, weight, bias] = [x, weight, bias].map(into_contiguous);
    let [[rows, inputs], [outputs, _]] = [x.meta.shape().dims(), weight.meta.shape().dims()];
    let y = empty(&x, [rows, outputs]);
    launch_forward([rows, inputs, outputs], relu, &[&x, &weight, &bias, &y], false);
    y
}

pub fn backward(state: DenseState<Cube>, dy: CubeTensor, parameters: bool, input: bool) -> DenseGradients<Cube> {
    if !parameters && !input {
        return DenseGradients { parameters: None, input: None };
    }
    let DenseState { x, rectified, weight } = state;
    let gradients = Gradients { dy: vec![dy], x, rectified, weights: vec![weight], parameters, input };
    let (parameters, input) = gradients.compute();
    DenseGradients { parameters: parameters.and_then(|layers| layers.into_iter().next()), input }
}

/// What the gradients of one or two layers of an input `x` need.
pub(super) struct Gradients {
    /// The gradient of each layer's output.
    pub dy: Vec<CubeTensor>,
    pub x: CubeTensor,
    /// Whether `x` is the output of a ReLU.
    pub rectified: bool,
    pub weights: Vec<CubeTensor>,
    pub parameters: bool,
    pub input: bool,
}

impl Gradients {
    /// Those of weight and bias of each layer, and of the input, in one launch; at least one of the two is wanted.
    pub fn compute(self) -> (Option<Vec<[CubeTensor; 2]>>, Option<CubeTensor>) {
        let contiguous = |all: Vec<CubeTensor>| all.into_iter().map(into_contiguous).collect::<Vec<_>>();
        let (dy, weights) = (contiguous(self.dy), contiguous(self.weights));
        let x = into_contiguous(self.x);
        let [[rows, inputs], [outputs, _]] = [x.meta.shape().dims(), weights[0].meta.shape().dims()];
        let vec4 = fits_vec4(&[inputs, outputs]);
        let pair = weights.len() == 2;
        let tile = tile([rows, inputs, outputs], pair);
        let shapes: Vec<_> = weights.iter().flat_map(|_| [vec![outputs, inputs], vec![outputs]]).collect();
        let dparameters = self.parameters.then(|| parts_of_one_buffer(&x, &shapes));
        let dx = self.input.then(|| empty(&x, [rows, inputs]));

        let (mut tensors, mut groups) = (dy.iter().chain([&x]).collect::<Vec<_>>(), 0);
        if let Some((whole, _)) = &dparameters {
            tensors.push(whole);
            groups += weights.len() * outputs.div_ceil(tile.group_rows());
        }
        if let Some(dx) = &dx {
            tensors.extend(weights.iter().chain([dx]));
            groups += rows.div_ceil(tile.group_rows());
        }
        let starts = dparameters.iter().flat_map(|(_, parts)| parts).map(|(start, _)| start / if vec4 { 4 } else { 1 });
        let mut starts = starts.skip(1);
        let [bias, layer] = [(); 2].map(|()| starts.next().unwrap_or(0));
        let sizes = [rows, inputs, outputs, bias, layer, usize::from(self.rectified)];
        let threads = [inputs.div_ceil(4), groups * tile.down];
        let kernel = GRADIENTS
            .vec4(vec4)
            .tiled(tile)
            .sliced(8, threads)
            .defining("pair", pair)
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
