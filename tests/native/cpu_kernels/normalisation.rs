//! Batch norm with ReLU on the CPU.

use latent_lab::kernels::cpu::batch_norm;
use proptest::prelude::*;

use super::{assert_close, dot, numbers, sums};

/// The directional derivative of `loss`, by central differences.
fn directional_derivative(at: &[f32], direction: &[f32], loss: impl Fn(&[f32]) -> f64) -> f64 {
    let step = 1e-3;
    let moved = |by: f32| at.iter().zip(direction).map(|(at, direction)| at + by * direction).collect::<Vec<f32>>();
    (loss(&moved(step)) - loss(&moved(-step))) / (2.0 * f64::from(step))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

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
