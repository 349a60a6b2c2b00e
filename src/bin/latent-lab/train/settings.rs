//! Options that choose a preset and override its settings.

use latent_lab::data::{Corruption, Dataset, LeftOut};
use latent_lab::model::{BodyKind, LikelihoodKind, PosteriorKind, PriorKind};
use latent_lab::presets::{self, Preset};
use latent_lab::train::DivergenceKind;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// A preset and the settings to change in it.
#[derive(clap::Args, Clone)]
pub struct Settings {
    /// The system to train; the options below change single settings of it
    #[arg(long, default_value = "vae", value_parser = crate::presets::parser())]
    preset: String,
    /// Components of the latent code z
    #[arg(long)]
    latent: Option<usize>,
    /// Architecture of encoder and decoder: linear, mlp or conv
    #[arg(long, value_parser = choice::<BodyKind>)]
    body: Option<BodyKind>,
    /// Posterior q(z given x): point, diagonal, full, flow, two_layers, categorical, codebook or two_codebooks
    #[arg(long, value_parser = choice::<PosteriorKind>)]
    posterior: Option<PosteriorKind>,
    /// Prior p(z): standard, mixture, vamp or fitted
    #[arg(long, value_parser = choice::<PriorKind>)]
    prior: Option<PriorKind>,
    /// Likelihood p(x given z) of a pixel: bernoulli, unit_gaussian, learned_gaussian or structured_gaussian
    #[arg(long, value_parser = choice::<LikelihoodKind>)]
    likelihood: Option<LikelihoodKind>,
    /// Whether encoder and decoder take the label
    #[arg(long)]
    labelled: Option<bool>,
    /// Whether the label is given by the seven segments of its digit
    #[arg(long)]
    attributes: Option<bool>,
    /// Whether a classifier infers the labels that are missing
    #[arg(long)]
    classifier: Option<bool>,
    /// Whether a critic scores the decoded pictures (VAE-GAN)
    #[arg(long)]
    critic: Option<bool>,
    /// Units of each hidden layer
    #[arg(long)]
    hidden: Option<usize>,
    /// Passes over the training images
    #[arg(long)]
    epochs: Option<u64>,
    /// Images per step
    #[arg(long)]
    batch: Option<usize>,
    /// Learning rate of Adam
    #[arg(long)]
    learning_rate: Option<f64>,
    /// What draws the posterior towards the prior: kl, decomposed (beta-TCVAE) or mmd (Wasserstein autoencoder)
    #[arg(long, value_parser = choice::<DivergenceKind>)]
    divergence: Option<DivergenceKind>,
    /// Weight of the divergence
    #[arg(long)]
    beta: Option<f64>,
    /// Weight of the mutual information in a decomposed KL
    #[arg(long)]
    mi_weight: Option<f64>,
    /// Weight of the total correlation in a decomposed KL
    #[arg(long)]
    tc_weight: Option<f64>,
    /// Weight of the KL of single components in a decomposed KL
    #[arg(long)]
    dimension_weight: Option<f64>,
    /// Free bits: nats of each component's KL that cost nothing
    #[arg(long)]
    free_bits: Option<f64>,
    /// Nats per image that the KL is kept at; grows from zero over the warm-up
    #[arg(long)]
    capacity: Option<f64>,
    /// KL annealing: epochs over which beta grows from zero
    #[arg(long)]
    warm_up: Option<f64>,
    /// Cycles of KL annealing in the run
    #[arg(long)]
    cycles: Option<u64>,
    /// Learning-rate decay: epochs at the end over which the rate falls to zero
    #[arg(long)]
    cool_down: Option<f64>,
    /// Components of a learned prior
    #[arg(long)]
    components: Option<usize>,
    /// Vectors in a codebook
    #[arg(long)]
    codes: Option<usize>,
    /// Autoregressive steps of a flow
    #[arg(long)]
    flow_steps: Option<usize>,
    /// Values of each variable of a categorical code
    #[arg(long)]
    categories: Option<usize>,
    /// Temperature of relaxed categorical samples in the first step
    #[arg(long)]
    temperature: Option<f64>,
    /// Temperature of relaxed categorical samples at the end of the run
    #[arg(long)]
    temperature_end: Option<f64>,
    /// Whether the decoder gets exact categorical samples while training
    #[arg(long, num_args = 0..=1, default_missing_value = "true")]
    straight_through: Option<bool>,
    /// Importance samples per image in the bound (IWAE)
    #[arg(long)]
    samples: Option<usize>,
    /// Weight of the generator loss that the critic gives
    #[arg(long)]
    critic_weight: Option<f64>,
    /// Semi-supervised training: images that keep their label; 0 for all
    #[arg(long)]
    labels: Option<usize>,
    /// A digit that is not trained on: none, or 0 to 9
    #[arg(long, value_parser = choice::<LeftOut>)]
    left_out: Option<LeftOut>,
    /// Dynamic binarisation: set each pixel to 0 or 1 anew every time its image is used
    #[arg(long, num_args = 0..=1, default_missing_value = "true")]
    binarise: Option<bool>,
    /// Corruption of the encoder's input: none, noise, mask or salt_and_pepper
    #[arg(long, value_parser = choice::<Corruption>)]
    corruption: Option<Corruption>,
    /// Whether a linear autoencoder is solved in closed form (PCA), or else trained by gradient descent
    #[arg(long)]
    closed_form: Option<bool>,
    /// Seed of the initial weights, the order of the images and the noise
    #[arg(long)]
    seed: Option<u64>,
}

