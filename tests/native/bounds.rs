//! The importance-weighted and the semi-supervised bound, compared with sums over their samples and labels.

use latent_lab::data::one_hot;
use latent_lab::model::{ModelConfig, PriorKind};
use latent_lab::objective::{Batch, Objective, Terms};
use latent_lab::random::{Stream, normals};
use latent_lab::snapshot::block_on;
use latent_lab::train::TrainConfig;

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

#[test]
fn importance_samples_do_not_feel_a_fitted_prior() {
    let trained = |prior| {
        let settings = TrainConfig { batch: 8, samples: 3, ..TrainConfig::default() };
        let mut trainer = trainer(ModelConfig { prior, components: 4, ..SMALL }, settings);
        block_on(trainer.train(&bars(16), 3)).unwrap();
        let mut parameters = block_on(trainer.weights()).unwrap().parameters;
        parameters.retain(|parameter| !parameter.name.starts_with("prior."));
        parameters
    };
    for (fitted, standard) in trained(PriorKind::Fitted).iter().zip(&trained(PriorKind::Standard)) {
        let furthest = fitted.values.iter().zip(&standard.values).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
        assert!(furthest < 1e-4, "{}: {furthest}", fitted.name); // three steps of 1e-3, whose gradients differ by rounding
    }
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
