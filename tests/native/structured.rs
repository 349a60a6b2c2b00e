//! The Gaussian likelihood with correlated residuals, compared with dense matrices.

use burn::tensor::{Device, Tensor, TensorData};
use latent_lab::data::{PIXELS, SIDE};
use latent_lab::device::cpu;
use latent_lab::evaluate::{LoadedModel, ResidualCorrelation, infer, sample_residual};
use latent_lab::model::{
    Bernoulli, Factor, Gaussian, LEAST_SIGMA, Likelihood, LikelihoodKind, ModelConfig, NEIGHBOURS, Structured,
};
use latent_lab::random::{Stream, normals};
use latent_lab::snapshot::block_on;
use latent_lab::train::TrainConfig;
use latent_lab::weights::{Precision, Weights};
use nalgebra::{DMatrix, DVector};

use crate::samples::{SMALL, bars, trainer};
use crate::tensors::{images, tensor, values};

const STRUCTURED: ModelConfig = ModelConfig { likelihood: LikelihoodKind::StructuredGaussian, ..SMALL };

/// A random factor: log of the diagonal `[P]` and regression `[4 * P]`.
fn random_factor() -> (Vec<f32>, Vec<f32>) {
    let log_diagonal = normals(1, Stream::Samples, PIXELS).iter().map(|x| 1.0 + 0.3 * x).collect();
    (log_diagonal, normals(2, Stream::Samples, 4 * PIXELS).iter().map(|x| 0.2 * x).collect())
}

fn structured(mean: &[f32], log_diagonal: &[f32], regression: &[f32], device: &Device) -> Structured {
    let upload = |values: &[f32], shape: [usize; 2]| -> Tensor<2> {
        Tensor::from_data(TensorData::new(values.to_vec(), shape), device)
    };
    Structured {
        mean: upload(mean, [1, PIXELS]),
        factor: Factor {
            log_diagonal: upload(log_diagonal, [1, PIXELS]),
            regression: upload(regression, [4, PIXELS]).reshape([1, 4, PIXELS]),
        },
    }
}

/// L itself, `[P, P]`, entry by entry.
fn dense(log_diagonal: &[f32], regression: &[f32]) -> DMatrix<f64> {
    let mut factor = DMatrix::zeros(PIXELS, PIXELS);
    for pixel in 0..PIXELS {
        let diagonal = f64::from(log_diagonal[pixel]).exp();
        factor[(pixel, pixel)] = diagonal;
        for (n, (down, right)) in NEIGHBOURS.into_iter().enumerate() {
            let (row, column) = (pixel / SIDE + down, (pixel % SIDE) as isize + right);
            if row < SIDE && (0..SIDE as isize).contains(&column) {
                let other = row * SIDE + column as usize;
                assert!(other > pixel, "L is lower triangular");
                factor[(other, pixel)] = diagonal * f64::from(regression[n * PIXELS + pixel]);
            }
        }
    }
    factor
}

#[test]
fn determinant_and_quadratic_form_agree_with_a_dense_matrix() {
    let (log_diagonal, regression) = random_factor();
    let factor = dense(&log_diagonal, &regression);
    let precision = &factor * factor.transpose();
    let residual = normals(3, Stream::Samples, PIXELS);
    let r = DVector::from_iterator(PIXELS, residual.iter().map(|&r| f64::from(r)));
    let log_determinant = 2.0 * precision.clone().cholesky().unwrap().l().diagonal().map(f64::ln).sum();
    let expected = 0.5 * (r.dot(&(&precision * &r)) - log_determinant + PIXELS as f64 * std::f64::consts::TAU.ln());
    let likelihood = structured(&[0.0; PIXELS], &log_diagonal, &regression, &cpu());
    let found = f64::from(values(likelihood.negative_log_likelihood(tensor(&residual, [1, PIXELS])))[0]);
    assert!((found - expected).abs() < 1e-5 * expected.abs(), "{found} against {expected}");
}

