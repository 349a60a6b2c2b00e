//! The results of an evaluation and the running sums behind them.

use serde::Serialize;

use super::pictures::{Features, Manifolds};
use super::{Evaluation, Extent};
use crate::data::PIXELS;
use crate::evaluate::estimate::{Estimate, RunningMean};
use crate::evaluate::{
    ACTIVE, Activity, ClusterAccuracy, Clusters, Collapse, CollapseSums, CoverageCounts, Disentanglement,
    FactorInformation, FrechetJackknife, GroupedMoments, KlDecomposition, KlParts, LossTerms, Posteriors,
    PriorDiscrepancy, RunningScore, SampleQuality, SampleStatistics,
};
use crate::model::{LikelihoodKind, PosteriorKind};

/// Results of an evaluation, in nats per image where not said otherwise.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Report {
    /// Number of test images scored.
    pub images: usize,
    /// Whether the scored images were binarised once.
    pub binarised: bool,
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
    /// `nll` in bits per pixel: of binary pixels under a Bernoulli likelihood, or as a density of grey values in 0..=1 under a Gaussian one, which
    /// can be negative and is no code length. `None` for grey pixels under a Bernoulli likelihood, which gives them no density.
    pub bits_per_dimension: Option<Estimate>,
    /// Number of components whose activity exceeds [`ACTIVE`].
    pub active_units: usize,
    /// Variance of the posterior mean over images, `[Z]` (Burda et al. 2016); for a codebook the variance of the vector at each
    /// position, and for categorical variables that of the vector of probabilities, `[N]`.
    pub activity: Vec<f64>,
    /// Components whose posterior is the prior. `None` unless the posterior is a Gaussian and the prior N(0, I).
    pub collapsed: Option<Collapse>,
    /// The parts of the mean KL over the scored images. `None` unless the posterior is a Gaussian.
    pub kl_parts: Option<KlParts>,
    /// Squared maximum mean discrepancy between a code of each scored image and prior samples. `None` for a codebook, whose codes have no
    /// distances, and for a single image.
    pub mmd: Option<Estimate>,
    /// How well the components of a learned prior agree with the classes. `None` for N(0, I), without labels, and where the encoder is given the
    /// label.
    pub cluster_accuracy: Option<ClusterAccuracy>,
    /// Which factor of the data each component depends on, where the factors are known. `None` unless the posterior is a Gaussian.
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
    pub collapse: CollapseSums,
    pub kl: KlDecomposition,
    pub disentanglement: Disentanglement,
    pub discrepancy: PriorDiscrepancy,
    pub clusters: Clusters,
    pub nll: RunningMean,
    /// Features of the reference images of the Fréchet distance.
    pub reference: GroupedMoments,
    pub real: SampleStatistics,
    pub real_frechet: FrechetJackknife,
    pub real_covered: CoverageCounts,
    pub prior_samples: SampleStatistics,
    pub frechet: FrechetJackknife,
    pub covered: CoverageCounts,
    pub features: Features,
    pub manifolds: Manifolds,
}

impl Totals {
    pub fn report(&self, of: &Evaluation) -> Report {
        let Evaluation { model, judge, extent, prior, .. } = of;
        let Extent { images, importance_samples, prior_samples, binarised, .. } = *extent;
        let activity = match model.config.posterior {
            PosteriorKind::Categorical => sums_of(&self.activity.variances(), model.config.categories),
            _ if model.config.has_codebook() => sums_of(&self.activity.variances(), model.config.latent),
            _ => self.activity.variances(),
        };
        let (gaussian, standard) = (model.is_gaussian(), prior.is_none());
        let nll = model.has_density().then(|| self.nll.estimate());
        let is_density = model.config.likelihood != LikelihoodKind::Bernoulli || of.scored_pixels_are_binary();
        Report {
            images,
            binarised,
            importance_samples,
            prior_samples,
            sampled: self.sampled.losses(),
            at_mean: self.at_mean.losses(),
            nll,
            bits_per_dimension: nll.filter(|_| is_density).map(|nll| nll.scaled(BITS_PER_DIMENSION)),
            active_units: activity.iter().filter(|&&variance| variance > ACTIVE).count(),
            activity,
            collapsed: (gaussian && standard).then(|| self.collapse.collapse()),
            kl_parts: gaussian.then(|| self.kl.parts(standard)),
            mmd: self.discrepancy.mmd(),
            cluster_accuracy: self.clusters.accuracy(),
            factors: if gaussian { self.disentanglement.factor_information() } else { None },
            quality: judge.as_ref().map(|_| self.quality()),
            real: judge.as_ref().map(|_| self.quality_of_real()),
        }
    }

    fn quality(&self) -> SampleQuality {
        let Manifolds { reference, prior_samples, .. } = &self.manifolds;
        let frechet = self.frechet.distance(self.prior_samples.moments(), &self.reference);
        self.prior_samples.quality(frechet, self.covered.coverage(prior_samples, reference))
    }

    fn quality_of_real(&self) -> SampleQuality {
        let Manifolds { reference, real, .. } = &self.manifolds;
        let frechet = self.real_frechet.distance(self.real.moments(), &self.reference);
        self.real.quality(frechet, self.real_covered.coverage(real, reference))
    }
}

/// Bits per pixel of a nat per image.
const BITS_PER_DIMENSION: f64 = std::f64::consts::LOG2_E / PIXELS as f64;

/// Sums of consecutive groups of `length` numbers.
fn sums_of(numbers: &[f64], length: usize) -> Vec<f64> {
    numbers.chunks_exact(length).map(|group| group.iter().sum()).collect()
}
