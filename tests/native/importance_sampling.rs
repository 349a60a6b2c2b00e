//! -log p(x) by importance sampling, and conditional models as classifiers.

use latent_lab::data::Corruption;
use latent_lab::device::cpu;
use latent_lab::evaluate::{At, Example, Scoring, class_probabilities, score};
use latent_lab::model::{ModelConfig, PosteriorKind};
use latent_lab::snapshot::block_on;

use crate::evaluation::trained;
use crate::samples::{SMALL, bars};

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
        let example = Example { digit, ..Example::of(&data, 0) };
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
