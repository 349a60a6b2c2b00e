//! The two terms of the loss and their gradients, compared with plain loops.

use latent_lab::data::{Dataset, PIXELS};
use latent_lab::model::{Bernoulli, Diagonal, Vae};
use latent_lab::objective::{Batch, Objective, Terms};
use latent_lab::random::{Stream, normals};
use latent_lab::snapshot::{NamedTensor, block_on};

use crate::samples::{SMALL, bars, small_trainer};
use crate::tensors::{tensor, values};

const BATCH: usize = 4;

/// The same model and objective in plain loops over f64, from the parameters of a checkpoint.
struct Plain(Vec<NamedTensor>);

impl Plain {
    fn dense(&self, name: &str, x: &[f64]) -> Vec<f64> {
        let find = |suffix: &str| {
            let name = format!("{name}.{suffix}");
            self.0.iter().find(|values| values.name == name).expect("the parameter exists")
        };
        let (weight, bias) = (find("weight"), find("bias"));
        let row = |out: usize| &weight.values[out * x.len()..(out + 1) * x.len()];
        (0..bias.values.len())
            .map(|out| {
                let product: f64 = row(out).iter().zip(x).map(|(&w, x)| f64::from(w) * x).sum();
                product + f64::from(bias.values[out])
            })
            .collect()
    }

    fn terms(&self, image: &[f64], noise: &[f64]) -> (f64, f64) {
        let relu = |values: Vec<f64>| values.into_iter().map(|v| v.max(0.0)).collect::<Vec<_>>();
        let hidden = relu(self.dense("encoder.hidden", image));
        let (mean, log_var) = (self.dense("encoder.mean", &hidden), self.dense("encoder.log_var", &hidden));
        let z: Vec<f64> = (0..noise.len()).map(|k| mean[k] + (0.5 * log_var[k]).exp() * noise[k]).collect();
        let logits = self.dense("decoder.logits", &relu(self.dense("decoder.hidden", &z)));
        let reconstruction = image.iter().zip(&logits).map(|(x, logit)| {
            let p = 1.0 / (1.0 + (-logit).exp());
            -(x * p.ln() + (1.0 - x) * (1.0 - p).ln())
        });
        let kl = (0..noise.len()).map(|k| 0.5 * (log_var[k].exp() + mean[k] * mean[k] - 1.0 - log_var[k]));
        (reconstruction.sum(), kl.sum())
    }

    /// Mean loss over a batch.
    fn loss(&self, images: &[f64], noise: &[f64], beta: f64) -> f64 {
        let rows = images.chunks(PIXELS).zip(noise.chunks(noise.len() / (images.len() / PIXELS)));
        let terms: Vec<_> = rows.map(|(image, noise)| self.terms(image, noise)).collect();
        terms.iter().map(|(reconstruction, kl)| reconstruction + beta * kl).sum::<f64>() / terms.len() as f64
    }
}

fn wide(values: &[f32]) -> Vec<f64> {
    values.iter().map(|&value| f64::from(value)).collect()
}

fn batch(data: &Dataset) -> Vec<f32> {
    (0..BATCH).flat_map(|index| data.images.pixels(index)).collect()
}

fn model() -> (Vae, Plain) {
    let trainer = small_trainer(BATCH);
    let file = block_on(trainer.weights()).unwrap();
    (trainer.model(), Plain(file.parameters))
}

#[test]
fn the_terms_agree_with_plain_loops_in_double_precision() {
    let (model, plain) = model();
    let images = batch(&bars(BATCH));
    let noise = normals(1, Stream::Samples, BATCH * SMALL.latent);
    let pixels = tensor(&images, [BATCH, PIXELS]);
    let noise_tensor = tensor(&noise, [BATCH, SMALL.latent]);
    let batch = Batch {
        inputs: pixels.clone(),
        images: pixels,
        labels: None,
        noise: noise_tensor,
        component: None,
        prior: None,
    };
    let terms = Terms::of(&model, batch, &Objective::BOUND);
    let (reconstruction, kl) = (values(terms.reconstruction), values(terms.divergence));
    for image in 0..BATCH {
        let pixels = wide(&images[image * PIXELS..(image + 1) * PIXELS]);
        let noise = wide(&noise[image * SMALL.latent..(image + 1) * SMALL.latent]);
        let expected = plain.terms(&pixels, &noise);
        assert!((f64::from(reconstruction[image]) / expected.0 - 1.0).abs() < 1e-5);
        assert!((f64::from(kl[image]) - expected.1).abs() < 1e-5);
    }
}

