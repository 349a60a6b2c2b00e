use latent_lab::model::ModelConfig;
use latent_lab::snapshot::now;
use latent_lab::train::{Loss, TrainConfig, Trainer};

use crate::samples::{SMALL, bars, small_trainer, trainer};

fn totals(losses: &[Loss]) -> Vec<f64> {
    losses.iter().map(|loss| loss.total).collect()
}

#[test]
fn the_first_ten_losses_are_those_of_the_record() {
    const RECORD: [f64; 10] =
        [548.220, 514.965, 489.944, 458.293, 428.813, 398.511, 361.235, 324.994, 293.738, 265.246];
    let mut trainer = trainer(ModelConfig::default(), TrainConfig { batch: 32, seed: 1, ..TrainConfig::default() });
    let found = totals(&now(trainer.train(&bars(100), 10)).unwrap());
    let agrees = found.iter().zip(RECORD).all(|(found, expected)| (found / expected - 1.0).abs() < 1e-4);
    assert!(agrees, "{found:.3?} is not {RECORD:?}");
}

#[test]
fn same_seed_gives_the_same_losses_however_the_steps_are_cut() {
    let images = bars(50);
    let whole = now(small_trainer(8).train(&images, 9)).unwrap();
    let mut trainer = small_trainer(8);
    let cut: Vec<Loss> = [1, 5, 3].iter().flat_map(|&steps| now(trainer.train(&images, steps)).unwrap()).collect();
    assert_eq!(whole, cut);
    assert_eq!(cut.iter().map(|loss| loss.step).collect::<Vec<_>>(), (1..=9).collect::<Vec<_>>());
}

#[test]
fn another_seed_gives_other_losses() {
    let first = |seed| {
        let config = TrainConfig { seed, batch: 8, ..TrainConfig::default() };
        totals(&now(trainer(SMALL, config).train(&bars(50), 1)).unwrap())
    };
    assert_ne!(first(1), first(2));
}

#[test]
fn one_batch_is_learnt_by_heart() {
    let images = bars(8);
    let config = TrainConfig { batch: 8, learning_rate: 1e-2, beta: 1e-3, ..TrainConfig::default() };
    let mut trainer = trainer(ModelConfig { latent: 8, hidden: 64, ..SMALL }, config);
    let losses = now(trainer.train(&images, 400)).unwrap();
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
        now(trainer(SMALL, config).train(&images, 300)).unwrap()[299].kl
    };
    let (light, heavy) = (kl(0.1), kl(10.0));
    assert!(heavy < 0.5 * light, "{heavy} against {light}");
}

#[test]
fn a_huge_learning_rate_ends_in_a_loss_that_is_no_number() {
    let config = TrainConfig { batch: 8, learning_rate: 10.0, ..TrainConfig::default() };
    let losses = now(trainer(ModelConfig::default(), config).train(&bars(16), 60)).unwrap();
    assert!(losses[0].is_finite());
    assert!(!losses[59].is_finite());
}

#[test]
fn epochs_are_counted_in_full_batches() {
    let images = bars(20);
    let mut trainer: Trainer = small_trainer(8);
    now(trainer.train(&images, 1)).unwrap();
    assert_eq!(trainer.epochs_done(20), 0.5);
    now(trainer.train(&images, 1)).unwrap();
    assert_eq!(trainer.epochs_done(20), 1.0);
    now(trainer.train(&images, 1)).unwrap();
    assert_eq!(trainer.epochs_done(20), 1.5);
}

#[test]
fn settings_change_between_steps() {
    let images = bars(16);
    let mut trainer = small_trainer(8);
    let batch_of_four = TrainConfig { batch: 4, learning_rate: 1e-6, ..trainer.config().clone() };
    now(trainer.train(&images, 2)).unwrap();
    trainer.configure(batch_of_four).unwrap();
    let losses = now(trainer.train(&images, 3)).unwrap();
    assert_eq!(losses[2].step, 5);
}
