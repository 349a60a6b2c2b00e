//! The loss that every system of the family minimises, the negative evidence lower bound (Kingma & Welling 2014, eq. 3):
//!
//! ```text
//! loss(x) = -log p(x | z)  +  beta * KL(q(z | x) || p(z)),    z ~ q(z | x)
//! ```
//!
//! in nats per image, summed over pixels and latents. beta = 1 gives the bound, other weights the beta-VAE (Higgins et al.
//! 2017). The KL is in closed form for p(z) = N(0, I), except that of a flow, and otherwise estimated at the sample. Some systems minimise another
//! [`Penalty`] in its place; what is reported is the bound all the same. Codebook, classifier and critic add losses of their own, which
//! are not part of it.

mod adversarial;
mod classifier;
mod importance;
mod mmd;
mod parts;
mod penalty;

pub use mmd::mmd;
pub use parts::Parts;
pub use penalty::Penalty;

use burn::tensor::Tensor;

use self::adversarial::AdversarialLosses;
use self::importance::{importance_weighted, weighted_bound};
use crate::kernels;
pub use crate::model::Relaxation;
use crate::model::{Codes, Posterior, PriorDensity, Vae, repeat_rows};

/// The inputs of the objective, for one batch.
#[derive(Debug, Clone)]
pub struct Batch {
    /// The encoder's input, `[B, P]`: the images, or corrupted ones.
    pub inputs: Tensor<2>,
    /// The decoder's target, `[B, P]`.
    pub images: Tensor<2>,
    /// One-hot labels `[B, 10]`, for a labelled model; without them a classifier infers the label.
    pub labels: Option<Tensor<2>>,
    /// N(0, 1) noise for `k` importance samples of each code, `[B, k * Z]`, `[B, k * 2 Z]` for two layers, or `[B, N * A]` for categorical
    /// variables; with zeros z is the posterior's mean.
    pub noise: Tensor<2>,
    /// Uniform numbers in 0..1, `[B, 1]`: the component of a learned prior from which each of the critic's prior samples is
    /// drawn.
    pub component: Option<Tensor<2>>,
    /// Samples of N(0, I), `[B, Z]`, that the codes of the batch are compared with; for [`Penalty::Mmd`].
    pub prior: Option<Tensor<2>>,
}

/// The terms of the loss for each image.
#[derive(Debug, Clone)]
pub struct Terms {
    /// -log p(x | z) in nats, `[B]`.
    pub reconstruction: Tensor<1>,
    /// KL(q || p) in nats, unweighted, `[B]`.
    pub divergence: Tensor<1>,
    /// KL(q || N(0, I)) in nats by component, whatever the prior, `[B, Z]`; for a codebook KL(q || p) by position, and for
    /// categorical variables by variable, `[B, N]`.
    /// Not computed while training.
    pub usage: Option<Tensor<2>>,
    /// The sample of each image's posterior at which the terms are estimated, `[B * k, Z]`.
    pub z: Tensor<2>,
    /// The codes of a codebook.
    pub codes: Option<Codes>,
    /// A classifier's log q(y | x) in nats, `[B, 10]`.
    pub log_classes: Option<Tensor<2>>,
    /// What training minimises in place of the divergence, `[B]`.
    penalty: Option<Tensor<1>>,
    /// What training minimises in place of reconstruction and weighted divergence, `[B]`: with several importance samples and a weight.
    weighted: Option<Tensor<1>>,
    /// Losses of a codebook, a classifier or a critic, weighted, `[B]`.
    auxiliary: Option<Tensor<1>>,
    /// The generator loss that a critic gives, unweighted, `[B]`.
    generator: Option<Tensor<1>>,
}

/// What a step minimises.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Objective {
    /// `k`: importance samples of z per image; 1 for the evidence lower bound.
    pub samples: usize,
    /// The second term of the loss.
    pub penalty: Penalty,
    /// Weight of that term.
    pub beta: f64,
    /// Weight of the generator loss that a critic gives.
    pub critic: f64,
    /// How categorical samples are relaxed; `None` for exact ones.
    pub relaxation: Option<Relaxation>,
}

impl Objective {
    /// The negative evidence lower bound at one sample of z.
    pub const BOUND: Self = Self { samples: 1, penalty: Penalty::Kl, beta: 1.0, critic: 1.0, relaxation: None };
}

impl Terms {
    /// The terms for each image of `batch`.
    ///
    /// The penalty and the critic's losses are computed only while training (on a device with autodiff).
    pub fn of(model: &Vae, batch: Batch, objective: &Objective) -> Self {
        match (model.classifier(), &batch.labels) {
            (None, _) => Self::elbo(model, batch, objective),
            (Some(classifier), Some(labels)) => Self::labelled(model, classifier, labels.clone(), batch, objective),
            (Some(classifier), None) => Self::unlabelled(model, classifier, batch, objective),
        }
    }

