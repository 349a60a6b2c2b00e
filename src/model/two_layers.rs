//! Two latent layers, z2 -> z1 -> x (Tomczak & Welling 2018, section 4): the networks between them, and the posterior over both.

use burn::module::Module;
use burn::tensor::{Device, Tensor};
use rand::rngs::ChaCha8Rng;

use super::{BodyKind, Diagonal, ModelConfig, repeat_rows};
use crate::layers::Dense;

/// Units of the hidden layer that sees z2, unless the model is linear. Few: the file stays small, and the encoder's features are shared.
pub(super) const UNITS: usize = 100;

/// The networks of the lower layer: q(z1 | x, z2) (eq. 17) and p(z1 | z2) (eq. 16).
#[derive(Module, Debug)]
pub struct TwoLayers {
    posterior: Conditional,
    prior: Conditional,
}

/// An axis-aligned Gaussian over z1 that depends on z2, and on the encoder's features where it has them.
#[derive(Module, Debug)]
struct Conditional {
    hidden: Option<Dense>,
    mean: Dense,
    log_var: Dense,
}

impl TwoLayers {
    /// Networks with random weights, for an encoder with so many `features`.
    pub fn new(config: &ModelConfig, features: usize, random: &mut ChaCha8Rng, device: &Device) -> Self {
        let mut network = |features| Conditional::new(config, features, random, device);
        Self { posterior: network(features), prior: network(0) }
    }

    /// p(z1 | z2) for z2 `[B, Z]`.
    pub fn lower_prior(&self, top: Tensor<2>) -> Diagonal {
        self.prior.forward(top, None)
    }

    /// A code [z2, z1] `[B, 2 Z]` of a sample of p(z1 | z2) for each z2 `[B, Z]`; N(0, 1) noise `[B, Z]`.
    pub fn sample_prior(&self, top: Tensor<2>, noise: Tensor<2>) -> Tensor<2> {
        Tensor::cat(vec![top.clone(), self.lower_prior(top).sample(noise)], 1)
    }
}

impl Conditional {
    fn new(config: &ModelConfig, features: usize, random: &mut ChaCha8Rng, device: &Device) -> Self {
        let ModelConfig { latent, body, .. } = *config;
        let hidden = (body != BodyKind::Linear).then(|| Dense::new(latent, UNITS, random, device));
        let inputs = features + if hidden.is_some() { UNITS } else { latent };
        let mut head = || Dense::new(inputs, latent, random, device);
        Self { hidden, mean: head(), log_var: head() }
    }

    fn forward(&self, top: Tensor<2>, features: Option<Tensor<2>>) -> Diagonal {
        let seen = match &self.hidden {
            Some(hidden) => hidden.forward_relu(top),
            None => top.into(),
        };
        let seen = match features {
            Some(features) => Tensor::cat(vec![features, seen.into_tensor()], 1).into(),
            None => seen,
        };
        Diagonal { mean: self.mean.forward(seen.clone()), log_var: self.log_var.forward(seen) }
    }
}

/// q(z2 | x) q(z1 | x, z2) of each image: a code is [z2, z1], `[B, 2 Z]`. It is no Gaussian, since z1's depends on z2.
#[derive(Debug, Clone)]
pub struct Layers {
    /// q(z2 | x), over `[B, Z]`.
    pub top: Diagonal,
    features: Tensor<2>, // [B, F]
    networks: TwoLayers,
}

impl Layers {
    /// Of the encoder's q(z2 | x) and its features `[B, F]`.
    pub fn new(top: Diagonal, features: Tensor<2>, networks: TwoLayers) -> Self {
        Self { top, features, networks }
    }

    /// q(z1 | x, z2) for z2 `[B, Z]`.
    pub fn lower(&self, top: Tensor<2>) -> Diagonal {
        self.networks.posterior.forward(top, Some(self.features.clone()))
    }

    /// A reparameterised sample [z2, z1] `[B, 2 Z]` and its log density, the sum of both layers', in nats: `[B]`. Noise `[B, 2 Z]`.
    pub fn sample_and_log_density(&self, noise: Tensor<2>) -> (Tensor<2>, Tensor<1>) {
        let [noise_of_top, noise_of_lower] = halves(noise);
        let top = self.top.sample(noise_of_top.clone());
        let lower = self.lower(top.clone());
        let log_density = self.top.log_density_of(noise_of_top) + lower.log_density_of(noise_of_lower.clone());
        (Tensor::cat(vec![top, lower.sample(noise_of_lower)], 1), log_density)
    }

    /// The mean of z2, and the mean of z1 given it: `[B, 2 Z]`.
    pub fn mean(&self) -> Tensor<2> {
        let top = self.top.mean.clone();
        Tensor::cat(vec![top.clone(), self.lower(top).mean], 1)
    }

    /// Standard deviations of z2, and of z1 given the mean of z2: `[B, 2 Z]`.
    pub fn sigma(&self) -> Tensor<2> {
        Tensor::cat(vec![self.top.sigma(), self.lower(self.top.mean.clone()).sigma()], 1)
    }

    /// KL by component in nats at the mean of z2, `[B, 2 Z]`: of q(z2 | x) to N(0, I), and of q(z1 | x, z2) to p(z1 | z2).
    pub fn kl_at_mean(&self) -> Tensor<2> {
        let top = self.top.mean.clone();
        let lower = self.lower(top.clone()).kl_to(&self.networks.lower_prior(top));
        Tensor::cat(vec![self.top.kl_to_standard(), lower], 1)
    }

    /// Each image's posterior repeated, `[B * times, ..]`.
    pub fn repeat(self, times: usize) -> Self {
        let again = |tensor| repeat_rows(tensor, times);
        let Diagonal { mean, log_var } = self.top;
        let top = Diagonal { mean: again(mean), log_var: again(log_var) };
        Self { top, features: again(self.features), networks: self.networks }
    }
}

/// [z2, z1] `[B, 2 Z]`, or the noise of both, as two tensors `[B, Z]`.
pub(super) fn halves(both: Tensor<2>) -> [Tensor<2>; 2] {
    let [_, width] = both.dims();
    [0, 1].map(|layer| both.clone().narrow(1, layer * width / 2, width / 2))
}
