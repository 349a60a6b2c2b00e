//! Options that choose a preset and override its settings.

use latent_lab::presets::{self, Preset};

/// A preset and the settings to change in it.
#[derive(clap::Args)]
pub struct Settings {
    /// The system to train; the options below change single settings of it
    #[arg(long, default_value = "vae", value_parser = crate::presets::parser())]
    preset: String,
    /// Components of the latent code z
    #[arg(long)]
    latent: Option<usize>,
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
    /// Weight of the KL term
    #[arg(long)]
    beta: Option<f64>,
    /// KL annealing: epochs over which beta grows from zero
    #[arg(long)]
    warm_up: Option<f64>,
    /// Learning-rate decay: epochs at the end over which the rate falls to zero
    #[arg(long)]
    cool_down: Option<f64>,
    /// Components of a learned prior
    #[arg(long)]
    components: Option<usize>,
    /// Vectors in a codebook
    #[arg(long)]
    codes: Option<usize>,
    /// Importance samples per image in the bound (IWAE)
    #[arg(long)]
    samples: Option<usize>,
    /// Weight of the generator loss that the critic gives
    #[arg(long)]
    critic_weight: Option<f64>,
    /// Semi-supervised training: images that keep their label; 0 for all
    #[arg(long)]
    labels: Option<usize>,
    /// Dynamic binarisation: set each pixel to 0 or 1 anew every time its image is used
    #[arg(long)]
    pub binarise: bool,
    /// Whether a linear autoencoder is solved in closed form (PCA), or else trained by gradient descent
    #[arg(long)]
    closed_form: Option<bool>,
    /// Seed of the initial weights, the order of the images and the noise
    #[arg(long)]
    seed: Option<u64>,
}

impl Settings {
    /// The preset with the settings that were given.
    pub fn preset(&self) -> Preset {
        let mut preset = presets::named(&self.preset).expect("the argument parser accepts no other names");
        let Preset { model, train, .. } = &mut preset;
        set(&mut model.latent, self.latent);
        set(&mut model.hidden, self.hidden);
        set(&mut model.components, self.components);
        set(&mut model.codes, self.codes);
        set(&mut train.epochs, self.epochs);
        set(&mut train.batch, self.batch);
        set(&mut train.learning_rate, self.learning_rate);
        set(&mut train.beta, self.beta);
        set(&mut train.warm_up, self.warm_up);
        set(&mut train.cool_down, self.cool_down);
        set(&mut train.samples, self.samples);
        set(&mut train.critic_weight, self.critic_weight);
        set(&mut train.labels, self.labels);
        set(&mut train.closed_form, self.closed_form);
        set(&mut train.seed, self.seed);
        train.binarise |= self.binarise;
        preset
    }
}

fn set<T: Copy>(setting: &mut T, value: Option<T>) {
    *setting = value.unwrap_or(*setting);
}
