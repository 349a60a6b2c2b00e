//! Parts of the family that have a file of their own: convolutions, codebook, classifier, critic, importance samples.

use burn::tensor::{Tensor, TensorData};
use latent_lab::data::{DIGITS, Dataset, PIXELS, one_hot};
use latent_lab::device::cpu;
use latent_lab::model::{BodyKind, ModelConfig, PLACES, Posterior, PosteriorKind, Vae};
use latent_lab::objective::{Batch, Terms};
use latent_lab::random::{Stream, normals};
use latent_lab::snapshot::{now, read};
use latent_lab::train::TrainConfig;

use crate::samples::{SMALL, bars, trainer};

fn tensor<const D: usize>(values: &[f32], shape: [usize; D]) -> Tensor<D> {
    Tensor::from_data(TensorData::new(values.to_vec(), shape), &cpu())
}

fn values<const D: usize>(tensor: Tensor<D>) -> Vec<f32> {
    now(read(vec![tensor])).unwrap().remove(0)
}

fn images(data: &Dataset) -> Tensor<2> {
    let pixels: Vec<f32> = (0..data.len()).flat_map(|image| data.images.pixels(image)).collect();
    tensor(&pixels, [data.len(), PIXELS])
}

fn batch(data: &Dataset, noise: &[f32]) -> Batch {
    let images = images(data);
    let noise = tensor(noise, [data.len(), noise.len() / data.len()]);
    Batch { inputs: images.clone(), images, labels: None, noise }
}

fn trained(model: ModelConfig, steps: usize) -> Vae {
    let mut trainer = trainer(model, TrainConfig { batch: 8, epochs: 1000, ..TrainConfig::default() });
    now(trainer.train(&bars(16), steps)).unwrap();
    trainer.model()
}

#[test]
fn the_bound_of_several_draws_is_the_log_of_their_mean_weight() {
    const DRAWS: usize = 5;
    let (data, model) = (bars(4), trained(SMALL, 20));
    let noise = normals(3, Stream::Samples, 4 * DRAWS * SMALL.latent);
    let together = Terms::of(&model, batch(&data, &noise));
    let together = values(together.reconstruction + together.divergence);

    let draw = |k: usize| -> Vec<f64> {
        let rows = noise.chunks(DRAWS * SMALL.latent).flat_map(|row| &row[k * SMALL.latent..][..SMALL.latent]);
        let noise = tensor(&rows.copied().collect::<Vec<_>>(), [4, SMALL.latent]);
        let posterior = model.encode(images(&data), None);
        let z = posterior.sample(noise.clone());
        let log_weight =
            model.log_prior(z.clone()) - posterior.log_density(noise) - model.decode(z, None).cost(images(&data));
        values(log_weight).into_iter().map(f64::from).collect()
    };
    let draws: Vec<Vec<f64>> = (0..DRAWS).map(draw).collect();
    for (image, found) in together.into_iter().enumerate() {
        let largest = draws.iter().map(|draw| draw[image]).fold(f64::NEG_INFINITY, f64::max);
        let mean = draws.iter().map(|draw| (draw[image] - largest).exp()).sum::<f64>() / DRAWS as f64;
        let expected = -(mean.ln() + largest);
        assert!((f64::from(found) - expected).abs() < 1e-2, "{found} is not {expected}");
    }
}

#[test]
fn without_a_label_the_bound_is_the_mean_over_what_the_classifier_believes() {
    let config = ModelConfig { labelled: true, classifier: true, ..SMALL };
    let (data, model) = (bars(3), trained(config, 10));
    let noise = normals(1, Stream::Samples, 3 * SMALL.latent);
    let guessed = Terms::of(&model, batch(&data, &noise));
    let [found, log_q] = [values(guessed.reconstruction + guessed.divergence), values(guessed.guess.unwrap())];

    let told = |digit: u8| {
        let labels = Some(tensor(&one_hot(digit).repeat(3), [3, DIGITS]));
        let terms = Terms::of(&model, Batch { labels, ..batch(&data, &noise) });
        values(terms.reconstruction + terms.divergence)
    };
    let told: Vec<Vec<f32>> = (0..DIGITS as u8).map(told).collect();
    for (image, found) in found.into_iter().enumerate() {
        let each = |digit: usize| (log_q[image * DIGITS + digit], told[digit][image]);
        let expected: f32 = (0..DIGITS).map(each).map(|(log_q, cost)| log_q.exp() * (cost + log_q)).sum();
        assert!((found - expected).abs() < 1e-2, "{found} is not {expected}");
    }
}

