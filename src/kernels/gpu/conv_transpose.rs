//! Transposed 2 x 2 convolutions of stride 2: windows do not overlap, so each is one product and a rearrangement.

use burn_cubecl::tensor::CubeTensor;

use super::launch::{Kernel, empty};
use super::product::{Columns, Parts, Product, padded, room};

const REARRANGE: Kernel = Kernel::new("up_rearrange", include_str!("up_rearrange.wgsl"), [16, 4]);

const TAPS: usize = 2;
const WINDOW: usize = TAPS * TAPS;

/// The smaller picture and how many channels it goes from and to.
#[derive(Debug, Clone, Copy)]
struct Shape {
    images: usize,
    inputs: usize,
    outputs: usize,
    height: usize,
    width: usize,
}

impl Shape {
    fn of(x: &CubeTensor, weight: &CubeTensor) -> Self {
        let [images, inputs, height, width] = x.meta.shape().dims();
        let [_, outputs, ..] = weight.meta.shape().dims::<4>();
        Self { images, inputs, outputs, height, width }
    }

    fn pixels(&self) -> usize {
        self.height * self.width
    }

    /// Pixels of all small pictures.
    fn all(&self) -> usize {
        self.images * self.pixels()
    }

    /// What a small pixel becomes: `[O, 2, 2]`.
    fn window(&self) -> usize {
        WINDOW * self.outputs
    }

    /// Small pictures as a product reads and writes them without a copy, where four pixels at a time come out even.
    fn in_place(&self) -> Option<Columns> {
        (self.pixels() % 4 == 0).then(|| Columns::pictures(self.inputs, self.pixels()))
    }

    /// The axes of a large picture, `[B, i, height, O, width, j]`, and their strides there.
    fn large(&self) -> ([usize; 6], [usize; 6]) {
        let Self { images, outputs, height, width, .. } = *self;
        let row = TAPS * width;
        let plane = TAPS * height * row;
        ([images, TAPS, height, outputs, width, TAPS], [outputs * plane, row, TAPS * row, plane, TAPS, 1])
    }

    /// Strides of the same axes in `[O, 2, 2, B, height, width]`, whose last three are `columns` apart.
    fn windows(&self, columns: usize) -> [usize; 6] {
        [self.pixels(), TAPS * columns, self.width, WINDOW * columns, 1, columns]
    }

    /// And in `[B, height, width, O, 2, 2]`.
    fn pixels_first(&self) -> [usize; 6] {
        let row = self.window();
        [self.pixels() * row, TAPS, self.width * row, WINDOW, row, 1]
    }
}

/// # Shapes
/// `x` `[B, C, height, width]`, `weight` `[C, O, 2, 2]`, `bias` `[O]`, to `[B, O, 2 height, 2 width]`.
pub fn forward(x: &CubeTensor, weight: &CubeTensor, bias: Option<&CubeTensor>) -> CubeTensor {
    let shape = Shape::of(x, weight);
    let Shape { images, inputs, outputs, height, width } = shape;
    let columns = padded(shape.all());
    let windows = room(x, shape.window() * columns);
    let product = |b: Columns| Product {
        planes: 1,
        rows: shape.window(),
        columns: shape.all().next_multiple_of(4),
        depth: inputs,
        parts: Parts::one(inputs),
        a_stride: shape.window(),
        b,
        c: Columns::rows(shape.window(), columns),
        c_start: 0,
        c_part: 0,
    };
    match shape.in_place() {
        Some(b) => product(b).launch(weight, x, &windows),
        None => product(Columns::rows(inputs, columns)).launch(weight, &channels_first(x), &windows),
    }

    let y = empty(x, [images, outputs, TAPS * height, TAPS * width]);
    let (sizes, strides) = shape.large();
    Move { sizes, from: shape.windows(columns), to: strides, ..Move::default() }.launch(&windows, bias, &y);
    y
}

/// The gradient by `x`.
///
/// # Shapes
/// `dy` `[B, O, 2 height, 2 width]`, `weight` `[C, O, 2, 2]`, to `[B, C, height, width]`.
pub fn input(dy: &CubeTensor, weight: &CubeTensor) -> CubeTensor {
    let [images, _, height, width] = dy.meta.shape().dims();
    let [inputs, outputs, ..] = weight.meta.shape().dims::<4>();
    let shape = Shape { images, inputs, outputs, height: height / TAPS, width: width / TAPS };
    let (columns, rows) = (padded(shape.all()), padded(inputs));

    let turned = room(dy, shape.window() * rows);
    Move {
        sizes: [1, 1, 1, outputs, WINDOW, inputs],
        from: [0, 0, 0, WINDOW, 1, shape.window()],
        to: [0, 0, 0, WINDOW * rows, rows, 1],
        ..Move::default()
    }
    .launch(weight, None, &turned);

    let windows = room(dy, shape.window() * columns);
    let (sizes, strides) = shape.large();
    Move { sizes, from: strides, to: shape.windows(columns), ..Move::default() }.launch(dy, None, &windows);

    let dx = empty(dy, [images, inputs, shape.height, shape.width]);
    let product = |c: Columns| Product {
        planes: 1,
        rows: inputs,
        columns: shape.all().next_multiple_of(4),
        depth: shape.window(),
        parts: Parts::one(shape.window()),
        a_stride: rows,
        b: Columns::rows(shape.window(), columns),
        c,
        c_start: 0,
        c_part: 0,
    };
    match shape.in_place() {
        Some(c) => product(c).launch(&turned, &windows, &dx),
        None => {
            let pixels = room(dy, inputs * columns);
            product(Columns::rows(inputs, columns)).launch(&turned, &windows, &pixels);
            let (sizes, [pictures, rows]) = channels_first_axes(&dx);
            Move { sizes, from: rows, to: pictures, ..Move::default() }.launch(&pixels, None, &dx);
        }
    }
    dx
}

