//! -log p(x) by importance sampling, and conditional models as classifiers.

use latent_lab::data::{Corruption, PIXELS};
use latent_lab::device::cpu;
use latent_lab::evaluate::{At, Example, Scoring, class_probabilities, negative_log_likelihood, score};
use latent_lab::model::{ModelConfig, PosteriorKind};
use latent_lab::snapshot::block_on;
use latent_lab::train::TrainConfig;

use crate::evaluation::trained;
use crate::samples::{SMALL, bars, trainer};
use crate::tensors::{tensor, values};

#[test]
fn more_importance_samples_tighten_the_bound() {
    let data = bars(20);
    let model = trainer(SMALL, TrainConfig::default()).model();
    let estimate = |samples, seed| {
        block_on(negative_log_likelihood(&model, &SMALL, &data, 0..20, samples, seed, &cpu())).unwrap().mean
    };
    let bound = |seed| {
        let scoring = Scoring { at: At::Sample, seed, corruption: Corruption::None };
        block_on(score(&model, &SMALL, &data, 0..20, scoring, &cpu())).unwrap().total
    };
    let mean = |of: &dyn Fn(u64) -> f64| (0..100).map(of).sum::<f64>() / 100.0;
    let (bound, one, few) = (mean(&bound), mean(&|seed| estimate(1, seed)), mean(&|seed| estimate(10, seed)));
    assert!((one - bound).abs() < 0.5, "one sample gives the bound: {one} and {bound}");
    assert!(few < one && estimate(500, 0) < few, "{one}, then {few}");
}

#[test]
fn the_importance_sampling_estimate_agrees_with_numerical_integration() {
    // One image and two latent components: a grid over z.
    for posterior in [PosteriorKind::Diagonal, PosteriorKind::Flow] {
        agrees_with_integration(ModelConfig { latent: 2, posterior, ..SMALL });
    }
}

fn agrees_with_integration(config: ModelConfig) {
    let data = bars(1);
    let model = trainer(config.clone(), TrainConfig::default()).model();
    const STEPS: usize = 81;
    let at = |i: usize| (i as f32 - 40.0) * 0.125;
    let grid: Vec<f32> = (0..STEPS * STEPS).flat_map(|i| [at(i / STEPS), at(i % STEPS)]).collect();
    let z = tensor(&grid, [STEPS * STEPS, 2]);
    let images = tensor(&data.images.pixels(0).collect::<Vec<_>>(), [1, PIXELS]).repeat_dim(0, STEPS * STEPS);
    let log_joint = values(model.log_prior(z.clone()) - model.decode(z, None).negative_log_likelihood(images));
    let largest = log_joint.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let sum: f64 = log_joint.iter().map(|&term| f64::from(term - largest).exp()).sum();
    let expected = -(f64::from(largest) + (sum * 0.125 * 0.125).ln());
    let found = block_on(negative_log_likelihood(&model, &config, &data, 0..1, 5000, 1, &cpu())).unwrap().mean;
    assert!((found - expected).abs() < 0.05, "{found} against {expected}");
}

#[test]
fn a_likelihood_does_not_depend_on_the_other_examples() {
    let model = trained(SMALL, 5);
    let examples: Vec<_> = (0..7).map(|index| Example::of(&bars(7), index)).collect();
    let together = block_on(model.nlls(&examples, 300, 1)).unwrap();
    for (example, expected) in examples.into_iter().zip(together) {
        let alone = block_on(model.nlls(&[example], 300, 1)).unwrap()[0];
        assert!((alone - expected).abs() < 1e-3, "{alone} is not {expected}");
    }
}

#[test]
fn without_a_density_the_loss_at_the_mean_replaces_the_likelihood() {
    let config = ModelConfig { posterior: PosteriorKind::Point, ..SMALL };
    let model = trained(config.clone(), 5);
    let data = bars(3);
    let loss = block_on(model.nlls_or_losses(&[Example::of(&data, 2)], 9, 0)).unwrap()[0];
    let scoring = Scoring { at: At::Mean, seed: 0, corruption: Corruption::None };
    let expected = block_on(score(&model.model, &config, &data, 2..3, scoring, &cpu())).unwrap();
    assert!((loss - expected.total).abs() < 1e-3);
    assert!(block_on(model.nlls(&[Example::of(&data, 2)], 9, 0)).is_err());
}

#[test]
fn class_nlls_are_the_nlls_under_each_label() {
    let data = bars(1);
    assert_eq!(block_on(trained(SMALL, 1).class_nlls(&Example::of(&data, 0), 5, 0)).unwrap(), None);
    let model = trained(ModelConfig { labelled: true, ..SMALL }, 30);
    let nlls = block_on(model.class_nlls(&Example::of(&data, 0), 60, 0)).unwrap().unwrap();
    for digit in [0, 7] {
        let example = Example { label: digit, ..Example::of(&data, 0) };
        let alone = block_on(model.nlls(&[example], 60, 0)).unwrap()[0];
        assert!((nlls[usize::from(digit)] - alone).abs() < 1e-3, "{digit}");
    }
    let probabilities = class_probabilities(&nlls);
    assert!((probabilities.iter().sum::<f64>() - 1.0).abs() < 1e-9);
    let (a, b) = (probabilities[0] / probabilities[7], (nlls[7] - nlls[0]).exp());
    assert!((a / b - 1.0).abs() < 1e-6, "Bayes: {a} and {b}");
    assert_eq!(class_probabilities(&[1e6, 1e6 + 2000.0])[0], 1.0, "without overflow");
}

#[test]
fn an_unknown_label_is_marginalised() {
    let model = trained(ModelConfig { labelled: true, classifier: true, ..SMALL }, 5);
    let example = Example::of(&bars(1), 0);
    let nlls = block_on(model.class_nlls(&example, 20, 0)).unwrap().unwrap();
    let expected = -(nlls.iter().map(|nll| (-(nll - nlls[0])).exp()).sum::<f64>() / 10.0).ln() + nlls[0];
    let found = block_on(model.nlls(&[example], 20, 0)).unwrap()[0];
    assert!((found - expected).abs() < 1e-3, "{found} is not {expected}");
}
