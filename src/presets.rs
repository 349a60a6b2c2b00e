//! The presets: well-known systems by name, each a [`ModelConfig`] and a [`TrainConfig`]. Their titles and descriptions are in
//! the message catalogue, `presets.<name>`.

use serde::Serialize;

use crate::data::Corruption;
use crate::model::{BodyKind, LikelihoodKind, ModelConfig, PosteriorKind, PriorKind};
use crate::train::TrainConfig;

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
        // Van den Oord et al. 2017.
        ("vq", codebook, train()),
        // Larsen et al. 2016.
        ("gan", ModelConfig { critic: true, ..model() }, train()),
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
