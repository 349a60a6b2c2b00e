//! The Fréchet distance, its standard error, and which distances are compared.

use latent_lab::error::Error;
use latent_lab::evaluate::{FeatureMoments, FrechetDistance, FrechetJackknife, GROUPS, GroupedMoments, Judge};
use latent_lab::messages::sentence;
use latent_lab::random::{Stream, normals};

const F: usize = Judge::FEATURES;

pub fn distance(pictures: &GroupedMoments, real: &GroupedMoments) -> FrechetDistance {
    let mut jackknife = FrechetJackknife::default();
    (0..GROUPS).for_each(|_| jackknife.leave_out_next(pictures, real));
    jackknife.distance(pictures, real)
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
