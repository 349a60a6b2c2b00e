//! The gradient of the weight by Winograd's algorithm.

use super::super::{Dims, TAPS};
use super::GROUP;
use super::squares::{Buffers, ENTRIES, Squares, transform_gradients, transform_inputs};
use crate::kernels::cpu::layout::transpose;
use crate::kernels::cpu::matmul::Left;
use crate::kernels::cpu::threads::{OutputSlice, saturating_product, split};
use crate::kernels::cpu::tile::Finish;

/// See [`conv::weight_gradient`](super::super::weight_gradient).
pub fn weight_gradient(x: &[f32], dy: &[f32], dims: Dims) -> Vec<f32> {
    let Dims { batch, inputs, outputs, .. } = dims;
    let squares = Squares::of(dims);
    let (count, together) = (squares.count(), squares.images(2 * GROUP).min(batch));
    let (before, after) = (ENTRIES * inputs * count, ENTRIES * outputs * count);
    let (mut pixels, mut gradients) = (vec![0.0; together * before], vec![0.0; together * after]);
    let mut products = vec![0.0; ENTRIES * outputs * inputs];
    for first in (0..batch).step_by(together) {
        let images = together.min(batch - first);
        let (pixels_output, gradients_output) = (OutputSlice::of(&mut pixels), OutputSlice::of(&mut gradients));
        split(images, saturating_product([images, inputs + outputs, dims.area(), ENTRIES]), |range| {
            let mut buffers = Buffers::new(squares);
            for image in range {
                let x = &x[(first + image) * inputs * dims.area()..][..inputs * dims.area()];
                let dy = &dy[(first + image) * outputs * dims.area()..][..outputs * dims.area()];
                // SAFETY: each image has a part of its own.
                let (pixels, gradients) = unsafe {
                    let pixels = pixels_output.part(image * before..(image + 1) * before);
                    (pixels, gradients_output.part(image * after..(image + 1) * after))
                };
                transform_inputs(x, dims, &mut buffers, pixels);
                transform_gradients(dy, dims, &mut buffers, gradients);
            }
        });
        let output = OutputSlice::of(&mut products);
        split(ENTRIES, saturating_product([ENTRIES, images, count, inputs, outputs]), |entries| {
            for entry in entries {
                let left = Left::from_images(&gradients[entry * outputs * count..], after, images, outputs, count);
                let (mut panel, width) = (left.panel(), left.width());
                for input in (0..inputs).step_by(width) {
                    let columns = width.min(inputs - input);
                    for (image, part) in panel.chunks_exact_mut(count * width).enumerate() {
                        let from = &pixels[image * before + (entry * inputs + input) * count..];
                        transpose(from, count, columns, count, part, width);
                    }
                    // SAFETY: `columns` columns of this entry's `[O, C]`.
                    unsafe {
                        left.times(&panel, columns, output.at(entry * outputs * inputs + input), inputs, Finish::Add);
                    }
                }
            }
        });
    }
    transform_products(&products, outputs * inputs)
}

/// `G^T m G` of every pair of channels: `[16, pairs]` to `[pairs, 9]`.
fn transform_products(products: &[f32], pairs: usize) -> Vec<f32> {
    let mut dw = vec![0.0; pairs * TAPS];
    for (pair, to) in dw.chunks_exact_mut(TAPS).enumerate() {
        let entry = |row: usize, column: usize| products[(row * 4 + column) * pairs + pair];
        let transform = |a: f32, b: f32, c: f32, d: f32| [a + 0.5 * (b + c), 0.5 * (b - c), 0.5 * (b + c) + d];
        let rows: [[f32; 3]; 4] =
            std::array::from_fn(|row| transform(entry(row, 0), entry(row, 1), entry(row, 2), entry(row, 3)));
        for column in 0..3 {
            let sums = transform(rows[0][column], rows[1][column], rows[2][column], rows[3][column]);
            (0..3).for_each(|row| to[row * 3 + column] = sums[row]);
        }
    }
    dw
}