#[test]
fn without_neighbours_it_is_a_gaussian_of_independent_pixels() {
    let image = images(&bars(1));
    let sigma = 0.3_f32;
    let (mean, log_diagonal) = (vec![0.2; PIXELS], vec![-sigma.ln(); PIXELS]);
    let likelihood = structured(&mean, &log_diagonal, &[0.0; 4 * PIXELS], &cpu());
    let gaussian = Gaussian { mean: tensor(&mean, [1, PIXELS]), log_sigma: tensor(&[sigma.ln()], [1]) };
    let [a, b] = [likelihood.negative_log_likelihood(image.clone()), gaussian.negative_log_likelihood(image)]
        .map(|nll| values(nll)[0]);
    assert!((a - b).abs() < 1e-4 * b.abs(), "{a} against {b}");
}

#[test]
fn gradients_of_its_density_agree_with_finite_differences() {
    const STEP: f32 = 1e-2;
    let (log_diagonal, regression) = random_factor();
    let mean = vec![0.3; PIXELS];
    let image: Vec<f32> = values(images(&bars(1)));
    let nll = |mean: &[f32], log_diagonal: &[f32], regression: &[f32]| {
        let likelihood = structured(mean, log_diagonal, regression, &cpu());
        f64::from(values(likelihood.negative_log_likelihood(tensor(&image, [1, PIXELS])))[0])
    };
    let device = cpu().autodiff();
    let Structured { mean: m, factor } = structured(&mean, &log_diagonal, &regression, &device);
    let likelihood = Structured {
        mean: m.require_grad(),
        factor: Factor {
            log_diagonal: factor.log_diagonal.require_grad(),
            regression: factor.regression.require_grad(),
        },
    };
    let target = Tensor::from_data(TensorData::new(image.clone(), [1, PIXELS]), &device);
    let gradients = likelihood.negative_log_likelihood(target).sum().backward();
    let [of_mean, of_diagonal] = [&likelihood.mean, &likelihood.factor.log_diagonal]
        .map(|parameter| values(parameter.grad(&gradients).unwrap()));
    let of_regression = values(likelihood.factor.regression.grad(&gradients).unwrap());

    let moved = |values: &[f32], at: usize, by: f32| {
        let mut values = values.to_vec();
        values[at] += by;
        values
    };
    let difference = |loss: &dyn Fn(f32) -> f64| (loss(STEP) - loss(-STEP)) / (2.0 * f64::from(STEP));
    for pixel in [0, 27, 28, 405, 406, 434, 755, 783] {
        let mean_moved = difference(&|by| nll(&moved(&mean, pixel, by), &log_diagonal, &regression));
        let diagonal_moved = difference(&|by| nll(&mean, &moved(&log_diagonal, pixel, by), &regression));
        let mut pairs = vec![(of_mean[pixel], mean_moved), (of_diagonal[pixel], diagonal_moved)];
        for n in 0..NEIGHBOURS.len() {
            let at = n * PIXELS + pixel;
            pairs.push((of_regression[at], difference(&|by| nll(&mean, &log_diagonal, &moved(&regression, at, by)))));
        }
        for (found, expected) in pairs {
            assert!((f64::from(found) - expected).abs() < 0.02 + 0.02 * expected.abs(), "{found} against {expected}");
        }
    }
}

