//! The true posterior on a lattice: cases with a known answer, and ELBO + KL(q || p(z | x)) = log p(x).

use std::sync::LazyLock;

use latent_lab::Error;
use latent_lab::data::{Dataset, PIXELS};
use latent_lab::device::cpu;
use latent_lab::evaluate::{ExactPosterior, Example, LoadedModel, PlaneGaussian, PosteriorView, binarised};
use latent_lab::model::{BodyKind, LikelihoodKind, ModelConfig, PosteriorKind, PriorKind};
use latent_lab::snapshot::{self, block_on};
use latent_lab::weights::Weights;

use crate::evaluation::trained;
use crate::mnist::split;
use crate::samples::{SMALL, bars};

static TEST: LazyLock<Dataset> = LazyLock::new(|| split("t10k"));

fn near(found: f64, expected: f64, tolerance: f64) {
    assert!((found - expected).abs() < tolerance, "{found} is not {expected}");
}

/// The results of every lattice, the last with the estimates by importance sampling.
fn views(model: &LoadedModel, image: &[f32]) -> Vec<PosteriorView> {
    let mut posterior = block_on(ExactPosterior::new(model.clone(), image.to_vec(), Some(0))).unwrap();
    let mut views: Vec<PosteriorView> = Vec::new();
    while block_on(posterior.advance()).unwrap() {
        if let Some(view) = posterior.view().filter(|view| views.last().is_none_or(|last| last.side != view.side)) {
            views.push(view.clone());
        }
    }
    *views.last_mut().unwrap() = posterior.view().unwrap().clone();
    views
}

fn finest(model: &LoadedModel, image: &[f32]) -> PosteriorView {
    views(model, image).pop().unwrap()
}

fn shipped(name: &str) -> LoadedModel {
    let path = format!("{}/www/models/{name}.safetensors", env!("CARGO_MANIFEST_DIR"));
    let file = Weights::from_bytes(&std::fs::read(path).unwrap()).unwrap();
    LoadedModel { model: file.build(&cpu()).unwrap(), config: file.model, device: cpu() }
}

fn small() -> ModelConfig {
    ModelConfig { latent: 2, ..SMALL }
}

/// A linear model all of whose weights are zero, but for those that `value` gives by the parameter's name and position.
fn linear(posterior: PosteriorKind, value: impl Fn(&str, usize) -> f32) -> LoadedModel {
    let config = ModelConfig { latent: 2, body: BodyKind::Linear, posterior, ..ModelConfig::default() };
    let model = latent_lab::model::Vae::new(&config, 0, &cpu());
    let mut parameters = block_on(snapshot::parameters(&model)).unwrap();
    for parameter in &mut parameters {
        let name = parameter.name.clone();
        parameter.values.iter_mut().enumerate().for_each(|(k, it)| *it = value(&name, k));
    }
    let weights = Weights { model: config.clone(), parameters, notes: Default::default() };
    LoadedModel { model: weights.build(&cpu()).unwrap(), config, device: cpu() }
}

/// One test image with each digit.
fn digits() -> impl Iterator<Item = Vec<f32>> {
    (0..10).map(|digit| {
        let index = (0..TEST.len()).find(|&index| TEST.labels.class(index) == digit).unwrap();
        TEST.images.pixels(index).collect()
    })
}

#[test]
fn pixels_of_one_half_and_more_are_on() {
    assert_eq!(binarised(vec![0.0, 0.49, 0.5, 1.0]), [0.0, 0.0, 1.0, 1.0]);
}

#[test]
fn a_decoder_that_ignores_the_code_leaves_the_prior() {
    let model = linear(PosteriorKind::Diagonal, |_, _| 0.0); // every pixel is on with probability 1/2, and q is N(0, I)
    let PosteriorView { moments, closest, numbers, .. } = finest(&model, &[0.0; PIXELS]);
    near(numbers.log_evidence.value, PIXELS as f64 * 0.5_f64.ln(), 1e-3);
    for number in [numbers.gap.value, numbers.kl, numbers.approximation_gap, numbers.residual] {
        near(number, 0.0, 1e-4);
    }
    for gaussian in [moments, closest] {
        gaussian.mean.iter().for_each(|&mean| near(mean, 0.0, 1e-4));
        gaussian.covariance.iter().zip([1.0, 0.0, 1.0]).for_each(|(&found, expected)| near(found, expected, 1e-3));
    }
    let estimates = numbers.importance.unwrap();
    near(estimates.deviation, 0.0, 1e-3);
}