#[test]
fn a_codebook_takes_the_nearest_vector() {
    let config = ModelConfig { posterior: PosteriorKind::Codebook, codes: 6, latent: 2, ..SMALL };
    let model = trained(config.clone(), 5);
    let Posterior::Codebook(codes) = model.encode(images(&bars(2)), None) else {
        panic!("a codebook answers in codes")
    };
    let numbers: Vec<f32> = (0..6 * PLACES).map(|at| (at / PLACES) as f32).collect();
    let book = values(model.codebook().unwrap().vectors_of(tensor(&numbers, [6, PLACES])));
    let vector = |code: usize| &book[code * PLACES * 2..][..2];
    let distance = |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(x, y)| (x - y).powi(2)).sum::<f32>();
    let (encoded, chosen) = (values(codes.encoded.clone()), values(codes.indices()));
    for (point, &code) in encoded.chunks(2).zip(&chosen) {
        let nearest = (0..6).map(|other| distance(point, vector(other))).fold(f32::INFINITY, f32::min);
        assert!(distance(point, vector(code as usize)) <= nearest + 1e-6);
    }
    let seen = values(codes.straight_through());
    assert!(distance(&seen, &values(codes.vectors.clone())) < 1e-9, "the decoder sees the vectors");

    let shares = values(model.codebook().unwrap().log_prior().exp().sum_dim(1));
    assert!(shares.iter().all(|sum| (sum - 1.0).abs() < 1e-4), "each place's prior sums to one");
}

#[test]
fn dead_codes_are_revived() {
    let config = ModelConfig { posterior: PosteriorKind::Codebook, codes: 64, latent: 2, ..SMALL };
    let used = |steps| {
        let terms = Terms::of(&trained(config.clone(), steps), batch(&bars(16), &[0.0; 32]));
        values(terms.codes.unwrap().tally()).into_iter().filter(|&count| count > 0.0).count()
    };
    let (before, after) = (used(1), used(600));
    assert!(after > before && after > 48, "of 64 codes {before} were used at first and {after} after a while");
}

#[test]
fn a_critic_without_weight_changes_nothing() {
    let mut with =
        trainer(ModelConfig { critic: true, ..SMALL }, TrainConfig { critic_weight: 0.0, ..TrainConfig::default() });
    let mut without = trainer(SMALL, TrainConfig::default());
    let data = bars(128);
    assert_eq!(now(with.train(&data, 3)).unwrap(), now(without.train(&data, 3)).unwrap());
    with.configure(TrainConfig { critic_weight: 5.0, ..with.config().clone() }).unwrap();
    let (with, without) = (now(with.train(&data, 2)).unwrap(), now(without.train(&data, 2)).unwrap());
    assert_ne!(with[1], without[1], "and with weight it does");
}

#[test]
fn convolutions_look_at_each_image_alone_once_trained() {
    let model = trained(ModelConfig { body: BodyKind::Conv, ..SMALL }, 3);
    let data = bars(5);
    let together = values(model.encode(images(&data), None).mean());
    let alone = values(model.encode(images(&data).narrow(0, 3, 1), None).mean());
    for (alone, together) in alone.iter().zip(&together[3 * SMALL.latent..]) {
        assert!((alone - together).abs() < 1e-3, "{alone} alone, {together} among others");
    }
}

#[test]
fn running_statistics_follow_the_batches() {
    let mut trainer =
        trainer(ModelConfig { body: BodyKind::Conv, ..SMALL }, TrainConfig { batch: 8, ..TrainConfig::default() });
    let mean = |trainer: &latent_lab::train::Trainer| {
        let file = now(trainer.weights()).unwrap();
        let found = file.parameters.into_iter().find(|it| it.name == "encoder.convolutions.norms.0.running_mean");
        found.expect("the file keeps them").values
    };
    let fresh = mean(&trainer);
    assert!(fresh.iter().all(|&mean| mean == 0.0));
    now(trainer.train(&bars(8), 1)).unwrap();
    let once = mean(&trainer);
    now(trainer.train(&bars(8), 1)).unwrap();
    assert!(once != fresh && mean(&trainer) != once, "each step moves them");
}

#[test]
fn the_learning_rate_cools_down_to_nothing() {
    let config = TrainConfig { epochs: 10, cool_down: 4.0, learning_rate: 0.01, ..TrainConfig::default() };
    let rates = [0.0, 6.0, 8.0, 10.0, 12.0].map(|epochs| config.learning_rate_after(epochs));
    assert_eq!(rates, [0.01, 0.01, 0.005, 0.0, 0.0]);
    assert_eq!(TrainConfig::default().learning_rate_after(99.0), 1e-3);
}

#[test]
fn pixels_redrawn_each_step_are_on_or_off() {
    let losses = |binarise| {
        let mut trainer = trainer(SMALL, TrainConfig { batch: 8, binarise, ..TrainConfig::default() });
        now(trainer.train(&bars(8), 2)).unwrap()
    };
    let (coins, again, grey) = (losses(true), losses(true), losses(false));
    assert_eq!(coins, again);
    assert_ne!(coins, grey);
}

#[test]
fn those_that_keep_their_label_are_as_many_of_each_digit() {
    let data = bars(200);
    let few = data.labelled_subset(50, 3);
    let mut tally = [0; DIGITS];
    few.iter().for_each(|&image| tally[usize::from(data.labels.digit(image))] += 1);
    assert_eq!(tally, [5; DIGITS]);
    assert_eq!(few, data.labelled_subset(50, 3));
    assert_ne!(few, data.labelled_subset(50, 4));
}
