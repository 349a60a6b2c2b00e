//! What changes in the course of a run.

use latent_lab::model::{ModelConfig, PosteriorKind};
use latent_lab::objective::Penalty;
use latent_lab::train::{DivergenceKind, TrainConfig};

use crate::samples::SMALL;

fn near(found: f64, expected: f64) {
    assert!((found - expected).abs() < 1e-9, "{found} is not {expected}");
}

#[test]
fn beta_grows_over_the_warm_up_and_stays() {
    let config = TrainConfig { beta: 4.0, warm_up: 2.0, ..TrainConfig::default() };
    near(config.beta_after(0.0), 0.0);
    near(config.beta_after(0.5), 1.0);
    near(config.beta_after(2.0), 4.0);
    near(config.beta_after(9.0), 4.0);
}

#[test]
fn beta_grows_in_the_first_half_of_each_cycle() {
    let config = TrainConfig { beta: 2.0, cycles: 4, epochs: 8, warm_up: 5.0, ..TrainConfig::default() };
    for cycle in 0..4 {
        let start = 2.0 * f64::from(cycle);
        near(config.beta_after(start), 0.0);
        near(config.beta_after(start + 0.5), 1.0);
        near(config.beta_after(start + 1.0), 2.0);
        near(config.beta_after(start + 1.99), 2.0);
    }
}

#[test]
fn with_a_capacity_the_warm_up_is_that_of_the_capacity() {
    let config = TrainConfig { beta: 10.0, capacity: 20.0, warm_up: 4.0, ..TrainConfig::default() };
    near(config.beta_after(0.0), 10.0);
    near(config.capacity_after(0.0), 0.0);
    near(config.capacity_after(1.0), 5.0);
    near(config.capacity_after(7.0), 20.0);
}

#[test]
fn the_temperature_falls_by_equal_factors() {
    let config = TrainConfig { temperature: 1.0, temperature_end: 0.25, epochs: 10, ..TrainConfig::default() };
    near(config.temperature_after(0.0), 1.0);
    near(config.temperature_after(5.0), 0.5);
    near(config.temperature_after(10.0), 0.25);
    near(config.temperature_after(20.0), 0.25);
}

#[test]
fn each_setting_replaces_the_kl_by_its_penalty() {
    let penalty = |train: TrainConfig| train.objective_after(1.0, 500, &SMALL).penalty;
    let train = TrainConfig::default;
    assert_eq!(penalty(train()), Penalty::Kl);
    assert_eq!(penalty(TrainConfig { free_bits: 0.5, ..train() }), Penalty::FreeBits { nats: 0.5 });
    assert_eq!(penalty(TrainConfig { capacity: 8.0, warm_up: 4.0, ..train() }), Penalty::Capacity { nats: 2.0 });
    let parts = TrainConfig { divergence: DivergenceKind::Decomposed, tc_weight: 6.0, ..train() };
    assert_eq!(penalty(parts), Penalty::Parts { weights: [1.0, 6.0, 1.0], images: 500 });
    assert_eq!(penalty(TrainConfig { divergence: DivergenceKind::Mmd, ..train() }), Penalty::Mmd);
}

#[test]
fn only_categorical_samples_are_relaxed() {
    let relaxation = |posterior| {
        let model = ModelConfig { posterior, ..SMALL };
        TrainConfig::default().objective_after(0.0, 500, &model).relaxation
    };
    assert!(relaxation(PosteriorKind::Diagonal).is_none());
    near(relaxation(PosteriorKind::Categorical).expect("it is relaxed").temperature, 1.0);
}
