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
/// Numbers that one buffer of planes may hold: every WebGPU device binds 128 MiB.
const ROOM: usize = 32 << 20;

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

/// Some of a batch's pictures, cut into tiles.
#[derive(Debug, Clone, Copy)]
struct Tiles {
    first: usize,
    images: usize,
    down: usize,
    across: usize,
}

impl Tiles {
    /// All pictures of a batch, as few at a time as their planes, with up to `channels`, need for their room.
    fn of([images, _, height, width]: [usize; 4], channels: usize) -> Vec<Self> {
        let [down, across] = [height, width].map(|side| side.div_ceil(TILE));
        let most = (ROOM / (PLANES * padded(channels) * down * across)).clamp(1, images.max(1));
        let piece = |first| Self { first, images: most.min(images - first), down, across };
        (0..images).step_by(most).map(piece).collect()
    }

    fn count(&self) -> usize {
        self.images * self.down * self.across
    }

    /// Where its pictures begin, in numbers.
    fn start(&self, pictures: &CubeTensor) -> usize {
        let [_, channels, height, width] = pictures.meta.shape().dims();
        self.first * channels * height * width
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
    let rows = padded(outputs);

    let kernels = room(x, PLANES * inputs * rows);
    let [to_stride, from_stride] = if turned { [rows, 1] } else { [1, rows] };
    let sizes = [to, from, inputs * rows, to_stride, from_stride, usize::from(turned)];
    WEIGHT_TO_PLANES.launch([to, from], &[weight, &kernels], &sizes);

    let y = empty(x, [images, outputs, height, width]);
    for tiles in Tiles::of(x.meta.shape().dims(), inputs.max(outputs)) {
        let pieces = to_planes(x, tiles, Piece::Patch, Inner::Tiles);
        let columns = padded(tiles.count());
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
            c_start: 0,
            c_part: 0,
        };
        product.launch(&kernels, &pieces, &products);
        let Tiles { down, across, .. } = tiles;
        let sizes = [outputs, height, width, down, across, tiles.count(), outputs * columns, columns, tiles.start(&y)];
        TO_PICTURE.launch([tiles.count(), outputs], &[&products, &y], &sizes);
    }
    y
}

/// The gradient by the weight.
///
/// # Shapes
/// `x` `[B, C, height, width]` and `dy` `[B, O, height, width]`, to `[O, C, 3, 3]`.
pub fn weight(x: &CubeTensor, dy: &CubeTensor) -> CubeTensor {
    let [[_, inputs, ..], [_, outputs, ..]] = [x, dy].map(|of| of.meta.shape().dims::<4>());
    let columns = padded(outputs);
    let all = Tiles::of(x.meta.shape().dims(), inputs.max(outputs));
    let parts = |tiles: &Tiles| Parts::fill(PLANES * padded(inputs) * columns, tiles.count());
    let count = all.iter().map(|tiles| parts(tiles).count).sum::<usize>();
    let part = inputs * columns;
    let products = room(x, PLANES * count * part);

    let mut done = 0;
    for tiles in all {
        let pieces = to_planes(x, tiles, Piece::Patch, Inner::Channels);
        let slopes = to_planes(dy, tiles, Piece::Block, Inner::Channels);
        let parts = parts(&tiles);
        let product = Product {
            planes: PLANES,
            rows: inputs,
            columns,
            depth: tiles.count(),
            parts,
            a_stride: padded(inputs),
            b: Columns::rows(tiles.count(), columns),
            c: Columns { plane: count * part, ..Columns::rows(inputs, columns) },
            c_start: done * part,
            c_part: part,
        };
        product.launch(&pieces, &slopes, &products);
        done += parts.count;
    }

    let dweight = empty(x, [outputs, inputs, TAPS, TAPS]);
    let sizes = [outputs, inputs, count, count * part, part, columns];
    TO_WEIGHT.launch([outputs, inputs], &[&products, &dweight], &sizes);
    dweight
}

/// `[36, C, tiles]` or `[36, tiles, C]`, the innermost padded.
fn to_planes(pictures: &CubeTensor, tiles: Tiles, piece: Piece, inner: Inner) -> CubeTensor {
    let [_, channels, height, width] = pictures.meta.shape().dims();
    let (plane, channel_stride, tile_stride) = match inner {
        Inner::Tiles => (channels * padded(tiles.count()), padded(tiles.count()), 1),
        Inner::Channels => (tiles.count() * padded(channels), 1, padded(channels)),
    };
    let planes = room(pictures, PLANES * plane);
    let blocks = usize::from(piece == Piece::Block);
    let Tiles { down, across, .. } = tiles;
    let (count, start) = (tiles.count(), tiles.start(pictures));
    let sizes = [channels, height, width, down, across, count, plane, channel_stride, tile_stride, start, blocks];
    TO_PLANES.launch([count, channels], &[pictures, &planes], &sizes);
    planes
}
