//! Precision and recall of points whose neighbours are known.

use latent_lab::evaluate::{CoverageCounts, Judge, Manifold};
use latent_lab::random::{Stream, normals};

const F: usize = Judge::FEATURES;

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
