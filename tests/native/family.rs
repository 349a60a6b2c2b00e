//! The family: every combination of parts, and presets trained on MNIST.

use std::collections::HashSet;

use latent_lab::data::{Corruption, LeftOut};
use latent_lab::device::cpu;
use latent_lab::evaluate::{At, Scoring, decode, infer, reconstruct, sample_prior, score};
use latent_lab::model::{BodyKind, LikelihoodKind, ModelConfig, PosteriorKind, PriorKind};
use latent_lab::presets;
use latent_lab::random::{Stream, generator, normals};
use latent_lab::snapshot::block_on;
use latent_lab::train::{Checkpoint, TrainConfig};
use proptest::prelude::*;
use proptest::sample::select;

use crate::mnist::split;
use crate::samples::{bars_of, trainer};

#[test]
fn presets_have_unique_names_and_settings_within_limits() {
    let all = presets::all();
    assert_eq!(all[0].model, ModelConfig::default());
    assert_eq!(all.iter().map(|preset| preset.name).collect::<HashSet<_>>().len(), all.len());
    for preset in all {
        preset.model.check().unwrap();
        preset.train.check(&preset.model).unwrap();
        assert_eq!(presets::named(preset.name).unwrap(), preset);
    }
}

pub fn any_model() -> impl Strategy<Value = ModelConfig> {
    let body = prop_oneof![1 => Just(BodyKind::Linear), 2 => Just(BodyKind::Mlp), 2 => Just(BodyKind::Conv)];
    let posterior = select(&PosteriorKind::ALL[..]);
    let likelihood = select(&LikelihoodKind::ALL[..]);
    let prior = select(&PriorKind::ALL[..]);
    let extras = ((any::<bool>(), 1_usize..12, any::<bool>()), any::<bool>(), any::<bool>());
    (body, 2_usize..8, 2_usize..6, posterior, prior, likelihood, extras)
        .prop_map(
            |(
                body,
                latent,
                components,
                posterior,
                prior,
                likelihood,
                ((labelled, classes, attributes), classifier, critic),
            )| {
                ModelConfig {
                    body,
                    latent,
                    hidden: 16,
                    posterior,
                    codes: 2 + components,
                    flow_steps: 1 + components % 3,
                    categories: 2 + components,
                    prior,
                    components,
                    likelihood,
                    labelled,
                    classes: if attributes { 10 } else { classes }, // only digits have segments
                    attributes,
                    classifier,
                    critic,
                }
            },
        )
        .prop_filter("parts that can be combined", |model| model.check().is_ok())
}

/// A model, and a training configuration that can be combined with it.
fn any_system() -> impl Strategy<Value = (ModelConfig, TrainConfig)> {
    (any_model(), any_training())
        .prop_filter("training that can be combined with the model", |(model, train)| train.check(model).is_ok())
}

