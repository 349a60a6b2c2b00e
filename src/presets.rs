//! The presets: well-known systems by name, each a [`ModelConfig`] and a [`TrainConfig`]. Their titles and descriptions are in
//! the message catalogue, `presets.<name>`.

use serde::Serialize;

use crate::data::{Corruption, LeftOut};
use crate::model::{BodyKind, LikelihoodKind, ModelConfig, PosteriorKind, PriorKind};
use crate::train::{DivergenceKind, TrainConfig};

/// A named system.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Preset {
    /// Its name in links, file names and the catalogue.
    pub name: &'static str,
    /// The model.
    pub model: ModelConfig,
    /// How it is trained.
    pub train: TrainConfig,
}

/// All presets, the default first.
pub fn all() -> Vec<Preset> {
    let model = ModelConfig::default;
    let train = TrainConfig::default;
    let linear = ModelConfig {
        body: BodyKind::Linear,
        posterior: PosteriorKind::Point,
        likelihood: LikelihoodKind::UnitGaussian,
        ..model()
    };
    let codebook = ModelConfig { body: BodyKind::Conv, posterior: PosteriorKind::Codebook, latent: 16, ..model() };
    let categorical =
        ModelConfig { posterior: PosteriorKind::Categorical, latent: 30, categories: 10, hidden: 320, ..model() };
    let decaying = || TrainConfig { cool_down: 3.0, ..train() };
    let wasserstein = TrainConfig { divergence: DivergenceKind::Mmd, beta: 500.0, ..train() };
    let small = ModelConfig { latent: 8, hidden: 128, likelihood: LikelihoodKind::UnitGaussian, ..model() };
    let semi_supervised = ModelConfig { hidden: 300, labelled: true, classifier: true, ..model() };
    [
        // Kingma & Welling 2014.
        ("vae", model(), train()),
        ("ae", ModelConfig { posterior: PosteriorKind::Point, ..model() }, train()),
        ("noise", model(), TrainConfig { beta: 0.0, ..train() }),
        // Higgins et al. 2017.
        ("beta", model(), TrainConfig { beta: 4.0, warm_up: 1.0, ..train() }),
        ("mse", ModelConfig { likelihood: LikelihoodKind::UnitGaussian, ..model() }, train()),
        // Sigma-VAE, Rybkin et al. 2021.
        ("sigma", ModelConfig { likelihood: LikelihoodKind::LearnedGaussian, ..model() }, train()),
        ("full", ModelConfig { posterior: PosteriorKind::Full, ..model() }, train()),
        // Sohn et al. 2015.
        ("cvae", ModelConfig { labelled: true, ..model() }, TrainConfig { beta: 3.0, ..train() }),
        ("mixture", ModelConfig { prior: PriorKind::Mixture, ..model() }, train()),
        // Tomczak & Welling 2018.
        ("vamp", ModelConfig { prior: PriorKind::Vamp, ..model() }, train()),
        // Im et al. 2017.
        ("denoise", model(), TrainConfig { corruption: Corruption::Noise, ..train() }),
        ("conv", ModelConfig { body: BodyKind::Conv, ..model() }, train()),
        // Burda et al. 2016.
        ("iwae", model(), TrainConfig { samples: 5, ..train() }),
        // A second stage after Dai & Wipf 2019: the plain autoencoder becomes a generator. Its codes must be at rest at the end to be fitted.
        ("two_stage", ModelConfig { posterior: PosteriorKind::Point, prior: PriorKind::Fitted, ..model() }, decaying()),
        // After Dilokthanakul et al. 2016: a component for each class.
        ("clusters", ModelConfig { prior: PriorKind::Mixture, components: 10, ..model() }, train()),
        // Tomczak & Welling 2018.
        ("hvae", ModelConfig { posterior: PosteriorKind::TwoLayers, prior: PriorKind::Vamp, ..model() }, train()),
        // Kingma et al. 2016.
        ("iaf", ModelConfig { posterior: PosteriorKind::Flow, ..model() }, train()),
        // Jang et al. 2017, Maddison et al. 2017. Fewer units than elsewhere, since codes are wide: with 400 the file would exceed 1.5 MB.
        ("categorical", categorical, TrainConfig { straight_through: true, ..train() }),
        // Dorta et al. 2018.
        ("structured", ModelConfig { likelihood: LikelihoodKind::StructuredGaussian, ..model() }, train()),
        // Tolstikhin et al. 2018.
        ("wae", ModelConfig { posterior: PosteriorKind::Point, ..model() }, wasserstein),
        // Chen et al. 2018.
        ("tcvae", model(), TrainConfig { divergence: DivergenceKind::Decomposed, tc_weight: 6.0, ..train() }),
        // Kingma et al. 2016, eq. 15; Burgess et al. 2018; Fu et al. 2019.
        ("free_bits", model(), TrainConfig { beta: 4.0, free_bits: 0.5, ..train() }),
        ("capacity", model(), TrainConfig { capacity: 25.0, beta: 10.0, warm_up: 5.0, ..train() }),
        ("cyclic", model(), TrainConfig { cycles: 4, ..train() }),
        // A small network with squared error, without a KL term and with one.
        ("small", ModelConfig { posterior: PosteriorKind::Point, ..small.clone() }, train()),
        // Half the squared error is its negative log-likelihood, so that 3 x KL beside the whole one is 1.5 x KL here.
        ("small_kl", small, TrainConfig { beta: 1.5, ..train() }),
        // Van den Oord et al. 2017.
        ("vq", codebook.clone(), train()),
        // Razavi et al. 2019.
        ("vq2", ModelConfig { posterior: PosteriorKind::TwoCodebooks, ..codebook }, train()),
        // Larsen et al. 2016.
        ("gan", ModelConfig { critic: true, ..model() }, train()),
        // Bao et al. 2017.
        ("cvae_gan", ModelConfig { labelled: true, critic: true, ..model() }, TrainConfig { beta: 3.0, ..train() }),
        // The label as attributes, so that a class never seen has one (the idea of Gao et al. 2020).
        (
            "unseen",
            ModelConfig { labelled: true, attributes: true, ..model() },
            TrainConfig { beta: 3.0, left_out: LeftOut::Eight, ..train() },
        ),
        // Model M2 of Kingma et al. 2014.
        ("semi", semi_supervised, TrainConfig { labels: 100, beta: 3.0, ..train() }),
        // Hotelling 1933; the closed form takes one step.
        ("pca", linear.clone(), TrainConfig { epochs: 1, ..train() }),
        // Baldi & Hornik 1989. The 20th and 21st components explain nearly the same variance, so telling them apart takes 30 epochs.
        ("linear", linear, TrainConfig { closed_form: false, epochs: 30, cool_down: 10.0, ..train() }),
    ]
    .map(|(name, model, train)| Preset { name, model, train })
    .into()
}

/// The preset of this name.
pub fn named(name: &str) -> Option<Preset> {
    all().into_iter().find(|preset| preset.name == name)
}
