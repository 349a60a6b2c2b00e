//! The layouts between which a transposed convolution moves its elements.

use burn_wgpu::CubeTensor;

use crate::kernels::gpu::matmul::{Columns, padded};

/// Height and width of a kernel.
pub const TAPS: usize = 2;
/// Weights per pair of channels, and output pixels per input pixel.
pub const WINDOW: usize = TAPS * TAPS;

/// The size of the smaller image, with the channels of both.
#[derive(Debug, Clone, Copy)]
pub struct Shape {
    pub images: usize,
    pub inputs: usize,
    pub outputs: usize,
    pub height: usize,
    pub width: usize,
}

impl Shape {
    pub fn of(x: &CubeTensor, weight: &CubeTensor) -> Self {
        let [images, inputs, height, width] = x.meta.shape().dims();
        let [_, outputs, ..] = weight.meta.shape().dims::<4>();
        Self { images, inputs, outputs, height, width }
    }

    pub fn pixels(&self) -> usize {
        self.height * self.width
    }

    /// Pixels of all small images.
    pub fn all(&self) -> usize {
        self.images * self.pixels()
    }

    /// Output elements per small pixel: `[O, 2, 2]`.
    pub fn window(&self) -> usize {
        WINDOW * self.outputs
    }

    /// Small images as a matrix product reads and writes them in place: if their pixels are a multiple of four.
    pub fn in_place(&self) -> Option<Columns> {
        self.pixels().is_multiple_of(4).then(|| Columns::images(self.inputs, self.pixels()))
    }

    /// The axes of a large image, `[B, i, height, O, width, j]`, and their strides there.
    pub fn large(&self) -> ([usize; 6], [usize; 6]) {
        let Self { images, outputs, height, width, .. } = *self;
        let row = TAPS * width;
        let plane = TAPS * height * row;
        ([images, TAPS, height, outputs, width, TAPS], [outputs * plane, row, TAPS * row, plane, TAPS, 1])
    }

    /// Strides of the same axes in windows `[O, 2, 2, B, height, width]`, whose rows `[B, height, width]` begin `columns`
    /// apart.
    pub fn windows(&self, columns: usize) -> [usize; 6] {
        [self.pixels(), TAPS * columns, self.width, WINDOW * columns, 1, columns]
    }

    /// Strides of the same axes in `[B, height, width, O, 2, 2]`.
    pub fn pixels_first(&self) -> [usize; 6] {
        let row = self.window();
        [self.pixels() * row, TAPS, self.width * row, WINDOW, row, 1]
    }
}

/// The axes of images, with their strides there and in padded rows of one channel each.
pub fn channels_first_axes(x: &CubeTensor) -> ([usize; 6], [[usize; 6]; 2]) {
    let [images, channels, height, width] = x.meta.shape().dims();
    let pixels = height * width;
    let strides = [[0, channels * pixels, 0, pixels, 0, 1], [0, pixels, 0, padded(images * pixels), 0, 1]];
    ([1, images, 1, channels, 1, pixels], strides)
}
