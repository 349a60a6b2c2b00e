//! Categorical variables: samples, probabilities and KL against sums over all codes, and the codes as indices.

use latent_lab::data::PIXELS;
use latent_lab::device::cpu;
use latent_lab::evaluate::{decode, infer, negative_log_likelihood, sample_prior};
use latent_lab::model::{Categorical, ModelConfig, Posterior, PosteriorKind, Relaxation};
use latent_lab::random::{Stream, normals};
use latent_lab::snapshot::block_on;
use latent_lab::train::TrainConfig;

use crate::samples::{SMALL, bars, trained_on_bars, trainer};
use crate::tensors::{images, tensor, values};

const N: usize = 2;
const A: usize = 3;
const TINY: ModelConfig = ModelConfig { posterior: PosteriorKind::Categorical, latent: N, categories: A, ..SMALL };

fn categorical(rows: usize, relaxation: Option<Relaxation>) -> Categorical {
    let logits = tensor(&[0.5, -1.0, 0.0, 2.0, 0.0, -0.5].repeat(rows), [rows, N * A]);
    Categorical { logits, categories: A, relaxation }
}

/// All codes, one-hot `[9, N * A]`.
fn all_codes() -> Vec<f32> {
    let one_hot = |index: usize| (0..A).map(move |value| if value == index { 1.0 } else { 0.0 });
    (0..A * A).flat_map(|code| one_hot(code / A).chain(one_hot(code % A))).collect()
}

#[test]
fn exact_samples_have_the_probabilities_of_their_values() {
    const SAMPLES: usize = 40_000;
    let noise = tensor(&normals(1, Stream::Samples, SAMPLES * N * A), [SAMPLES, N * A]);
    let found = values(categorical(SAMPLES, None).sample(noise).mean_dim(0));
    for (found, expected) in found.into_iter().zip(values(categorical(1, None).probabilities())) {
        assert!((found - expected).abs() < 0.01, "{found} is not {expected}");
    }
}

#[test]
fn noise_zero_gives_the_mode_and_extreme_noise_is_finite() {
    let mode = values(categorical(1, None).mode());
    assert_eq!(mode, [1.0, 0.0, 0.0, 1.0, 0.0, 0.0]);
    assert_eq!(values(categorical(1, None).sample(tensor(&[0.0; N * A], [1, N * A]))), mode);
    let extreme = tensor(&[1e3, -1e3, 0.0, -1e3, 1e3, 1e3], [1, N * A]);
    let relaxed = categorical(1, Some(Relaxation { temperature: 0.5, straight_through: false }));
    assert!(values(relaxed.sample(extreme.clone())).iter().all(|value| value.is_finite()));
    assert!(values(relaxed.log_probability(extreme))[0].is_finite());
}

#[test]
fn relaxed_samples_tend_to_the_exact_ones() {
    const SAMPLES: usize = 500;
    let noise = tensor(&normals(2, Stream::Samples, SAMPLES * N * A), [SAMPLES, N * A]);
    let sample = |relaxation| values(categorical(SAMPLES, relaxation).sample(noise.clone()));
    let exact = sample(None);
    let distance = |temperature, straight_through| {
        let relaxed = sample(Some(Relaxation { temperature, straight_through }));
        let sums = relaxed.chunks(A).map(|variable| variable.iter().sum::<f32>());
        assert!(sums.into_iter().all(|sum| (sum - 1.0).abs() < 1e-5), "each variable's values sum to one");
        relaxed.iter().zip(&exact).map(|(a, b)| (a - b).abs()).sum::<f32>() / SAMPLES as f32
    };
    let distances = [2.0, 0.5, 0.05].map(|temperature| distance(temperature, false));
    assert!(distances.is_sorted_by(|a, b| a > b) && distances[2] < 0.1, "{distances:?}");
    assert!(distance(1.0, true) < 1e-5, "straight through, the decoder gets exact samples");
}

