//! The hand-written CPU kernels compared with simple loops in double precision, for odd shapes: outputs, and gradients as
//! the adjoint.

use latent_lab::kernels::cpu::tile::{Finish, Tile};
use latent_lab::kernels::cpu::{adam, batch_norm, conv, conv_transpose, cross_entropy, dense, pool, sample_and_kl};
use proptest::prelude::*;

/// Numbers in `-1..1`, the same for the same seed.
fn numbers(len: usize, seed: u64) -> Vec<f32> {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 40) as f32 / (1 << 23) as f32 - 1.0
    };
    (0..len).map(|_| next()).collect()
}

#[track_caller]
fn assert_close(found: &[f32], expected: &[f64], tolerance: f64) {
    assert_eq!(found.len(), expected.len());
    for (at, (&found, &expected)) in found.iter().zip(expected).enumerate() {
        let difference = (f64::from(found) - expected).abs();
        assert!(difference <= tolerance * (1.0 + expected.abs()), "at {at}: {found} instead of {expected}");
    }
}

fn dot(a: &[f32], b: &[f32]) -> f64 {
    assert_eq!(a.len(), b.len());
    a.iter().zip(b).map(|(&a, &b)| f64::from(a) * f64::from(b)).sum()
}

/// The directional derivative of `loss`, by central differences.
fn directional_derivative(at: &[f32], direction: &[f32], loss: impl Fn(&[f32]) -> f64) -> f64 {
    let step = 1e-3;
    let moved = |by: f32| at.iter().zip(direction).map(|(at, direction)| at + by * direction).collect::<Vec<f32>>();
    (loss(&moved(step)) - loss(&moved(-step))) / (2.0 * f64::from(step))
}

#[test]
fn every_tile_of_this_processor_computes_the_matrix_product() {
    for tile in Tile::all() {
        for depth in [0, 1, 7, 100] {
            let (left, right) = (numbers(depth * tile.rows, 1), numbers(depth * tile.columns, 2));
            let stride = tile.columns + 3;
            for finish in [Finish::Set, Finish::Add, Finish::Relu] {
                let before = numbers(tile.rows * stride, 3);
                let mut out = before.clone();
                // SAFETY: the panels and the rows have the tile's lengths.
                unsafe { tile.run(depth, left.as_ptr(), right.as_ptr(), out.as_mut_ptr(), stride, finish) };
                let expected: Vec<f64> = (0..out.len())
                    .map(|at| {
                        let (row, column) = (at / stride, at % stride);
                        let before = f64::from(before[at]);
                        if column >= tile.columns {
                            return before;
                        }
                        let term =
                            |k| f64::from(left[k * tile.rows + row]) * f64::from(right[k * tile.columns + column]);
                        let sum: f64 = (0..depth).map(term).sum();
                        match finish {
                            Finish::Set => sum,
                            Finish::Add => before + sum,
                            Finish::Relu => sum.max(0.0),
                        }
                    })
                    .collect();
                assert_close(&out, &expected, 1e-5);
            }
        }
    }
}

fn simple_dense(x: &[f32], w: &[f32], b: &[f32], dims: dense::Dims, relu: bool) -> Vec<f64> {
    let rows = x.chunks_exact(dims.inputs);
    rows.flat_map(|x| w.chunks_exact(dims.inputs).zip(b).map(move |(w, &b)| dot(x, w) + f64::from(b)))
        .map(|value| if relu { value.max(0.0) } else { value })
        .collect()
}

/// Calls `each` with the indices of input pixel, weight and output pixel for every term of a 3 x 3 convolution.
fn windows(dims: conv::Dims, mut each: impl FnMut(usize, usize, usize)) {
    let conv::Dims { batch, inputs, outputs, height, width } = dims;
    let area = height * width;
    for image in 0..batch {
        for output in 0..outputs {
            for input in 0..inputs {
                for (pixel, tap) in (0..area).flat_map(|pixel| (0..9).map(move |tap| (pixel, tap))) {
                    let (y, x) = (pixel / width + tap / 3, pixel % width + tap % 3);
                    if (1..=height).contains(&y) && (1..=width).contains(&x) {
                        let from = (image * inputs + input) * area + (y - 1) * width + x - 1;
                        each(from, (output * inputs + input) * 9 + tap, (image * outputs + output) * area + pixel);
                    }
                }
            }
        }
    }
}

