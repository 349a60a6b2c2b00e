//! Quality of pictures by the judge's predictions: prior samples, or real images for comparison.

use serde::Serialize;

use super::{Coverage, Estimate, FrechetDistance, GroupedMoments, Judge, Predictions};
use crate::data::PIXELS;

/// Means over pictures. Comparable within this project only, since no other project uses this judge.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SampleQuality {
    /// Number of pictures.
    pub pictures: usize,
    /// Mean of the judge's largest probability, in 0..=1.
    pub confidence: f64,
    /// Share of pictures that the judge classifies as their label, in 0..=1; `None` without labels. For
    /// samples of a conditional model this is the conditional accuracy.
    pub accuracy: Option<f64>,
    /// The same for the pictures of each label, `[Y]`, `None` for labels that no picture has: of a class that was not trained on, how
    /// well it is drawn all the same.
    pub accuracy_by_class: Option<Vec<Option<f64>>>,
    /// Number of pictures classified as each class, `[Y]`.
    pub histogram: Vec<usize>,
    /// Fréchet distance to real images in the judge's features.
    pub frechet: FrechetDistance,
    /// Share of the pictures that lie where [real images](super::Manifold) do, in 0..=1, and of real images that lie where the pictures do, both of
    /// equally many. `None` for too few.
    pub precision: Option<Estimate>,
    /// See `precision`.
    pub recall: Option<Estimate>,
    /// Mean entropy of the pixels as Bernoulli probabilities, in nats per picture: rises with blur.
    pub pixel_entropy: f64,
}

/// The running sums from which [`SampleQuality`] is computed.
#[derive(Debug, Clone, Default)]
pub struct SampleStatistics {
    confidence: f64,
    labelled: Vec<usize>, // by label, [Y]
    correct: Vec<usize>,  // by label, [Y]
    histogram: Vec<usize>,
    pixel_entropy: f64,
    moments: GroupedMoments,
}

impl SampleStatistics {
    /// Adds pictures `[n * P]` with the judge's predictions and, where known, their labels `[n]`.
    pub fn add(&mut self, pictures: &[f32], predictions: &Predictions, labels: Option<&[u8]>) {
        debug_assert_eq!(pictures.len() / PIXELS * Judge::FEATURES, predictions.features.len());
        for counts in [&mut self.histogram, &mut self.labelled, &mut self.correct] {
            counts.resize(predictions.classes, 0);
        }
        for (at, (class, probability)) in predictions.most_likely().enumerate() {
            self.confidence += f64::from(probability);
            self.histogram[usize::from(class)] += 1;
            if let Some(labels) = labels {
                let label = usize::from(labels[at]);
                self.labelled[label] += 1;
                self.correct[label] += usize::from(labels[at] == class);
            }
        }
        self.pixel_entropy += pixel_entropy(pictures);
        self.moments.add(&predictions.features);
    }

    /// Moments of the judge's features over the pictures.
    pub fn moments(&self) -> &GroupedMoments {
        &self.moments
    }

    /// Mean of the judge's largest probability, in 0..=1.
    pub fn confidence(&self) -> f64 {
        self.confidence / self.moments.count() as f64
    }

    /// Share of the labelled pictures that the judge classifies as their label, in 0..=1; `None` without labels.
    pub fn accuracy(&self) -> Option<f64> {
        share(self.correct.iter().sum(), self.labelled.iter().sum())
    }

    /// The means over the pictures, with their comparison with real images.
    pub fn quality(&self, frechet: FrechetDistance, coverage: Option<Coverage>) -> SampleQuality {
        let pictures = self.moments.count();
        let by_class = self.correct.iter().zip(&self.labelled).map(|(&correct, &of)| share(correct, of));
        let accuracy = self.accuracy();
        SampleQuality {
            pictures,
            confidence: self.confidence(),
            accuracy,
            accuracy_by_class: accuracy.map(|_| by_class.collect()),
            histogram: self.histogram.clone(),
            frechet,
            precision: coverage.map(|it| it.precision),
            recall: coverage.map(|it| it.recall),
            pixel_entropy: self.pixel_entropy / pictures as f64,
        }
    }
}

/// Sum of the entropies of pixels in 0..=1, in nats.
pub(super) fn pixel_entropy(pixels: &[f32]) -> f64 {
    pixels.iter().map(|&pixel| bernoulli_entropy(f64::from(pixel))).sum()
}

/// Entropy of a Bernoulli variable with probability `p`, in nats.
pub fn bernoulli_entropy(p: f64) -> f64 {
    let term = |p: f64| if p > 0.0 { -p * p.ln() } else { 0.0 };
    term(p) + term(1.0 - p)
}

/// A share in 0..=1; `None` of nothing.
fn share(correct: usize, of: usize) -> Option<f64> {
    (of > 0).then(|| correct as f64 / of as f64)
}
