//! The loss that every system of the family minimises, the negative evidence lower bound (Kingma & Welling 2014, eq. 3):
//!
//! ```text
//! loss(x) = -log p(x | z)  +  beta * KL(q(z | x) || p(z)),    z ~ q(z | x)
//! ```
//!
//! in nats per image, summed over pixels and latents. beta = 1 gives the bound, other weights the beta-VAE (Higgins et al.
//! 2017). The KL is in closed form for p(z) = N(0, I), and otherwise estimated at the sample. Codebook, classifier and critic
//! add losses of their own, which are not part of the bound.

mod adversarial;
mod classifier;
mod importance;
mod mmd;

pub use mmd::mmd;

use burn::tensor::Tensor;

use self::adversarial::{AdversarialLosses, sample_prior};
use self::importance::importance_weighted;
use crate::model::{Codes, Mixture, Posterior, Vae, repeat_rows, standard_log_density};

/// The inputs of the objective, for one batch.
#[derive(Debug, Clone)]
pub struct Batch {
    /// The encoder's input, `[B, P]`: the images, or corrupted ones.
    pub inputs: Tensor<2>,
    /// The decoder's target, `[B, P]`.
    pub images: Tensor<2>,
    /// One-hot labels `[B, 10]`, for a labelled model; without them a classifier infers the label.
    pub labels: Option<Tensor<2>>,
    /// N(0, 1) noise for `k` importance samples of each code, `[B, k * Z]`; with zeros z is the posterior's mean.
    pub noise: Tensor<2>,
    /// Uniform numbers in 0..1, `[B, 1]`: the component of a learned prior from which each of the critic's prior samples is
    /// drawn.
    pub component: Option<Tensor<2>>,
}

/// The terms of the loss for each image.
#[derive(Debug, Clone)]
pub struct Terms {
    /// -log p(x | z) in nats, `[B]`.
    pub reconstruction: Tensor<1>,
    /// KL(q || p) in nats, unweighted, `[B]`.
    pub divergence: Tensor<1>,
    /// KL(q || N(0, I)) in nats by component, whatever the prior, `[B, Z]`; for a codebook KL(q || p) by position, `[B, N]`.
    /// Not computed while training.
    pub usage: Option<Tensor<2>>,
    /// The codes of a codebook.
    pub codes: Option<Codes>,
    /// A classifier's log q(y | x) in nats, `[B, 10]`.
    pub log_classes: Option<Tensor<2>>,
    /// Losses of a codebook, a classifier or a critic, weighted, `[B]`.
    auxiliary: Option<Tensor<1>>,
    /// The generator loss that a critic gives, unweighted, `[B]`.
    generator: Option<Tensor<1>>,
}

/// The weights of the loss's terms.
#[derive(Debug, Clone, Copy)]
pub struct LossWeights {
    /// Weight of the divergence.
    pub beta: f64,
    /// Weight of the generator loss.
    pub critic: f64,
}

impl Terms {
    /// The terms for each image of `batch`, estimated with `samples` importance samples of z.
    ///
    /// The critic's losses are computed only while training (on a device with autodiff).
    pub fn of(model: &Vae, batch: Batch, samples: usize) -> Self {
        match (model.classifier(), &batch.labels) {
            (None, _) => Self::elbo(model, batch, samples),
            (Some(classifier), Some(labels)) => Self::labelled(model, classifier, labels.clone(), batch, samples),
            (Some(classifier), None) => Self::unlabelled(model, classifier, batch, samples),
        }
    }

    /// The negative evidence lower bound, conditional on the labels where there are any.
    fn elbo(model: &Vae, batch: Batch, samples: usize) -> Self {
        let Batch { inputs, images, labels, noise, component } = batch;
        let training = images.device().is_autodiff();
        let posterior = model.encode(inputs, labels.clone());
        let usage = (!training).then(|| posterior.kl_to_standard());
        let prior = model.learned_prior();

        let [rows, width] = noise.dims();
        let noise = noise.reshape([rows * samples, width / samples]);
        let posterior = posterior.repeat(samples);
        let labels = labels.map(|labels| repeat_rows(labels, samples));
        let (z, divergence) = sample_posterior(&posterior, prior.as_ref(), noise.clone(), samples);
        let likelihood = model.decode(z, labels.clone());
        let reconstruction = likelihood.negative_log_likelihood(repeat_rows(images.clone(), samples));
        let [reconstruction, divergence] = importance_weighted(reconstruction, divergence, samples);

        let codes = posterior.codes();
        let quantisation = codes.as_ref().map(Codes::quantisation_loss);
        let adversarial = model.critic().filter(|_| training).map(|critic| {
            let reconstructions = likelihood.mean();
            let generated = match &codes {
                Some(_) => reconstructions.clone(), // a codebook's prior is fitted, not sampled, while training
                None => model.decode(sample_prior(prior.as_ref(), noise, component), labels).mean(),
            };
            AdversarialLosses::new(critic, images, reconstructions, generated)
        });
        let (critic, generator) = adversarial.map(|losses| (losses.critic, losses.generator)).unzip();
        let auxiliary = quantisation.into_iter().chain(critic).reduce(|a, b| a + b);
        Self { reconstruction, divergence, usage, codes, log_classes: None, auxiliary, generator }
    }

    /// Mean over images of reconstruction and divergence, in nats per image: two tensors `[1]`.
    pub fn mean(&self) -> [Tensor<1>; 2] {
        [self.reconstruction.clone().mean(), self.divergence.clone().mean()]
    }

    /// The loss of each image, `[B]`; training minimises its mean.
    pub fn loss(&self, weights: LossWeights) -> Tensor<1> {
        let divergence = self.divergence.clone();
        let divergence = if weights.beta == 1.0 { divergence } else { divergence * weights.beta };
        let mut loss = self.reconstruction.clone() + divergence;
        if let Some(auxiliary) = &self.auxiliary {
            loss = loss + auxiliary.clone();
        }
        if let Some(generator) = &self.generator {
            loss = loss + generator.clone() * weights.critic;
        }
        loss
    }
}

/// z ~ q(z | x), `[B, Z]`, and KL(q || p) in nats, `[B]`: in closed form for N(0, I), else log q(z | x) - log p(z) at z.
/// Importance weights always take the estimate.
fn sample_posterior(
    posterior: &Posterior,
    prior: Option<&Mixture>,
    noise: Tensor<2>,
    samples: usize,
) -> (Tensor<2>, Tensor<1>) {
    let (z, kl_to_standard) = posterior.sample_and_kl(noise.clone());
    let divergence = match prior {
        None if samples == 1 => kl_to_standard,
        None => posterior.log_density(noise) - standard_log_density(z.clone()),
        Some(prior) => posterior.log_density(noise) - prior.log_density(z.clone()),
    };
    (z, divergence)
}
