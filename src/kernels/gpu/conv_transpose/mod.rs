//! Transposed 2 x 2 convolutions with stride 2. Windows do not overlap, so each is one matrix product and a rearrangement.

mod layout;

use burn_wgpu::{CubeTensor, into_contiguous};

use self::layout::{Shape, TAPS, WINDOW, channels_first_axes};
use super::batch_norm::channel_sums;
use super::launch::empty;
use super::matmul::{Columns, Matmul, SplitDepth, padded};
use super::rearrange::Rearrange;

pub fn forward(x: CubeTensor, weight: CubeTensor, bias: Option<CubeTensor>) -> CubeTensor {
    let [x, weight] = [&into_contiguous(x), &into_contiguous(weight)];
    let bias = bias.map(into_contiguous);
    let shape = Shape::of(x, weight);
    let Shape { images, inputs, outputs, height, width } = shape;
    let columns = padded(shape.all());
    let windows = empty(x, [shape.window() * columns]);
    let matmul = |b: Columns| Matmul {
        planes: 1,
        rows: shape.window(),
        columns: shape.all().next_multiple_of(4),
        depth: inputs,
        split: SplitDepth::none(inputs),
        a_stride: shape.window(),
        b,
        c: Columns::rows(shape.window(), columns),
        c_start: 0,
        c_part_stride: 0,
    };
    match shape.in_place() {
        Some(b) => matmul(b).launch(weight, x, &windows),
        None => matmul(Columns::rows(inputs, columns)).launch(weight, &channels_first(x), &windows),
    }

    let y = empty(x, [images, outputs, TAPS * height, TAPS * width]);
    let (sizes, strides) = shape.large();
    Rearrange { sizes, from: shape.windows(columns), to: strides, ..Rearrange::default() }.launch(
        &windows,
        bias.as_ref(),
        &y,
    );
    y
}

/// Gradients of input, weight and bias, each if wanted.
pub fn backward(
    x: CubeTensor,
    weight: CubeTensor,
    dy: CubeTensor,
    [input, by_weight, by_bias]: [bool; 3],
) -> [Option<CubeTensor>; 3] {
    let [x, weight, dy] = [x, weight, dy].map(into_contiguous);
    [
        input.then(|| input_gradient(&dy, &weight)),
        by_weight.then(|| weight_gradient(&x, &dy)),
        by_bias.then(|| channel_sums(&dy)),
    ]
}

fn input_gradient(dy: &CubeTensor, weight: &CubeTensor) -> CubeTensor {
    let [images, _, height, width] = dy.meta.shape().dims();
    let [inputs, outputs, ..] = weight.meta.shape().dims::<4>();
    let shape = Shape { images, inputs, outputs, height: height / TAPS, width: width / TAPS };
    let (columns, rows) = (padded(shape.all()), padded(inputs));

    let transposed = empty(dy, [shape.window() * rows]);
    Rearrange {
        sizes: [1, 1, 1, outputs, WINDOW, inputs],
        from: [0, 0, 0, WINDOW, 1, shape.window()],
        to: [0, 0, 0, WINDOW * rows, rows, 1],
        ..Rearrange::default()
    }
    .launch(weight, None, &transposed);

    let windows = empty(dy, [shape.window() * columns]);
    let (sizes, strides) = shape.large();
    Rearrange { sizes, from: strides, to: shape.windows(columns), ..Rearrange::default() }.launch(dy, None, &windows);

    let dx = empty(dy, [images, inputs, shape.height, shape.width]);
    let matmul = |c: Columns| Matmul {
        planes: 1,
        rows: inputs,
        columns: shape.all().next_multiple_of(4),
        depth: shape.window(),
        split: SplitDepth::none(shape.window()),
        a_stride: rows,
        b: Columns::rows(shape.window(), columns),
        c,
        c_start: 0,
        c_part_stride: 0,
    };
    match shape.in_place() {
        Some(c) => matmul(c).launch(&transposed, &windows, &dx),
        None => {
            let pixels = empty(dy, [inputs * columns]);
            matmul(Columns::rows(inputs, columns)).launch(&transposed, &windows, &pixels);
            let (sizes, [images, rows]) = channels_first_axes(&dx);
            Rearrange { sizes, from: rows, to: images, ..Rearrange::default() }.launch(&pixels, None, &dx);
        }
    }
    dx
}

fn weight_gradient(x: &CubeTensor, dy: &CubeTensor) -> CubeTensor {
    let [images, inputs, height, width] = x.meta.shape().dims();
    let [_, outputs, ..] = dy.meta.shape().dims::<4>();
    let shape = Shape { images, inputs, outputs, height, width };
    let (pixels, rows, columns) = (shape.pixels(), padded(inputs), shape.window());

    let transposed = empty(x, [shape.all() * rows]);
    Rearrange {
        sizes: [1, 1, images, height, width, inputs],
        from: [0, 0, inputs * pixels, width, 1, pixels],
        to: [0, 0, pixels * rows, width * rows, rows, 1],
        ..Rearrange::default()
    }
    .launch(x, None, &transposed);
    let windows = empty(x, [shape.all() * columns]);
    let (sizes, strides) = shape.large();
    Rearrange { sizes, from: strides, to: shape.pixels_first(), ..Rearrange::default() }.launch(dy, None, &windows);

    let dweight = empty(x, [inputs, outputs, TAPS, TAPS]);
    let split = SplitDepth::fill(rows * padded(columns), shape.all());
    let matmul = Matmul {
        planes: 1,
        rows: inputs,
        columns,
        depth: shape.all(),
        split,
        a_stride: rows,
        b: Columns::rows(shape.all(), columns),
        c: Columns::rows(inputs, columns),
        c_start: 0,
        c_part_stride: inputs * columns,
    };
    if split.parts == 1 {
        matmul.launch(&transposed, &windows, &dweight);
        return dweight;
    }
    let sums = empty(x, [split.parts * inputs * columns]);
    matmul.launch(&transposed, &windows, &sums);
    let strides = [0, 0, 0, columns, 0, 1];
    Rearrange {
        sizes: [1, 1, 1, inputs, 1, columns],
        from: strides,
        to: strides,
        terms: split.parts,
        term_stride: inputs * columns,
    }
    .launch(&sums, None, &dweight);
    dweight
}

/// `[B, C, pixels]` to `[C, B * pixels]` with padded rows.
fn channels_first(x: &CubeTensor) -> CubeTensor {
    let (sizes, [images, rows]) = channels_first_axes(x);
    let columns = empty(x, [sizes[3] * rows[3]]);
    Rearrange { sizes, from: images, to: rows, ..Rearrange::default() }.launch(x, None, &columns);
    columns
}
