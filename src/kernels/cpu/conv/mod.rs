//! A 3 x 3 convolution with stride 1, zero padding 1 and no bias. Large ones use Winograd's algorithm (`winograd`), others
//! multiply the windows themselves (`windows`, im2col).

mod windows;
mod winograd;

use super::threads::saturating_product;

/// Weights of a kernel.
const TAPS: usize = 9;

/// With at least this many input and output channels, Winograd saves more multiplications than its pixel transforms take.
const WINOGRAD_CHANNELS: usize = 16;

/// With at least this many pixels in a batch, it saves more than its kernel transforms take.
const WINOGRAD_PIXELS: usize = 1024;

/// The sizes of a convolution: `[batch, inputs, height, width]` to `outputs` channels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Dims {
    /// Images.
    pub batch: usize,
    /// Channels of the input.
    pub inputs: usize,
    /// Channels of the output.
    pub outputs: usize,
    /// Rows of pixels.
    pub height: usize,
    /// Pixels of a row.
    pub width: usize,
}

impl Dims {
    pub(super) fn area(self) -> usize {
        self.height * self.width
    }

    /// Those of a product with all windows.
    fn multiply_adds(self) -> usize {
        saturating_product([TAPS, self.batch, self.inputs, self.outputs, self.area()])
    }

    fn suits_winograd(self) -> bool {
        self.inputs.min(self.outputs) >= WINOGRAD_CHANNELS && self.batch * self.area() >= WINOGRAD_PIXELS
    }
}

/// The convolution of `x` with `w`.
///
/// # Shapes
/// `x` is `[B, C, H, W]`, `w` is `[O, C, 3, 3]`; to `[B, O, H, W]`.
pub fn forward(x: &[f32], w: &[f32], dims: Dims) -> Vec<f32> {
    let Dims { batch, inputs, outputs, .. } = dims;
    assert!(
        x.len() == batch * inputs * dims.area() && w.len() == outputs * inputs * TAPS,
        "slice lengths match `dims`"
    );
    if dims.suits_winograd() { winograd::forward(x, w, dims) } else { windows::forward(x, w, dims) }
}

/// The gradient of `x`: the same convolution of `dy` with every kernel rotated by 180 degrees.
///
/// # Shapes
/// `dy` is `[B, O, H, W]`, `w` is `[O, C, 3, 3]`; to `[B, C, H, W]`.
pub fn input_gradient(dy: &[f32], w: &[f32], dims: Dims) -> Vec<f32> {
    let Dims { inputs, outputs, .. } = dims;
    let mut rotated = vec![0.0; w.len()];
    for (pair, kernel) in w.chunks_exact(TAPS).enumerate() {
        let (output, input) = (pair / inputs, pair % inputs);
        let to = &mut rotated[(input * outputs + output) * TAPS..][..TAPS];
        to.iter_mut().zip(kernel.iter().rev()).for_each(|(to, from)| *to = *from);
    }
    forward(dy, &rotated, Dims { inputs: outputs, outputs: inputs, ..dims })
}

/// The gradient of `w`.
///
/// # Shapes
/// `x` is `[B, C, H, W]`, `dy` is `[B, O, H, W]`; to `[O, C, 3, 3]`.
pub fn weight_gradient(x: &[f32], dy: &[f32], dims: Dims) -> Vec<f32> {
    let Dims { batch, inputs, outputs, .. } = dims;
    assert!(x.len() == batch * inputs * dims.area() && dy.len() == batch * outputs * dims.area());
    if dims.suits_winograd() { winograd::weight_gradient(x, dy, dims) } else { windows::weight_gradient(x, dy, dims) }
}
