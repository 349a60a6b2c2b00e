//! The importance-weighted and the semi-supervised bound, compared with sums over their samples and labels.

use latent_lab::data::{Batches, PIXELS, Position, one_hot};
use latent_lab::device::cpu;
use latent_lab::model::ModelConfig;
use latent_lab::objective::{Batch, Objective, Terms};
use latent_lab::random::{Stream, normals};
use latent_lab::snapshot::{NamedTensor, block_on};
use latent_lab::train::TrainConfig;
use latent_lab::weights::Weights;

use crate::samples::{SMALL, bars, trained_on_bars, trainer};
use crate::tensors::{batch, images, tensor, values};

#[test]
fn the_importance_weighted_bound_is_the_log_of_the_mean_weight() {
    const SAMPLES: usize = 5;
    let (data, model) = (bars(4), trained_on_bars(SMALL, 20));
    let noise = normals(3, Stream::Samples, 4 * SAMPLES * SMALL.latent);
    let together = Terms::of(&model, batch(&data, &noise), &Objective { samples: SAMPLES, ..Objective::BOUND });
    let together = values(together.reconstruction + together.divergence);

    let log_weights = |k: usize| -> Vec<f64> {
        let rows = noise.chunks(SAMPLES * SMALL.latent).flat_map(|row| &row[k * SMALL.latent..][..SMALL.latent]);
        let noise = tensor(&rows.copied().collect::<Vec<_>>(), [4, SMALL.latent]);
        let posterior = model.encode(images(&data), None);
        let z = posterior.sample(noise.clone());
        let log_weight = model.log_prior(z.clone())
            - posterior.log_density(noise)
            - model.decode(z, None).negative_log_likelihood(images(&data));
        values(log_weight).into_iter().map(f64::from).collect()
    };
    let samples: Vec<Vec<f64>> = (0..SAMPLES).map(log_weights).collect();
    for (image, found) in together.into_iter().enumerate() {
        let largest = samples.iter().map(|sample| sample[image]).fold(f64::NEG_INFINITY, f64::max);
        let mean = samples.iter().map(|sample| (sample[image] - largest).exp()).sum::<f64>() / SAMPLES as f64;
        let expected = -(mean.ln() + largest);
        assert!((f64::from(found) - expected).abs() < 1e-2, "{found} is not {expected}");
    }
}

/// With a weight of the divergence inside the importance weights, there is one function that is minimised.
#[test]
fn gradients_of_importance_samples_with_a_weight_agree_with_finite_differences() {
    const SPACING: f32 = 1e-2;
    const SAMPLES: usize = 3;
    const BETA: f64 = 0.3;
    let data = bars(4);
    let config = TrainConfig { samples: SAMPLES, beta: BETA, batch: 4, seed: 7, ..TrainConfig::default() };
    let mut trainer = trainer(SMALL, config);
    let before = block_on(trainer.weights()).unwrap();
    let order = Batches::new(7, Position::default()).next(4, 4);
    let pixels: Vec<f32> = order.iter().flat_map(|&index| data.images.pixels(index)).collect();
    let noise = normals(7, Stream::Noise { step: 0 }, 4 * SAMPLES * SMALL.latent);
    let images = || tensor(&pixels, [4, PIXELS]);
    let loss = |parameters: Vec<NamedTensor>| {
        let model = Weights { parameters, ..before.clone() }.build(&cpu()).unwrap();
        let noise = tensor(&noise, [4 * SAMPLES, SMALL.latent]);
        let posterior = model.encode(images(), None).repeat(SAMPLES);
        let z = posterior.sample(noise.clone());
        let divergence = posterior.log_density(noise) - model.log_prior(z.clone());
        let repeated = images().unsqueeze_dim::<3>(1).expand([4, SAMPLES, PIXELS]).reshape([4 * SAMPLES, PIXELS]);
        let reconstruction = model.decode(z, None).negative_log_likelihood(repeated);
        let log_weights = values(-reconstruction - divergence * BETA);
        let of_image = |log_weights: &[f32]| {
            let log_weights: Vec<f64> = log_weights.iter().map(|&nats| f64::from(nats)).collect();
            let largest = log_weights.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            let mean = log_weights.iter().map(|nats| (nats - largest).exp()).sum::<f64>() / SAMPLES as f64;
            -(mean.ln() + largest)
        };
        log_weights.chunks(SAMPLES).map(of_image).sum::<f64>() / 4.0
    };
    block_on(trainer.train(&data, 1)).unwrap();
    let moments = block_on(trainer.checkpoint()).unwrap().moments;
    for (index, parameter) in before.parameters.iter().enumerate() {
        let gradient = |at: usize| f64::from(moments[index][0][at]) / 0.1;
        let all = 0..parameter.values.len();
        let largest = all.max_by(|&a, &b| gradient(a).abs().total_cmp(&gradient(b).abs())).unwrap();
        for at in [largest, parameter.values.len() / 2] {
            let moved = |by: f32| {
                let mut moved = before.parameters.clone();
                moved[index].values[at] += by;
                loss(moved)
            };
            let expected = (moved(SPACING) - moved(-SPACING)) / f64::from(2.0 * SPACING);
            let difference = (gradient(at) - expected).abs();
            assert!(difference < 0.02 * gradient(largest).abs() + 0.02, "{}: {expected}", parameter.name);
        }
    }
}

#[test]
fn what_is_reported_of_importance_samples_is_the_bound_whatever_the_weight() {
    let data = bars(8);
    let first = |beta| {
        let config = TrainConfig { samples: 4, beta, batch: 8, ..TrainConfig::default() };
        block_on(trainer(SMALL, config).train(&data, 1)).unwrap()[0].total
    };
    assert_eq!(first(1.0), first(0.2));
}

#[test]
fn the_unlabelled_bound_is_the_expectation_over_the_classifier_s_labels() {
    let config = ModelConfig { labelled: true, classifier: true, ..SMALL };
    let (data, model) = (bars(3), trained_on_bars(config, 10));
    let noise = normals(1, Stream::Samples, 3 * SMALL.latent);
    let unlabelled = Terms::of(&model, batch(&data, &noise), &Objective::BOUND);
    let [found, log_q] =
        [values(unlabelled.reconstruction + unlabelled.divergence), values(unlabelled.log_classes.unwrap())];

    const CLASSES: usize = 10;
    let labelled = |label: u8| {
        let one_hot: Vec<f32> = one_hot(label, CLASSES).collect();
        let labels = Some(tensor(&one_hot.repeat(3), [3, CLASSES]));
        let terms = Terms::of(&model, Batch { labels, ..batch(&data, &noise) }, &Objective::BOUND);
        values(terms.reconstruction + terms.divergence)
    };
    let labelled: Vec<Vec<f32>> = (0..CLASSES as u8).map(labelled).collect();
    for (image, found) in found.into_iter().enumerate() {
        let each = |label: usize| (log_q[image * CLASSES + label], labelled[label][image]);
        let expected: f32 = (0..CLASSES).map(each).map(|(log_q, bound)| log_q.exp() * (bound + log_q)).sum();
        assert!((found - expected).abs() < 1e-2, "{found} is not {expected}");
    }
}
