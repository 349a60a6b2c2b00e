//! The variational autoencoder (Kingma & Welling 2014): encoder q(z | x), decoder p(x | z), prior p(z), and the further
//! networks that some systems train.

mod activations;
mod body;
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
mod layout;
mod likelihood;
mod posterior;
mod prior;

pub use activations::{Activations, activations};
pub use categorical::{Categorical, Relaxation};
pub use classifier::Classifier;
pub use codebook::{Codebook, Codes, POSITIONS};
pub use config::{BodyKind, LikelihoodKind, ModelConfig, PosteriorKind, PriorKind};
pub use critic::{Critic, CriticOutput};
pub use decoder::Decoder;
pub use encoder::Encoder;
pub use fitted::FittedMixture;
pub(crate) use flow::{CONTEXT, UNITS};
pub use flow::{Flow, FlowNetworks, FlowStep};
pub use full::{Full, Triangle};
pub use layout::layout;
pub use likelihood::{Bernoulli, Gaussian, Likelihood};
pub use posterior::{Diagonal, Point, Posterior};
pub use prior::{Mixture, Prior, standard_log_density};

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
        Self {
            encoder: Encoder::new(config, random, device),
            decoder: Decoder::new(config, random, device),
            prior: Prior::new(config, random, device),
            codebook: (config.posterior == PosteriorKind::Codebook).then(|| Codebook::new(config, random, device)),
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
        let posterior = self.encoder.forward(images, labels, Statistics::Batch);
        match &self.codebook {
            Some(codebook) => Posterior::Codebook(codebook.quantise(posterior.mean())),
            None => posterior,
        }
    }

    /// The likelihood p(x | z), or p(x | z, y) for a model that is conditional on the label.
    ///
    /// # Shapes
    /// Codes `[B, Z]`, a codebook's vectors `[B, N * Z]` or categorical codes `[B, N * A]` (and one-hot labels `[B, Y]`), to a distribution
    /// over `[B, P]`.
    pub fn decode(&self, z: Tensor<2>, labels: Option<Tensor<2>>) -> Likelihood {
        self.decoder.forward(z, labels)
    }

    /// What the decoder gets for a code `[B, length]`: for indices, whole numbers `[B, N]`, the vectors of a codebook or one-hot vectors; real
    /// numbers as they are.
    pub fn embed(&self, code: Tensor<2>) -> Tensor<2> {
        match (&self.codebook, self.categories) {
            (Some(codebook), _) => codebook.embed(code),
            (None, Some(categories)) => {
                let [rows, length] = code.dims();
                one_hot(code.int().reshape([rows * length, 1]), categories).reshape([rows, length * categories])
            }
            (None, None) => code,
        }
    }

    /// Standard deviation of a pixel, `[1]`, where the likelihood learns it.
    pub fn pixel_sigma(&self) -> Option<Tensor<1>> {
        self.decoder.sigma()
    }

    /// `Y`: length of a one-hot label.
    pub fn classes(&self) -> usize {
        self.classes
    }

    /// The codebook of a VQ-VAE.
    pub fn codebook(&self) -> Option<&Codebook> {
        self.codebook.as_ref()
    }

    /// q(y | x) of a semi-supervised model.
    pub fn classifier(&self) -> Option<&Classifier> {
        self.classifier.as_ref()
    }

    /// The critic of a VAE-GAN; used only while training.
    pub fn critic(&self) -> Option<&Critic> {
        self.critic.as_ref()
    }

    /// The model with its codebook [updated](Codebook::update) after a training step.
    pub fn update_codebook(self, batch: &Codes) -> Self {
        Self { codebook: self.codebook.map(|codebook| codebook.update(batch)), ..self }
    }

    /// Whether the prior is fitted to the codes, which are trained without it.
    pub fn has_fitted_prior(&self) -> bool {
        self.prior.is_fitted()
    }

    /// The model with a fitted prior after a training step with these samples of the posterior, `[B, Z]`.
    pub fn update_prior(self, z: Tensor<2>) -> Self {
        Self { prior: self.prior.fit(z), ..self }
    }

    /// p(z) where it is learned; `None` for N(0, I).
    pub fn learned_prior(&self) -> Option<Mixture> {
        self.prior.mixture(&self.encoder)
    }

    /// log p(z) of codes `[B, Z]`, or one-hot `[B, N * A]`, in nats: `[B]`.
    pub fn log_prior(&self, z: Tensor<2>) -> Tensor<1> {
        self.log_prior_by(self.learned_prior().as_ref(), z)
    }

    /// [`log_prior`](Self::log_prior) with the [`learned_prior`](Self::learned_prior) at hand: a VampPrior encodes its pseudo-inputs for it.
    pub fn log_prior_by(&self, learned: Option<&Mixture>, z: Tensor<2>) -> Tensor<1> {
        match (learned, self.categories) {
            (Some(prior), _) => prior.log_density(z),
            (None, None) => standard_log_density(z),
            (None, Some(categories)) => {
                let [rows, width] = z.dims();
                Tensor::full([rows], -((width / categories) as f64 * (categories as f64).ln()), &z.device())
            }
        }
    }

    /// z ~ p(z): of N(0, I) the N(0, 1) `noise` `[B, Z]` itself; of a categorical code uniform one-hot vectors, from as many numbers; of a
    /// `learned` prior a sample of the component that `component` `[B, 1]`, uniform in 0..1, chooses.
    pub fn sample_prior(&self, learned: Option<&Mixture>, noise: Tensor<2>, component: Option<Tensor<2>>) -> Tensor<2> {
        match (learned, self.categories) {
            (Some(prior), _) => prior.sample(component.expect("a sample of a learned prior takes them"), noise),
            (None, None) => noise,
            (None, Some(categories)) => categorical::one_hot_of(noise, categories),
        }
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

/// Indices `[R, 1]` in `0..classes` as one-hot rows `[R, classes]`.
fn one_hot(indices: Tensor<2, Int>, classes: usize) -> Tensor<2> {
    let range = Tensor::<1, Int>::arange(0..classes as i64, &indices.device());
    let rows = indices.dims()[0];
    indices.expand([rows, classes]).equal(range.unsqueeze::<2>().expand([rows, classes])).float()
}
