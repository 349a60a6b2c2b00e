//! What training minimises in place of the KL, compared with plain loops, and its gradients with finite differences.

use burn::module::Module;
use burn::tensor::Tensor;
use latent_lab::data::PIXELS;
use latent_lab::device::cpu;
use latent_lab::model::{Diagonal, ModelConfig, Posterior, PosteriorKind, PriorKind, Vae};
use latent_lab::objective::{Batch, Objective, Parts, Penalty, Terms, mmd};
use latent_lab::random::{Stream, normals};
use latent_lab::snapshot::block_on;
use latent_lab::train::{DivergenceKind, TrainConfig};

use crate::samples::{SMALL, bars, trained_on_bars, trainer};
use crate::tensors::{batch, images, tensor, values};

const IMAGES: usize = 6;
const LATENT: usize = SMALL.latent;

/// A model that was trained a little, so that its components differ, on a device with autodiff.
fn model() -> Vae {
    let mut trainer = trainer(SMALL, TrainConfig { batch: IMAGES, epochs: 1000, ..TrainConfig::default() });
    block_on(trainer.train(&bars(IMAGES), 30)).unwrap();
    block_on(trainer.weights()).unwrap().build(&cpu().autodiff()).unwrap()
}

fn noise() -> Vec<f32> {
    normals(5, Stream::Samples, IMAGES * LATENT)
}

/// The batch on a device with autodiff, with prior samples.
fn training_batch() -> Batch {
    let device = cpu().autodiff();
    let on_device = |values: Vec<f32>, columns: usize| -> Tensor<2> {
        Tensor::<1>::from_data(&values[..], &device).reshape([IMAGES, columns])
    };
    let pixels: Vec<f32> =
        (0..IMAGES).flat_map(|image| bars(IMAGES).images.pixels(image).collect::<Vec<_>>()).collect();
    let prior = normals(6, Stream::Samples, IMAGES * LATENT);
    Batch {
        inputs: on_device(pixels.clone(), PIXELS),
        images: on_device(pixels, PIXELS),
        labels: None,
        noise: on_device(noise(), LATENT),
        component: None,
        prior: Some(on_device(prior, LATENT)),
    }
}

/// The penalty of each image: the loss without the reconstruction.
fn penalty(model: &Vae, penalty: Penalty) -> Vec<f32> {
    let objective = Objective { penalty, ..Objective::BOUND };
    let terms = Terms::of(model, training_batch(), &objective);
    values((terms.loss(&objective) - terms.reconstruction).inner())
}

/// KL by component, [IMAGES][LATENT].
fn kls() -> Vec<Vec<f32>> {
    let posterior = model().valid().encode(images(&bars(IMAGES)), None);
    values(posterior.kl_to_standard()).chunks_exact(LATENT).map(<[f32]>::to_vec).collect()
}

#[test]
fn free_bits_count_only_what_exceeds_them() {
    let kls = kls();
    let means = (0..LATENT).map(|k| kls.iter().map(|row| row[k]).sum::<f32>() / IMAGES as f32).collect::<Vec<_>>();
    let free = f64::from(means.iter().copied().fold(f32::INFINITY, f32::min)) + 0.01; // above one of them
    let expected: f32 = means.iter().map(|&mean| mean.max(free as f32)).sum();
    for found in penalty(&model(), Penalty::FreeBits { nats: free }) {
        assert!((found - expected).abs() < 1e-3, "{found} is not {expected}: {means:?}");
    }
}

#[test]
fn a_capacity_costs_the_distance_of_the_mean_kl_from_it() {
    let mean = kls().concat().iter().sum::<f32>() / IMAGES as f32;
    for nats in [0.5 * f64::from(mean), 2.0 * f64::from(mean)] {
        for found in penalty(&model(), Penalty::Capacity { nats }) {
            assert!((f64::from(found) - (f64::from(mean) - nats).abs()).abs() < 1e-3, "{found}");
        }
    }
}

#[test]
fn the_reported_divergence_stays_the_kl_whatever_is_minimised() {
    let kl: Vec<f32> = kls().iter().map(|row| row.iter().sum()).collect();
    let parts = Penalty::Parts { weights: [1.0, 6.0, 1.0], images: 100 };
    for penalty in [Penalty::FreeBits { nats: 2.0 }, Penalty::Capacity { nats: 3.0 }, parts, Penalty::Mmd] {
        let objective = Objective { penalty, ..Objective::BOUND };
        let terms = Terms::of(&model(), training_batch(), &objective);
        for (found, expected) in values(terms.divergence.inner()).iter().zip(&kl) {
            assert!((found - expected).abs() < 1e-3, "{found} is not {expected}");
        }
    }
}