#[test]
fn kl_is_zero_for_the_prior() {
    let zeros = || tensor(&[0.0; 6], [2, 3]);
    let prior = Diagonal { mean: zeros(), log_var: zeros() };
    assert_eq!(values(prior.kl_to_standard()), [0.0; 6]);
}

#[test]
fn kl_grows_with_distance_from_the_prior() {
    let of = |mean, log_var| {
        let posterior = Diagonal { mean: tensor(&[mean], [1, 1]), log_var: tensor(&[log_var], [1, 1]) };
        values(posterior.kl_to_standard())[0]
    };
    assert!((of(2.0, 0.0) - 2.0).abs() < 1e-6, "half the squared mean");
    assert!((of(0.0, 1.0) - (1_f32.exp() - 2.0) / 2.0).abs() < 1e-6);
    assert!(of(0.0, -3.0) > of(0.0, -1.0));
}

#[test]
fn a_uniform_bernoulli_has_a_cross_entropy_of_ln_two_per_pixel() {
    let likelihood = Bernoulli { logits: tensor(&[0.0; PIXELS], [1, PIXELS]) };
    let nats = values(likelihood.cross_entropy(tensor(&[0.3; PIXELS], [1, PIXELS])))[0];
    assert!((nats - 543.43).abs() < 0.01, "{nats}");
}

#[test]
fn huge_logits_do_not_overflow() {
    let likelihood = Bernoulli { logits: tensor(&[200.0, -200.0], [1, 2]) };
    assert_eq!(values(likelihood.clone().cross_entropy(tensor(&[1.0, 0.0], [1, 2]))), [0.0]);
    assert_eq!(values(likelihood.cross_entropy(tensor(&[0.0, 1.0], [1, 2]))), [400.0]);
}

#[test]
fn the_sample_moves_by_sigma_times_noise() {
    let posterior = Diagonal { mean: tensor(&[1.0, 2.0], [1, 2]), log_var: tensor(&[0.0, 4_f32.ln()], [1, 2]) };
    let z = values(posterior.sample(tensor(&[0.5, -1.0], [1, 2])));
    assert!((z[0] - 1.5).abs() < 1e-6 && z[1].abs() < 1e-6, "{z:?}");
}

#[test]
fn gradients_agree_with_finite_differences() {
    const SPACING: f32 = 1e-3;
    let images = bars(BATCH);
    let mut trainer = small_trainer(BATCH);
    let mut config = trainer.config().clone();
    config.beta = 2.0;
    trainer.configure(config).unwrap();
    let before = block_on(trainer.weights()).unwrap();
    let noise = wide(&normals(7, Stream::Noise { step: 0 }, BATCH * SMALL.latent));
    let order = latent_lab::data::Batches::new(7, latent_lab::data::Position::default()).next(BATCH, BATCH);
    let pixels: Vec<f64> = order.iter().flat_map(|&index| images.images.pixels(index)).map(f64::from).collect();
    block_on(trainer.train(&images, 1)).unwrap();
    let moments = block_on(trainer.checkpoint()).unwrap().moments;

    for (index, parameter) in before.parameters.iter().enumerate() {
        let gradient = |at: usize| f64::from(moments[index][0][at]) / 0.1;
        let largest =
            (0..parameter.values.len()).max_by(|&a, &b| gradient(a).abs().total_cmp(&gradient(b).abs())).unwrap();
        for at in [largest, parameter.values.len() / 2, parameter.values.len() - 1] {
            let loss = |shift: f32| {
                let mut moved = before.parameters.clone();
                moved[index].values[at] += shift;
                Plain(moved).loss(&pixels, &noise, 2.0)
            };
            let expected = (loss(SPACING) - loss(-SPACING)) / f64::from(2.0 * SPACING);
            let tolerance = 1e-2 * gradient(largest).abs();
            assert!(
                (gradient(at) - expected).abs() < tolerance,
                "{} [{at}]: {} is not {expected}",
                parameter.name,
                gradient(at)
            );
        }
    }
}
