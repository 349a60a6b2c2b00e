//! Active units, the aggregate posterior and the KL decomposition, for posteriors with known answers.

use latent_lab::device::cpu;
use latent_lab::evaluate::{Activity, CodeDensities, KlDecomposition, KlParts, Posteriors};
use latent_lab::model::{Diagonal, Full, Posterior, Triangle};
use latent_lab::random::{Stream, normals};
use latent_lab::snapshot::{block_on, read};

use crate::tensors::tensor;

fn posteriors(posterior: &Posterior) -> Posteriors {
    let mut posteriors = Posteriors::default();
    block_on(posteriors.add(posterior)).unwrap();
    posteriors
}

/// Axis-aligned posteriors over two components, one per pair of means.
fn diagonal(means: &[f32], sigma: f32) -> Posterior {
    let images = means.len() / 2;
    let log_var = tensor(&vec![2.0 * sigma.ln(); 2 * images], [images, 2]);
    Posterior::Diagonal(Diagonal { mean: tensor(means, [images, 2]), log_var })
}

fn log_standard(z: &[f64]) -> f64 {
    z.iter().map(|z| -0.5 * (z * z + std::f64::consts::TAU.ln())).sum()
}

/// One sample per image, as an evaluation takes it.
fn decompose(posteriors: &Posteriors) -> KlParts {
    let mut kl = KlDecomposition::default();
    for image in 0..posteriors.len() {
        let z = posteriors.sample(image, &normals(1, Stream::TestNoise { image: image as u64 }, posteriors.latent()));
        kl.add(CodeDensities {
            log_posterior: posteriors.log_density(image, &z),
            log_aggregate: posteriors.log_aggregate(&z),
            log_marginals: posteriors.marginals(&z, image, &[]).iter().map(|marginal| marginal.log_density).sum(),
            log_prior: log_standard(&z),
        });
    }
    kl.parts(true)
}

#[test]
fn posteriors_equal_to_the_prior_have_no_mutual_information() {
    let kl = decompose(&posteriors(&diagonal(&[0.0; 200], 1.0)));
    assert!(kl.mutual_information.mean.abs() < 1e-6 && kl.aggregate_kl.mean.abs() < 1e-6);
}

#[test]
fn the_mutual_information_of_distant_posteriors_is_log_n() {
    let means: Vec<f32> = (0..50).flat_map(|image| [10.0 * image as f32, 0.0]).collect();
    assert!((decompose(&posteriors(&diagonal(&means, 0.1))).mutual_information.mean - 50_f64.ln()).abs() < 1e-9);
}

#[test]
fn activity_is_the_variance_of_the_means() {
    let means: Vec<f32> = (0..50).flat_map(|image| [10.0 * image as f32, 3.0]).collect();
    let mut activity = Activity::default();
    for half in means.chunks(50) {
        block_on(activity.add(&diagonal(half, 0.1))).unwrap();
    }
    let variance = 100.0 * (50.0 * 50.0 - 1.0) / 12.0; // of 0, 10, .., 490
    assert!((activity.variances()[0] / variance - 1.0).abs() < 1e-9 && activity.variances()[1] < 1e-9);
}

/// With means sampled from N(0, 1 - s^2) and posteriors of standard deviation s the aggregate posterior is close to N(0, I),
/// and the mutual information is `-log s` per component.
#[test]
fn the_mutual_information_of_a_gaussian_channel_agrees_with_shannon_s_formula() {
    const IMAGES: usize = 4000;
    let sigma = 0.5_f32;
    let spread = (1.0 - sigma * sigma).sqrt();
    let means: Vec<f32> = normals(5, Stream::Samples, 2 * IMAGES).iter().map(|mean| spread * mean).collect();
    let kl = decompose(&posteriors(&diagonal(&means, sigma)));
    let expected = -2.0 * f64::from(sigma).ln();
    assert!((kl.mutual_information.mean - expected).abs() < 0.05, "{} and {expected}", kl.mutual_information.mean);
    assert!(kl.aggregate_kl.mean.abs() < 0.03, "{}", kl.aggregate_kl.mean);
}

