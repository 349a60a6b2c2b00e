//! The variational autoencoder (Kingma & Welling 2014): encoder q(z | x), decoder p(x | z), prior p(z), and the further
//! networks that some systems train.

mod activations;
mod attributes;
mod body;
mod bottom;
mod categorical;
mod classifier;
mod codebook;
mod config;
mod critic;
mod decoder;
mod encoder;
mod fitted;
mod flow;
mod full;
mod kinds;
mod layout;
mod likelihood;
mod posterior;
mod prior;
mod structured;
mod two_layers;

pub use activations::{Activations, activations};
pub use attributes::{Attributes, DIGITS, SEGMENTS};
pub use bottom::{BOTTOM_POSITIONS, Bottom};
pub use categorical::{Categorical, Relaxation};
pub use classifier::Classifier;
pub use codebook::{Codebook, Codes, POSITIONS, Quantised};
pub use config::ModelConfig;
pub use critic::{Critic, CriticOutput};
pub use decoder::Decoder;
pub use encoder::{Encoder, Features};
pub use fitted::FittedMixture;
pub(crate) use flow::{CONTEXT, UNITS};
pub use flow::{Flow, FlowNetworks, FlowStep};
pub use full::{Full, Triangle};
pub use kinds::{BodyKind, LikelihoodKind, PosteriorKind, PriorKind};
pub use layout::layout;
pub use likelihood::{Bernoulli, Gaussian, Likelihood};
pub use posterior::{Diagonal, Point, Posterior};
pub use prior::{Mixture, Prior, PriorDensity, standard_log_density};
pub use structured::{Factor, LEAST_SIGMA, NEIGHBOURS, Structured};
pub use two_layers::{Layers, TwoLayers};

use burn::module::Module;
use burn::tensor::{Device, Int, Tensor};

use crate::layers::Statistics;
use crate::random::{Stream, generator};

/// All networks of one system. A part that the system does not have is `None`.
#[derive(Module, Debug)]
pub struct Vae {
    encoder: Encoder,
    decoder: Decoder,
    prior: Prior,
    codebook: Option<Codebook>,
    bottom: Option<Bottom>,
    two_layers: Option<TwoLayers>,
    classifier: Option<Classifier>,
    critic: Option<Critic>,
    #[module(skip)]
    classes: usize,
    /// `A` of a categorical code.
    #[module(skip)]
    categories: Option<usize>,
}

impl Vae {
    /// A model with random weights; the same seed gives the same weights on every device.
    pub fn new(config: &ModelConfig, seed: u64, device: &Device) -> Self {
        let random = &mut generator(seed, Stream::Weights);
        let encoder = Encoder::new(config, random, device);
        let features = encoder.width();
        let two = |kind| config.posterior == kind;
        Self {
            encoder,
            decoder: Decoder::new(config, random, device),
            prior: Prior::new(config, random, device),
            codebook: config.has_codebook().then(|| Codebook::new(config, POSITIONS, random, device)),
            bottom: two(PosteriorKind::TwoCodebooks).then(|| Bottom::new(config, random, device)),
            two_layers: two(PosteriorKind::TwoLayers).then(|| TwoLayers::new(config, features, random, device)),
            classifier: config.classifier.then(|| Classifier::new(config, random, device)),
            critic: config.critic.then(|| Critic::new(config, random, device)),
            classes: config.classes,
            categories: (config.posterior == PosteriorKind::Categorical).then_some(config.categories),
        }
    }

    /// The posterior q(z | x), or q(z | x, y) for a model that is conditional on the label.
    ///
    /// # Shapes
    /// Images `[B, P]` in 0..=1 (and one-hot labels `[B, Y]`) to a distribution over `[B, Z]`, or codes `[B, N]`; categorical ones over
    /// `[B, N * A]`.
    pub fn encode(&self, images: Tensor<2>, labels: Option<Tensor<2>>) -> Posterior {
        let features = self.encoder.features(images, labels, Statistics::Batch);
        match (self.encoder.posterior(&features), &self.codebook, &self.two_layers) {
            (encoded, Some(codebook), _) => {
                Posterior::Codebook(self.codes(codebook.quantise(encoded.mean()), features))
            }
            (Posterior::Diagonal(top), None, Some(networks)) => {
                Posterior::TwoLayers(Layers::new(top, features.last.into_tensor(), networks.clone()))
            }
            (posterior, None, _) => posterior,
        }
    }

    /// The codes of all levels, from those of the top one.
    fn codes(&self, top: Quantised, features: Features) -> Codes {
        let bottom = self.bottom.as_ref().zip(features.first);
        let bottom = bottom.map(|(bottom, features)| bottom.quantise(top.straight_through(), features));
        Codes { levels: std::iter::once(top).chain(bottom).collect() }
    }

    /// The likelihood p(x | z), or p(x | z, y) for a model that is conditional on the label.
    ///
    /// # Shapes
    /// Codes `[B, Z]`, a codebook's vectors `[B, N * Z]` or categorical codes `[B, N * A]` (and one-hot labels `[B, Y]`), to a distribution
    /// over `[B, P]`.
    pub fn decode(&self, z: Tensor<2>, labels: Option<Tensor<2>>) -> Likelihood {
        self.decoder.forward(z, labels)
    }

    /// Standard deviation of a pixel, `[1]`, where the likelihood learns it.
    pub fn pixel_sigma(&self) -> Option<Tensor<1>> {
        self.decoder.sigma()
    }

