//! Tests on MNIST itself, which `./build.sh build` downloads.

use std::fs;
use std::io::Read;

use flate2::read::GzDecoder;
use latent_lab::data::{Corruption, DataInfo, Dataset};
use latent_lab::device::cpu;
use latent_lab::evaluate::{At, Scoring, score};
use latent_lab::model::ModelConfig;
use latent_lab::snapshot::block_on;
use latent_lab::train::TrainConfig;

use crate::samples::trainer;

pub fn split(name: &str) -> Dataset {
    let read = |kind: &str| {
        let path = format!("{}/www/data/{name}-{kind}-ubyte.gz", env!("CARGO_MANIFEST_DIR"));
        let file = fs::File::open(&path).unwrap_or_else(|error| panic!("{path}: {error}; run ./build.sh build"));
        let mut bytes = Vec::new();
        GzDecoder::new(file).read_to_end(&mut bytes).unwrap();
        bytes
    };
    Dataset::parse(name, DataInfo::digits("MNIST"), read("images-idx3"), Some(&read("labels-idx1"))).unwrap()
}

#[test]
fn the_files_have_the_sizes_and_digits_of_the_literature() {
    let (train, test) = (split("train"), split("t10k"));
    assert_eq!((train.len(), test.len()), (60_000, 10_000));
    assert_eq!((0..10).map(|at| test.labels.class(at)).collect::<Vec<_>>(), [7, 2, 1, 0, 4, 1, 4, 9, 5, 9]);
}

/// The browser tests compare the CPU and the WebGPU module with the same file.
#[test]
fn the_first_ten_losses_are_those_of_every_device() {
    let expected: Vec<f64> = serde_json::from_str(include_str!("../ten-losses.json")).unwrap();
    let mut trainer = trainer(ModelConfig::default(), TrainConfig { seed: 11, batch: 32, ..TrainConfig::default() });
    let found: Vec<f64> = block_on(trainer.train(&split("train"), 10)).unwrap().iter().map(|loss| loss.total).collect();
    let agrees = found.iter().zip(&expected).all(|(found, expected)| (found / expected - 1.0).abs() < 1e-4);
    assert!(found.len() == expected.len() && agrees, "{found:.3?} is not {expected:?}");
}

/// A public log has 127.30 nats, an independent run in JAX 127.47.
#[test]
fn one_epoch_reaches_the_loss_of_other_implementations() {
    let (train, test) = (split("train"), split("t10k"));
    let mut trainer = trainer(ModelConfig::default(), TrainConfig::default());
    for _ in 0..39 {
        block_on(trainer.train(&train, 12)).unwrap();
    }
    assert_eq!(trainer.epochs_done(train.len()), 1.0);
    let (model, config) = (trainer.model(), trainer.model_config());
    let at = |at| Scoring { at, seed: 0, corruption: Corruption::None };
    let reached = block_on(score(&model, config, &test, 0..10_000, at(At::Sample), &cpu())).unwrap();
    assert!((126.0..129.0).contains(&reached.total), "{reached:?}");
    let mean = block_on(score(&model, config, &test, 0..10_000, at(At::Mean), &cpu())).unwrap();
    assert!(mean.total < reached.total - 3.0, "the loss at the posterior mean is lower than the bound");
}
