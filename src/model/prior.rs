//! The prior p(z): N(0, I), or a learned mixture of Gaussians.

use burn::module::{Module, Param};
use burn::tensor::activation::{log_softmax, sigmoid, softmax};
use burn::tensor::{Device, Tensor, TensorData};
use rand::rngs::ChaCha8Rng;
use rand_distr::{Distribution, StandardNormal};

use super::categorical::one_hot_of;
use super::two_layers::halves;
use super::{Diagonal, Encoder, FittedMixture, ModelConfig, Posterior, PriorKind, TwoLayers, log_sum_exp, one_hot};
use crate::data::PIXELS;
use crate::layers::{Statistics, product, product_with_transposed};

/// The parameters of a learned prior; all `None` for N(0, I).
#[derive(Module, Debug)]
pub struct Prior {
    mean: Option<Param<Tensor<2>>>,          // [K, Z]
    log_var: Option<Param<Tensor<2>>>,       // [K, Z]
    weight_logits: Option<Param<Tensor<1>>>, // [K]
    pseudo_inputs: Option<Param<Tensor<2>>>, // [K, P], as logits
    pseudo_labels: Option<Param<Tensor<2>>>, // [K, Y], as logits, for an encoder conditional on the label
    fitted: Option<FittedMixture>,
}

impl Prior {
    /// A prior with random parameters.
    pub fn new(config: &ModelConfig, random: &mut ChaCha8Rng, device: &Device) -> Self {
        let ModelConfig { latent, components, prior, .. } = *config;
        let normals = |random: &mut ChaCha8Rng, columns: usize, mean: f32, deviation: f32| {
            let normals = StandardNormal.sample_iter(random).take(components * columns);
            let values: Vec<f32> = normals.map(|normal: f32| mean + deviation * normal).collect();
            Param::from_data(TensorData::new(values, [components, columns]), device)
        };
        let mixture = prior == PriorKind::Mixture;
        Self {
            mean: mixture.then(|| normals(random, latent, 0.0, 1.0)),
            log_var: mixture.then(|| Param::from_data(TensorData::zeros::<f32, _>([components, latent]), device)),
            weight_logits: mixture.then(|| Param::from_data(TensorData::zeros::<f32, _>([components]), device)),
            // Nearly blank at first (sigmoid(-3) = 0.05), so that what they learn is easy to see.
            pseudo_inputs: (prior == PriorKind::Vamp).then(|| normals(random, PIXELS, -3.0, 0.1)),
            pseudo_labels: (prior == PriorKind::Vamp && config.labelled)
                .then(|| normals(random, config.classes, 0.0, 1.0)),
            fitted: (prior == PriorKind::Fitted).then(|| FittedMixture::new(config, random, device)),
        }
    }

    /// The learned prior as a mixture; `None` where the prior is N(0, I).
    pub fn mixture(&self, encoder: &Encoder) -> Option<Mixture> {
        if let (Some(mean), Some(log_var), Some(logits)) = (&self.mean, &self.log_var, &self.weight_logits) {
            let log_weights = log_softmax(logits.val(), 0);
            return Some(Mixture { log_weights, mean: mean.val(), log_var: log_var.val() });
        }
        if let Some(fitted) = &self.fitted {
            return Some(fitted.mixture());
        }
        let pseudo_inputs = sigmoid(self.pseudo_inputs.as_ref()?.val());
        let components = pseudo_inputs.dims()[0];
        let log_weights = Tensor::full([components], -(components as f32).ln(), &pseudo_inputs.device());
        let pseudo_labels = self.pseudo_labels.as_ref().map(|logits| softmax(logits.val(), 1));
        let posterior = encoder.forward(pseudo_inputs, pseudo_labels, Statistics::Running);
        let Posterior::Diagonal(Diagonal { mean, log_var }) = posterior else {
            unreachable!("ModelConfig::check allows a VampPrior only with diagonal posteriors");
        };
        Some(Mixture { log_weights, mean, log_var })
    }

    /// Whether it is fitted to the codes instead of trained by gradients.
    pub fn is_fitted(&self) -> bool {
        self.fitted.is_some()
    }

    /// The prior [fitted](FittedMixture::update) to a batch of codes `[B, Z]`, without autodiff; unchanged where it is not fitted.
    pub fn fit(self, codes: Tensor<2>) -> Self {
        Self { fitted: self.fitted.map(|fitted| fitted.update(codes)), ..self }
    }

    /// The pseudo-inputs of a VampPrior, `[K, P]` in 0..=1.
    pub fn pseudo_inputs(&self) -> Option<Tensor<2>> {
        self.pseudo_inputs.as_ref().map(|logits| sigmoid(logits.val()))
    }
}

/// A mixture of `K` axis-aligned Gaussians: with learned parameters (Dilokthanakul et al. 2016), or the posteriors of learned
/// pseudo-inputs (VampPrior, Tomczak & Welling 2018).
#[derive(Debug, Clone)]
pub struct Mixture {
    /// Log of the weights, which sum to one: `[K]`.
    pub log_weights: Tensor<1>,
    /// `[K, Z]`.
    pub mean: Tensor<2>,
    /// log sigma^2, `[K, Z]`.
    pub log_var: Tensor<2>,
}

