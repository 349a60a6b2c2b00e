//! The formula everything here minimises, term by term:
//!
//! ```text
//! loss(x) = -log p(x | z)  +  beta * KL(q(z | x) || p(z)),    z ~ q(z | x)
//! ```
//!
//! With beta = 1 its negative is the evidence lower bound (Kingma & Welling 2014, eq. 3); other weights give the
//! beta-VAE (Higgins et al. 2017). The KL is in closed form for p(z) = N(0, I), else estimated at the sample. Sums over
//! pixels and latents, never means. What some systems add stands beside it and is no part of the bound.

use burn::tensor::activation::softmax;
use burn::tensor::{Device, Tensor, TensorData};

use crate::data::{DIGITS, one_hot};
use crate::model::{Classifier, Codes, Vae, repeat_rows, standard_log_density};

/// Weight of a classifier's own cost where the label is known (alpha in Kingma et al. 2014, eq. 9).
const LABEL_WEIGHT: f64 = 20.0;

/// What one step or one score looks at.
#[derive(Debug, Clone)]
pub struct Batch {
    /// What the encoder sees, `[B, P]`: the images, or corrupted ones.
    pub inputs: Tensor<2>,
    /// What the decoder should draw, `[B, P]`.
    pub images: Tensor<2>,
    /// One-hot digits `[B, 10]`, for a labelled model; a classifier guesses those that are not given.
    pub labels: Option<Tensor<2>>,
    /// N(0, 1) draws `[B, k * Z]` for k samples of each code; zeros take the posterior at its mean.
    pub noise: Tensor<2>,
}

/// Both terms for each image, in nats, unweighted, and what stands beside them.
#[derive(Debug, Clone)]
pub struct Terms {
    pub reconstruction: Tensor<1>, // [B]
    pub divergence: Tensor<1>,     // [B]
    /// KL(q || N(0, I)) by component, `[B, Z]`, whatever the prior: how much each is used; by place for a codebook, `[B, N]`. Not
    /// looked at while training.
    pub usage: Option<Tensor<2>>,
    pub codes: Option<Codes>,
    /// log q(y | x) of a classifier, `[B, 10]`.
    pub guess: Option<Tensor<2>>,
    /// What a codebook, a classifier that is told the label, or a critic minimises for itself, `[B]`.
    beside: Option<Tensor<1>>,
    /// What a critic holds against the pictures, `[B]`.
    reproach: Option<Tensor<1>>,
}

/// How much each part of the loss counts.
#[derive(Debug, Clone, Copy)]
pub struct LossWeights {
    pub beta: f64,
    pub critic: f64,
}

impl Terms {
    /// Scores a batch.
    pub fn of(model: &Vae, batch: Batch) -> Self {
        match (model.classifier(), &batch.labels) {
            (None, _) => Self::given(model, batch),
            (Some(classifier), Some(labels)) => Self::told(model, classifier, labels.clone(), batch),
            (Some(classifier), None) => Self::guessed(model, classifier, batch),
        }
    }

    /// The formula as it stands.
    fn given(model: &Vae, Batch { inputs, images, labels, noise }: Batch) -> Self {
        let posterior = model.encode(inputs, labels.clone());
        let training = images.device().is_autodiff();
        let usage = (!training).then(|| posterior.kl_to_standard());
        let samples = (noise.dims()[1] / posterior.mean().dims()[1]).max(1);

        let posterior = posterior.repeat(samples);
        let labels = labels.map(|labels| repeat_rows(labels, samples));
        let [rows, draws] = noise.dims();
        let noise = noise.reshape([rows * samples, draws / samples]);
        let (z, to_standard) = posterior.draw(noise.clone());
        let divergence = match model.learned_prior() {
            None if samples == 1 => to_standard,
            None => posterior.log_density(noise.clone()) - standard_log_density(z.clone()),
            Some(prior) => posterior.log_density(noise.clone()) - prior.log_density(z.clone()),
        };
        let likelihood = model.decode(z, labels.clone());
        let cost = likelihood.cost(repeat_rows(images.clone(), samples));
        let [reconstruction, divergence] = importance_weighted(cost, divergence, samples);

        let codes = posterior.codes();
        let critic = model.critic().filter(|_| training);
        let (critic_cost, reproach) = critic
            .map(|critic| {
                let pictures = likelihood.mean();
                let invented = match codes {
                    Some(_) => pictures.clone(), // codes are counted, not invented, while training
                    None => model.decode(noise, labels).mean(),
                };
                let cost = critic.cost(images.clone(), pictures.clone(), invented.clone());
                (cost, critic.reproach(images, pictures, invented))
            })
            .unzip();
        let beside = codes.as_ref().map(Codes::pull).into_iter().chain(critic_cost).reduce(|a, b| a + b);
        Self { reconstruction, divergence, usage, codes, guess: None, beside, reproach }
    }

