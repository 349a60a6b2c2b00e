//! Encoded test images: codes, nearest neighbours, and the rank of an image's -log p(x).

use std::sync::Arc;

use latent_lab::evaluate::{EncodedImages, LoadedModel, infer};
use latent_lab::model::{ModelConfig, POSITIONS, PosteriorKind};
use latent_lab::snapshot::block_on;

use crate::evaluation::trained;
use crate::samples::{SMALL, bars};

/// The first `count` of 150 bars, encoded.
fn encoded(model: &LoadedModel, count: usize) -> EncodedImages {
    let mut encoded = EncodedImages::new(model.clone(), Arc::new(bars(150)));
    while let (done, of) = block_on(encoded.encode_next(count)).unwrap()
        && done < of
    {}
    encoded
}

#[test]
fn codes_of_a_codebook_are_indices_at_places() {
    let model = trained(ModelConfig { posterior: PosteriorKind::Codebook, ..SMALL }, 20);
    let mut encoded = encoded(&model, 60);
    assert_eq!(encoded.codes().len(), 60 * POSITIONS);
    assert!(encoded.codes().iter().all(|code| code.fract() == 0.0 && (0.0..SMALL.codes as f32).contains(code)));
    let found = block_on(encoded.nearest(bars(150).images.pixels(3).collect(), None, 60)).unwrap();
    assert!(found.iter().any(|it| (it.index, it.distance) == (3, 0.0)), "an image has distance 0 from itself");
    assert!(found.iter().all(|it| it.distance.fract() == 0.0 && it.distance <= POSITIONS as f64));
    let nll = block_on(encoded.nll(bars(1).images.pixels(0).collect(), None, 9, 0)).unwrap();
    assert!(nll.nats.is_finite() && nll.of == 60);
    assert_eq!(block_on(encoded.encode_next(60)).unwrap(), (60, 60));
}

#[test]
fn test_images_are_encoded_step_by_step() {
    let mut encoded = EncodedImages::new(trained(SMALL, 1), Arc::new(bars(150)));
    let steps: Vec<_> = (0..4).map(|_| block_on(encoded.encode_next(500)).unwrap()).collect();
    assert_eq!(steps, [(50, 150), (100, 150), (150, 150), (150, 150)]);
    assert_eq!((encoded.codes().len(), encoded.labels().len()), (150 * SMALL.latent, 150));
    assert_eq!(encoded.labels()[..12], [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1]);
}

#[test]
fn a_test_image_is_its_own_nearest_neighbour() {
    let encoded = encoded(&trained(SMALL, 5), 60);
    let pixels = bars(150).images.pixels(13).collect();
    let found = block_on(encoded.nearest(pixels, None, 5)).unwrap();
    assert_eq!((found.len(), found[0].index, found[0].label), (5, 13, Some(3)));
    assert!(found[0].distance < 1e-9 && found.is_sorted_by(|a, b| a.distance <= b.distance));
    let code = |index: usize| &encoded.codes()[3 * index..][..3];
    let distance: f32 = code(13).iter().zip(code(found[4].index)).map(|(a, b)| (a - b).powi(2)).sum();
    assert!((found[4].distance - f64::from(distance)).abs() < 1e-4);
}

#[test]
fn a_missing_digit_is_left_to_the_classifier() {
    let conditional = ModelConfig { labelled: true, ..SMALL };
    let pixels = || bars(1).images.pixels(0).collect::<Vec<_>>();
    let model = trained(ModelConfig { classifier: true, ..conditional.clone() }, 5);
    let classes =
        block_on(infer(&model.model, pixels(), None, vec![0.0; SMALL.latent], &model.device)).unwrap().classes;
    let classes = classes.unwrap();
    let digit = block_on(model.example(pixels(), None)).unwrap().label;
    assert!(classes.iter().all(|&probability| probability <= classes[usize::from(digit)]));
    assert_eq!(block_on(model.example(pixels(), Some(3))).unwrap().label, 3);
    assert!(
        block_on(trained(conditional, 1).example(pixels(), None)).is_err(),
        "without a classifier a label is needed"
    );
}

#[test]
fn noise_has_a_higher_nll_than_the_training_distribution() {
    let encoded = encoded(&trained(SMALL, 60), 100);
    let ranked = |pixels| block_on(encoded.nll(pixels, None, 30, 1)).unwrap();
    let noise = ranked((0..784).map(|pixel| (pixel * 37 % 101) as f32 / 100.0).collect());
    assert_eq!((noise.percentile, noise.of), (100.0, 100));
    let mean: f64 =
        (0..20).map(|index| ranked(bars(150).images.pixels(index).collect()).percentile).sum::<f64>() / 20.0;
    assert!((20.0..80.0).contains(&mean), "{mean}");
}