/// The closed form is a mean over the same images, so that only the noise of their samples is left.
#[test]
fn the_parts_sum_to_the_kl_for_diagonal_and_full_posteriors() {
    const IMAGES: usize = 3000;
    let means = normals(2, Stream::Samples, 2 * IMAGES);
    let full = Posterior::Full(Full {
        mean: tensor(&means, [IMAGES, 2]),
        log_diagonal: tensor(&[-0.5, -1.0].repeat(IMAGES), [IMAGES, 2]),
        below: tensor(&vec![0.4; IMAGES], [IMAGES, 1]),
        triangle: Triangle::new(2, &cpu()),
    });
    for posterior in [diagonal(&means, 0.3), full] {
        let closed = block_on(read(vec![posterior.kl_to_standard()])).unwrap().remove(0);
        let closed = f64::from(closed.iter().sum::<f32>()) / IMAGES as f64;
        let KlParts { mutual_information, total_correlation, dimension_kl, aggregate_kl } =
            decompose(&posteriors(&posterior));
        let dimension_kl = dimension_kl.unwrap();
        let sum = mutual_information.mean + total_correlation.mean + dimension_kl.mean;
        assert!((sum - mutual_information.mean - aggregate_kl.mean).abs() < 1e-9);
        assert!((sum - closed).abs() < 0.06, "{sum} and {closed}");
        for part in [mutual_information, total_correlation, dimension_kl, aggregate_kl] {
            assert!(part.standard_error > 0.0 && part.standard_error < 0.05, "{part:?}");
        }
    }
}

#[test]
fn a_learned_prior_has_no_dimension_wise_kl() {
    assert_eq!(KlDecomposition::default().parts(false).dimension_kl, None);
}

#[test]
fn densities_on_the_host_agree_with_those_on_the_device() {
    let full = Posterior::Full(Full {
        mean: tensor(&[0.3, -0.2, 1.0, 5.0, 4.0, 3.0], [2, 3]),
        log_diagonal: tensor(&[0.0, 0.5, -1.0, 0.1, -0.3, 0.2], [2, 3]),
        below: tensor(&[0.5, -0.7, 0.3, 1.0, 0.2, -0.4], [2, 3]),
        triangle: Triangle::new(3, &cpu()),
    });
    let axis_aligned = Posterior::Diagonal(Diagonal {
        mean: tensor(&[0.3, -0.2, 1.0, 5.0, 4.0, 3.0], [2, 3]),
        log_var: tensor(&[0.0, 0.5, -20.0, 0.1, -0.3, 0.2], [2, 3]),
    });
    for posterior in [full, axis_aligned] {
        let noise = normals(3, Stream::Samples, 6);
        let at = || tensor(&noise, [2, 3]);
        let expected = block_on(read(vec![posterior.log_density(at())])).unwrap().remove(0);
        let codes = block_on(read(vec![posterior.sample(at())])).unwrap().remove(0);
        let posteriors = posteriors(&posterior);
        for image in 0..2 {
            let z = posteriors.sample(image, &noise[3 * image..][..3]);
            assert!(z.iter().zip(&codes[3 * image..]).all(|(a, b)| (a - f64::from(*b)).abs() < 1e-5));
            let found = posteriors.log_density(image, &z);
            assert!((found - f64::from(expected[image])).abs() < 1e-4, "{found} is not {}", expected[image]);
        }
        let z = posteriors.sample(0, &noise[..3]);
        let mean = 0.5 * (posteriors.log_density(0, &z).exp() + posteriors.log_density(1, &z).exp());
        assert!((posteriors.log_aggregate(&z) - mean.ln()).abs() < 1e-9);
    }
}

#[test]
fn a_code_far_from_every_posterior_has_a_finite_log_density() {
    let posteriors = posteriors(&diagonal(&[0.0, 0.0, 1.0, 1.0], 0.001));
    let found = posteriors.log_aggregate(&[100.0, -100.0]);
    assert!(found.is_finite() && found < -1e9, "{found}");
}
