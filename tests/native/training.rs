//! The trainer: its losses, its settings, and the minibatches that it takes.

use burn::tensor::{Tensor, TensorData};
use latent_lab::Error;
use latent_lab::data::Corruption;
use latent_lab::device::cpu;
use latent_lab::model::{ModelConfig, PriorKind};
use latent_lab::objective::{Batch, Objective, Terms};
use latent_lab::snapshot::{block_on, read};
use latent_lab::train::{Loss, Minibatch, Replay, TrainConfig, Trainer};

use crate::samples::{SMALL, bars, small_trainer, trainer};

fn totals(losses: &[Loss]) -> Vec<f64> {
    losses.iter().map(|loss| loss.total).collect()
}

#[test]
fn the_first_ten_losses_are_those_on_record() {
    const RECORD: [f64; 10] =
        [548.220, 514.965, 489.944, 458.293, 428.813, 398.511, 361.235, 324.994, 293.738, 265.246];
    let mut trainer = trainer(ModelConfig::default(), TrainConfig { batch: 32, seed: 1, ..TrainConfig::default() });
    let found = totals(&block_on(trainer.train(&bars(100), 10)).unwrap());
    let agrees = found.iter().zip(RECORD).all(|(found, expected)| (found / expected - 1.0).abs() < 1e-4);
    assert!(agrees, "{found:.3?} is not {RECORD:?}");
}

#[test]
fn same_seed_gives_the_same_losses_however_the_steps_are_grouped() {
    let images = bars(50);
    let whole = block_on(small_trainer(8).train(&images, 9)).unwrap();
    let mut trainer = small_trainer(8);
    let grouped: Vec<Loss> =
        [1, 5, 3].iter().flat_map(|&steps| block_on(trainer.train(&images, steps)).unwrap()).collect();
    assert_eq!(whole, grouped);
    assert_eq!(grouped.iter().map(|loss| loss.step).collect::<Vec<_>>(), (1..=9).collect::<Vec<_>>());
}

#[test]
fn another_seed_gives_other_losses() {
    let first = |seed| {
        let config = TrainConfig { seed, batch: 8, ..TrainConfig::default() };
        totals(&block_on(trainer(SMALL, config).train(&bars(50), 1)).unwrap())
    };
    assert_ne!(first(1), first(2));
}

#[test]
fn a_single_batch_is_overfitted() {
    let images = bars(8);
    let config = TrainConfig { batch: 8, learning_rate: 1e-2, beta: 1e-3, ..TrainConfig::default() };
    let mut trainer = trainer(ModelConfig { latent: 8, hidden: 64, ..SMALL }, config);
    let losses = block_on(trainer.train(&images, 400)).unwrap();
    let entropy: f64 =
        (0..8).flat_map(|index| images.images.pixels(index)).map(|x| entropy(f64::from(x))).sum::<f64>() / 8.0;
    let (first, last) = (losses[0].reconstruction, losses[399].reconstruction);
    assert!(last - entropy < 0.05 * (first - entropy), "from {first} to {last}, with a floor of {entropy}");
}

fn entropy(x: f64) -> f64 {
    let part = |p: f64| if p > 0.0 { -p * p.ln() } else { 0.0 };
    part(x) + part(1.0 - x)
}

#[test]
fn a_larger_beta_leaves_less_kl() {
    let images = bars(64);
    let kl = |beta| {
        let config = TrainConfig { batch: 16, learning_rate: 3e-3, beta, ..TrainConfig::default() };
        block_on(trainer(SMALL, config).train(&images, 300)).unwrap()[299].kl
    };
    let (light, heavy) = (kl(0.1), kl(10.0));
    assert!(heavy < 0.5 * light, "{heavy} against {light}");
}

#[test]
fn a_huge_learning_rate_makes_the_loss_diverge() {
    let config = TrainConfig { batch: 8, learning_rate: 10.0, ..TrainConfig::default() };
    let losses = block_on(trainer(ModelConfig::default(), config).train(&bars(16), 60)).unwrap();
    assert!(losses[0].is_finite());
    assert!(!losses[59].is_finite());
}

