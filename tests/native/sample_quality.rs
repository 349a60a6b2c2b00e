//! The judge and the quality measures computed from its predictions.

use std::fs;

use latent_lab::data::PIXELS;
use latent_lab::device::cpu;
use latent_lab::evaluate::{Judge, Predictions, SampleStatistics, bernoulli_entropy};
use latent_lab::messages::sentence;
use latent_lab::snapshot::block_on;

use crate::frechet::distance;
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
    let quality = statistics.quality(distance(statistics.moments(), statistics.moments()), None);
    assert!(quality.accuracy.unwrap() > 0.985, "{quality:?}");
    let itself = quality.frechet.distance.mean;
    assert!(itself.abs() < 1e-6, "a set has no distance from itself: {itself}");
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

#[test]
fn statistics_count_correct_predictions_and_predicted_digits() {
    let mut probabilities = vec![0.0; 20];
    (probabilities[3], probabilities[4], probabilities[17]) = (0.8, 0.2, 1.0);
    let predictions = Predictions { features: vec![0.0; 2 * F], probabilities, classes: 10 };
    let mut statistics = SampleStatistics::default();
    statistics.add(&[0.5; 2 * PIXELS], &predictions, Some(&[3, 1]));
    let quality = statistics.quality(distance(statistics.moments(), statistics.moments()), None);
    assert_eq!((quality.accuracy, quality.histogram), (Some(0.5), vec![0, 0, 0, 1, 0, 0, 0, 1, 0, 0]));
    assert!((quality.confidence - 0.9).abs() < 1e-6);
    assert!((quality.pixel_entropy - 784.0 * 2_f64.ln()).abs() < 1e-6);
    assert_eq!((bernoulli_entropy(0.0), bernoulli_entropy(1.0)), (0.0, 0.0));
}
