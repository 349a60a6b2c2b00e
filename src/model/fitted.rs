//! The prior of a second stage: a mixture of Gaussians fitted to codes that are trained without it (Dai & Wipf 2019, with a mixture as their
//! second model, as Ghosh et al. 2020, section 4, fit one).

use burn::module::{Module, Param};
use burn::tensor::{Device, Tensor, TensorData};
use rand::rngs::ChaCha8Rng;
use rand_distr::{Distribution, StandardNormal};

use super::{Mixture, ModelConfig, rows_at_even_steps};
use crate::layers::product;

/// Weight of the newest batch in the moving averages that stepwise EM keeps (eta of Cappé & Moulines 2009, eq. 11).
const NEWEST: f64 = 0.01;
/// A component is unused when its weight falls below this share of `1 / K`.
const UNUSED: f64 = 0.05;
/// Least variance of a component, relative to that of the batch's codes.
const LEAST_VARIANCE: f64 = 1e-4;

/// `K` axis-aligned Gaussians, fitted by expectation-maximisation: no gradient reaches them, and none comes from them.
#[derive(Module, Debug)]
pub struct FittedMixture {
    mean: Param<Tensor<2>>,     // [K, Z]
    variance: Param<Tensor<2>>, // [K, Z]
    weight: Param<Tensor<1>>,   // [K]
}

impl FittedMixture {
    /// A mixture with random means, variances of one and equal weights.
    pub fn new(config: &ModelConfig, random: &mut ChaCha8Rng, device: &Device) -> Self {
        let ModelConfig { latent, components, .. } = *config;
        let normals: Vec<f32> = StandardNormal.sample_iter(random).take(components * latent).collect();
        let fixed = |tensor: Tensor<2>| Param::from_tensor(tensor).set_require_grad(false);
        Self {
            mean: fixed(Tensor::from_data(TensorData::new(normals, [components, latent]), device)),
            variance: fixed(Tensor::ones([components, latent], device)),
            weight: Param::from_tensor(Tensor::full([components], 1.0 / components as f32, device))
                .set_require_grad(false),
        }
    }

    /// As a prior.
    pub fn mixture(&self) -> Mixture {
        Mixture { log_weights: self.weight.val().log(), mean: self.mean.val(), log_var: self.variance.val().log() }
    }

    /// The mixture after a step of stepwise EM on a batch of codes `[B, Z]`: the E-step gives each code's share of each component, and the
    /// moving averages of the sufficient statistics take them in. Unused components are reset to codes of the batch.
    pub fn update(self, codes: Tensor<2>) -> Self {
        let [rows, latent] = codes.dims();
        let [mean, variance] = [&self.mean, &self.variance].map(|parameter| parameter.val().inner());
        let weight: Tensor<2> = self.weight.val().inner().unsqueeze_dim(1); // [K, 1]
        let [components, _] = mean.dims();
        let old = Mixture {
            log_weights: self.weight.val().inner().log(),
            mean: mean.clone(),
            log_var: variance.clone().log(),
        };
        let shares = old.log_responsibilities(codes.clone()).exp().transpose(); // [K, B]

        let average = |old: Tensor<2>, new: Tensor<2>| old * (1.0 - NEWEST) + new * (NEWEST / rows as f64);
        let second_moment = weight.clone() * (variance + mean.clone().square());
        let squares = average(second_moment, product(shares.clone(), codes.clone().square()));
        let sums = average(weight.clone() * mean, product(shares.clone(), codes.clone()));
        let weight = average(weight, shares.sum_dim(1));

        let spread = codes.clone().var(0).clamp_min(1e-6); // [1, Z]
        let mean = sums / weight.clone();
        let variance = squares / weight.clone() - mean.clone().square();
        let variance = variance.max_pair((spread.clone() * LEAST_VARIANCE).expand([components, latent]));
        let unused = weight.clone().lower_elem(UNUSED / components as f64); // [K, 1]
        let replacements = rows_at_even_steps(codes, components);
        let reset = unused.clone().expand([components, latent]);
        let weight = weight.mask_fill(unused, 0.5 / components as f64);
        let weight = weight.clone() / weight.sum_dim(0);
        let fixed = |tensor: Tensor<2>| Tensor::from_inner(tensor);
        Self {
            mean: self.mean.map(|_| fixed(mean.mask_where(reset.clone(), replacements))),
            variance: self.variance.map(|_| fixed(variance.mask_where(reset, spread.expand([components, latent])))),
            weight: self.weight.map(|_| Tensor::from_inner(weight.squeeze_dim::<1>(1))),
        }
    }
}