#[test]
fn with_equal_weights_the_three_parts_are_the_kl_at_the_sample() {
    let model = model();
    let posterior = model.valid().encode(images(&bars(IMAGES)), None);
    let noise = tensor(&noise(), [IMAGES, LATENT]);
    let z = posterior.sample(noise.clone());
    let expected = values(posterior.log_density(noise) - model.valid().log_prior(z));
    let found = penalty(&model, Penalty::Parts { weights: [1.0; 3], images: 60_000 });
    for (found, expected) in found.into_iter().zip(expected) {
        assert!((found - expected).abs() < 2e-3, "{found} is not {expected}");
    }
}

#[test]
fn the_parts_are_those_of_plain_loops() {
    const COUNT: usize = 1000;
    let (mean, log_var) = (normals(1, Stream::Samples, IMAGES * LATENT), normals(2, Stream::Samples, IMAGES * LATENT));
    let noise = noise();
    let z: Vec<f64> = (0..mean.len())
        .map(|at| f64::from(mean[at]) + (0.5 * f64::from(log_var[at])).exp() * f64::from(noise[at]))
        .collect();
    let log_normal = |image: usize, other: usize, k: usize| {
        let (mean, log_var) = (f64::from(mean[other * LATENT + k]), f64::from(log_var[other * LATENT + k]));
        -0.5 * ((z[image * LATENT + k] - mean).powi(2) / log_var.exp() + log_var + std::f64::consts::TAU.ln())
    };
    let scale = (IMAGES * COUNT) as f64;
    let shape = [IMAGES, LATENT];
    let posterior = Posterior::Diagonal(Diagonal { mean: tensor(&mean, shape), log_var: tensor(&log_var, shape) });
    let noise = tensor(&noise, shape);
    let found = Parts::of(&posterior, posterior.sample(noise.clone()), noise, COUNT);
    let [mi, tc, dimension] = [found.mutual_information, found.total_correlation, found.dimension_kl].map(values);
    for image in 0..IMAGES {
        let joint = |other: usize| (0..LATENT).map(|k| log_normal(image, other, k)).sum::<f64>();
        let log_aggregate = ((0..IMAGES).map(|other| joint(other).exp()).sum::<f64>() / scale).ln();
        let log_marginals: f64 = (0..LATENT)
            .map(|k| ((0..IMAGES).map(|other| log_normal(image, other, k).exp()).sum::<f64>() / scale).ln())
            .sum();
        let log_prior: f64 =
            (0..LATENT).map(|k| -0.5 * (z[image * LATENT + k].powi(2) + std::f64::consts::TAU.ln())).sum();
        for (found, expected) in [
            (mi[image], joint(image) - log_aggregate),
            (tc[image], log_aggregate - log_marginals),
            (dimension[image], log_marginals - log_prior),
        ] {
            assert!((f64::from(found) - expected).abs() < 1e-3, "{found} is not {expected}");
        }
    }
}

/// The gradient of a function of means and log-variances, against central differences.
fn check_gradient(of: impl Fn(Tensor<2>, Tensor<2>) -> Tensor<1>) {
    const SPACING: f32 = 1e-2;
    let at = [normals(1, Stream::Samples, IMAGES * LATENT), normals(2, Stream::Samples, IMAGES * LATENT)];
    let upload =
        |values: &[f32]| Tensor::<1>::from_data(values, &cpu().autodiff()).reshape([IMAGES, LATENT]).require_grad();
    let inputs = [upload(&at[0]), upload(&at[1])];
    let gradients = of(inputs[0].clone(), inputs[1].clone()).sum().backward();
    for which in 0..2 {
        let gradient = values::<2>(inputs[which].grad(&gradients).unwrap());
        for entry in 0..gradient.len() {
            let shifted = |by: f32| {
                let mut moved = at.clone();
                moved[which][entry] += by;
                f64::from(values(of(upload(&moved[0]), upload(&moved[1])).sum().inner())[0])
            };
            let expected = (shifted(SPACING) - shifted(-SPACING)) / f64::from(2.0 * SPACING);
            let found = f64::from(gradient[entry]);
            assert!((found - expected).abs() < 0.02 * (1.0 + expected.abs()), "{found} is not {expected}");
        }
    }
}

fn on_autodiff(values: &[f32]) -> Tensor<2> {
    Tensor::<1>::from_data(values, &cpu().autodiff()).reshape([IMAGES, LATENT])
}

#[test]
fn gradients_of_the_parts_agree_with_finite_differences() {
    for weights in [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]] {
        check_gradient(|mean, log_var| {
            let posterior = Posterior::Diagonal(Diagonal { mean, log_var });
            let noise = on_autodiff(&noise());
            let parts = Parts::of(&posterior, posterior.sample(noise.clone()), noise, 100);
            parts.mutual_information * weights[0]
                + parts.total_correlation * weights[1]
                + parts.dimension_kl * weights[2]
        });
    }
}

