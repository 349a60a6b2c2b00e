//! The losses of models with different likelihoods on one scale, and codes sampled from a box.

use std::sync::Arc;

use latent_lab::Error;
use latent_lab::data::{Corruption, PIXELS};
use latent_lab::device::cpu;
use latent_lab::evaluate::{At, ComparedLosses, LoadedModel, LossComparison, Scoring, reconstruct, sample_box, score};
use latent_lab::model::{BodyKind, LikelihoodKind, ModelConfig, PosteriorKind};
use latent_lab::snapshot::block_on;

use crate::evaluation::trained;
use crate::samples::{SMALL, bars};

const IMAGES: usize = 30;

fn compared(model: &LoadedModel, images: usize) -> ComparedLosses {
    let mut comparison = LossComparison::new(model.clone(), Arc::new(bars(IMAGES)));
    while let (done, of) = block_on(comparison.score_next(images)).unwrap()
        && done < of
    {}
    comparison.losses()
}

#[test]
fn a_bernoulli_model_has_the_terms_of_its_bound() {
    let model = trained(SMALL, 20);
    let losses = compared(&model, IMAGES);
    let scoring = Scoring { at: At::Sample, seed: 0, corruption: Corruption::None };
    let score = block_on(score(&model.model, &SMALL, &bars(IMAGES), 0..IMAGES, scoring, &cpu())).unwrap();
    assert_eq!(losses.images, IMAGES);
    assert!((losses.cross_entropy.mean - score.reconstruction).abs() < 1e-3);
    assert!((losses.kl.mean - score.kl).abs() < 1e-3);
    assert!((losses.total.mean - score.total).abs() < 1e-3);
}

#[test]
fn a_gaussian_model_has_the_cross_entropy_of_its_pictures() {
    for body in [BodyKind::Mlp, BodyKind::Linear] {
        let config =
            ModelConfig { body, posterior: PosteriorKind::Point, likelihood: LikelihoodKind::UnitGaussian, ..SMALL };
        let model = trained(config, 20);
        let data = bars(IMAGES);
        let images: Vec<f32> = (0..IMAGES).flat_map(|image| data.images.pixels(image)).collect();
        let pictures = block_on(reconstruct(&model.model, images.clone(), None, &cpu())).unwrap();
        let cross_entropies: Vec<f64> = images
            .chunks_exact(PIXELS)
            .zip(pictures.chunks_exact(PIXELS))
            .map(|(image, picture)| {
                let pixels = image.iter().zip(picture).map(|(&x, &p)| {
                    let [x, p] = [f64::from(x), f64::from(p).clamp(1e-4, 1.0 - 1e-4)];
                    -x * p.ln() - (1.0 - x) * (1.0 - p).ln()
                });
                pixels.sum()
            })
            .collect();
        let count = IMAGES as f64;
        let mean = cross_entropies.iter().sum::<f64>() / count;
        let variance = cross_entropies.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / (count - 1.0);
        let losses = compared(&model, IMAGES);
        assert!((losses.cross_entropy.mean - mean).abs() < 1e-3 * mean, "{losses:?} is not {mean}");
        assert!((losses.cross_entropy.standard_error - (variance / count).sqrt()).abs() < 1e-3 * mean);
        assert_eq!(losses.kl.mean, 0.0);
        assert_eq!(losses.kl.standard_error, 0.0);
    }
}

#[test]
fn a_classifier_labels_the_images_of_a_gaussian_model() {
    let config = ModelConfig { labelled: true, classifier: true, likelihood: LikelihoodKind::LearnedGaussian, ..SMALL };
    let losses = compared(&trained(config, 20), 5);
    assert_eq!(losses.images, 5);
    assert!(losses.total.mean.is_finite() && losses.cross_entropy.mean > 0.0, "{losses:?}");
}

#[test]
fn a_box_is_filled_evenly_and_is_the_same_for_every_model() {
    let codes = sample_box(2, 4000, 3.0, 1).unwrap();
    assert_eq!(codes, sample_box(2, 4000, 3.0, 1).unwrap());
    assert!(codes.iter().all(|z| z.abs() <= 3.0));
    let mean = codes.iter().sum::<f32>() / codes.len() as f32;
    let square = codes.iter().map(|z| z * z).sum::<f32>() / codes.len() as f32;
    assert!(mean.abs() < 0.1 && (square - 3.0).abs() < 0.15, "the variance of a uniform number in -3..3 is 3");
    for reach in [0.0, -1.0, f32::NAN, f32::INFINITY] {
        assert!(matches!(sample_box(2, 1, reach, 1), Err(Error::QuantityRange { .. })));
    }
}