/// Calls `each` with the indices of input pixel, weight and output pixel for every term of a transposed 2 x 2 convolution.
fn transposed_windows(dims: conv_transpose::Dims, mut each: impl FnMut(usize, usize, usize)) {
    let conv_transpose::Dims { batch, inputs, outputs, height, width } = dims;
    for (image, input) in (0..batch).flat_map(|image| (0..inputs).map(move |input| (image, input))) {
        for (pixel, output) in (0..height * width).flat_map(|pixel| (0..outputs).map(move |output| (pixel, output))) {
            for (i, j) in [(0, 0), (0, 1), (1, 0), (1, 1)] {
                let (y, x) = (2 * (pixel / width) + i, 2 * (pixel % width) + j);
                each(
                    (image * inputs + input) * height * width + pixel,
                    ((input * outputs + output) * 2 + i) * 2 + j,
                    ((image * outputs + output) * 2 * height + y) * 2 * width + x,
                );
            }
        }
    }
}

/// `len` sums of the values that `terms` adds at their indices.
fn sums(len: usize, terms: impl FnOnce(&mut dyn FnMut(usize, f64))) -> Vec<f64> {
    let mut sums = vec![0.0; len];
    terms(&mut |at, value| sums[at] += value);
    sums
}

fn product(a: f32, b: f32) -> f64 {
    f64::from(a) * f64::from(b)
}

