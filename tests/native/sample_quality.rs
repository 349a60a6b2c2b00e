//! The judge and the quality measures computed from its predictions.

use std::fs;

use latent_lab::data::PIXELS;
use latent_lab::device::cpu;
use latent_lab::evaluate::{FeatureMoments, Judge, Predictions, SampleStatistics, bernoulli_entropy};
use latent_lab::messages::sentence;
use latent_lab::random::{Stream, normals};
use latent_lab::snapshot::block_on;

use crate::mnist::split;

const F: usize = Judge::FEATURES;

pub fn judge() -> Judge {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/www/models/judge.safetensors");
    Judge::from_bytes(&fs::read(path).unwrap(), &cpu()).unwrap()
}

#[test]
fn the_judge_classifies_nearly_every_test_image_correctly() {
    let test = split("t10k");
    let judge = judge();
    let mut statistics = SampleStatistics::default();
    for start in (0..10_000).step_by(1000) {
        let pictures: Vec<f32> = (start..start + 1000).flat_map(|index| test.images.pixels(index)).collect();
        let digits: Vec<u8> = (start..start + 1000).map(|index| test.labels.class(index)).collect();
        let predictions = block_on(judge.classify(pictures.clone(), &cpu())).unwrap();
        statistics.add(&pictures, &predictions, Some(&digits));
    }
    let quality = statistics.quality(statistics.moments());
    assert!(quality.accuracy.unwrap() > 0.985, "{quality:?}");
    assert!(quality.frechet.abs() < 1e-6, "a set has no distance from itself: {}", quality.frechet);
    assert!(
        (quality.pixel_entropy - 45.53).abs() < 0.01,
        "the minimum of the cross-entropy: {}",
        quality.pixel_entropy
    );
    assert_eq!((quality.pictures, quality.histogram.iter().sum()), (10_000, 10_000));
}

#[test]
fn a_judge_round_trips_through_its_file_within_half_precision() {
    let fresh = Judge::new(10, 3, &cpu());
    let bytes = block_on(fresh.to_bytes([("epochs".to_string(), "0".to_string())].into())).unwrap();
    assert!(bytes.len() < 600_000, "{}", bytes.len());
    let pictures = vec![0.3; 2 * PIXELS];
    let of = |judge: &Judge| block_on(judge.classify(pictures.clone(), &cpu())).unwrap().probabilities;
    let (before, after) = (of(&fresh), of(&Judge::from_bytes(&bytes, &cpu()).unwrap()));
    assert!(before.iter().zip(&after).all(|(a, b)| (a - b).abs() < 1e-3));
}

#[test]
fn other_files_are_refused_as_a_judge() {
    let refusal = |bytes: &[u8]| sentence(&Judge::from_bytes(bytes, &cpu()).unwrap_err());
    assert!(refusal(b"not a safetensors file").contains("Not a valid safetensors file"));
    let vae = concat!(env!("CARGO_MANIFEST_DIR"), "/www/models/vae-z20.safetensors");
    assert!(refusal(&fs::read(vae).unwrap()).contains("missing"));
}

/// `count` features with this mean and standard deviation in each direction.
fn gaussian_features(seed: u64, count: usize, mean: f32, sigma: impl Fn(usize) -> f32) -> FeatureMoments {
    let noise = normals(seed, Stream::Samples, count * F);
    let features: Vec<f32> = noise.iter().enumerate().map(|(at, noise)| mean + sigma(at % F) * noise).collect();
    let mut moments = FeatureMoments::default();
    moments.add(&features);
    moments
}

#[test]
fn the_frechet_distance_of_axis_aligned_gaussians_has_its_closed_form() {
    let a = gaussian_features(1, 20_000, 0.0, |k| 1.0 + k as f32 / F as f32);
    let b = gaussian_features(2, 20_000, 0.5, |_| 0.5);
    let expected: f64 = (0..F).map(|k| 0.25 + (0.5 + k as f64 / F as f64).powi(2)).sum();
    let found = a.frechet(&b);
    assert!((found / expected - 1.0).abs() < 0.01, "{found} is not {expected}");
    assert!((found - b.frechet(&a)).abs() < 1e-6, "it is symmetric");
    assert!(
        gaussian_features(3, 20_000, 0.0, |_| 1.0).frechet(&gaussian_features(4, 20_000, 0.0, |_| 1.0)) < 0.3,
        "samples of the same Gaussian are close"
    );
}

#[test]
fn constant_features_leave_the_distance_finite_and_nan_features_do_not() {
    let flat = |k: usize| if k < 3 { 1.0 } else { 0.0 };
    let found = gaussian_features(1, 500, 0.0, flat).frechet(&gaussian_features(2, 500, 1.0, flat));
    assert!((found - F as f64).abs() < 5.0, "{found}");
    assert!(
        gaussian_features(1, 10, f32::NAN, flat).frechet(&gaussian_features(2, 10, 0.0, flat)).is_nan(),
        "NaN propagates"
    );
}

#[test]
fn statistics_count_correct_predictions_and_predicted_digits() {
    let mut probabilities = vec![0.0; 20];
    (probabilities[3], probabilities[4], probabilities[17]) = (0.8, 0.2, 1.0);
    let predictions = Predictions { features: vec![0.0; 2 * F], probabilities, classes: 10 };
    let mut statistics = SampleStatistics::default();
    statistics.add(&[0.5; 2 * PIXELS], &predictions, Some(&[3, 1]));
    let quality = statistics.quality(&FeatureMoments::default());
    assert_eq!((quality.accuracy, quality.histogram), (Some(0.5), vec![0, 0, 0, 1, 0, 0, 0, 1, 0, 0]));
    assert!((quality.confidence - 0.9).abs() < 1e-6);
    assert!((quality.pixel_entropy - 784.0 * 2_f64.ln()).abs() < 1e-6);
    assert_eq!((bernoulli_entropy(0.0), bernoulli_entropy(1.0)), (0.0, 0.0));
}