/// With one pixel of logit `STEEP * z_1` and all others at 1/2, p(x) is 2^-784 by symmetry, and p(z | x) = 2 sigmoid(STEEP * z_1) N(z).
#[test]
fn one_pixel_that_depends_on_the_code_skews_the_prior() {
    const STEEP: f64 = 3.0;
    let model = linear(
        PosteriorKind::Full,
        |name, k| {
            if name == "decoder.logits.weight" && k == 0 { STEEP as f32 } else { 0.0 }
        },
    );
    let mut image = [0.0; PIXELS];
    image[0] = 1.0;
    let PosteriorView { moments, numbers, .. } = finest(&model, &image);
    near(numbers.log_evidence.value, PIXELS as f64 * 0.5_f64.ln(), 1e-3);
    // The moments and KL(N(0, 1) || p(z_1 | x)) by a sum along one component.
    let step = 1e-3;
    let points = (-8000..=8000).map(|k| f64::from(k) * step);
    let normal = |z: f64| (-0.5 * z * z).exp() / std::f64::consts::TAU.sqrt();
    let log_sigmoid = |z: f64| -(1.0 + (-STEEP * z).exp()).ln();
    let sum = |value: &dyn Fn(f64) -> f64| points.clone().map(|z| step * normal(z) * value(z)).sum::<f64>();
    let mean = sum(&|z| 2.0 * log_sigmoid(z).exp() * z);
    near(moments.mean[0], mean, 1e-4);
    near(moments.covariance[0], 1.0 - mean * mean, 1e-4);
    near(moments.covariance[2], 1.0, 1e-4);
    near(numbers.gap.value, -sum(&|z| 2.0_f64.ln() + log_sigmoid(z)), 1e-4);
    near(numbers.kl, 0.0, 1e-6);
    near(numbers.residual, 0.0, 1e-3);
}

#[test]
fn the_bound_and_its_gap_make_up_the_evidence() {
    for name in ["vae-z2", "full-z2"] {
        let model = shipped(name);
        let mut sums = [0.0; 5];
        for (digit, image) in digits().enumerate() {
            let PosteriorView { numbers, square, side, .. } = finest(&model, &image);
            println!(
                "{name} {digit}: log p(x) {:.4}, ELBO {:.4}, gap {:.4} = {:.4} + {:.4}, residual {:.1e}, errors {:.1e} {:.1e} {:.1e}, {side} points over {:.2}, importance {:?}",
                numbers.log_evidence.value,
                numbers.elbo.value,
                numbers.gap.value,
                numbers.approximation_gap,
                numbers.amortisation_gap,
                numbers.residual,
                numbers.log_evidence.error,
                numbers.elbo.error,
                numbers.gap.error,
                2.0 * square.reach,
                numbers.importance,
            );
            let means = [
                numbers.log_evidence.value,
                numbers.elbo.value,
                numbers.approximation_gap,
                numbers.amortisation_gap,
                numbers.importance.unwrap().mean,
            ];
            sums.iter_mut().zip(means).for_each(|(sum, value)| *sum += value / 10.0);
            near(numbers.residual, 0.0, 1e-3);
            near(numbers.elbo_on_lattice, numbers.elbo.value, 1e-3);
            near(numbers.kl_on_lattice, numbers.kl, 1e-3);
            assert!(numbers.gap.value > 0.0 && numbers.approximation_gap > 0.0 && numbers.amortisation_gap > -1e-6);
            assert!(numbers.on_border < 1e-5 && numbers.outside.abs() < 1e-5, "{numbers:?}");
            let estimates = numbers.importance.unwrap();
            assert!(estimates.mean < numbers.log_evidence.value + estimates.deviation, "{numbers:?}");
        }
        println!("{name}, means: log p(x), ELBO, approximation gap, amortisation gap, importance sampling {sums:.3?}");
    }
}

/// Of digits whose posterior q covers, so that samples from q find it.
#[test]
fn many_importance_samples_agree_with_the_sum() {
    for (name, digit) in [("vae-z2", 9), ("full-z2", 3)] {
        let model = shipped(name);
        let image = digits().nth(digit).unwrap();
        let numbers = finest(&model, &image).numbers;
        let example = Example { pixels: binarised(image), label: 0, index: Example::NOT_IN_DATA };
        let found = -block_on(model.nlls(&[example], 20_000, 1)).unwrap()[0];
        near(found, numbers.log_evidence.value, 0.05);
        let estimates = numbers.importance.unwrap();
        near(estimates.mean, numbers.log_evidence.value, 3.0 * estimates.deviation);
    }
}

