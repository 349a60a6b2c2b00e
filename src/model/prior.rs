//! The prior p(z): what codes are like before an image is seen.

use burn::module::{Module, Param};
use burn::tensor::activation::{log_softmax, sigmoid, softmax};
use burn::tensor::{Device, Tensor, TensorData};
use rand::rngs::ChaCha8Rng;
use rand_distr::{Distribution, StandardNormal};

use super::{Diagonal, Encoder, ModelConfig, Posterior, PriorKind};
use crate::data::{DIGITS, PIXELS};
use crate::layers::Statistics;

/// What a learned prior has to learn; nothing for N(0, I).
#[derive(Module, Debug)]
pub struct Prior {
    mean: Option<Param<Tensor<2>>>,          // [K, Z]
    log_var: Option<Param<Tensor<2>>>,       // [K, Z]
    weight_logits: Option<Param<Tensor<1>>>, // [K]
    pseudo_inputs: Option<Param<Tensor<2>>>, // [K, P], as logits
    pseudo_labels: Option<Param<Tensor<2>>>, // [K, 10], as logits, for an encoder that is told the digit
}

impl Prior {
    pub fn new(config: &ModelConfig, random: &mut ChaCha8Rng, device: &Device) -> Self {
        let ModelConfig { latent, components, prior, .. } = *config;
        let normals = |random: &mut ChaCha8Rng, columns: usize, mean: f32, deviation: f32| {
            let draws = StandardNormal.sample_iter(random).take(components * columns);
            let values: Vec<f32> = draws.map(|draw: f32| mean + deviation * draw).collect();
            Param::from_data(TensorData::new(values, [components, columns]), device)
        };
        let mixture = prior == PriorKind::Mixture;
        Self {
            mean: mixture.then(|| normals(random, latent, 0.0, 1.0)),
            log_var: mixture.then(|| Param::from_data(TensorData::zeros::<f32, _>([components, latent]), device)),
            weight_logits: mixture.then(|| Param::from_data(TensorData::zeros::<f32, _>([components]), device)),
            // Paper with a breath of grey, so that what they learn can be seen.
            pseudo_inputs: (prior == PriorKind::Vamp).then(|| normals(random, PIXELS, -3.0, 0.1)),
            pseudo_labels: (prior == PriorKind::Vamp && config.labelled).then(|| normals(random, DIGITS, 0.0, 1.0)),
        }
    }

    /// The learned prior as a mixture; none where the prior is N(0, I).
    pub fn mixture(&self, encoder: &Encoder) -> Option<Mixture> {
        if let (Some(mean), Some(log_var), Some(logits)) = (&self.mean, &self.log_var, &self.weight_logits) {
            let log_weights = log_softmax(logits.val(), 0);
            return Some(Mixture { log_weights, mean: mean.val(), log_var: log_var.val() });
        }
        let pseudo_inputs = sigmoid(self.pseudo_inputs.as_ref()?.val());
        let components = pseudo_inputs.dims()[0];
        let log_weights = Tensor::full([components], -(components as f32).ln(), &pseudo_inputs.device());
        let pseudo_labels = self.pseudo_labels.as_ref().map(|logits| softmax(logits.val(), 1));
        let posterior = encoder.forward(pseudo_inputs, pseudo_labels, Statistics::Running);
        let Posterior::Diagonal(Diagonal { mean, log_var }) = posterior else {
            unreachable!("the configuration was checked");
        };
        Some(Mixture { log_weights, mean, log_var })
    }

    /// The pseudo-inputs as pictures, `[K, P]`, where there are any.
    pub fn pseudo_inputs(&self) -> Option<Tensor<2>> {
        self.pseudo_inputs.as_ref().map(|logits| sigmoid(logits.val()))
    }
}

/// `K` axis-aligned Gaussians: learned as they are (Dilokthanakul et al. 2016), or the posteriors of learned pseudo-inputs
/// (VampPrior, Tomczak & Welling 2018).
#[derive(Debug, Clone)]
pub struct Mixture {
    pub log_weights: Tensor<1>, // [K]
    pub mean: Tensor<2>,        // [K, Z]
    pub log_var: Tensor<2>,     // [K, Z]
}

impl Mixture {
    /// log p(z) of codes `[B, Z]`, in nats: `[B]`.
    ///
    /// The square in each Gaussian is multiplied out, so that it takes two products `[B, Z] x [Z, K]` and no `[B, K, Z]`.
    pub fn log_density(&self, z: Tensor<2>) -> Tensor<1> {
        let latent = z.dims()[1] as f64;
        let precision = (-self.log_var.clone()).exp();
        let scaled = self.mean.clone() * precision.clone();
        let constant: Tensor<1> = (self.mean.clone() * scaled.clone() + self.log_var.clone()).sum_dim(1).squeeze_dim(1);
        let squares = z.clone().square().matmul(precision.transpose()) - z.matmul(scaled.transpose()) * 2.0;
        let log_normal = (squares + constant.unsqueeze() + latent * std::f64::consts::TAU.ln()) * -0.5;
        let terms = log_normal + self.log_weights.clone().unsqueeze(); // [B, K]
        let largest = terms.clone().detach().max_dim(1);
        let sum = (terms - largest.clone()).exp().sum_dim(1).log() + largest;
        sum.squeeze_dim(1)
    }
}

/// log N(z; 0, I) of codes `[B, Z]`, in nats: `[B]`.
pub fn standard_log_density(z: Tensor<2>) -> Tensor<1> {
    ((z.square() + std::f64::consts::TAU.ln()) * -0.5).sum_dim(1).squeeze_dim(1)
}