#[test]
fn gradients_of_the_mean_discrepancy_agree_with_finite_differences() {
    let prior = normals(7, Stream::Samples, IMAGES * LATENT);
    check_gradient(|mean, log_var| {
        let posterior = Posterior::Diagonal(Diagonal { mean, log_var });
        mmd(posterior.sample(on_autodiff(&noise())), on_autodiff(&prior)) * 10.0
    });
}

#[test]
fn a_wasserstein_autoencoder_s_codes_come_to_look_like_the_prior() {
    let distance = |divergence| {
        let model = ModelConfig { posterior: PosteriorKind::Point, ..SMALL };
        let train = TrainConfig { divergence, beta: 200.0, batch: 64, epochs: 1000, ..TrainConfig::default() };
        let (data, mut trainer) = (bars(256), trainer(model, train));
        block_on(trainer.train(&data, 300)).unwrap();
        let codes = trainer.model().encode(images(&data), None).mean();
        let prior = tensor(&normals(9, Stream::Samples, 256 * LATENT), [256, LATENT]);
        values(mmd(codes, prior))[0]
    };
    let (plain, wasserstein) = (distance(DivergenceKind::Kl), distance(DivergenceKind::Mmd));
    assert!(wasserstein < 0.5 * plain, "{wasserstein} is not far below {plain}");
}

#[test]
fn a_fitted_prior_changes_nothing_else() {
    let losses = |prior| {
        let model = ModelConfig { posterior: PosteriorKind::Point, prior, components: 5, ..SMALL };
        let mut trainer = trainer(model, TrainConfig { batch: 8, epochs: 1000, ..TrainConfig::default() });
        let losses = block_on(trainer.train(&bars(16), 40)).unwrap();
        (losses.into_iter().map(|loss| loss.total).collect::<Vec<_>>(), trainer.model())
    };
    let ((plain, _), (fitted, model)) = (losses(PriorKind::Standard), losses(PriorKind::Fitted));
    assert_eq!(plain, fitted, "the first stage does not feel the second");
    assert!(model.has_fitted_prior());
}

#[test]
fn a_fitted_prior_has_the_codes_density() {
    let of = |prior| {
        let model = ModelConfig { prior, components: 7, ..SMALL };
        let mut trainer = trainer(model, TrainConfig { batch: 70, epochs: 1000, ..TrainConfig::default() });
        block_on(trainer.train(&bars(140), 600)).unwrap();
        let terms = Terms::of(
            &trainer.model(),
            batch(&bars(140), &normals(3, Stream::Samples, 140 * LATENT)),
            &Objective::BOUND,
        );
        values(terms.mean()[1].clone())[0]
    };
    let (standard, fitted) = (of(PriorKind::Standard), of(PriorKind::Fitted));
    assert!(fitted < standard - 0.2, "KL {fitted} to the fitted prior, {standard} to N(0, I)");
}

#[test]
fn the_weights_of_a_fitted_prior_sum_to_one() {
    let model = ModelConfig { prior: PriorKind::Fitted, components: 9, ..SMALL };
    let model = trained_on_bars(model, 400);
    let weights = values(model.learned_prior().unwrap().log_weights.exp());
    assert!((weights.iter().sum::<f32>() - 1.0).abs() < 1e-4, "{weights:?}");
    assert!(values(model.learned_prior().unwrap().log_var).iter().all(|value| value.is_finite()));
}

#[test]
fn what_cannot_be_combined_is_refused() {
    let refused = |model: ModelConfig, train: TrainConfig| train.check(&model).is_err();
    let train = TrainConfig::default;
    let point = ModelConfig { posterior: PosteriorKind::Point, ..SMALL };
    let full = ModelConfig { posterior: PosteriorKind::Full, ..SMALL };
    let mixture = ModelConfig { prior: PriorKind::Mixture, ..SMALL };
    let free_bits = || TrainConfig { free_bits: 0.5, ..train() };
    let parts = || TrainConfig { divergence: DivergenceKind::Decomposed, ..train() };
    let mmd = || TrainConfig { divergence: DivergenceKind::Mmd, ..train() };
    for (model, train) in [
        (point.clone(), free_bits()),
        (point.clone(), parts()),
        (full, parts()),
        (mixture.clone(), free_bits()),
        (mixture, mmd()),
        (SMALL, TrainConfig { samples: 2, ..free_bits() }),
        (SMALL, TrainConfig { capacity: 3.0, ..free_bits() }),
        (SMALL, TrainConfig { free_bits: 1.0, ..mmd() }),
        (SMALL, TrainConfig { batch: 1, ..mmd() }),
    ] {
        assert!(refused(model.clone(), train.clone()), "{model:?} {train:?}");
    }
    assert!(!refused(point, mmd()) && !refused(SMALL, parts()) && !refused(SMALL, mmd()));
}
