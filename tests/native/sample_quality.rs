//! The judge and the quality measures computed from its predictions.

use std::fs;

use latent_lab::data::PIXELS;
use latent_lab::device::cpu;
use latent_lab::error::Error;
use latent_lab::evaluate::{
    CoverageCounts, FeatureMoments, FrechetDistance, FrechetJackknife, GROUPS, GroupedMoments, Judge, Manifold,
    Predictions, SampleStatistics, bernoulli_entropy,
};
use latent_lab::messages::sentence;
use latent_lab::random::{Stream, normals};
use latent_lab::snapshot::block_on;

use crate::mnist::split;

const F: usize = Judge::FEATURES;

pub fn judge() -> Judge {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/www/models/judge.safetensors");
    Judge::from_bytes(&fs::read(path).unwrap(), &cpu()).unwrap()
}

fn distance(pictures: &GroupedMoments, real: &GroupedMoments) -> FrechetDistance {
    let mut jackknife = FrechetJackknife::default();
    (0..GROUPS).for_each(|_| jackknife.leave_out_next(pictures, real));
    jackknife.distance(pictures, real)
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
    let quality = statistics.quality(distance(statistics.moments(), statistics.moments()), None);
    assert_eq!((quality.accuracy, quality.histogram), (Some(0.5), vec![0, 0, 0, 1, 0, 0, 0, 1, 0, 0]));
    assert!((quality.confidence - 0.9).abs() < 1e-6);
    assert!((quality.pixel_entropy - 784.0 * 2_f64.ln()).abs() < 1e-6);
    assert_eq!((bernoulli_entropy(0.0), bernoulli_entropy(1.0)), (0.0, 0.0));
}

/// Features of `count` pictures, N(mean, 1) in each direction.
fn grouped(seed: u64, count: usize, mean: f32) -> GroupedMoments {
    let features: Vec<f32> = normals(seed, Stream::Samples, count * F).iter().map(|noise| mean + noise).collect();
    let mut moments = GroupedMoments::default();
    moments.add(&features);
    moments
}

/// The spread of the distance over forty draws of both sets against the mean error that the jackknife gives each.
#[test]
fn the_standard_error_of_the_frechet_distance_is_its_spread() {
    const DRAWS: u64 = 40;
    let all: Vec<FrechetDistance> =
        (0..DRAWS).map(|seed| distance(&grouped(seed, 400, 0.3), &grouped(seed + 1000, 600, 0.0))).collect();
    let mean = all.iter().map(|it| it.distance.mean).sum::<f64>() / DRAWS as f64;
    let spread = all.iter().map(|it| (it.distance.mean - mean).powi(2)).sum::<f64>() / (DRAWS - 1) as f64;
    let claimed = all.iter().map(|it| it.distance.standard_error).sum::<f64>() / DRAWS as f64;
    let ratio = claimed / spread.sqrt();
    assert!((0.7..1.4).contains(&ratio), "{claimed} is claimed, {} found", spread.sqrt());
    assert_eq!((all[0].pictures, all[0].reference), (400, 600));
}

#[test]
fn frechet_distances_of_unequal_counts_are_not_compared() {
    let real = grouped(1, 100, 0.0);
    let [few, many, others] =
        [(2, 100), (3, 200), (4, 100)].map(|(seed, count)| distance(&grouped(seed, count, 0.5), &real));
    let refused = few.excess_over(&many).unwrap_err();
    assert_eq!(refused, Error::FrechetCounts { one: 100_usize.into(), other: 200_usize.into() });
    assert!(sentence(&refused).contains("of 100 and of 200 pictures are not compared"));
    let excess = few.excess_over(&others).unwrap();
    assert!((excess.mean - (few.distance.mean - others.distance.mean)).abs() < 1e-12);
    assert!(excess.standard_error >= few.distance.standard_error);
}

#[test]
fn few_pictures_have_a_distance_without_a_standard_error() {
    let found = distance(&grouped(1, 15, 0.0), &grouped(2, 100, 0.0)).distance;
    assert!(found.mean.is_finite() && found.standard_error.is_nan());
}

/// Precision and recall of pictures with these features.
fn coverage(pictures: &[f32], real: &[f32]) -> Option<[f64; 2]> {
    let [mut pictures, mut real] = [pictures, real].map(Manifold::new);
    let count = pictures.len();
    let mut counts = CoverageCounts::default();
    for manifold in [&mut pictures, &mut real] {
        (0..count).for_each(|index| manifold.measure(index..index + 1));
    }
    counts.add(&pictures, &real, 0..count / 2);
    counts.add(&pictures, &real, count / 2..count);
    counts.coverage(&pictures, &real).map(|it| [it.precision.mean, it.recall.mean])
}

/// `count` points on a line: the first feature counts from `start`.
fn line(start: usize, count: usize) -> Vec<f32> {
    (start..start + count).flat_map(|k| (0..F).map(move |f| if f == 0 { k as f32 } else { 0.0 })).collect()
}

/// Ends of a line have their third neighbour at distance 3: of 20 points from 0 and from 15 on, five are the same, and three more of each set lie
/// in the ball of the end of the other set.
#[test]
fn precision_and_recall_are_shares_within_three_neighbours() {
    assert_eq!(coverage(&line(0, 20), &line(0, 20)), Some([1.0, 1.0]));
    assert_eq!(coverage(&line(0, 20), &line(15, 20)), Some([0.4, 0.4]));
    assert_eq!(coverage(&line(0, 20), &line(100, 20)), Some([0.0, 0.0]));
}

#[test]
fn a_generator_of_few_kinds_has_precision_without_recall() {
    let real = normals(1, Stream::Samples, 300 * F);
    let few: Vec<f32> = real[..F].iter().copied().cycle().take(300 * F).collect();
    let [precision, recall] = coverage(&few, &real).unwrap();
    assert!(precision == 1.0 && recall < 0.01, "{precision} {recall}");
}

#[test]
fn precision_has_an_error_at_its_limits_and_is_not_defined_for_few_pictures_or_nan() {
    let [mut pictures, mut real] = [line(0, 50), line(0, 50)].map(|features| Manifold::new(&features));
    [&mut pictures, &mut real].into_iter().for_each(|manifold| manifold.measure(0..50));
    let mut counts = CoverageCounts::default();
    counts.add(&pictures, &real, 0..50);
    let error = counts.coverage(&pictures, &real).unwrap().precision.standard_error;
    assert!((0.02..0.03).contains(&error), "of 50 pictures, all inside: {error}");
    assert_eq!(coverage(&line(0, 3), &line(0, 3)), None);
    let mut broken = line(0, 20);
    broken[7] = f32::NAN;
    assert_eq!(coverage(&broken, &line(0, 20)), None);
}