#[test]
fn whitened_samples_are_their_noise() {
    let (log_diagonal, regression) = random_factor();
    let likelihood = structured(&[0.5; PIXELS], &log_diagonal, &regression, &cpu());
    let draw = |seed| block_on(sample_residual(&Likelihood::Structured(likelihood.clone()), &[0.5; PIXELS], seed));
    let picture = draw(1).unwrap().unwrap();
    assert!(picture.iter().all(|pixel| (0.0..=1.0).contains(pixel)));
    assert_eq!(picture, draw(1).unwrap().unwrap());
    assert_ne!(picture, draw(2).unwrap().unwrap());
    // Where no pixel was clamped, L^T r is the noise again: so all that it depends on is inside the range.
    let residual: Vec<f32> = picture.iter().map(|pixel| pixel - 0.5).collect();
    let whitened = values(likelihood.factor.whiten(tensor(&residual, [1, PIXELS])));
    let noise = normals(1, Stream::Residuals { image: 0 }, PIXELS);
    let inside = |pixel: usize| picture[pixel] > 0.0 && picture[pixel] < 1.0;
    let mut compared = 0;
    for pixel in 0..PIXELS - SIDE - 1 {
        if [0, 1, SIDE - 1, SIDE, SIDE + 1].into_iter().all(|later| inside(pixel + later)) {
            assert!((whitened[pixel] - noise[pixel]).abs() < 1e-3, "{} against {}", whitened[pixel], noise[pixel]);
            compared += 1;
        }
    }
    assert!(compared > 100, "{compared} pixels were compared");
    let bernoulli = Likelihood::Bernoulli(Bernoulli { logits: tensor(&[0.0; PIXELS], [1, PIXELS]) });
    assert!(block_on(sample_residual(&bernoulli, &[0.5; PIXELS], 1)).unwrap().is_none());
}

#[test]
fn its_samples_are_as_correlated_as_residuals_once_it_is_trained() {
    let data = bars(40);
    let correlation = |likelihood| {
        let config = ModelConfig { likelihood, latent: 1, ..SMALL };
        let train = TrainConfig { batch: 20, learning_rate: 1e-2, epochs: 1000, ..TrainConfig::default() };
        let mut trainer = trainer(config.clone(), train);
        block_on(trainer.train(&data, 300)).unwrap();
        let model = LoadedModel { model: trainer.model(), config, device: cpu() };
        block_on(ResidualCorrelation::of(&model, &data, 0..40, 0)).unwrap()
    };
    let structured = correlation(LikelihoodKind::StructuredGaussian).unwrap();
    let independent = correlation(LikelihoodKind::LearnedGaussian).unwrap();
    assert!(structured.real > 0.5 && structured.sampled > 0.5, "strokes: {structured:?}");
    assert!(independent.sampled.abs() < 0.05 && independent.real > 0.5, "dust: {independent:?}");
    assert!(correlation(LikelihoodKind::Bernoulli).is_none());
}

#[test]
fn no_standard_deviation_is_below_the_least_however_long_it_is_trained() {
    let data = bars(20);
    let mut trainer = trainer(STRUCTURED, TrainConfig { batch: 20, learning_rate: 0.1, ..TrainConfig::default() });
    block_on(trainer.train(&data, 100)).unwrap();
    let z = tensor(&[0.0; 3], [1, 3]);
    let Likelihood::Structured(it) = trainer.model().decode(z, None) else { panic!("the likelihood is structured") };
    let most = values(it.factor.log_diagonal).into_iter().fold(f32::NEG_INFINITY, f32::max);
    assert!(f64::from(most) <= -LEAST_SIGMA.ln() + 1e-6 && most > 3.0, "{most}");
}

#[test]
fn a_drawing_gets_a_sample_of_a_gaussian_likelihood_only() {
    let pixels: Vec<f32> = bars(1).images.pixels(0).collect();
    let drawn = |likelihood| {
        let model = trainer(ModelConfig { likelihood, ..SMALL }, TrainConfig::default()).model();
        block_on(infer(&model, pixels.clone(), None, vec![0.1; 3], &cpu())).unwrap().pixel_sample
    };
    assert!(drawn(LikelihoodKind::Bernoulli).is_none());
    for likelihood in &LikelihoodKind::ALL[1..] {
        assert_eq!(drawn(*likelihood).unwrap().len(), PIXELS);
    }
}

#[test]
fn a_file_in_half_precision_is_below_a_megabyte_and_a_half() {
    let model = ModelConfig { likelihood: LikelihoodKind::StructuredGaussian, ..ModelConfig::default() };
    let weights = block_on(trainer(model, TrainConfig::default()).weights()).unwrap();
    let bytes = weights.to_bytes(Precision::Half);
    assert!(bytes.len() < 1_500_000, "{}", bytes.len());
    assert_eq!(Weights::from_bytes(&bytes).unwrap().model, weights.model);
}