impl Mixture {
    /// log p(z) of codes `[B, Z]`, in nats: `[B]`.
    pub fn log_density(&self, z: Tensor<2>) -> Tensor<1> {
        log_sum_exp(self.log_joint(z), 1).squeeze_dim(1)
    }

    /// Log of each component's weight and density at codes `[B, Z]`, in nats: `[B, K]`.
    ///
    /// Each Gaussian's square is expanded, so that two products `[B, Z] x [Z, K]` replace a tensor `[B, K, Z]`.
    fn log_joint(&self, z: Tensor<2>) -> Tensor<2> {
        let [_, latent] = z.dims();
        let precision = (-self.log_var.clone()).exp();
        let scaled = self.mean.clone() * precision.clone();
        let constant: Tensor<1> = (self.mean.clone() * scaled.clone() + self.log_var.clone()).sum_dim(1).squeeze_dim(1);
        let squares = product_with_transposed(z.clone().square(), precision) - product_with_transposed(z, scaled) * 2.0;
        let log_normal = (squares + constant.unsqueeze() + latent as f64 * std::f64::consts::TAU.ln()) * -0.5;
        log_normal + self.log_weights.clone().unsqueeze()
    }

    /// Samples `[B, Z]`: `component` `[B, 1]`, uniform in 0..1, selects a component by the cumulative weights, and N(0, 1)
    /// `noise` `[B, Z]` is scaled and shifted by its standard deviation and mean. Gradients flow to means and variances; the
    /// choice has none.
    pub fn sample(&self, component: Tensor<2>, noise: Tensor<2>) -> Tensor<2> {
        let [rows, 1] = component.dims() else { panic!("a sample takes one uniform number") };
        let [components] = self.log_weights.dims();
        let cumulative = self.log_weights.clone().detach().exp().cumsum(0).unsqueeze::<2>();
        let passed = cumulative.expand([rows, components]).lower_equal(component.expand([rows, components]));
        // Rounding may leave the last cumulative weight below the number.
        let index = passed.int().sum_dim(1).clamp_max(components as i64 - 1);
        let chosen = one_hot(index, components); // [B, K]
        let sigma = (self.log_var.clone() * 0.5).exp();
        product(chosen.clone(), self.mean.clone()) + product(chosen, sigma) * noise
    }

    /// log p(c | z) of each component c for codes `[B, Z]`, in nats: `[B, K]`.
    pub fn log_responsibilities(&self, z: Tensor<2>) -> Tensor<2> {
        log_softmax(self.log_joint(z), 1)
    }
}

/// p(z) with its parameters computed once: a VampPrior encodes all its pseudo-inputs for them.
#[derive(Debug, Clone)]
pub struct PriorDensity {
    /// p(z), of two layers p(z2), where it is learned; `None` for N(0, I).
    pub mixture: Option<Mixture>,
    /// The networks of p(z1 | z2), where there are two layers.
    pub layers: Option<TwoLayers>,
    /// `A`, where codes are categorical variables with a uniform prior.
    pub categories: Option<usize>,
}

impl PriorDensity {
    /// Whether it is N(0, I), or for categorical variables uniform.
    pub fn is_standard(&self) -> bool {
        self.mixture.is_none() && self.layers.is_none()
    }

    /// log p(z) of codes `[B, Z]`, of [z2, z1] `[B, 2 Z]`, or one-hot `[B, N * A]`, in nats: `[B]`.
    pub fn log_density(&self, z: Tensor<2>) -> Tensor<1> {
        if let Some(categories) = self.categories {
            let [rows, width] = z.dims();
            return Tensor::full([rows], -((width / categories) as f64 * (categories as f64).ln()), &z.device());
        }
        let of_top = |z| match &self.mixture {
            Some(mixture) => mixture.log_density(z),
            None => standard_log_density(z),
        };
        let Some(layers) = &self.layers else { return of_top(z) };
        let [top, lower] = halves(z);
        layers.lower_prior(top.clone()).log_density(lower) + of_top(top)
    }

    /// z ~ p(z), `[B, Z]`, or [z2, z1] `[B, 2 Z]`, from N(0, 1) noise of the same shape: of N(0, I) the noise itself, of a learned prior a
    /// [sample](Mixture::sample) of the component that `component` `[B, 1]` chooses, of categorical variables one-hot `[B, N * A]`.
    ///
    /// # Panics
    /// When the prior is learned and there is no `component`.
    pub fn sample(&self, noise: Tensor<2>, component: Option<Tensor<2>>) -> Tensor<2> {
        if let Some(categories) = self.categories {
            return one_hot_of(noise, categories);
        }
        let of_top = |noise| match &self.mixture {
            Some(mixture) => mixture.sample(component.expect("a sample of a learned prior takes a component"), noise),
            None => noise,
        };
        let Some(layers) = &self.layers else { return of_top(noise) };
        let [top, lower] = halves(noise);
        layers.sample_prior(of_top(top), lower)
    }
}

/// log N(z; 0, I) of codes `[B, Z]`, in nats: `[B]`.
pub fn standard_log_density(z: Tensor<2>) -> Tensor<1> {
    ((z.square() + std::f64::consts::TAU.ln()) * -0.5).sum_dim(1).squeeze_dim(1)
}
