//! A 3 x 3 convolution of stride 1 with a border of zeros and no bias. Large ones multiply transformed squares of pixels
//! (`winograd`), others the windows themselves (`windows`).

mod squares;
mod windows;
mod winograd;

const TAPS: usize = 9;

/// From so many channels on both sides, multiplications outweigh the transforms of pixels that save some.
const WIDE: usize = 16;

/// From so many pixels in a batch, they outweigh the transforms of kernels.
const MANY: usize = 1024;

/// Pictures `[batch, inputs, height, width]` to `[batch, outputs, height, width]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Dims {
    pub batch: usize,
    pub inputs: usize,
    pub outputs: usize,
    pub height: usize,
    pub width: usize,
}

impl Dims {
    fn area(self) -> usize {
        self.height * self.width
    }

    /// The multiplications of a product with all windows.
    fn cost(self) -> usize {
        TAPS * self.batch * self.inputs * self.outputs * self.area()
    }

    fn large(self) -> bool {
        self.inputs.min(self.outputs) >= WIDE && self.batch * self.area() >= MANY
    }
}

/// # Shapes
/// `x` is `[B, C, H, W]`, `w` is `[O, C, 3, 3]`; to `[B, O, H, W]`.
pub fn forward(x: &[f32], w: &[f32], dims: Dims) -> Vec<f32> {
    let Dims { batch, inputs, outputs, .. } = dims;
    assert!(x.len() == batch * inputs * dims.area() && w.len() == outputs * inputs * TAPS, "slices are as dims say");
    if dims.large() { winograd::forward(x, w, dims) } else { windows::forward(x, w, dims) }
}

/// # Shapes
/// `dy` is `[B, O, H, W]`, `w` is `[O, C, 3, 3]`; to `[B, C, H, W]`: the same convolution with every kernel turned around.
pub fn input_gradient(dy: &[f32], w: &[f32], dims: Dims) -> Vec<f32> {
    let Dims { inputs, outputs, .. } = dims;
    let mut turned = vec![0.0; w.len()];
    for (pair, kernel) in w.chunks_exact(TAPS).enumerate() {
        let (output, input) = (pair / inputs, pair % inputs);
        let to = &mut turned[(input * outputs + output) * TAPS..][..TAPS];
        to.iter_mut().zip(kernel.iter().rev()).for_each(|(to, from)| *to = *from);
    }
    forward(dy, &turned, Dims { inputs: outputs, outputs: inputs, ..dims })
}

/// # Shapes
/// `x` is `[B, C, H, W]`, `dy` is `[B, O, H, W]`; to `[O, C, 3, 3]`.
pub fn weight_gradient(x: &[f32], dy: &[f32], dims: Dims) -> Vec<f32> {
    let Dims { batch, inputs, outputs, .. } = dims;
    assert!(x.len() == batch * inputs * dims.area() && dy.len() == batch * outputs * dims.area());
    if dims.large() { winograd::weight_gradient(x, dy, dims) } else { windows::weight_gradient(x, dy, dims) }
}