#[test]
fn epochs_are_counted_in_full_batches() {
    let images = bars(20);
    let mut trainer: Trainer = small_trainer(8);
    block_on(trainer.train(&images, 1)).unwrap();
    assert_eq!(trainer.epochs_done(20), 0.5);
    block_on(trainer.train(&images, 1)).unwrap();
    assert_eq!(trainer.epochs_done(20), 1.0);
    block_on(trainer.train(&images, 1)).unwrap();
    assert_eq!(trainer.epochs_done(20), 1.5);
}

#[test]
fn settings_change_between_steps() {
    let images = bars(16);
    let mut trainer = small_trainer(8);
    let before = trainer.config().clone();
    let largest_update = |trainer: &mut Trainer, steps| {
        let values =
            |trainer: &Trainer| block_on(trainer.weights()).unwrap().parameters.into_iter().flat_map(|it| it.values);
        let old: Vec<f32> = values(trainer).collect();
        let losses = block_on(trainer.train(&images, steps)).unwrap();
        let update = values(trainer).zip(old).map(|(new, old)| (new - old).abs()).fold(0.0, f32::max);
        (losses[losses.len() - 1].step, update)
    };
    let (step, update) = largest_update(&mut trainer, 2);
    assert!(step == 2 && update > 5e-4, "Adam's steps are about as large as the learning rate of 1e-3: {update}");
    assert_eq!(trainer.epochs_done(16), 1.0);

    let changed = TrainConfig { batch: 4, learning_rate: 1e-6, ..before.clone() };
    trainer.configure(TrainConfig { seed: before.seed + 1, ..changed.clone() }).unwrap();
    assert_eq!(trainer.config(), &changed, "the seed and all other settings stay");
    let (step, update) = largest_update(&mut trainer, 3);
    assert!(step == 5 && update < 1e-5, "{update}");
    assert_eq!(trainer.epochs_done(16), 1.75, "three batches of four");

    assert!(trainer.configure(TrainConfig { beta: -1.0, ..before }).is_err());
    assert_eq!(trainer.config(), &changed, "a refused setting changes none");
}

#[test]
fn a_replay_gives_the_minibatches_that_training_takes() {
    const BATCH: usize = 8;
    let data = bars(20);
    let mut trainer = small_trainer(BATCH);
    let mut replay = Replay::new(SMALL, trainer.config().clone()).unwrap();
    let tensor = |values: Vec<f32>| {
        let width = values.len() / BATCH;
        Tensor::<2>::from_data(TensorData::new(values, [BATCH, width]), &cpu())
    };
    for _ in 0..5 {
        let Minibatch { images, noise } = replay.next(&data.images);
        let (images, noise) = (tensor(images), tensor(noise));
        let batch = Batch { inputs: images.clone(), images, labels: None, noise, component: None, prior: None };
        let terms = Terms::of(&trainer.model(), batch, &Objective::BOUND).mean();
        let expected = block_on(read(terms.to_vec())).unwrap().concat();
        let loss = block_on(trainer.train(&data, 1)).unwrap()[0];
        assert!((loss.reconstruction - f64::from(expected[0])).abs() < 1e-2, "{loss:?} is not {expected:?}");
        assert!((loss.kl - f64::from(expected[1])).abs() < 1e-4, "{loss:?} is not {expected:?}");
    }
}

#[test]
fn only_plain_training_is_replayed() {
    let plain = TrainConfig::default();
    for (model, train) in [
        (ModelConfig { labelled: true, ..SMALL }, plain.clone()),
        (ModelConfig { critic: true, prior: PriorKind::Mixture, ..SMALL }, plain.clone()),
        (SMALL, TrainConfig { samples: 2, ..plain.clone() }),
        (SMALL, TrainConfig { binarise: true, ..plain.clone() }),
        (SMALL, TrainConfig { corruption: Corruption::Mask, ..plain }),
    ] {
        assert_eq!(Replay::new(model, train).unwrap_err(), Error::ReplayUnsupported {});
    }
    assert!(Replay::new(ModelConfig { critic: true, ..SMALL }, TrainConfig::default()).is_ok());
}