    /// An image with its label, from a model that also guesses labels (Kingma et al. 2014, eq. 6 and 9): all digits are equally
    /// likely beforehand.
    fn told(model: &Vae, classifier: &Classifier, labels: Tensor<2>, batch: Batch) -> Self {
        let guess = classifier.forward(batch.inputs.clone());
        let wrong: Tensor<1> = -(guess.clone() * labels).sum_dim(1).squeeze_dim(1);
        let terms = Self::given(model, batch);
        let divergence = terms.divergence + (DIGITS as f64).ln();
        Self { divergence, guess: Some(guess), beside: Some(wrong * LABEL_WEIGHT), ..terms }
    }

    /// An image without its label: the mean over what the classifier believes, which pays for every nat by which its belief
    /// differs from an even one (eq. 7).
    fn guessed(model: &Vae, classifier: &Classifier, Batch { inputs, images, noise, .. }: Batch) -> Self {
        let rows = images.dims()[0];
        let guess = classifier.forward(inputs.clone());
        let believed = guess.clone().exp(); // [B, 10]
        let ten = |tensor| repeat_rows(tensor, DIGITS);
        let labels = each_digit(rows, &images.device());
        let batch = Batch { inputs: ten(inputs), images: ten(images), labels: Some(labels), noise: ten(noise) };
        let terms = Self::given(model, batch);
        let mean =
            |of: Tensor<1>| -> Tensor<1> { (of.reshape([rows, DIGITS]) * believed.clone()).sum_dim(1).squeeze_dim(1) };
        let usage = terms.usage.map(|usage| -> Tensor<2> {
            let [_, components] = usage.dims();
            (usage.reshape([rows, DIGITS, components]) * believed.clone().unsqueeze_dim(2)).sum_dim(1).squeeze_dim(1)
        });
        let label: Tensor<1> = (guess.clone() * believed.clone()).sum_dim(1).squeeze_dim(1);
        Self {
            reconstruction: mean(terms.reconstruction),
            divergence: mean(terms.divergence) + label + (DIGITS as f64).ln(),
            usage,
            guess: Some(guess),
            ..terms
        }
    }

    /// Mean over images of both terms, in nats per image: two tensors `[1]`.
    pub fn mean(&self) -> [Tensor<1>; 2] {
        [self.reconstruction.clone().mean(), self.divergence.clone().mean()]
    }

    /// What training minimises the mean of, `[B]`.
    pub fn loss(&self, weights: LossWeights) -> Tensor<1> {
        let divergence = self.divergence.clone();
        let mut loss =
            self.reconstruction.clone() + if weights.beta == 1.0 { divergence } else { divergence * weights.beta };
        if let Some(beside) = &self.beside {
            loss = loss + beside.clone();
        }
        if let Some(reproach) = &self.reproach {
            loss = loss + reproach.clone() * weights.critic;
        }
        loss
    }
}

/// The bound that `k` draws an image share, `-log mean exp(-cost - divergence)` (IWAE, Burda et al. 2016, eq. 8): costs and
/// divergences `[B * k]` to the mean cost by importance, and what the bound has besides, `[B]` each. One draw leaves both as they are.
fn importance_weighted(cost: Tensor<1>, divergence: Tensor<1>, samples: usize) -> [Tensor<1>; 2] {
    if samples == 1 {
        return [cost, divergence];
    }
    let draws = |of: Tensor<1>| of.reshape([-1, samples as i32]);
    let cost: Tensor<2> = draws(cost);
    let log_weight = -cost.clone() - draws(divergence);
    let share = softmax(log_weight.clone().detach(), 1);
    let largest = log_weight.clone().detach().max_dim(1);
    let log_mean = (log_weight - largest.clone()).exp().mean_dim(1).log() + largest;
    let reconstruction: Tensor<1> = (share * cost).sum_dim(1).squeeze_dim(1);
    let bound: Tensor<1> = -log_mean.squeeze_dim(1);
    [reconstruction.clone(), bound - reconstruction]
}

/// The ten digits for each of `rows` images, one-hot `[10 * B, 10]`.
fn each_digit(rows: usize, device: &Device) -> Tensor<2> {
    let ten: Vec<f32> = (0..DIGITS as u8).flat_map(one_hot).collect();
    Tensor::from_data(TensorData::new(ten.repeat(rows), [rows * DIGITS, DIGITS]), device)
}
