//! Gradients of a training step by finite differences of its loss, for models that have no plain formula in a test.

use latent_lab::device::cpu;
use latent_lab::model::{BodyKind, ModelConfig, PosteriorKind, PriorKind};
use latent_lab::snapshot::block_on;
use latent_lab::train::{TrainConfig, Trainer};
use latent_lab::weights::Weights;

use crate::samples::{SMALL, bars, trainer};

const BATCH: usize = 4;
const SPACING: f32 = 4e-3;

fn settings() -> TrainConfig {
    TrainConfig { batch: BATCH, seed: 7, learning_rate: 1e-3, ..TrainConfig::default() }
}

/// The loss of the first step from these weights; it is computed before they change.
fn loss(weights: &Weights) -> f64 {
    let mut trainer = Trainer::from_weights(weights.clone(), settings(), &cpu()).unwrap();
    block_on(trainer.train(&bars(BATCH), 1)).unwrap()[0].total
}

/// Compares three gradients of each parameter whose name is `checked`.
fn assert_gradients(model: ModelConfig, checked: impl Fn(&str) -> bool) {
    let mut trainer = trainer(model, settings());
    let before = block_on(trainer.weights()).unwrap();
    block_on(trainer.train(&bars(BATCH), 1)).unwrap();
    let moments = block_on(trainer.checkpoint()).unwrap().moments;
    let mut compared = 0;
    for (index, parameter) in before.parameters.iter().enumerate() {
        if parameter.is_running_statistic() || !checked(&parameter.name) {
            continue;
        }
        compared += 1;
        let gradient = |at: usize| f64::from(moments[index][0][at]) / 0.1;
        let count = parameter.values.len();
        let largest = (0..count).max_by(|&a, &b| gradient(a).abs().total_cmp(&gradient(b).abs())).unwrap();
        for at in [largest, count / 2, count - 1] {
            let moved = |shift: f32| {
                let mut weights = before.clone();
                weights.parameters[index].values[at] += shift;
                loss(&weights)
            };
            let expected = (moved(SPACING) - moved(-SPACING)) / f64::from(2.0 * SPACING);
            // Rounding of a loss of 500 nats in single precision, and kinks of the ReLU.
            let tolerance = 0.03 * gradient(largest).abs() + 0.02;
            let found = gradient(at);
            assert!((found - expected).abs() < tolerance, "{} [{at}]: {found} is not {expected}", parameter.name);
        }
    }
    assert!(compared > 0, "no parameter has such a name");
}

#[test]
fn gradients_of_two_layers_agree_with_finite_differences() {
    for (body, prior) in [(BodyKind::Mlp, PriorKind::Mixture), (BodyKind::Linear, PriorKind::Standard)] {
        let posterior = PosteriorKind::TwoLayers;
        assert_gradients(ModelConfig { body, prior, posterior, components: 3, ..SMALL }, |_| true);
    }
}

/// The gradient of the straight-through estimator is none of the loss, so that only what comes after the codes can be compared.
#[test]
fn gradients_after_two_codebooks_agree_with_finite_differences() {
    let posterior = PosteriorKind::TwoCodebooks;
    assert_gradients(ModelConfig { body: BodyKind::Conv, posterior, codes: 8, ..SMALL }, |name| {
        name.starts_with("decoder.")
    });
}
