//! Two latent layers: densities against plain formulas, the bound, and samples of the prior.

use latent_lab::Error;
use latent_lab::device::cpu;
use latent_lab::evaluate::{ExactPosterior, infer, sample_prior};
use latent_lab::model::{BodyKind, Diagonal, ModelConfig, Posterior, PosteriorKind, PriorKind};
use latent_lab::random::{Stream, normals};
use latent_lab::snapshot::block_on;

use crate::evaluation::trained;
use crate::samples::{SMALL, bars, trained_on_bars};
use crate::tensors::{images, tensor, values};

fn config(latent: usize) -> ModelConfig {
    ModelConfig { posterior: PosteriorKind::TwoLayers, prior: PriorKind::Mixture, components: 4, latent, ..SMALL }
}

/// Sum over components of the log density of N(mean, exp(log_var)) at `z`, in double precision.
fn log_normal(z: &[f32], mean: &[f32], log_var: &[f32]) -> f64 {
    let each = |((&z, &mean), &log_var): ((&f32, &f32), &f32)| {
        let [z, mean, log_var] = [z, mean, log_var].map(f64::from);
        -0.5 * ((z - mean).powi(2) * (-log_var).exp() + log_var + std::f64::consts::TAU.ln())
    };
    z.iter().zip(mean).zip(log_var).map(each).sum()
}

fn parameters(Diagonal { mean, log_var }: Diagonal) -> [Vec<f32>; 2] {
    [values(mean), values(log_var)]
}

#[test]
fn densities_are_those_of_both_layers() {
    for body in [BodyKind::Mlp, BodyKind::Linear, BodyKind::Conv] {
        let model = trained_on_bars(ModelConfig { body, ..config(3) }, 20);
        let Posterior::TwoLayers(layers) = model.encode(images(&bars(2)), None) else { panic!("there are two layers") };
        let noise = tensor(&normals(1, Stream::Samples, 12), [2, 6]);
        let (z, log_density) = layers.sample_and_log_density(noise.clone());
        let top = z.clone().narrow(1, 0, 3);
        let mixture = model.learned_prior().unwrap();
        let of_top = values(mixture.log_density(top.clone()));
        let prior = parameters(model.prior_density().layers.unwrap().lower_prior(top.clone()));
        let (upper, lower) = (parameters(layers.top.clone()), parameters(layers.lower(top)));
        let (log_prior, log_density, z) = (values(model.log_prior(z.clone())), values(log_density), values(z));
        for image in 0..2 {
            let row = |of: &[f32], width: usize| of[width * image..width * (image + 1)].to_vec();
            let (z2, z1) = (&row(&z, 6)[..3].to_vec(), &row(&z, 6)[3..].to_vec());
            let q = log_normal(z2, &row(&upper[0], 3), &row(&upper[1], 3))
                + log_normal(z1, &row(&lower[0], 3), &row(&lower[1], 3));
            let p = f64::from(of_top[image]) + log_normal(z1, &row(&prior[0], 3), &row(&prior[1], 3));
            assert!((f64::from(log_density[image]) - q).abs() < 1e-3, "{} is not {q}", log_density[image]);
            assert!((f64::from(log_prior[image]) - p).abs() < 1e-3, "{} is not {p}", log_prior[image]);
        }
        let posterior = Posterior::TwoLayers(layers);
        let zero = noise.zeros_like();
        assert_eq!(values(posterior.sample(zero)), values(posterior.mean()), "without noise a sample is the mean");
    }
}

#[test]
fn samples_of_the_lower_layer_follow_the_upper_one() {
    const COUNT: usize = 4000;
    let model = trained_on_bars(config(2), 100);
    let codes = block_on(sample_prior(&model, 4, COUNT, 3)).unwrap();
    let half =
        |first: usize| codes.chunks_exact(4).flat_map(|code| code[first..first + 2].to_vec()).collect::<Vec<_>>();
    let lower = model.prior_density().layers.unwrap().lower_prior(tensor(&half(0), [COUNT, 2]));
    let [mean, log_var] = parameters(lower);
    let standardised: Vec<f64> = half(2)
        .iter()
        .zip(mean.iter().zip(&log_var))
        .map(|(z, (mean, log_var))| f64::from((z - mean) * (-0.5 * log_var).exp()))
        .collect();
    let count = standardised.len() as f64;
    let average = standardised.iter().sum::<f64>() / count;
    let square = standardised.iter().map(|z| z * z).sum::<f64>() / count;
    assert!(average.abs() < 0.05 && (square - 1.0).abs() < 0.08, "{average}, {square}");
}

#[test]
fn more_importance_samples_tighten_the_bound() {
    let model = trained(config(2), 60);
    let data = bars(40);
    let examples: Vec<_> = (0..40).map(|index| latent_lab::evaluate::Example::of(&data, index)).collect();
    let mean = |samples| {
        let nlls = block_on(model.nlls(&examples, samples, 1)).unwrap();
        nlls.iter().sum::<f64>() / nlls.len() as f64
    };
    let (one, many) = (mean(1), mean(200));
    assert!(many < one, "{many} nats with 200 samples, {one} with one");
}

#[test]
fn an_image_has_the_numbers_of_both_layers() {
    let model = trained(config(2), 5);
    let pixels = bars(1).images.pixels(0).collect();
    let seen = block_on(infer(&model.model, pixels, None, vec![0.5; 4], &cpu())).unwrap();
    assert_eq!((seen.mean.len(), seen.sigma.len(), seen.kl_per_component.len()), (4, 4, 4));
    assert!(seen.sigma.iter().all(|&sigma| sigma > 0.0) && seen.kl_per_component.iter().all(|&kl| kl >= -1e-5));
    assert_eq!(seen.at_sample.z.len(), 4);
}

#[test]
fn the_true_posterior_of_two_layers_is_in_no_plane() {
    let model = trained(config(2), 1);
    assert!(model.has_density() && !model.is_gaussian());
    let refused = block_on(ExactPosterior::new(model, vec![0.0; 784], None)).unwrap_err();
    assert_eq!(refused, Error::PosteriorNeedsGaussian {});
}