fn any_training() -> impl Strategy<Value = TrainConfig> {
    let corruption = select(&Corruption::ALL[..]);
    let left_out = prop_oneof![Just(LeftOut::None), Just(LeftOut::One)];
    let extras = (1_usize..4, prop_oneof![Just(0_usize), Just(10)], any::<bool>(), any::<bool>(), left_out);
    (0.1..5.0, 0.0..2.0, corruption, 0_u64..100, extras).prop_map(
        |(beta, warm_up, corruption, seed, (samples, labels, binarise, closed_form, left_out))| TrainConfig {
            beta,
            warm_up,
            corruption,
            seed,
            samples,
            labels,
            left_out,
            binarise,
            closed_form,
            batch: 4,
            ..TrainConfig::default()
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    #[test]
    fn every_combination_trains_and_decodes_the_same_after_a_round_trip((model, train) in any_system()) {
        let data = bars_of(12, model.classes);
        let mut trainer = trainer(model.clone(), train);
        let losses = block_on(trainer.train(&data, 2)).unwrap();
        prop_assert!(losses.iter().all(|loss| loss.is_finite()), "{losses:?}");
        let file = block_on(trainer.checkpoint()).unwrap();
        if !trainer.closed_form() {
            let moments = &file.moments;
            let moved = |[first, _]: &[Vec<f32>; 2]| first.iter().any(|moment| *moment != 0.0 && moment.is_finite());
            for (parameter, moments) in file.weights.parameters.iter().zip(moments) {
                prop_assert_eq!(moved(moments), !parameter.is_running_statistic(), "{}", &parameter.name);
            }
        }

        let back = Checkpoint::from_bytes(&file.to_bytes()).unwrap().weights;
        prop_assert_eq!(&back.model, &model);
        let rebuilt = back.build(&cpu()).unwrap();
        let digit = model.labelled.then_some(model.classes as u8 - 1);
        let length = model.code_length();
        let z = block_on(sample_prior(&rebuilt, length, 1, 1)).unwrap();
        let picture = |of| block_on(decode(of, z.clone(), length, digit, &cpu())).unwrap();
        prop_assert_eq!(picture(&rebuilt), picture(&trainer.model()));
        let z = normals(1, Stream::Samples, model.noise_width());
        let pixels = data.images.pixels(0).collect();
        let seen = block_on(infer(&rebuilt, pixels, digit, z.clone(), &cpu())).unwrap();
        prop_assert!(seen.at_mean.picture.iter().all(|pixel| (0.0..=1.0).contains(pixel)));
    }
}

/// Trains a preset for `steps` steps on MNIST; returns reconstruction and KL of 2,000 test images in nats, z sampled, and the
/// mean posterior sigma of one image.
fn reached(name: &str, steps: usize, change: impl Fn(&mut TrainConfig)) -> (f64, f64, f32) {
    let mut preset = presets::named(name).unwrap();
    change(&mut preset.train);
    let scoring = Scoring { at: At::Sample, seed: 0, corruption: preset.train.corruption };
    let mut trainer = trainer(preset.model, preset.train);
    let (train, test) = (split("train"), split("t10k"));
    for _ in 0..steps.div_ceil(10) {
        block_on(trainer.train(&train, 10)).unwrap();
    }
    let model = trainer.model();
    let score = block_on(score(&model, trainer.model_config(), &test, 0..2000, scoring, &cpu())).unwrap();
    let digit = trainer.model_config().labelled.then_some(test.labels.class(0));
    let noise = vec![0.0; trainer.model_config().noise_width()];
    let seen = block_on(infer(&model, test.images.pixels(0).collect(), digit, noise, &cpu())).unwrap();
    (score.reconstruction, score.kl, seen.sigma.iter().sum::<f32>() / seen.sigma.len() as f32)
}

const STEPS: usize = 300;

#[test]
fn a_plain_autoencoder_reconstructs_better_and_has_no_kl() {
    let (vae, _, _) = reached("vae", STEPS, |_| {});
    let (ae, kl, sigma) = reached("ae", STEPS, |_| {});
    assert!(ae < vae - 10.0, "{ae} against {vae}");
    assert_eq!((kl, sigma), (0.0, 0.0));
}

#[test]
fn a_denoised_image_is_closer_to_the_clean_one_than_the_noisy_one() {
    let preset = presets::named("denoise").unwrap();
    let corruption = preset.train.corruption;
    let mut trainer = trainer(preset.model, preset.train);
    let (train, test) = (split("train"), split("t10k"));
    for _ in 0..STEPS / 10 {
        block_on(trainer.train(&train, 10)).unwrap();
    }
    let clean: Vec<f32> = (0..200).flat_map(|image| test.images.pixels(image)).collect();
    let mut noisy = clean.clone();
    corruption.apply(&mut noisy, &mut generator(1, Stream::Samples));
    let denoised = block_on(reconstruct(&trainer.model(), noisy.clone(), None, &cpu())).unwrap();
    let error = |pictures: &[f32]| clean.iter().zip(pictures).map(|(x, y)| (x - y).powi(2)).sum::<f32>() / 200.0;
    let (before, after) = (error(&noisy), error(&denoised));
    assert!(after < 0.5 * before, "{after} against {before}");
}

#[test]
fn without_a_kl_term_the_posterior_s_sigma_shrinks() {
    let (_, _, early) = reached("noise", 10, |_| {});
    let (_, _, late) = reached("noise", STEPS, |_| {});
    assert!(late < 0.4 * early, "from {early} to {late}");
}

#[test]
fn kl_falls_as_beta_grows() {
    let kl = |beta| reached("vae", STEPS, |train| train.beta = beta).1;
    let table = [0.1, 1.0, 4.0, 20.0].map(kl);
    assert!(table.is_sorted_by(|a, b| a > b), "{table:?}");
    assert!(table[3] < 2.0, "at 20 the posterior has nearly collapsed: {table:?}");
}

#[test]
fn a_learned_variance_beats_variance_one() {
    let (unit, _, _) = reached("mse", STEPS, |_| {});
    let (learned, _, _) = reached("sigma", STEPS, |_| {});
    assert!(learned < unit - 100.0, "{learned} against {unit}");
}

#[test]
fn the_bound_with_a_learned_prior_is_no_worse() {
    let total = |name| {
        let (reconstruction, kl, _) = reached(name, STEPS, |_| {});
        reconstruction + kl
    };
    let standard = total("vae");
    for name in ["mixture", "vamp"] {
        let learned = total(name);
        assert!(learned < standard + 1.0, "{name}: {learned} against {standard}");
    }
}

#[test]
fn conditioning_on_the_label_improves_the_bound() {
    let total = |name| {
        let (reconstruction, kl, _) = reached(name, STEPS, |train| train.beta = 1.0);
        reconstruction + kl
    };
    let (plain, labelled) = (total("vae"), total("cvae"));
    assert!(labelled < plain - 1.0, "{labelled} against {plain}");
}
