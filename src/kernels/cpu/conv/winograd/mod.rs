//! A convolution by Winograd's F(2 x 2, 3 x 3) (Lavin & Gray 2015, arXiv 1509.09308): 2 x 2 output pixels take 16
//! multiplications instead of 36, so `4 * B * C * O * H * W` multiply-adds forward and for each gradient, and additions
//! before and after.
//!
//! A 2 x 2 square of outputs is `A^T ((G g G^T) * (B^T d B)) A`, where `d` is the 4 x 4 pixels around it, `g` the kernel,
//! and `*` multiplies entry by entry. Over all channels and squares, each of the 16 entries is a matrix product of its own.
//! The gradient of `g` is the adjoint, `G^T ((A dy A^T) * (B^T d B)) G`, summed over squares.

mod squares;
mod tiles;
mod weight_gradient;

use super::{Dims, TAPS};
use crate::kernels::cpu::matmul::Left;
use crate::kernels::cpu::threads::{OutputSlice, split, written};

use self::squares::{Buffers, ENTRIES, Squares, transform_inputs};
use self::tiles::Tiles;
pub use self::weight_gradient::weight_gradient;

/// Squares, of one or several images, that are transformed together: at least this many.
const GROUP: usize = 64;

/// See [`super::forward`].
pub fn forward(x: &[f32], w: &[f32], dims: Dims) -> Vec<f32> {
    let Dims { batch, inputs, outputs, .. } = dims;
    let squares = Squares::of(dims);
    let kernels = transform_kernels(w, outputs, inputs);
    let together = squares.images(GROUP.max(kernels[0].width())).min(batch);
    let fill = |output: OutputSlice| {
        split(batch.div_ceil(together), dims.multiply_adds() / TAPS * 4, |groups| {
            let image = ENTRIES * inputs * squares.count();
            let mut transformed = vec![0.0; together * image];
            let mut buffers = Buffers::new(squares);
            let mut tiles = Tiles::new(&kernels, dims);
            for first in groups.map(|group| group * together) {
                let images = together.min(batch - first);
                let images_in_group = x[first * inputs * dims.area()..].chunks_exact(inputs * dims.area());
                for (from, to) in images_in_group.zip(transformed.chunks_exact_mut(image)).take(images) {
                    transform_inputs(from, dims, &mut buffers, to);
                }
                // SAFETY: no other call writes these images.
                unsafe { tiles.multiply(&transformed, images, output.at(first * outputs * dims.area())) };
            }
        });
    };
    // SAFETY: the groups together cover all images.
    unsafe { written(batch * outputs * dims.area(), fill) }
}

/// `G g G^T` of every kernel: a left matrix `[O, C]` for each entry.
fn transform_kernels(w: &[f32], outputs: usize, inputs: usize) -> Vec<Left> {
    let pairs = outputs * inputs;
    let mut transformed = vec![0.0; ENTRIES * pairs];
    for (pair, kernel) in w.chunks_exact(TAPS).enumerate() {
        let transform = |a: f32, b: f32, c: f32| [a, 0.5 * (a + b + c), 0.5 * (a - b + c), c];
        let columns: [[f32; 4]; 3] =
            std::array::from_fn(|column| transform(kernel[column], kernel[column + 3], kernel[column + 6]));
        for row in 0..4 {
            let values = transform(columns[0][row], columns[1][row], columns[2][row]);
            (0..4).for_each(|column| transformed[(row * 4 + column) * pairs + pair] = values[column]);
        }
    }
    transformed.chunks_exact(pairs).map(|matrix| Left::from_rows(matrix, inputs, outputs, inputs, 0)).collect()
}
