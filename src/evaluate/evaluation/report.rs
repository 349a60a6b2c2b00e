//! The results of an evaluation and the running sums behind them.

use serde::Serialize;

use super::Extent;
use crate::evaluate::estimate::{Estimate, RunningMean};
use crate::evaluate::{
    ACTIVE, Activity, Disentanglement, FactorInformation, FeatureMoments, KlDecomposition, LoadedModel, LossTerms,
    Posteriors, RunningScore, SampleQuality, SampleStatistics,
};

/// Results of an evaluation, in nats per image where not said otherwise.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Report {
    /// Number of test images scored.
    pub images: usize,
    /// Importance samples per image.
    pub importance_samples: usize,
    /// Number of prior samples.
    pub prior_samples: usize,
    /// At one posterior sample per image: `total` estimates -ELBO.
    pub sampled: LossTerms,
    /// At the posterior mean: no bound on -log p(x).
    pub at_mean: LossTerms,
    /// -log p(x) by importance sampling; its standard error is over images, without the bias of few samples. `None` if
    /// the posterior has no density.
    pub nll: Option<Estimate>,
    /// Number of components whose activity exceeds [`ACTIVE`].
    pub active_units: usize,
    /// Variance of the posterior mean over images, `[Z]` (Burda et al. 2016); for a codebook the variance of the vector at each
    /// position, `[N]`.
    pub activity: Vec<f64>,
    /// I(x; z) for x uniform over the scored images: at most the log of their number (Hoffman & Johnson 2016). `None`
    /// where the posterior is no Gaussian.
    pub mutual_information: Option<f64>,
    /// KL(q(z) || p(z)), where q(z) is the mean of the posteriors of the scored images. `None` where they are no Gaussians.
    pub aggregate_kl: Option<f64>,
    /// KL(q(z) || q(z_1) .. q(z_Z)) over the scored images: 0 for independent components. `None` where the posterior is no
    /// Gaussian.
    pub total_correlation: Option<f64>,
    /// Which factor of the data each component depends on, where the factors are known. `None` where the posterior is no Gaussian.
    pub factors: Option<FactorInformation>,
    /// Quality of prior samples, `None` without a judge; a conditional model decodes as many of them with each label.
    pub quality: Option<SampleQuality>,
    /// Quality of as many real test images, disjoint from the reference images of the Fréchet distance.
    pub real: Option<SampleQuality>,
}

/// Running sums over the images and samples evaluated so far.
#[derive(Debug, Default)]
pub(super) struct Totals {
    pub sampled: RunningScore,
    pub at_mean: RunningScore,
    pub activity: Activity,
    pub posteriors: Posteriors,
    pub kl: KlDecomposition,
    pub disentanglement: Disentanglement,
    pub nll: RunningMean,
    /// Features of the reference images of the Fréchet distance.
    pub reference: FeatureMoments,
    pub real: SampleStatistics,
    pub prior_samples: SampleStatistics,
}

impl Totals {
    pub fn report(&self, model: &LoadedModel, has_judge: bool, extent: Extent) -> Report {
        let Extent { images, importance_samples, prior_samples, .. } = extent;
        let activity = match model.config.has_codebook() {
            true => sums_of(&self.activity.variances(), model.config.latent),
            false => self.activity.variances(),
        };
        let (has_density, is_gaussian) = (model.has_density(), model.is_gaussian());
        Report {
            images,
            importance_samples,
            prior_samples,
            sampled: self.sampled.losses(),
            at_mean: self.at_mean.losses(),
            nll: has_density.then(|| self.nll.estimate()),
            active_units: activity.iter().filter(|&&variance| variance > ACTIVE).count(),
            activity,
            mutual_information: is_gaussian.then(|| self.kl.mutual_information()),
            aggregate_kl: is_gaussian.then(|| self.kl.aggregate_kl()),
            total_correlation: is_gaussian.then(|| self.disentanglement.total_correlation()),
            factors: if is_gaussian { self.disentanglement.factor_information() } else { None },
            quality: has_judge.then(|| self.prior_samples.quality(&self.reference)),
            real: has_judge.then(|| self.real.quality(&self.reference)),
        }
    }
}

/// Sums of consecutive groups of `length` numbers.
fn sums_of(numbers: &[f64], length: usize) -> Vec<f64> {
    numbers.chunks_exact(length).map(|group| group.iter().sum()).collect()
}
