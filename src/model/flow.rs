//! The axis-aligned Gaussian posterior, transformed by inverse autoregressive flow (IAF, Kingma et al. 2016).
//!
//! ```text
//! z_0 = mean + sigma noise,    z_t = s_t z_(t-1) + (1 - s_t) m_t,    s_t = sigmoid(..)        (eq. 8 and 12 to 14)
//! log q(z_T | x) = -sum_k [noise_k^2 / 2 + log(2 pi) / 2 + log sigma_k + sum_t log s_t,k]     (eq. 11)
//! ```
//!
//! m_t and s_t of a component depend on the components before it and on the image, so that the Jacobian of a step is triangular with s_t on
//! its diagonal. From step to step the order of the components is reversed.

use burn::module::Module;
use burn::tensor::activation::{log_sigmoid, sigmoid};
use burn::tensor::{Device, Tensor};
use rand::rngs::ChaCha8Rng;

use super::posterior::Diagonal;
use super::{ModelConfig, repeat_rows};
use crate::layers::{Dense, LayerInput, MaskedDense, gram_matrices, product_with_transposed};

/// `G`: width of what the steps know of the image, the context h.
pub const CONTEXT: usize = 64;
/// `U`: hidden units of the network of a step.
pub const UNITS: usize = 128;
/// Added to the logits of s, so that a new step changes little (section 4: they start at about +1 or +2).
const OPEN: f64 = 2.0;

/// The networks of a flow: what they need to know of the image, and one autoregressive network for each step.
#[derive(Module, Debug)]
pub struct FlowNetworks {
    context: Dense,
    steps: Vec<FlowStep>,
}

impl FlowNetworks {
    /// Networks with random weights, for an encoder with so many `features`.
    pub fn new(config: &ModelConfig, features: usize, random: &mut ChaCha8Rng, device: &Device) -> Self {
        Self {
            context: Dense::new(features, CONTEXT, random, device),
            steps: (0..config.flow_steps).map(|step| FlowStep::new(config.latent, step, random, device)).collect(),
        }
    }

    /// The flow of images with these `features` `[B, F]` from their Gaussians.
    pub fn forward(&self, base: Diagonal, features: LayerInput) -> Flow {
        Flow { base, context: self.context.forward_relu(features).into_tensor(), steps: self.steps.clone() }
    }
}

/// A masked network with one hidden layer (MADE, Germain et al. 2015) that gives m and the logits of s.
#[derive(Module, Debug)]
pub struct FlowStep {
    hidden: MaskedDense, // [U, Z + G]
    output: MaskedDense, // [2 Z, U]
}

impl FlowStep {
    /// The step of this number from 0; the components have the reverse order in every other one.
    fn new(latent: usize, step: usize, random: &mut ChaCha8Rng, device: &Device) -> Self {
        // The place of a component in the order, and how many components from the first a hidden unit sees; the context is seen by all.
        let place = |component: usize| if step.is_multiple_of(2) { component } else { latent - 1 - component };
        let seen = |unit: usize| unit % latent;
        let from_input = |unit, input| input >= latent || place(input) < seen(unit);
        let to_output = |output: usize, unit| seen(unit) <= place(output % latent);
        Self {
            hidden: MaskedDense::new(latent + CONTEXT, UNITS, from_input, random, device),
            output: MaskedDense::new(UNITS, 2 * latent, to_output, random, device),
        }
    }

    /// m and the logits of s, `[B, Z]` each, of codes `z` `[B, Z]`, and the hidden layer `[B, U]`.
    fn network(&self, z: &Tensor<2>, context: &Tensor<2>) -> (Tensor<2>, Tensor<2>, LayerInput) {
        let [rows, latent] = z.dims();
        let hidden = self.hidden.forward_relu(Tensor::cat(vec![z.clone(), context.clone()], 1));
        let output = self.output.forward(hidden.clone());
        let (m, logit) = (output.clone().narrow(1, 0, latent), output.narrow(1, latent, latent));
        debug_assert_eq!(m.dims(), [rows, latent]);
        (m, logit + OPEN, hidden)
    }

    /// The next codes `[B, Z]`, and log s `[B, Z]`.
    fn forward(&self, z: Tensor<2>, context: &Tensor<2>) -> (Tensor<2>, Tensor<2>) {
        let (m, logit, _) = self.network(&z, context);
        let s = sigmoid(logit.clone());
        (m.clone() + s * (z - m), log_sigmoid(logit))
    }

