//! The results of an evaluation and the running sums behind them.

use serde::Serialize;

use super::Extent;
use crate::evaluate::{
    ACTIVE, Activity, FeatureMoments, KlDecomposition, LoadedModel, Posteriors, SampleQuality, SampleStatistics, Score,
};
use crate::model::PosteriorKind;

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
    /// Mean of log p(x) by importance sampling. `None` if the posterior has no density.
    pub log_likelihood: Option<f64>,
    /// Number of components whose activity exceeds [`ACTIVE`].
    pub active_units: usize,
    /// Variance of the posterior mean over images, `[Z]` (Burda et al. 2016); for a codebook the variance of the vector at each
    /// position, `[N]`.
    pub activity: Vec<f64>,
    /// I(x; z) for x uniform over the scored images: at most the log of their number (Hoffman & Johnson 2016). `None`
    /// without density.
    pub mutual_information: Option<f64>,
    /// KL(q(z) || p(z)), where q(z) is the mean of the posteriors of the scored images. `None` without density.
    pub aggregate_kl: Option<f64>,
    /// Quality of prior samples; a conditional model decodes a tenth of them with each label.
    pub quality: SampleQuality,
    /// Quality of as many real test images, disjoint from the reference images of the Fréchet distance.
    pub real: SampleQuality,
}

/// Mean terms of the loss, in nats per image.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
pub struct LossTerms {
    /// -log p(x | z).
    pub reconstruction: f64,
    /// KL(q(z | x) || p(z)), unweighted.
    pub kl: f64,
    /// `reconstruction + kl`.
    pub total: f64,
}

impl LossTerms {
    /// Adds the sums over the images of `score`.
    pub(super) fn add(&mut self, score: &Score) {
        let images = score.images as f64;
        self.reconstruction += score.reconstruction * images;
        self.kl += score.kl * images;
        self.total += score.total * images;
    }

    fn mean(&self, images: usize) -> Self {
        let [reconstruction, kl, total] = [self.reconstruction, self.kl, self.total].map(|sum| sum / images as f64);
        Self { reconstruction, kl, total }
    }
}

/// Running sums over the images and samples evaluated so far.
#[derive(Debug, Default)]
pub(super) struct Totals {
    pub sampled: LossTerms,
    pub at_mean: LossTerms,
    pub activity: Activity,
    pub posteriors: Posteriors,
    pub kl: KlDecomposition,
    pub log_likelihood: f64,
    /// Features of the reference images of the Fréchet distance.
    pub reference: FeatureMoments,
    pub real: SampleStatistics,
    pub prior_samples: SampleStatistics,
}

impl Totals {
    pub fn report(&self, model: &LoadedModel, extent: Extent) -> Report {
        let Extent { images, importance_samples, prior_samples, .. } = extent;
        let activity = match model.config.posterior {
            PosteriorKind::Codebook => sums_of(&self.activity.variances(), model.config.latent),
            _ => self.activity.variances(),
        };
        let with_density = |value: f64| model.has_density().then_some(value);
        Report {
            images,
            importance_samples,
            prior_samples,
            sampled: self.sampled.mean(images),
            at_mean: self.at_mean.mean(images),
            log_likelihood: with_density(self.log_likelihood / images as f64),
            active_units: activity.iter().filter(|&&variance| variance > ACTIVE).count(),
            activity,
            mutual_information: with_density(self.kl.mutual_information()),
            aggregate_kl: with_density(self.kl.aggregate_kl()),
            quality: self.prior_samples.quality(&self.reference),
            real: self.real.quality(&self.reference),
        }
    }
}

/// Sums of consecutive groups of `length` numbers.
fn sums_of(numbers: &[f64], length: usize) -> Vec<f64> {
    numbers.chunks_exact(length).map(|group| group.iter().sum()).collect()
}
