//! 3 x 3 convolutions with stride 1 and zero padding 1, by Winograd's F(4 x 4, 3 x 3) (Lavin & Gray 2015, arXiv
//! 1509.09308): 36 matrix products, one per plane of transformed tiles, with a quarter of the multiplications. Errors are
//! about 1e-5 of the largest element.

use burn_wgpu::{CubeTensor, into_contiguous};

use super::launch::{Kernel, empty, shader};
use super::matmul::{Columns, Matmul, SplitDepth, padded};

const INPUT_TRANSFORM: Kernel = Kernel::new(shader!("conv_input_transform"), [32, 2]);
const WEIGHT_TRANSFORM: Kernel = Kernel::new(shader!("conv_weight_transform"), [8, 8]);
const OUTPUT_TRANSFORM: Kernel = Kernel::new(shader!("conv_output_transform"), [32, 2]);
const WEIGHT_GRADIENT: Kernel = Kernel::new(shader!("conv_weight_gradient"), [8, 8]);

const PLANES: usize = 36;
const TILE: usize = 4;
const TAPS: usize = 3;
/// The most elements in a buffer of planes: every WebGPU device binds 128 MiB.
const MAX_ELEMENTS: usize = 32 << 20;

/// The pixels that are transformed for a tile.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Patch {
    /// The 6 x 6 pixels around it: for the input of a convolution.
    Surrounding,
    /// The tile alone: for the gradient of its output.
    Tile,
}

/// The innermost axis of the planes; the matrix product sums over the other one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Inner {
    Tiles,
    Channels,
}

/// The tiles of a range of a batch's images.
#[derive(Debug, Clone, Copy)]
struct Tiles {
    first: usize,
    images: usize,
    down: usize,
    across: usize,
}

impl Tiles {
    /// The images of a batch in ranges, so that the planes of each, with up to `channels` channels, fit into a buffer.
    fn of([images, _, height, width]: [usize; 4], channels: usize) -> Vec<Self> {
        let [down, across] = [height, width].map(|side| side.div_ceil(TILE));
        let most = (MAX_ELEMENTS / (PLANES * padded(channels) * down * across)).clamp(1, images.max(1));
        let range = |first| Self { first, images: most.min(images - first), down, across };
        (0..images).step_by(most).map(range).collect()
    }

    fn count(&self) -> usize {
        self.images * self.down * self.across
    }

    /// The first element of the range in a batch `x`.
    fn start(&self, x: &CubeTensor) -> usize {
        let [_, channels, height, width] = x.meta.shape().dims();
        self.first * channels * height * width
    }
}

pub fn forward(x: CubeTensor, weight: CubeTensor) -> CubeTensor {
    convolve(&into_contiguous(x), &into_contiguous(weight), false)
}

/// The convolution of `dy` with the kernels rotated by 180 degrees.
pub fn input_gradient(dy: CubeTensor, weight: CubeTensor) -> CubeTensor {
    convolve(&into_contiguous(dy), &into_contiguous(weight), true)
}

fn convolve(x: &CubeTensor, weight: &CubeTensor, rotated: bool) -> CubeTensor {
    let [images, inputs, height, width] = x.meta.shape().dims();
    let [to, from, ..] = weight.meta.shape().dims::<4>();
    let outputs = if rotated { from } else { to };
    let rows = padded(outputs);

    let kernels = empty(x, [PLANES * inputs * rows]);
    let [to_stride, from_stride] = if rotated { [rows, 1] } else { [1, rows] };
    let sizes = [to, from, inputs * rows, to_stride, from_stride, usize::from(rotated)];
    WEIGHT_TRANSFORM.launch([to, from], &[weight, &kernels], &sizes);

    let y = empty(x, [images, outputs, height, width]);
    for tiles in Tiles::of(x.meta.shape().dims(), inputs.max(outputs)) {
        let patches = transform(x, tiles, Patch::Surrounding, Inner::Tiles);
        let columns = padded(tiles.count());
        let products = empty(x, [PLANES * outputs * columns]);
        let matmul = Matmul {
            planes: PLANES,
            rows: outputs,
            columns,
            depth: inputs,
            split: SplitDepth::none(inputs),
            a_stride: rows,
            b: Columns::rows(inputs, columns),
            c: Columns::rows(outputs, columns),
            c_start: 0,
            c_part_stride: 0,
        };
        matmul.launch(&kernels, &patches, &products);
        let Tiles { down, across, .. } = tiles;
        let sizes = [outputs, height, width, down, across, tiles.count(), outputs * columns, columns, tiles.start(&y)];
        OUTPUT_TRANSFORM.launch([tiles.count(), outputs], &[&products, &y], &sizes);
    }
    y
}

pub fn weight_gradient(x: CubeTensor, dy: CubeTensor) -> CubeTensor {
    let [x, dy] = [&into_contiguous(x), &into_contiguous(dy)];
    let [[_, inputs, ..], [_, outputs, ..]] = [x, dy].map(|of| of.meta.shape().dims::<4>());
    let columns = padded(outputs);
    let all = Tiles::of(x.meta.shape().dims(), inputs.max(outputs));
    let split = |tiles: &Tiles| SplitDepth::fill(PLANES * padded(inputs) * columns, tiles.count());
    let count = all.iter().map(|tiles| split(tiles).parts).sum::<usize>();
    let part = inputs * columns;
    let products = empty(x, [PLANES * count * part]);

    let mut done = 0;
    for tiles in all {
        let patches = transform(x, tiles, Patch::Surrounding, Inner::Channels);
        let gradients = transform(dy, tiles, Patch::Tile, Inner::Channels);
        let split = split(&tiles);
        let matmul = Matmul {
            planes: PLANES,
            rows: inputs,
            columns,
            depth: tiles.count(),
            split,
            a_stride: padded(inputs),
            b: Columns::rows(tiles.count(), columns),
            c: Columns { plane_stride: count * part, ..Columns::rows(inputs, columns) },
            c_start: done * part,
            c_part_stride: part,
        };
        matmul.launch(&patches, &gradients, &products);
        done += split.parts;
    }

    let dweight = empty(x, [outputs, inputs, TAPS, TAPS]);
    let sizes = [outputs, inputs, count, count * part, part, columns];
    WEIGHT_GRADIENT.launch([outputs, inputs], &[&products, &dweight], &sizes);
    dweight
}

/// The planes of some tiles, `[36, C, tiles]` or `[36, tiles, C]` with the innermost axis padded.
fn transform(x: &CubeTensor, tiles: Tiles, patch: Patch, inner: Inner) -> CubeTensor {
    let [_, channels, height, width] = x.meta.shape().dims();
    let (plane, channel_stride, tile_stride) = match inner {
        Inner::Tiles => (channels * padded(tiles.count()), padded(tiles.count()), 1),
        Inner::Channels => (tiles.count() * padded(channels), 1, padded(channels)),
    };
    let planes = empty(x, [PLANES * plane]);
    let tile_alone = usize::from(patch == Patch::Tile);
    let Tiles { down, across, .. } = tiles;
    let (count, start) = (tiles.count(), tiles.start(x));
    let sizes = [channels, height, width, down, across, count, plane, channel_stride, tile_stride, start, tile_alone];
    INPUT_TRANSFORM.launch([count, channels], &[x, &planes], &sizes);
    planes
}
