//! Total correlation and the mutual information gap, for posteriors with known answers.

use std::sync::Arc;

use latent_lab::data::Factors;
use latent_lab::evaluate::{Disentanglement, Posteriors};
use latent_lab::model::{Diagonal, Full, Posterior, Triangle};
use latent_lab::random::{Stream, normals};
use latent_lab::snapshot::block_on;

use crate::tensors::tensor;
use latent_lab::device::cpu;

const IMAGES: usize = 400;

/// One sample per image, as an evaluation takes it.
fn measured(posterior: &Posterior, factors: Option<Factors>) -> Disentanglement {
    let mut posteriors = Posteriors::default();
    block_on(posteriors.add(posterior)).unwrap();
    let mut found = Disentanglement::new(factors.map(Arc::new));
    for (image, z) in samples(&posteriors) {
        let marginals = posteriors.marginals(&z, image, found.intervals());
        found.add(&marginals);
    }
    found
}

fn total_correlation(posterior: &Posterior) -> f64 {
    let mut posteriors = Posteriors::default();
    block_on(posteriors.add(posterior)).unwrap();
    let correlation = |(image, z): (usize, Vec<f64>)| {
        let marginals = posteriors.marginals(&z, image, &[]);
        posteriors.log_aggregate(&z) - marginals.iter().map(|marginal| marginal.log_density).sum::<f64>()
    };
    samples(&posteriors).map(correlation).sum::<f64>() / posteriors.len() as f64
}

fn samples(posteriors: &Posteriors) -> impl Iterator<Item = (usize, Vec<f64>)> {
    (0..posteriors.len()).map(|image| {
        let noise = normals(1, Stream::TestNoise { image: image as u64 }, posteriors.latent());
        (image, posteriors.sample(image, &noise))
    })
}

fn narrow(means: &[f32]) -> Posterior {
    let shape = [means.len() / 2, 2];
    Posterior::Diagonal(Diagonal { mean: tensor(means, shape), log_var: tensor(&vec![-4.0; means.len()], shape) })
}

#[test]
fn equal_posteriors_have_no_total_correlation() {
    let correlation = total_correlation(&narrow(&[0.5; 2 * IMAGES]));
    assert!(correlation.abs() < 1e-6, "{correlation}");
}

/// A component that repeats another one.
#[test]
fn a_repeated_component_has_the_total_correlation_of_its_values() {
    let means: Vec<f32> = (0..IMAGES).flat_map(|image| [10.0 * (image % 4) as f32; 2]).collect();
    let correlation = total_correlation(&narrow(&means));
    assert!((correlation - 4_f64.ln()).abs() < 1e-6, "{correlation}");
}

/// For one Gaussian with correlation r it is -log(1 - r^2) / 2.
#[test]
fn a_full_covariance_has_the_total_correlation_of_its_gaussian() {
    let (rows, latent) = (4000, 2);
    let r = 0.8_f32;
    let posterior = Posterior::Full(Full {
        mean: tensor(&vec![0.0; rows * latent], [rows, latent]),
        log_diagonal: tensor(&[0.0, (1.0 - r * r).sqrt().ln()].repeat(rows), [rows, latent]),
        below: tensor(&vec![r; rows], [rows, 1]),
        triangle: Triangle::new(latent, &cpu()),
    });
    let expected = -0.5 * f64::from(1.0 - r * r).ln();
    let found = total_correlation(&posterior);
    assert!((found - expected).abs() < 0.05, "{found} is not {expected}");
}

#[test]
fn a_component_that_is_a_factor_has_all_its_information() {
    let factor = |image: usize| [(image % 4) as f32, (image / 4 % 5) as f32];
    let values: Vec<f32> = (0..IMAGES).flat_map(factor).collect();
    let means: Vec<f32> = (0..IMAGES).flat_map(|image| factor(image).map(|value| 10.0 * value)).collect();
    let factors = Factors::new(vec!["of four".into(), "of five".into()], &values);
    let found = measured(&narrow(&means), Some(factors)).factor_information().unwrap();
    for (f, expected) in [4_f64.ln(), 5_f64.ln()].into_iter().enumerate() {
        assert!((found.entropy[f] - expected).abs() < 1e-9);
        assert!((found.mutual_information[f][f] - expected).abs() < 1e-6, "{found:?}");
        assert!(found.mutual_information[f][1 - f] < 1e-6, "{found:?}");
    }
    assert!((found.mig - 1.0).abs() < 1e-6, "{found:?}");
}

#[test]
fn a_factor_that_no_component_knows_has_no_gap() {
    let values: Vec<f32> = (0..IMAGES).map(|image| (image % 4) as f32).collect();
    let found = measured(&narrow(&[0.5; 2 * IMAGES]), Some(Factors::new(vec!["lost".into()], &values)));
    assert!(found.factor_information().unwrap().mig.abs() < 1e-6);
}

#[test]
fn many_values_are_sorted_into_even_intervals() {
    let values: Vec<f32> = (0..320).map(|image| (image % 32) as f32).collect();
    let factors = Factors::new(vec!["x".into()], &values);
    assert!((factors.entropies(320)[0] - 8_f64.ln()).abs() < 1e-9);
}
