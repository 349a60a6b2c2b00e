//! What training minimises in place of the KL of each image: schedules of the KL, its three parts, or another divergence.

use burn::tensor::Tensor;

use super::mmd::mmd;
use super::parts::Parts;
use crate::model::{Posterior, Vae, standard_log_density};

/// The second term of the loss that training minimises.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub enum Penalty {
    /// KL(q(z | x) || p(z)) itself.
    #[default]
    Kl,
    /// The sum over components of `max(nats, mean KL of the component over the batch)` (Kingma et al. 2016, eq. 15).
    FreeBits {
        /// Nats of each component that cost nothing.
        nats: f64,
    },
    /// `|mean KL over the batch - nats|` (Burgess et al. 2018, eq. 8).
    Capacity {
        /// Nats per image that the KL is kept at.
        nats: f64,
    },
    /// The mean KL in three parts, each with its weight (beta-TCVAE, Chen et al. 2018, eq. 4).
    Parts {
        /// Weights of mutual information, total correlation, and the KL of single components.
        weights: [f64; 3],
        /// Training images, from which a minibatch estimates q(z).
        images: usize,
    },
    /// The maximum mean discrepancy between the batch's codes and samples of the prior (WAE-MMD, Tolstikhin et al. 2018).
    Mmd,
}

/// What a penalty is computed from.
pub(super) struct Codes<'a> {
    pub posterior: &'a Posterior,
    /// A sample of each image's posterior, `[B, Z]`.
    pub z: Tensor<2>,
    /// N(0, 1) noise of these samples, `[B, Z]`.
    pub noise: Tensor<2>,
    /// Samples of the prior, `[B, Z]`.
    pub prior: Option<Tensor<2>>,
}

impl Penalty {
    /// The penalty of each image in nats, `[B]`; where it is one number for the batch, the same in every row. `None` for the KL itself,
    /// unless the model's prior is fitted to codes that must not feel it: then their KL is that to N(0, I).
    pub(super) fn of(self, model: &Vae, codes: Codes) -> Option<Tensor<1>> {
        let Codes { posterior, z, noise, prior } = codes;
        let rows = z.dims()[0];
        let for_all = |value: Tensor<1>| value.expand([rows]);
        let kl = || posterior.kl_to_standard();
        match self {
            Self::Kl => model.has_fitted_prior().then(|| match posterior.has_closed_form() {
                true => kl().sum_dim(1).squeeze_dim(1),
                false => posterior.log_density(noise) - standard_log_density(z),
            }),
            Self::FreeBits { nats } => {
                let means: Tensor<1> = kl().mean_dim(0).squeeze_dim(0);
                Some(for_all(means.clamp_min(nats).sum()))
            }
            Self::Capacity { nats } => Some(for_all((kl().sum_dim(1).mean() - nats).abs())),
            Self::Parts { weights, images } => {
                let Parts { mutual_information, total_correlation, dimension_kl } =
                    Parts::of(posterior, z, noise, images);
                let [mi, tc, dimension] = weights;
                Some(mutual_information * mi + total_correlation * tc + dimension_kl * dimension)
            }
            Self::Mmd => Some(for_all(mmd(z, prior.expect("the batch of such a run has prior samples")))),
        }
    }
}
