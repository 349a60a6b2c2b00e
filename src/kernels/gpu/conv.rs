//! 3 x 3 convolutions that keep height and width, as 36 products: a quarter of the multiplications (Lavin & Gray 2015, arXiv
//! 1509.09308, F(4 x 4, 3 x 3)), and about 1e-5 of the largest number as error.

use burn_cubecl::tensor::CubeTensor;

use super::launch::{Kernel, empty};
use super::product::{Columns, Parts, Product, padded, room};

const TO_PLANES: Kernel = Kernel::new("conv_planes", include_str!("conv_planes.wgsl"), [32, 2]);
const WEIGHT_TO_PLANES: Kernel = Kernel::new("conv_weight_planes", include_str!("conv_weight_planes.wgsl"), [8, 8]);
const TO_PICTURE: Kernel = Kernel::new("conv_picture", include_str!("conv_picture.wgsl"), [32, 2]);
const TO_WEIGHT: Kernel = Kernel::new("conv_weight_gradient", include_str!("conv_weight_gradient.wgsl"), [8, 8]);

const PLANES: usize = 36;
const TILE: usize = 4;
const TAPS: usize = 3;

/// What a tile is carried into the planes with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Piece {
    /// The pixels around it: it is convolved.
    Patch,
    /// Nothing: it is the gradient of what a convolution made.
    Block,
}

/// Which of the two lies innermost in the planes: what is not summed over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Inner {
    Tiles,
    Channels,
}

/// What a picture is cut into.
#[derive(Debug, Clone, Copy)]
struct Tiles {
    down: usize,
    across: usize,
    /// Of all pictures.
    count: usize,
}

impl Tiles {
    fn of([images, _, height, width]: [usize; 4]) -> Self {
        let [down, across] = [height, width].map(|side| side.div_ceil(TILE));
        Self { down, across, count: images * down * across }
    }
}

/// # Shapes
/// `x` `[B, C, height, width]` and `weight` `[O, C, 3, 3]`, to `[B, O, height, width]`.
pub fn forward(x: &CubeTensor, weight: &CubeTensor) -> CubeTensor {
    convolve(x, weight, false)
}

/// The gradient by `x`: `dy` `[B, O, height, width]` convolved with the kernels turned.
pub fn input(dy: &CubeTensor, weight: &CubeTensor) -> CubeTensor {
    convolve(dy, weight, true)
}

fn convolve(x: &CubeTensor, weight: &CubeTensor, turned: bool) -> CubeTensor {
    let [images, inputs, height, width] = x.meta.shape().dims();
    let [to, from, ..] = weight.meta.shape().dims::<4>();
    let outputs = if turned { from } else { to };
    let tiles = Tiles::of(x.meta.shape().dims());
    let (columns, rows) = (padded(tiles.count), padded(outputs));

    let pieces = to_planes(x, Piece::Patch, Inner::Tiles);
    let kernels = room(x, PLANES * inputs * rows);
    let [to_stride, from_stride] = if turned { [rows, 1] } else { [1, rows] };
    let sizes = [to, from, inputs * rows, to_stride, from_stride, usize::from(turned)];
    WEIGHT_TO_PLANES.launch([to, from], &[weight, &kernels], &sizes);

    let products = room(x, PLANES * outputs * columns);
    let product = Product {
        planes: PLANES,
        rows: outputs,
        columns,
        depth: inputs,
        parts: Parts::one(inputs),
        a_stride: rows,
        b: Columns::rows(inputs, columns),
        c: Columns::rows(outputs, columns),
    };
    product.launch(&kernels, &pieces, &products);

    let y = empty(x, [images, outputs, height, width]);
    let sizes = [outputs, height, width, tiles.down, tiles.across, tiles.count, outputs * columns, columns];
    TO_PICTURE.launch([tiles.count, outputs], &[&products, &y], &sizes);
    y
}

/// The gradient by the weight.
///
/// # Shapes
/// `x` `[B, C, height, width]` and `dy` `[B, O, height, width]`, to `[O, C, 3, 3]`.
pub fn weight(x: &CubeTensor, dy: &CubeTensor) -> CubeTensor {
    let [[_, inputs, ..], [_, outputs, ..]] = [x, dy].map(|of| of.meta.shape().dims::<4>());
    let tiles = Tiles::of(x.meta.shape().dims()).count;
    let columns = padded(outputs);
    let parts = Parts::fill(PLANES * padded(inputs) * columns, tiles);

    let pieces = to_planes(x, Piece::Patch, Inner::Channels);
    let slopes = to_planes(dy, Piece::Block, Inner::Channels);
    let products = room(x, PLANES * parts.count * inputs * columns);
    let product = Product {
        planes: PLANES,
        rows: inputs,
        columns,
        depth: tiles,
        parts,
        a_stride: padded(inputs),
        b: Columns::rows(tiles, columns),
        c: Columns::rows(inputs, columns),
    };
    product.launch(&pieces, &slopes, &products);

    let dweight = empty(x, [outputs, inputs, TAPS, TAPS]);
    let part = inputs * columns;
    let sizes = [outputs, inputs, parts.count, parts.count * part, part, columns];
    TO_WEIGHT.launch([outputs, inputs], &[&products, &dweight], &sizes);
    dweight
}

/// `[36, C, tiles]` or `[36, tiles, C]`, the innermost padded.
fn to_planes(pictures: &CubeTensor, piece: Piece, inner: Inner) -> CubeTensor {
    let [_, channels, height, width] = pictures.meta.shape().dims();
    let tiles = Tiles::of(pictures.meta.shape().dims());
    let (plane, channel_stride, tile_stride) = match inner {
        Inner::Tiles => (channels * padded(tiles.count), padded(tiles.count), 1),
        Inner::Channels => (tiles.count * padded(channels), 1, padded(channels)),
    };
    let planes = room(pictures, PLANES * plane);
    let blocks = usize::from(piece == Piece::Block);
    let Tiles { down, across, count } = tiles;
    let sizes = [channels, height, width, down, across, count, plane, channel_stride, tile_stride, blocks];
    TO_PLANES.launch([count, channels], &[pictures, &planes], &sizes);
    planes
}
