//! Posteriors, priors and likelihoods, compared with plain loops, Monte Carlo estimates and closed forms.

use latent_lab::device::cpu;
use latent_lab::evaluate::sample_prior;
use latent_lab::model::{Diagonal, Full, Gaussian, Mixture, ModelConfig, Posterior, PriorKind, Triangle};
use latent_lab::random::{Stream, normals};
use latent_lab::snapshot::block_on;
use latent_lab::train::TrainConfig;

use crate::samples::{SMALL, trainer};
use crate::tensors::{tensor, values};

/// L = [[1, 0], [0.5, 2]], `images` times.
fn tilted(images: usize) -> Full {
    Full {
        mean: tensor(&[0.3, -0.2].repeat(images), [images, 2]),
        log_diagonal: tensor(&[0.0, 2_f32.ln()].repeat(images), [images, 2]),
        below: tensor(&vec![0.5; images], [images, 1]),
        triangle: Triangle::new(2, &cpu()),
    }
}

#[test]
fn samples_of_a_full_posterior_have_its_covariance() {
    const SAMPLES: usize = 20_000;
    let z = values(tilted(SAMPLES).sample(tensor(&normals(1, Stream::Samples, 2 * SAMPLES), [SAMPLES, 2])));
    let centred: Vec<[f64; 2]> = z.chunks(2).map(|z| [f64::from(z[0]) - 0.3, f64::from(z[1]) + 0.2]).collect();
    let moment = |i: usize, j: usize| centred.iter().map(|z| z[i] * z[j]).sum::<f64>() / SAMPLES as f64;
    assert!((moment(0, 0) - 1.0).abs() < 0.05 && (moment(1, 1) - 4.25).abs() < 0.15);
    assert!((moment(0, 1) - 0.5).abs() < 0.05, "the covariance below the diagonal");
    let variance = values(tilted(1).variance());
    assert!((variance[0] - 1.0).abs() < 1e-6 && (variance[1] - 4.25).abs() < 1e-5);
}

#[test]
fn the_kl_of_a_full_posterior_agrees_with_monte_carlo() {
    const SAMPLES: usize = 50_000;
    let noise = normals(2, Stream::Samples, 2 * SAMPLES);
    let z = values(tilted(SAMPLES).sample(tensor(&noise, [SAMPLES, 2])));
    let estimate: f64 = z
        .chunks(2)
        .zip(noise.chunks(2))
        .map(|(z, e)| {
            let square = |v: &[f32]| v.iter().map(|&x| f64::from(x).powi(2)).sum::<f64>();
            0.5 * (square(z) - square(e)) - 2_f64.ln() // log q - log p; log |L| = log 2
        })
        .sum::<f64>()
        / SAMPLES as f64;
    let closed: f32 = values(tilted(1).kl_to_standard()).iter().sum();
    assert!((f64::from(closed) - estimate).abs() < 0.03, "{closed} against {estimate}");
}

#[test]
fn a_gaussian_likelihood_agrees_with_its_log_density() {
    let nll = |sigma: f32| {
        let gaussian = Gaussian { mean: tensor(&[0.5, 0.5], [1, 2]), log_sigma: tensor(&[sigma.ln()], [1]) };
        f64::from(values(gaussian.negative_log_likelihood(tensor(&[0.5, 1.0], [1, 2])))[0])
    };
    let expected = |sigma: f64| 2.0 * (sigma.ln() + 0.5 * std::f64::consts::TAU.ln()) + 0.25 / (2.0 * sigma * sigma);
    for sigma in [1.0, 0.2] {
        assert!((nll(sigma) - expected(f64::from(sigma))).abs() < 1e-5);
    }
    assert!(nll(0.2) < nll(1.0));
}

/// Two Gaussians in two dimensions, weighted 0.25 and 0.75.
fn two_components() -> Mixture {
    Mixture {
        log_weights: tensor(&[0.25_f32.ln(), 0.75_f32.ln()], [2]),
        mean: tensor(&[1.0, -1.0, 0.0, 2.0], [2, 2]),
        log_var: tensor(&[0.0, -1.0, 0.5, 0.2], [2, 2]),
    }
}

#[test]
fn the_density_of_a_mixture_agrees_with_plain_loops() {
    let (mean, log_var) = ([[1.0, -1.0], [0.0, 2.0]], [[0.0, -1.0], [0.5, 0.2]]);
    let normal = |x: f64, m: f64, v: f64| (-0.5 * ((x - m).powi(2) / v.exp() + v + std::f64::consts::TAU.ln())).exp();
    for z in [[0.0_f32, 0.0], [1.5, -0.5], [-30.0, 40.0]] {
        let found = f64::from(values(two_components().log_density(tensor(&z, [1, 2])))[0]);
        let component =
            |k: usize| -> f64 { (0..2).map(|i| normal(f64::from(z[i]), mean[k][i], log_var[k][i])).product() };
        let expected = (0.25 * component(0) + 0.75 * component(1)).ln();
        match expected.is_finite() {
            true => assert!((found - expected).abs() < 1e-4, "{found} is not {expected}"),
            false => assert!(found.is_finite() && found < -500.0, "finite where plain loops underflow: {found}"),
        }
    }
}

#[test]
fn the_kl_estimated_at_samples_agrees_with_the_closed_form() {
    const SAMPLES: usize = 50_000;
    let diagonal = |images| Diagonal {
        mean: tensor(&[0.5, -1.0].repeat(images), [images, 2]),
        log_var: tensor(&[-0.5, -2.0].repeat(images), [images, 2]),
    };
    let standard = Mixture {
        log_weights: tensor(&[0.0], [1]),
        mean: tensor(&[0.0, 0.0], [1, 2]),
        log_var: tensor(&[0.0, 0.0], [1, 2]),
    };
    let noise = tensor(&normals(4, Stream::Samples, 2 * SAMPLES), [SAMPLES, 2]);
    let z = diagonal(SAMPLES).sample(noise.clone());
    let estimate = Posterior::Diagonal(diagonal(SAMPLES)).log_density(noise) - standard.log_density(z);
    let (estimate, closed) = (values(estimate.mean())[0], values(diagonal(1).kl_to_standard()).iter().sum::<f32>());
    assert!((estimate - closed).abs() < 0.03, "{estimate} against {closed}");
}

#[test]
fn prior_samples_come_from_the_prior_of_the_model() {
    let codes = |prior| {
        let model = trainer(ModelConfig { prior, components: 3, latent: 2, ..SMALL }, TrainConfig::default()).model();
        (block_on(sample_prior(&model, 2, 4000, 1)).unwrap(), model.learned_prior())
    };
    let (standard, none) = codes(PriorKind::Standard);
    assert!(none.is_none());
    assert_eq!(standard, normals(1, Stream::Samples, 8000));
    let (drawn, prior) = codes(PriorKind::Mixture);
    let average = |k: usize| drawn.iter().skip(k).step_by(2).sum::<f32>() / 4000.0;
    let means = values(prior.unwrap().mean);
    for k in 0..2 {
        let expected = (means[k] + means[2 + k] + means[4 + k]) / 3.0;
        assert!((average(k) - expected).abs() < 0.1, "{} is not {expected}", average(k));
    }
}