impl Settings {
    /// The same as [`preset`](Self::preset), where its model is labelled with the classes of `data`.
    ///
    /// # Errors
    /// When they are not known.
    pub fn preset_for(&self, data: &Dataset) -> latent_lab::Result<Preset> {
        let mut preset = self.preset();
        if preset.model.labelled {
            data.check_has_labels()?;
            preset.model.classes = data.info.classes.len();
        }
        Ok(preset)
    }

    /// The preset with the settings that were given.
    pub fn preset(&self) -> Preset {
        let mut preset = presets::named(&self.preset).expect("the argument parser accepts no other names");
        let Preset { model, train, .. } = &mut preset;
        set(&mut model.latent, self.latent);
        set(&mut model.body, self.body);
        set(&mut model.posterior, self.posterior);
        set(&mut model.prior, self.prior);
        set(&mut model.likelihood, self.likelihood);
        set(&mut model.labelled, self.labelled);
        set(&mut model.attributes, self.attributes);
        set(&mut model.classifier, self.classifier);
        set(&mut model.critic, self.critic);
        set(&mut model.hidden, self.hidden);
        set(&mut model.components, self.components);
        set(&mut model.codes, self.codes);
        set(&mut model.flow_steps, self.flow_steps);
        set(&mut model.categories, self.categories);
        set(&mut train.epochs, self.epochs);
        set(&mut train.batch, self.batch);
        set(&mut train.learning_rate, self.learning_rate);
        set(&mut train.beta, self.beta);
        set(&mut train.divergence, self.divergence);
        set(&mut train.mi_weight, self.mi_weight);
        set(&mut train.tc_weight, self.tc_weight);
        set(&mut train.dimension_weight, self.dimension_weight);
        set(&mut train.free_bits, self.free_bits);
        set(&mut train.capacity, self.capacity);
        set(&mut train.warm_up, self.warm_up);
        set(&mut train.cool_down, self.cool_down);
        set(&mut train.cycles, self.cycles);
        set(&mut train.samples, self.samples);
        set(&mut train.temperature, self.temperature);
        set(&mut train.temperature_end, self.temperature_end);
        set(&mut train.straight_through, self.straight_through);
        set(&mut train.critic_weight, self.critic_weight);
        set(&mut train.labels, self.labels);
        set(&mut train.left_out, self.left_out);
        set(&mut train.binarise, self.binarise);
        set(&mut train.corruption, self.corruption);
        set(&mut train.closed_form, self.closed_form);
        set(&mut train.seed, self.seed);
        preset
    }
}

fn set<T: Copy>(setting: &mut T, value: Option<T>) {
    *setting = value.unwrap_or(*setting);
}

/// A choice by the name that it has in configurations; an unknown one is refused with all that there are.
fn choice<T: DeserializeOwned>(name: &str) -> Result<T, String> {
    serde_json::from_value(Value::from(name)).map_err(|error| error.to_string())
}