    /// The negative evidence lower bound, conditional on the labels where there are any.
    fn elbo(model: &Vae, batch: Batch, objective: &Objective) -> Self {
        let Batch { inputs, images, labels, noise, component, prior: prior_samples } = batch;
        let &Objective { samples, penalty, beta, .. } = objective;
        let training = images.device().is_autodiff();
        let posterior = model.encode(inputs, labels.clone()).relaxed(objective.relaxation);
        let usage = (!training).then(|| posterior.kl_to_standard());
        let prior = model.prior_density();

        let [rows, width] = noise.dims();
        let noise = noise.reshape([rows * samples, width / samples]);
        let posterior = posterior.repeat(samples);
        let labels = labels.map(|labels| repeat_rows(labels, samples));
        let (z, divergence) = sample_posterior(&posterior, &prior, noise.clone(), samples);
        let likelihood = model.decode(z.clone(), labels.clone());
        let of_samples = likelihood.negative_log_likelihood(repeat_rows(images.clone(), samples));
        let divergence_of_samples = divergence.clone();
        let [reconstruction, divergence] = importance_weighted(of_samples.clone(), divergence, samples);

        let penalty = training.then(|| {
            let (z, noise) = (z.clone(), noise.clone());
            penalty.of(model, penalty::Codes { posterior: &posterior, z, noise, samples, prior: prior_samples })
        });
        let penalty = penalty.flatten();
        // Of several importance samples one function is minimised. A fitted prior alone replaces their divergence.
        let weighted = (training && samples > 1 && (beta != 1.0 || penalty.is_some()))
            .then(|| weighted_bound(of_samples, penalty.clone().unwrap_or(divergence_of_samples), beta, samples));

        let codes = posterior.codes();
        let quantisation = codes.as_ref().map(Codes::quantisation_loss);
        let adversarial = model.critic().filter(|_| training).map(|critic| {
            let reconstructions = likelihood.mean();
            let generated = match &codes {
                Some(_) => reconstructions.clone(), // a codebook's prior is fitted, not sampled, while training
                None => model.decode(prior.sample(noise, component), labels.clone()).mean(),
            };
            AdversarialLosses::new(critic, images, [reconstructions, generated], labels)
        });
        let (critic, generator) = adversarial.map(|losses| (losses.critic, losses.generator)).unzip();
        let auxiliary = quantisation.into_iter().chain(critic).reduce(|a, b| a + b);
        Self { reconstruction, divergence, usage, z, codes, log_classes: None, penalty, weighted, auxiliary, generator }
    }

    /// Mean over images of reconstruction and divergence, in nats per image: two tensors `[1]`.
    pub fn mean(&self) -> [Tensor<1>; 2] {
        [self.reconstruction.clone().mean(), self.divergence.clone().mean()]
    }

    /// The loss of each image, `[B]`; training minimises its mean.
    pub fn loss(&self, objective: &Objective) -> Tensor<1> {
        let nowhere = Tensor::empty([1, 2], &self.reconstruction.device().without_autodiff());
        self.loss_and_record(objective, nowhere, 0).0
    }

    /// The same, and `losses` `[S, 2]` with the batch means of reconstruction and divergence in row `row`.
    pub fn loss_and_record(&self, objective: &Objective, losses: Tensor<2>, row: usize) -> (Tensor<1>, Tensor<2>) {
        let &Objective { beta, critic, .. } = objective;
        let terms = [&self.reconstruction, &self.divergence].map(Tensor::clone);
        let (bound, losses) = kernels::total_and_record(terms, beta, losses, row);
        let mut loss = match (&self.weighted, &self.penalty) {
            (Some(weighted), _) => weighted.clone(),
            (None, Some(penalty)) if beta == 1.0 => self.reconstruction.clone() + penalty.clone(),
            (None, Some(penalty)) => self.reconstruction.clone() + penalty.clone() * beta,
            (None, None) => bound,
        };
        if let Some(auxiliary) = &self.auxiliary {
            loss = loss + auxiliary.clone();
        }
        if let Some(generator) = &self.generator {
            loss = loss + generator.clone() * critic;
        }
        (loss, losses)
    }
}

/// z ~ q(z | x), `[B, Z]`, and KL(q || p) in nats, `[B]`: in closed form where there is one for N(0, I), else log q(z | x) - log p(z) at z.
/// Importance weights always take the estimate.
fn sample_posterior(
    posterior: &Posterior,
    prior: &PriorDensity,
    noise: Tensor<2>,
    samples: usize,
) -> (Tensor<2>, Tensor<1>) {
    let in_closed_form = prior.is_standard() && samples == 1 && posterior.has_closed_form();
    if in_closed_form || posterior.is_point() {
        return posterior.sample_and_kl(noise); // of a point the KL is not defined, and zero here
    }
    let (z, log_posterior) = posterior.sample_and_log_density(noise);
    (z.clone(), log_posterior - prior.log_density(z))
}
