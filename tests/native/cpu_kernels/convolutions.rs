//! Convolutions and max pooling on the CPU.

use latent_lab::kernels::cpu::{conv, conv_transpose, pool};
use proptest::prelude::*;

use super::{assert_close, dot, numbers, product, sums};

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