    /// `Y`: length of a one-hot label.
    pub fn classes(&self) -> usize {
        self.classes
    }

    /// The codebook of a VQ-VAE, the top one where there are two.
    pub fn codebook(&self) -> Option<&Codebook> {
        self.codebook.as_ref()
    }

    /// The codebooks of all levels, the top one first; none without one.
    pub fn codebooks(&self) -> Vec<&Codebook> {
        self.codebook.iter().chain(self.bottom.as_ref().map(Bottom::codebook)).collect()
    }

    /// What the decoder gets for codes as they are stored, `[B, length]`: for indices, whole numbers `[B, N]`, the vectors of a codebook or
    /// one-hot vectors; real numbers as they are.
    pub fn embed(&self, codes: Tensor<2>) -> Tensor<2> {
        if let Some(categories) = self.categories {
            let [rows, length] = codes.dims();
            return one_hot(codes.int().reshape([rows * length, 1]), categories).reshape([rows, length * categories]);
        }
        let mut first = 0;
        let mut next = |book: &&Codebook| {
            let level = codes.clone().narrow(1, first, book.positions());
            first += book.positions();
            book.embed(level)
        };
        let levels: Vec<_> = self.codebooks().iter().map(&mut next).collect();
        if levels.is_empty() { codes } else { Tensor::cat(levels, 1) }
    }

    /// q(y | x) of a semi-supervised model.
    pub fn classifier(&self) -> Option<&Classifier> {
        self.classifier.as_ref()
    }

    /// The critic of a VAE-GAN; used only while training.
    pub fn critic(&self) -> Option<&Critic> {
        self.critic.as_ref()
    }

    /// The model with its codebooks [updated](Codebook::update) after a training step.
    pub fn update_codebook(self, Codes { levels }: &Codes) -> Self {
        Self {
            codebook: self.codebook.map(|codebook| codebook.update(&levels[0])),
            bottom: self.bottom.map(|bottom| bottom.update(&levels[1])),
            ..self
        }
    }

    /// Whether the prior is fitted to the codes, which are trained without it.
    pub fn has_fitted_prior(&self) -> bool {
        self.prior.is_fitted()
    }

    /// The model with a fitted prior after a training step with these samples of the posterior, `[B, Z]`.
    pub fn update_prior(self, z: Tensor<2>) -> Self {
        Self { prior: self.prior.fit(z), ..self }
    }

    /// p(z), evaluated once for several codes.
    pub fn prior_density(&self) -> PriorDensity {
        PriorDensity { mixture: self.learned_prior(), layers: self.two_layers.clone(), categories: self.categories }
    }

    /// p(z) where it is learned, of two layers p(z2); `None` for N(0, I).
    pub fn learned_prior(&self) -> Option<Mixture> {
        self.prior.mixture(&self.encoder)
    }

    /// log p(z) of codes `[B, Z]`, of [z2, z1] `[B, 2 Z]`, or one-hot `[B, N * A]`, in nats: `[B]`.
    pub fn log_prior(&self, z: Tensor<2>) -> Tensor<1> {
        self.prior_density().log_density(z)
    }

    /// `A`: values of each variable of a categorical code.
    pub fn categories(&self) -> Option<usize> {
        self.categories
    }

    /// The pseudo-inputs of a VampPrior, `[K, P]` in 0..=1.
    pub fn pseudo_inputs(&self) -> Option<Tensor<2>> {
        self.prior.pseudo_inputs()
    }
}

/// `x` `[B, N]` and its labels `[B, Y]`, concatenated to `[B, N + Y]`; `x` itself without labels.
fn with_label(x: Tensor<2>, label: Option<Tensor<2>>) -> Tensor<2> {
    match label {
        Some(label) => Tensor::cat(vec![x, label], 1),
        None => x,
    }
}

/// Repeats each row `times` times: `[B, N]` to `[B * times, N]`, the copies of a row adjacent.
pub(crate) fn repeat_rows(x: Tensor<2>, times: usize) -> Tensor<2> {
    if times == 1 {
        return x;
    }
    let [rows, columns] = x.dims();
    x.unsqueeze_dim::<3>(1).expand([rows, times, columns]).reshape([rows * times, columns])
}

/// Log of the sum of exponentials over the axis `dim`, whose length becomes 1. The largest term is taken out first, so that nothing
/// overflows.
pub(crate) fn log_sum_exp<const D: usize>(terms: Tensor<D>, dim: usize) -> Tensor<D> {
    let largest = terms.clone().detach().max_dim(dim);
    (terms - largest.clone()).exp().sum_dim(dim).log() + largest
}

/// `count` rows of `x` `[B, N]` at even steps, `[count, N]`.
fn rows_at_even_steps(x: Tensor<2>, count: usize) -> Tensor<2> {
    let [rows, _] = x.dims();
    let indices: Vec<i32> = (0..count).map(|at| (at * rows / count) as i32).collect();
    let indices = Tensor::from_data(indices.as_slice(), &x.device());
    x.select(0, indices)
}

/// Indices `[R, 1]` in `0..classes` as one-hot rows `[R, classes]`.
fn one_hot(indices: Tensor<2, Int>, classes: usize) -> Tensor<2> {
    let range = Tensor::<1, Int>::arange(0..classes as i64, &indices.device());
    let rows = indices.dims()[0];
    indices.expand([rows, classes]).equal(range.unsqueeze::<2>().expand([rows, classes])).float()
}