#[test]
fn the_error_stated_is_the_difference_to_the_coarser_lattice() {
    let model = shipped("vae-z2");
    for image in digits().take(3) {
        let views = views(&model, &image);
        let sides: Vec<_> = views.iter().map(|view| view.side).collect();
        assert!(!sides.is_empty() && [65, 129, 257].starts_with(&sides));
        let last = views.last().unwrap();
        assert!(last.side == 257 || last.numbers.largest_error() < 5e-4);
        for [coarse, fine] in views.array_windows() {
            let difference = fine.numbers.log_evidence.value - coarse.numbers.log_evidence.value;
            near(difference.abs(), fine.numbers.log_evidence.error, 1e-9);
        }
    }
}

#[test]
fn learned_priors_and_labels_have_their_posteriors_too() {
    let others = [
        ModelConfig { prior: PriorKind::Mixture, components: 5, ..small() },
        ModelConfig { prior: PriorKind::Mixture, components: 5, posterior: PosteriorKind::Full, ..small() },
        ModelConfig { prior: PriorKind::Vamp, components: 5, ..small() },
        ModelConfig { labelled: true, ..small() },
        ModelConfig { labelled: true, classifier: true, ..small() },
    ];
    for config in others {
        let model = trained(config.clone(), 40);
        let image: Vec<f32> = bars(1).images.pixels(0).collect();
        let PosteriorView { numbers, .. } = finest(&model, &image);
        near(numbers.residual, 0.0, 1e-3);
        assert!(numbers.gap.value > -1e-6);
    }
}

#[test]
fn contours_hold_the_mass_that_their_names_say() {
    let view = finest(&shipped("vae-z2"), &digits().nth(3).unwrap());
    assert_eq!(view.contours.len(), 2);
    for segments in &view.contours {
        assert!(!segments.is_empty() && segments.len().is_multiple_of(4));
        let [x, y] = [0, 1].map(|c| (view.square.centre[c], view.square.reach));
        assert!(segments.chunks(2).all(|at| {
            let inside = |(centre, reach): (f64, f64), value: f32| (f64::from(value) - centre).abs() <= reach;
            inside(x, at[0]) && inside(y, at[1])
        }));
    }
    let total: f32 = view.density.iter().sum();
    let largest = view.density.iter().copied().fold(0.0, f32::max);
    assert!(largest == 1.0 && total > 10.0);
    assert!(view.shown.reach < view.square.reach);
}

#[test]
fn the_closest_gaussian_of_a_gaussian_is_itself() {
    // The sum over a lattice of a correlated Gaussian, by the moments of a model whose posterior is one: the prior.
    let model = linear(PosteriorKind::Diagonal, |name, k| match (name, k) {
        ("encoder.mean.bias", 0) => 0.7,
        ("encoder.log_var.bias", _) => -1.0,
        _ => 0.0,
    });
    let PosteriorView { approximation, closest, numbers, .. } = finest(&model, &[0.0; PIXELS]);
    near(approximation.mean[0], 0.7, 1e-6);
    let far = PlaneGaussian { mean: [0.7, 0.0], covariance: [(-1.0_f64).exp(), 0.0, (-1.0_f64).exp()] };
    near(numbers.gap.value, far.kl_to_standard(), 1e-4);
    near(numbers.approximation_gap, 0.0, 1e-4);
    near(numbers.amortisation_gap, numbers.gap.value, 1e-4);
    near(closest.mean[0], 0.0, 1e-2);
    near(closest.covariance[0], 1.0, 2e-2);
}

#[test]
fn other_models_are_refused_with_a_reason() {
    let refused = |config: ModelConfig| {
        let model = trained(config, 1);
        block_on(ExactPosterior::new(model, vec![0.0; PIXELS], None)).unwrap_err()
    };
    assert_eq!(refused(SMALL), Error::PosteriorNeedsPlane { latent: SMALL.latent.into() });
    for posterior in [PosteriorKind::Point, PosteriorKind::Flow] {
        assert_eq!(refused(ModelConfig { posterior, ..small() }), Error::PosteriorNeedsGaussian {});
    }
    let gaussian = ModelConfig { likelihood: LikelihoodKind::LearnedGaussian, ..small() };
    assert_eq!(refused(gaussian), Error::PosteriorNeedsBernoulli {});
    assert_eq!(refused(ModelConfig { labelled: true, ..small() }), Error::LabelNeeded {});
}
