//! Scoring and inference of a small model.

use latent_lab::data::Corruption;
use latent_lab::device::cpu;
use latent_lab::evaluate::{At, Scoring, decode, infer, reconstruct, score, usage};
use latent_lab::snapshot::block_on;

use crate::samples::{SMALL, bars, small_trainer};

fn clean(at: At) -> Scoring {
    Scoring { at, seed: 5, corruption: Corruption::None }
}

#[test]
fn a_score_does_not_depend_on_how_the_images_are_split() {
    let images = bars(300);
    let model = small_trainer(4).model();
    let part = |range| block_on(score(&model, &SMALL, &images, range, clean(At::Sample), &cpu())).unwrap();
    let (whole, a, b) = (part(0..300), part(0..100), part(100..300));
    assert!((whole.total - (a.total + 2.0 * b.total) / 3.0).abs() < 1e-3);
    assert!((whole.kl - whole.usage.iter().sum::<f64>()).abs() < 1e-6 * whole.kl, "f32 sums in another order");
    assert!((whole.total - whole.reconstruction - whole.kl).abs() < 1e-9);
}

#[test]
fn inference_agrees_with_the_score_of_the_same_image() {
    let images = bars(3);
    let model = small_trainer(4).model();
    let pixels: Vec<f32> = images.images.pixels(2).collect();
    let inferred = block_on(infer(&model, pixels.clone(), None, vec![0.0; SMALL.latent], &cpu())).unwrap();
    let scored = block_on(score(&model, &SMALL, &images, 2..3, clean(At::Mean), &cpu())).unwrap();
    assert!((f64::from(inferred.at_mean.reconstruction) - scored.reconstruction).abs() < 1e-3);
    assert!((f64::from(inferred.kl_per_component.iter().sum::<f32>()) - scored.kl).abs() < 1e-5);
    assert!(close(&inferred.at_mean.picture, &inferred.at_sample.picture), "without noise the sample is the mean");
    assert!(close(&inferred.at_mean.picture, &block_on(reconstruct(&model, pixels.clone(), None, &cpu())).unwrap()));
    assert!(close(
        &inferred.at_mean.picture,
        &block_on(decode(&model, inferred.mean.clone(), SMALL.latent, None, &cpu())).unwrap()
    ));
    let usage = block_on(usage(&model, pixels, None, &cpu())).unwrap();
    assert!(usage.iter().zip(&scored.usage).all(|(a, b)| (f64::from(*a) - b).abs() < 1e-5));
}

fn close(a: &[f32], b: &[f32]) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|(x, y)| (x - y).abs() < 1e-6)
}

#[test]
fn noise_changes_the_sample_but_not_the_mean() {
    let model = small_trainer(4).model();
    let pixels: Vec<f32> = bars(1).images.pixels(0).collect();
    let inferred = block_on(infer(&model, pixels, None, vec![2.0, 0.0, 0.0], &cpu())).unwrap();
    assert!((inferred.at_sample.z[0] - inferred.mean[0] - 2.0 * inferred.sigma[0]).abs() < 1e-5);
    assert_eq!(inferred.at_sample.z[1..], inferred.mean[1..]);
    assert!(!close(&inferred.at_sample.picture, &inferred.at_mean.picture));
}