    /// The next codes `[B, Z]`, and the derivatives of their components by `D` variables, `[B, D, Z]`, from those of `z`.
    fn differentiated(&self, z: Tensor<2>, dz: Tensor<3>, context: &Tensor<2>) -> (Tensor<2>, Tensor<3>) {
        let [rows, variables, latent] = dz.dims();
        let (m, logit, hidden) = self.network(&z, context);
        let through = |x: Tensor<3>, weight: Tensor<2>| -> Tensor<3> {
            let [outputs, inputs] = weight.dims();
            product_with_transposed(x.reshape([rows * variables, inputs]), weight).reshape([rows, variables, outputs])
        };
        let rise: Tensor<3> = hidden.is_positive().float().unsqueeze_dim(1); // of the ReLU
        let d_hidden = through(dz.clone(), self.hidden.weight().narrow(1, 0, latent)) * rise;
        let d_output = through(d_hidden, self.output.weight());
        let (dm, d_logit) = (d_output.clone().narrow(2, 0, latent), d_output.narrow(2, latent, latent));
        let s = sigmoid(logit);
        let each = |values: Tensor<2>| -> Tensor<3> { values.unsqueeze_dim(1) };
        let kept = each(s.clone());
        let ds = d_logit * each(s.clone() * (-s.clone() + 1.0));
        let derivative = kept.clone() * dz + (-kept + 1.0) * dm + each(z.clone() - m.clone()) * ds;
        (m.clone() + s * (z - m), derivative)
    }
}

/// The distribution of the codes of a batch.
#[derive(Debug, Clone)]
pub struct Flow {
    /// The Gaussian of z_0.
    pub base: Diagonal,
    /// What the steps know of each image, `[B, G]`.
    pub context: Tensor<2>,
    /// The networks of the steps.
    pub steps: Vec<FlowStep>,
}

impl Flow {
    /// A sample `[B, Z]` from N(0, 1) noise `[B, Z]`, and its log density in nats, `[B]`.
    pub fn sample_and_log_density(&self, noise: Tensor<2>) -> (Tensor<2>, Tensor<1>) {
        let each = (noise.clone().square() + std::f64::consts::TAU.ln()) * -0.5 - self.base.log_var.clone() * 0.5;
        let start = (self.base.sample(noise), each);
        let (z, each) = self.steps.iter().fold(start, |(z, each), step| {
            let (z, log_s) = step.forward(z, &self.context);
            (z, each - log_s)
        });
        (z, each.sum_dim(1).squeeze_dim(1))
    }

    /// The code that noise zero gives, `[B, Z]`: where the flow takes the mean of the Gaussian. The mean of the codes is not known in closed
    /// form.
    pub fn centre(&self) -> Tensor<2> {
        let z = self.base.mean.clone();
        self.steps.iter().fold(z, |z, step| step.forward(z, &self.context).0)
    }

    /// Derivatives of the [sample](Self::sample_and_log_density) by its noise, `[B, Z, Z]`: row by noise, column by component.
    pub fn jacobian(&self, noise: Tensor<2>) -> Tensor<3> {
        let [_, latent] = noise.dims();
        let identity: Tensor<2> = Tensor::eye(latent, &noise.device());
        let dz = self.base.sigma().unsqueeze_dim::<3>(2) * identity.unsqueeze();
        let start = (self.base.sample(noise), dz);
        self.steps.iter().fold(start, |(z, dz), step| step.differentiated(z, dz, &self.context)).1
    }

    /// Covariance of the codes to first order around the [centre](Self::centre), `[B, Z, Z]` (the delta method): that of the flow's tangent.
    pub fn covariance(&self) -> Tensor<3> {
        let jacobian = self.jacobian(self.base.mean.zeros_like());
        gram_matrices(jacobian.swap_dims(1, 2))
    }

    /// The diagonal of the [covariance](Self::covariance), `[B, Z]`.
    pub fn variance(&self) -> Tensor<2> {
        self.jacobian(self.base.mean.zeros_like()).square().sum_dim(1).squeeze_dim(1)
    }

    /// `(variance + centre^2 - 1 - log variance) / 2` by component, `[B, Z]`: the KL to N(0, 1) of a Gaussian with each component's centre and
    /// variance, to see which are used. The KL of the flow itself is estimated at samples.
    pub fn kl_to_standard(&self) -> Tensor<2> {
        let variance = self.variance();
        (variance.clone() + self.centre().square() - 1.0 - variance.log()) * 0.5
    }

    /// Each image repeated for `samples` importance samples: `[B * k, ..]`.
    pub fn repeat(self, samples: usize) -> Self {
        let again = |tensor| repeat_rows(tensor, samples);
        let base = Diagonal { mean: again(self.base.mean), log_var: again(self.base.log_var) };
        Self { base, context: again(self.context), steps: self.steps }
    }
}