/// The gradient by the weight.
///
/// # Shapes
/// `x` `[B, C, height, width]` and `dy` `[B, O, 2 height, 2 width]`, to `[C, O, 2, 2]`.
pub fn weight(x: &CubeTensor, dy: &CubeTensor) -> CubeTensor {
    let [images, inputs, height, width] = x.meta.shape().dims();
    let [_, outputs, ..] = dy.meta.shape().dims::<4>();
    let shape = Shape { images, inputs, outputs, height, width };
    let (pixels, rows, columns) = (shape.pixels(), padded(inputs), shape.window());

    let turned = room(x, shape.all() * rows);
    Move {
        sizes: [1, 1, images, height, width, inputs],
        from: [0, 0, inputs * pixels, width, 1, pixels],
        to: [0, 0, pixels * rows, width * rows, rows, 1],
        ..Move::default()
    }
    .launch(x, None, &turned);
    let windows = room(x, shape.all() * columns);
    let (sizes, strides) = shape.large();
    Move { sizes, from: strides, to: shape.pixels_first(), ..Move::default() }.launch(dy, None, &windows);

    let dweight = empty(x, [inputs, outputs, TAPS, TAPS]);
    let parts = Parts::fill(rows * padded(columns), shape.all());
    let product = Product {
        planes: 1,
        rows: inputs,
        columns,
        depth: shape.all(),
        parts,
        a_stride: rows,
        b: Columns::rows(shape.all(), columns),
        c: Columns::rows(inputs, columns),
        c_start: 0,
        c_part: inputs * columns,
    };
    if parts.count == 1 {
        product.launch(&turned, &windows, &dweight);
        return dweight;
    }
    let sums = room(x, parts.count * inputs * columns);
    product.launch(&turned, &windows, &sums);
    let strides = [0, 0, 0, columns, 0, 1];
    Move {
        sizes: [1, 1, 1, inputs, 1, columns],
        from: strides,
        to: strides,
        terms: parts.count,
        term_stride: inputs * columns,
    }
    .launch(&sums, None, &dweight);
    dweight
}

/// `[B, C, ...]` to `[C, B ...]`, padded.
fn channels_first(x: &CubeTensor) -> CubeTensor {
    let (sizes, [pictures, rows]) = channels_first_axes(x);
    let columns = room(x, sizes[3] * rows[3]);
    Move { sizes, from: pictures, to: rows, ..Move::default() }.launch(x, None, &columns);
    columns
}

/// Axes of pictures, their strides there and in padded rows, one for each channel.
fn channels_first_axes(pictures: &CubeTensor) -> ([usize; 6], [[usize; 6]; 2]) {
    let [images, channels, height, width] = pictures.meta.shape().dims();
    let pixels = height * width;
    let strides = [[0, channels * pixels, 0, pixels, 0, 1], [0, pixels, 0, padded(images * pixels), 0, 1]];
    ([1, images, 1, channels, 1, pixels], strides)
}

/// Numbers moved along six axes, and summed over `terms`.
#[derive(Debug, Clone, Copy)]
struct Move {
    sizes: [usize; 6],
    from: [usize; 6],
    to: [usize; 6],
    terms: usize,
    term_stride: usize,
}

impl Default for Move {
    fn default() -> Self {
        Self { sizes: [1; 6], from: [0; 6], to: [0; 6], terms: 1, term_stride: 0 }
    }
}

impl Move {
    /// The bias is one number for each place on the fourth axis.
    fn launch(&self, source: &CubeTensor, bias: Option<&CubeTensor>, result: &CubeTensor) {
        let rest = [self.terms, self.term_stride, usize::from(bias.is_some())];
        let words = [&self.sizes[..], &self.from, &self.to, &rest].concat();
        let [a, b, c, d, _, f] = self.sizes;
        REARRANGE.launch([a * b * f, c * d], &[source, bias.unwrap_or(source), result], &words);
    }
}
