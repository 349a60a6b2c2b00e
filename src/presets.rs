//! The systems of the field by name, each a value of the two configurations and a few words about it.

use serde::Serialize;

use crate::data::Corruption;
use crate::model::{BodyKind, LikelihoodKind, ModelConfig, PosteriorKind, PriorKind};
use crate::train::TrainConfig;

/// A named system.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Preset {
    pub name: &'static str,
    #[serde(skip)]
    pub title: &'static str,
    /// What it is, in one sentence.
    #[serde(skip)]
    pub idea: &'static str,
    /// What to try, and what one should then see.
    #[serde(skip)]
    pub look_for: &'static str,
    /// Both terms of its loss as text, for the formula that the page shows.
    #[serde(skip)]
    pub reconstruction: &'static str,
    #[serde(skip)]
    pub divergence: &'static str,
    pub model: ModelConfig,
    pub train: TrainConfig,
}

const CROSS_ENTROPY: &str = "cross-entropy(x, x̂)";
const KL: &str = "KL(q(z|x) ‖ N(0, I))";

/// All of them, the default first.
pub fn all() -> Vec<Preset> {
    let vae = Preset {
        name: "vae",
        title: "Variational autoencoder",
        idea: "The encoder answers with a Gaussian instead of a code, and pays for every nat by which it differs from N(0, I).",
        look_for: "Samples from N(0, I) look like digits, because training kept the codes where the prior is.",
        reconstruction: CROSS_ENTROPY,
        divergence: KL,
        model: ModelConfig::default(),
        train: TrainConfig::default(),
    };
    vec![
        vae.clone(),
        Preset {
            name: "ae",
            title: "Plain autoencoder",
            idea: "One code for each image, no noise and nothing to pay: only the copy counts.",
            look_for: "It reconstructs better than the variational one, but draws from N(0, I) are seldom digits.",
            divergence: "0",
            model: ModelConfig { posterior: PosteriorKind::Point, ..vae.model.clone() },
            ..vae.clone()
        },
        Preset {
            name: "noise",
            title: "Noise without KL",
            idea: "The encoder may choose how noisy its codes are, and noise only hurts the copy.",
            look_for: "While it trains, every sigma falls towards zero: left alone, it becomes the plain autoencoder.",
            train: TrainConfig { beta: 0.0, ..vae.train.clone() },
            ..vae.clone()
        },
        Preset {
            name: "beta",
            title: "Beta-VAE",
            idea: "The KL weighs four times as much, growing from nothing during the first epoch.",
            look_for: "Several components fall silent; those that are left bend one property each. Try beta 20: all but a blur is gone.",
            train: TrainConfig { beta: 4.0, warm_up: 1.0, ..vae.train.clone() },
            ..vae.clone()
        },
        Preset {
            name: "mse",
            title: "Squared error",
            idea: "Each pixel is a Gaussian of variance one, far wider than pixels are: the copy hardly counts against the KL.",
            look_for: "Reconstructions blur towards an average, and half of the components are unused.",
            reconstruction: "½‖x − x̂‖² + 392 log 2π",
            model: ModelConfig { likelihood: LikelihoodKind::UnitGaussian, ..vae.model.clone() },
            ..vae.clone()
        },
        Preset {
            name: "sigma",
            title: "Learned variance",
            idea: "The same squared error, but the pixels' one variance is learned, so the two terms find their own balance.",
            look_for: "Sharp again. The loss is a log-density and goes below zero.",
            reconstruction: "‖x − x̂‖² / 2σ² + 392 log 2πσ²",
            model: ModelConfig { likelihood: LikelihoodKind::LearnedGaussian, ..vae.model.clone() },
            ..vae.clone()
        },
        Preset {
            name: "full",
            title: "Full covariance",
            idea: "The encoder's Gaussian may tilt: it emits a Cholesky factor instead of a list of variances.",
            look_for: "Components may now be uncertain together. Resample a digit and compare with the axis-aligned model.",
            divergence: "KL(N(μ, LLᵀ) ‖ N(0, I))",
            model: ModelConfig { posterior: PosteriorKind::Full, ..vae.model.clone() },
            ..vae.clone()
        },
        Preset {
            name: "cvae",
            title: "Conditional VAE",
            idea: "Encoder and decoder are told which digit it is, so the code is free to hold only the style; the KL weighs three times, so that it does.",
            look_for: "Keep the sliders and change the digit: ten digits in one handwriting.",
            divergence: "KL(q(z|x, y) ‖ N(0, I))",
            model: ModelConfig { labelled: true, ..vae.model.clone() },
            train: TrainConfig { beta: 3.0, ..vae.train.clone() },
            ..vae.clone()
        },
        Preset {
            name: "mixture",
            title: "Mixture prior",
            idea: "Codes need not gather around one centre: the prior is fifty Gaussians, learned with everything else.",
            look_for: "The bound is no worse, and samples are drawn where codes really are: compare them with those from N(0, I).",
            divergence: "KL(q(z|x) ‖ Σₖ πₖ N(μₖ, σₖ²))",
            model: ModelConfig { prior: PriorKind::Mixture, ..vae.model.clone() },
            ..vae.clone()
        },
        Preset {
            name: "vamp",
            title: "VampPrior",
            idea: "The prior is the average of what the encoder believes about fifty learned pseudo-inputs.",
            look_for: "Compare its samples with those from N(0, I); the pseudo-inputs, shown beneath them, become ghosts of digits.",
            divergence: "KL(q(z|x) ‖ mean over k of q(z|uₖ))",
            model: ModelConfig { prior: PriorKind::Vamp, ..vae.model.clone() },
            ..vae.clone()
        },
        Preset {
            name: "denoise",
            title: "Denoising VAE",
            idea: "The encoder sees a noisy image and the decoder must draw the clean one.",
            look_for: "Spoil the drawing with noise: the reconstruction leaves it out. A clean drawing is strange to it, and costs more.",
            train: TrainConfig { corruption: Corruption::Noise, ..vae.train.clone() },
            ..vae.clone()
        },
        Preset {
            name: "conv",
            title: "Convolutional VAE",
            idea: "Encoder and decoder know that a picture has neighbours: convolutions, with batch normalisation.",
            look_for: "A lower loss after the same number of epochs, and strokes without frayed edges; each step takes far longer.",
            model: ModelConfig { body: BodyKind::Conv, ..vae.model.clone() },
            ..vae.clone()
        },
        Preset {
            name: "iwae",
            title: "Importance weighted",
            idea: "Five draws of z share the bound, each counted by how well it explains the image.",
            look_for: "The posterior may be wider, since one good draw is enough: sigmas grow, and −log p(x) falls.",
            divergence: "what five draws share",
            train: TrainConfig { samples: 5, ..vae.train.clone() },
            ..vae.clone()
        },
        Preset {
            name: "vq",
            title: "VQ-VAE",
            idea: "No Gaussian: at each of 7 × 7 places the encoder picks one of 128 learned vectors.",
            look_for: "Crisp copies, since 49 codes hold far more than 20 Gaussians. Samples fall apart: its prior counts each place alone.",
            divergence: "−log p(codes), counted place by place",
            model: ModelConfig {
                body: BodyKind::Conv,
                posterior: PosteriorKind::Codebook,
                latent: 16,
                ..vae.model.clone()
            },
            ..vae.clone()
        },
        Preset {
            name: "gan",
            title: "VAE-GAN",
            idea: "A critic learns to tell pictures from images, and the decoder is held to what the critic looks at.",
            look_for: "Less grey along the strokes. Turn the critic's weight up while it trains: sharper, and less faithful.",
            model: ModelConfig { critic: true, ..vae.model.clone() },
            ..vae.clone()
        },
        Preset {
            name: "semi",
            title: "Semi-supervised",
            idea: "Only 100 images keep their label; a classifier guesses the others, and is right when that makes images likely.",
            look_for: "Its accuracy grows beyond the 75 % that those 100 teach a classifier alone. With beta 1 it falls: codes then say the digit as well.",
            divergence: "KL(q(z|x, y) q(y|x) ‖ N(0, I) p(y))",
            model: ModelConfig { hidden: 300, labelled: true, classifier: true, ..vae.model.clone() },
            train: TrainConfig { labels: 100, beta: 3.0, ..vae.train.clone() },
            ..vae.clone()
        },
        Preset {
            name: "pca",
            title: "Principal components",
            idea: "No network: the 20 directions along which the images differ most, found in closed form.",
            look_for: "Sliders bend the whole picture by one fixed direction each. The best that a linear map can do, and blurry.",
            reconstruction: "½‖x − x̂‖² + 392 log 2π",
            divergence: "0",
            model: ModelConfig {
                body: BodyKind::Linear,
                posterior: PosteriorKind::Point,
                likelihood: LikelihoodKind::UnitGaussian,
                ..vae.model.clone()
            },
            train: TrainConfig { epochs: 1, ..vae.train },
        },
    ]
}

/// The preset of this name.
pub fn named(name: &str) -> Option<Preset> {
    all().into_iter().find(|preset| preset.name == name)
}