#[test]
fn the_kl_is_the_sum_over_all_codes() {
    let probabilities = values(categorical(1, None).probabilities());
    let each = |code: usize| f64::from(probabilities[code / A]) * f64::from(probabilities[A + code % A]);
    let expected: f64 = (0..A * A).map(|code| each(code) * (each(code).ln() + 2.0 * (A as f64).ln())).sum();
    let found: f64 = values(categorical(1, None).kl_to_uniform()).into_iter().map(f64::from).sum();
    assert!((found - expected).abs() < 1e-5, "{found} is not {expected}");
    let noise = normals(3, Stream::Samples, N * A);
    let sample = values(categorical(1, None).sample(tensor(&noise, [1, N * A])));
    let drawn: f32 = sample.iter().zip(&probabilities).filter(|(chosen, _)| **chosen == 1.0).map(|(_, p)| p.ln()).sum();
    let log_q = values(Posterior::Categorical(categorical(1, None)).log_density(tensor(&noise, [1, N * A])))[0];
    assert!((log_q - drawn).abs() < 1e-5, "{log_q} is not {drawn}");
}

#[test]
fn the_importance_sampling_estimate_agrees_with_the_sum_over_all_codes() {
    let data = bars(1);
    let model = trained_on_bars(TINY, 20);
    let codes = tensor(&all_codes(), [A * A, N * A]);
    let repeated = images(&data).repeat_dim(0, A * A);
    let log_joint =
        values(model.log_prior(codes.clone()) - model.decode(codes, None).negative_log_likelihood(repeated));
    let largest = log_joint.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let sum: f64 = log_joint.iter().map(|&term| f64::from(term - largest).exp()).sum();
    let expected = -(f64::from(largest) + sum.ln());
    let found = block_on(negative_log_likelihood(&model, &TINY, &data, 0..1, 5000, 1, &cpu())).unwrap().mean;
    assert!((found - expected).abs() < 0.05, "{found} against {expected}");
}

#[test]
fn codes_are_indices() {
    let model = trained_on_bars(TINY, 5);
    let indices: Vec<f32> = (0..A * A).flat_map(|code| [(code / A) as f32, (code % A) as f32]).collect();
    let embedded = values(model.embed(tensor(&indices, [A * A, N])));
    assert_eq!(embedded, all_codes());

    let noise = normals(1, Stream::Samples, N * A);
    let seen = block_on(infer(&model, bars(1).images.pixels(0).collect(), None, noise, &cpu())).unwrap();
    assert_eq!([seen.mean.len(), seen.sigma.len(), seen.kl_per_component.len()], [N; 3]);
    assert!(
        seen.mean.iter().chain(&seen.at_sample.z).all(|index| (0.0..A as f32).contains(index) && index.fract() == 0.0)
    );
    let picture = block_on(decode(&model, seen.at_sample.z, N, None, &cpu())).unwrap();
    assert!(picture.iter().zip(&seen.at_sample.picture).all(|(a, b)| (a - b).abs() < 1e-5));
    assert_eq!(picture.len(), PIXELS);

    let drawn = block_on(sample_prior(&model, N, 3000, 1)).unwrap();
    for value in 0..A {
        let share = drawn.iter().filter(|&&index| index == value as f32).count() as f64 / drawn.len() as f64;
        assert!((share - 1.0 / A as f64).abs() < 0.03, "{value}: {share}");
    }
}

#[test]
fn training_with_relaxed_samples_lowers_the_bound_at_exact_ones() {
    let bound = |steps| {
        let settings = TrainConfig { batch: 16, epochs: 1000, ..TrainConfig::default() };
        let mut trainer = trainer(ModelConfig { latent: 6, categories: 4, ..TINY }, settings);
        block_on(trainer.train(&bars(16), steps)).unwrap();
        let model = ModelConfig { latent: 6, categories: 4, ..TINY };
        block_on(negative_log_likelihood(&trainer.model(), &model, &bars(16), 0..16, 50, 1, &cpu())).unwrap().mean
    };
    let (early, late) = (bound(50), bound(400));
    assert!(late < early - 5.0, "from {early} to {late}");
}