fn assert_convolves(dims: conv::Dims, seed: u64) {
    let conv::Dims { batch, inputs, outputs, height, width } = dims;
    let (x, w) = (numbers(batch * inputs * height * width, seed), numbers(outputs * inputs * 9, seed ^ 1));
    let dy = numbers(batch * outputs * height * width, seed ^ 2);
    let y = sums(dy.len(), |add| windows(dims, |i, k, o| add(o, product(x[i], w[k]))));
    let dx = sums(x.len(), |add| windows(dims, |i, k, o| add(i, product(dy[o], w[k]))));
    let dw = sums(w.len(), |add| windows(dims, |i, k, o| add(k, product(dy[o], x[i]))));
    assert_close(&conv::forward(&x, &w, dims), &y, 1e-4);
    assert_close(&conv::input_gradient(&dy, &w, dims), &dx, 1e-4);
    assert_close(&conv::weight_gradient(&x, &dy, dims), &dw, 1e-4);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 8, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_convolution_by_winograd_is_the_sum_over_its_windows(
        batch in 30..40_usize, inputs in 16..24_usize, outputs in 16..40_usize, height in 6..10_usize, width in 6..10_usize, seed: u64,
    ) {
        assert_convolves(conv::Dims { batch, inputs, outputs, height, width }, seed);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_dense_layer_is_the_formula_and_its_gradients(batch in 1..40_usize, inputs in 1..150_usize, outputs in 1..90_usize, relu: bool, seed: u64) {
        let dims = dense::Dims { batch, inputs, outputs };
        let (x, w, b) = (numbers(batch * inputs, seed), numbers(outputs * inputs, seed ^ 1), numbers(outputs, seed ^ 2));
        let y = dense::forward(&x, &w, &b, dims, relu);
        assert_close(&y, &simple_dense(&x, &w, &b, dims, relu), 1e-4);

        let dy = numbers(batch * outputs, seed ^ 3);
        let relu_output = relu.then_some(&y[..]);
        let (dx, parameters) = dense::backward(&x, &w, relu_output, &dy, dims, [true, true]);
        let (dw, db) = parameters.unwrap();
        let through_relu = |at: usize| if relu && y[at] <= 0.0 { 0.0 } else { dy[at] };
        let mut expected = (vec![0.0; x.len()], vec![0.0; w.len()], vec![0.0; outputs]);
        for (image, output) in (0..batch).flat_map(|image| (0..outputs).map(move |output| (image, output))) {
            let dy = through_relu(image * outputs + output);
            for input in 0..inputs {
                expected.0[image * inputs + input] += product(dy, w[output * inputs + input]);
                expected.1[output * inputs + input] += product(dy, x[image * inputs + input]);
            }
            expected.2[output] += f64::from(dy);
        }
        assert_close(&dx.unwrap(), &expected.0, 1e-4);
        assert_close(&dw, &expected.1, 1e-4);
        assert_close(&db, &expected.2, 1e-4);
        prop_assert!(dense::backward(&x, &w, relu_output, &dy, dims, [false, false]) == (None, None));
    }

    #[test]
    fn a_convolution_by_windows_is_the_sum_over_its_windows(
        batch in 1..7_usize, inputs in 1..20_usize, outputs in 1..40_usize, height in 1..12_usize, width in 1..20_usize, seed: u64,
    ) {
        assert_convolves(conv::Dims { batch, inputs, outputs, height, width }, seed);
    }

    #[test]
    fn a_transposed_convolution_is_the_sum_over_its_windows(
        batch in 1..7_usize, inputs in 1..20_usize, outputs in 1..20_usize, height in 1..9_usize, width in 1..9_usize, seed: u64,
    ) {
        let dims = conv_transpose::Dims { batch, inputs, outputs, height, width };
        let area = height * width;
        let (x, w) = (numbers(batch * inputs * area, seed), numbers(inputs * outputs * 4, seed ^ 1));
        let (b, dy) = (numbers(outputs, seed ^ 2), numbers(batch * outputs * 4 * area, seed ^ 3));
        let y = sums(dy.len(), |add| transposed_windows(dims, |i, k, o| add(o, product(x[i], w[k]))));
        let dx = sums(x.len(), |add| transposed_windows(dims, |i, k, o| add(i, product(dy[o], w[k]))));
        let dw = sums(w.len(), |add| transposed_windows(dims, |i, k, o| add(k, product(dy[o], x[i]))));
        let channel = |at: usize| at / (4 * area) % outputs;
        let with_bias: Vec<f64> = y.iter().enumerate().map(|(at, y)| y + f64::from(b[channel(at)])).collect();
        let db = sums(outputs, |add| dy.iter().enumerate().for_each(|(at, &dy)| add(channel(at), f64::from(dy))));
        assert_close(&conv_transpose::forward(&x, &w, None, dims), &y, 1e-4);
        assert_close(&conv_transpose::forward(&x, &w, Some(&b), dims), &with_bias, 1e-4);
        let gradients = conv_transpose::backward(&x, &w, &dy, dims, true, true);
        assert_close(&gradients.0.unwrap(), &dx, 1e-4);
        assert_close(&gradients.1.unwrap(), &dw, 1e-4);
        assert_close(&gradients.2, &db, 1e-4);
    }

    #[test]
    fn max_pooling_sends_the_gradient_to_the_first_of_equal_pixels(
        planes in 1..9_usize, height in 1..12_usize, width in 1..40_usize, seed: u64,
    ) {
        let dims = pool::Dims { planes, height, width };
        // Few levels, so that neighbours are often equal.
        let x: Vec<f32> = numbers(planes * height * width, seed).iter().map(|x| (x * 3.0).round()).collect();
        let (lines, half) = (height / 2, width / 2);
        let dy = numbers(planes * lines * half, seed ^ 1);
        let mut y = Vec::new();
        let mut dx = vec![0.0; x.len()];
        for (plane, window) in (0..planes).flat_map(|plane| (0..lines * half).map(move |window| (plane, window))) {
            let corner = (plane * height + window / half * 2) * width + window % half * 2;
            let pixels = [corner, corner + 1, corner + width, corner + width + 1];
            let largest = pixels.iter().map(|&pixel| x[pixel]).fold(f32::NEG_INFINITY, f32::max);
            let first = pixels.into_iter().find(|&pixel| x[pixel] == largest).unwrap();
            dx[first] += f64::from(dy[y.len()]);
            y.push(largest);
        }
        let found = pool::forward(&x, dims);
        prop_assert_eq!(&found, &y);
        assert_close(&pool::backward(&x, &found, &dy, dims), &dx, 0.0);
    }

    #[test]
    fn a_batch_norm_with_relu_is_the_formula_and_its_gradients(
        batch in 1..6_usize, channels in 1..6_usize, area in 2..90_usize, seed: u64,
    ) {
        let dims = batch_norm::Dims { batch, channels, area };
        let len = batch * channels * area;
        let x: Vec<f32> = numbers(len, seed).iter().map(|x| 3.0 + 2.0 * x).collect();
        let (weight, bias, dy) = (numbers(channels, seed ^ 1), numbers(channels, seed ^ 2), numbers(len, seed ^ 3));
        let channel = |at: usize| at / area % channels;
        let count = (batch * area) as f64;
        let mut mean = vec![0.0; channels];
        let mut var = vec![0.0; channels];
        (0..len).for_each(|at| mean[channel(at)] += f64::from(x[at]) / count);
        (0..len).for_each(|at| var[channel(at)] += (f64::from(x[at]) - mean[channel(at)]).powi(2) / count);
        let found = batch_norm::moments(&x, dims);
        assert_close(&found.0, &mean, 1e-5);
        assert_close(&found.1, &var, 1e-5);

        let deviation = |channel: usize| (var[channel] + 1e-5).sqrt();
        let normal: Vec<f64> = (0..len).map(|at| (f64::from(x[at]) - mean[channel(at)]) / deviation(channel(at))).collect();
        let before = |at: usize| normal[at] * f64::from(weight[channel(at)]) + f64::from(bias[channel(at)]);
        let y = batch_norm::forward(&x, &found.0, &found.1, &weight, &bias, dims);
        assert_close(&y, &(0..len).map(|at| before(at).max(0.0)).collect::<Vec<_>>(), 1e-4);

        // The gradients of Ioffe & Szegedy 2015, section 3.
        let through_relu: Vec<f64> = (0..len).map(|at| if y[at] > 0.0 { f64::from(dy[at]) } else { 0.0 }).collect();
        let dbias = sums(channels, |add| (0..len).for_each(|at| add(channel(at), through_relu[at])));
        let dweight = sums(channels, |add| (0..len).for_each(|at| add(channel(at), through_relu[at] * normal[at])));
        let dx: Vec<f64> = (0..len)
            .map(|at| {
                let channel = channel(at);
                let rest = dbias[channel] / count + normal[at] * dweight[channel] / count;
                f64::from(weight[channel]) / deviation(channel) * (through_relu[at] - rest)
            })
            .collect();
        let gradients = batch_norm::backward(&x, &y, &dy, &found.0, &found.1, &weight, dims);
        assert_close(&gradients.0, &dx, 1e-3);
        assert_close(&gradients.1, &dweight, 1e-3);
        assert_close(&gradients.2, &dbias, 1e-4);
    }

    #[test]
    fn cross_entropy_is_exact_for_any_logit(rows in 1..7_usize, pixels in 1..100_usize, scale in 0.0..100_f32, seed: u64) {
        let logits: Vec<f32> = numbers(rows * pixels, seed).iter().map(|logit| logit * scale).collect();
        let images: Vec<f32> = numbers(rows * pixels, seed ^ 1).iter().map(|pixel| pixel.abs()).collect();
        let dy = numbers(rows, seed ^ 2);
        let one = |at: usize| {
            let (logit, pixel) = (f64::from(logits[at]), f64::from(images[at]));
            logit.max(0.0) - logit * pixel + (-logit.abs()).exp().ln_1p()
        };
        let losses: Vec<f64> = (0..rows).map(|row| (row * pixels..(row + 1) * pixels).map(one).sum()).collect();
        assert_close(&cross_entropy::forward(&logits, &images, rows), &losses, 1e-6);
        let dlogits = (0..logits.len()).map(|at| {
            let sigmoid = 1.0 / (1.0 + (-f64::from(logits[at])).exp());
            (sigmoid - f64::from(images[at])) * f64::from(dy[at / pixels])
        });
        assert_close(&cross_entropy::backward(&logits, &images, &dy, rows), &dlogits.collect::<Vec<_>>(), 1e-6);
    }

    #[test]
    fn a_sample_and_its_kl_are_the_formulas_and_their_gradients(rows in 1..6_usize, components in 1..40_usize, seed: u64) {
        let len = rows * components;
        let [mean, log_var, noise, dz] = [0, 1, 2, 3].map(|part| numbers(len, seed ^ part).iter().map(|x| 2.0 * x).collect::<Vec<f32>>());
        let dy = numbers(rows, seed ^ 4);
        let sigma = |at: usize| (0.5 * f64::from(log_var[at])).exp();
        let z: Vec<f64> = (0..len).map(|at| f64::from(mean[at]) + sigma(at) * f64::from(noise[at])).collect();
        assert_close(&sample_and_kl::sample(&mean, &log_var, &noise), &z, 1e-6);
        let dlog_var: Vec<f64> = (0..len).map(|at| 0.5 * sigma(at) * product(noise[at], dz[at])).collect();
        assert_close(&sample_and_kl::sample_backward(&log_var, &noise, &dz), &dlog_var, 1e-6);

        let one = |at: usize| 0.5 * (sigma(at).powi(2) + f64::from(mean[at]).powi(2) - f64::from(log_var[at]) - 1.0);
        let kl: Vec<f64> = (0..rows).map(|row| (row * components..(row + 1) * components).map(one).sum()).collect();
        assert_close(&sample_and_kl::kl(&mean, &log_var, rows), &kl, 1e-5);
        let (dmean, dlog_var) = sample_and_kl::kl_backward(&mean, &log_var, &dy);
        assert_close(&dmean, &(0..len).map(|at| product(mean[at], dy[at / components])).collect::<Vec<_>>(), 1e-6);
        let expected: Vec<f64> = (0..len).map(|at| 0.5 * (sigma(at).powi(2) - 1.0) * f64::from(dy[at / components])).collect();
        assert_close(&dlog_var, &expected, 1e-6);
    }

    #[test]
    fn adam_is_algorithm_1(len in 1..10_000_usize, seed: u64) {
        let (mut value, gradient) = (numbers(len, seed), numbers(len, seed ^ 1));
        let mut first = numbers(len, seed ^ 2);
        let mut second: Vec<f32> = numbers(len, seed ^ 3).iter().map(|x| x.abs()).collect();
        let (step_size, epsilon) = (1e-2, 1e-7);
        let expected: Vec<[f64; 3]> = (0..len)
            .map(|at| {
                let [v, g, m, s] = [value[at], gradient[at], first[at], second[at]].map(f64::from);
                let (m, s) = (0.9 * m + 0.1 * g, 0.999 * s + 0.001 * g * g);
                [v - f64::from(step_size) * m / (s.sqrt() + f64::from(epsilon)), m, s]
            })
            .collect();
        adam::update(&mut value, &gradient, &mut first, &mut second, [step_size, epsilon, 1.0]);
        for (part, found) in [value, first, second].iter().enumerate() {
            assert_close(found, &expected.iter().map(|values| values[part]).collect::<Vec<_>>(), 1e-5);
        }
    }
}

#[test]
fn the_gradient_of_a_batch_norm_is_its_derivative() {
    let dims = batch_norm::Dims { batch: 4, channels: 3, area: 25 };
    let len = 4 * 3 * 25;
    let (x, dy, direction) = (numbers(len, 1), numbers(len, 2), numbers(len, 3));
    let (weight, bias) = (numbers(3, 4), vec![5.0; 3]); // so large that the ReLU passes everything
    let forward = |x: &[f32]| {
        let (mean, var) = batch_norm::moments(x, dims);
        batch_norm::forward(x, &mean, &var, &weight, &bias, dims)
    };
    let (mean, var) = batch_norm::moments(&x, dims);
    let (dx, ..) = batch_norm::backward(&x, &forward(&x), &dy, &mean, &var, &weight, dims);
    let derivative = directional_derivative(&x, &direction, |x| dot(&forward(x), &dy));
    assert!(
        (dot(&dx, &direction) - derivative).abs() < 1e-2 * (1.0 + derivative.abs()),
        "{} {derivative}",
        dot(&dx, &direction)
    );
}

#[test]
fn convolutions_of_the_models_sizes_agree_with_their_adjoint() {
    let batch = 17;
    for (inputs, outputs, side) in [(1, 32, 32), (32, 128, 16), (128, 256, 8)] {
        let dims = conv::Dims { batch, inputs, outputs, height: side, width: side };
        let (x, w) = (numbers(batch * inputs * side * side, 1), numbers(outputs * inputs * 9, 2));
        let dy = numbers(batch * outputs * side * side, 3);
        let output_product = dot(&conv::forward(&x, &w, dims), &dy);
        let dinput = dot(&conv::input_gradient(&dy, &w, dims), &x);
        let dweight = dot(&conv::weight_gradient(&x, &dy, dims), &w);
        let size = dot(&dy, &dy).sqrt() * (inputs as f64 * 9.0);
        assert!((output_product - dinput).abs() < 1e-5 * size && (output_product - dweight).abs() < 1e-5 * size);
    }
}
