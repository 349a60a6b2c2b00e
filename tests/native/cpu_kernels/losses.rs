//! The terms of the loss on the CPU.

use latent_lab::kernels::cpu::{cross_entropy, sample_and_kl};
use proptest::prelude::*;

use super::{assert_close, numbers, product};

#[test]
fn cross_entropy_is_exact_at_the_ends_of_the_exponential() {
    let ends = [
        (-1e30, 0.0, 0.0),
        (-88.0, 0.0, 0.0),
        (-0.0, std::f32::consts::LN_2, 0.5),
        (88.0, 88.0, 1.0),
        (1e30, 1e30, 1.0),
    ];
    for (logit, loss, gradient) in ends {
        let of_black = ([logit; 40], [0.0; 40]);
        let got = cross_entropy::forward(&of_black.0, &of_black.1, 40);
        assert!(got.iter().all(|got| (got - loss).abs() <= 1e-6 * loss), "{logit}: {got:?}");
        let got = cross_entropy::backward(&of_black.0, &of_black.1, &[1.0; 40], 40);
        assert_eq!(got, [gradient; 40], "{logit}");
    }
    let near = cross_entropy::backward(&[-87.2], &[0.0], &[1.0], 1)[0];
    assert!((near / (-87.2_f32).exp() - 1.0).abs() < 1e-5, "{near}");
    assert!(cross_entropy::forward(&[f32::NAN], &[0.0], 1)[0].is_nan());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

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
        // A loss may be the small difference of two terms as large as its logit.
        let tolerance = 1e-6 * (1.0 + f64::from(scale));
        assert_close(&cross_entropy::forward(&logits, &images, rows), &losses, tolerance);
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
}
