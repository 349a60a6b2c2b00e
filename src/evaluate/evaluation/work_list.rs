//! The work of an evaluation, in items that take less than a tenth of a second each in the browser.

use std::ops::Range;

use serde::Serialize;

use super::Extent;
use crate::data::Dataset;
use crate::evaluate::{GROUPS, LoadedModel, PriorDiscrepancy, chunks};

/// Images scored per item: at a sample, at the mean, and encoded once more.
const SCORED: usize = 50;
/// Pictures classified by the judge per item.
const CLASSIFIED: usize = 100;
/// Importance samples decoded per item.
const DECODED: usize = 250;
/// Densities q(z_m | x_n) computed per item.
const DENSITIES: usize = 200_000;

/// Pairs of pictures per item, of which three or four distances are computed.
const DISTANCES: usize = 300_000;

/// What an evaluation is doing. In JSON the names are in snake case; the page's texts have them as keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// Reconstruction and KL of test images.
    Score,
    /// -log p(x) by importance sampling.
    Likelihood,
    /// Mutual information and KL(q(z) || p(z)).
    AggregatePosterior,
    /// The judge classifies test images.
    RealImages,
    /// The judge classifies pictures decoded from prior samples.
    PriorSamples,
    /// Fréchet distance, precision and recall of prior samples.
    Distances,
}

/// One item of work.
#[derive(Debug, Clone)]
pub(super) enum WorkItem {
    /// Terms and posteriors of these test images.
    Score(Range<usize>),
    /// -log p(x) of these test images.
    Likelihood(Range<usize>),
    /// The maximum mean discrepancy between the codes of these images and prior samples.
    PriorDiscrepancy(Range<usize>),
    /// The KL decomposition at a sample of each of these images; needs the posteriors of all.
    AggregatePosterior(Range<usize>),
    /// The judge's features of test images `2 i + 1`: the reference of the Fréchet distance.
    Reference(Range<usize>),
    /// Quality of test images `2 i`, for comparison with that of prior samples.
    RealImages(Range<usize>),
    /// Quality of these prior samples, decoded with this `label` by a conditional model.
    PriorSamples { label: u8, range: Range<usize> },
    /// The Fréchet distances without the next group of pictures.
    LeaveOutGroup,
    /// The balls around these of `count` pictures in each set.
    Radii { count: usize, range: Range<usize> },
    /// Whether these pictures lie where those of the other set do.
    Covered(Range<usize>),
}

impl WorkItem {
    pub fn stage(&self) -> Stage {
        match self {
            Self::Score(_) => Stage::Score,
            Self::Likelihood(_) => Stage::Likelihood,
            Self::AggregatePosterior(_) | Self::PriorDiscrepancy(_) => Stage::AggregatePosterior,
            Self::Reference(_) | Self::RealImages(_) => Stage::RealImages,
            Self::PriorSamples { .. } => Stage::PriorSamples,
            Self::LeaveOutGroup | Self::Radii { .. } | Self::Covered(_) => Stage::Distances,
        }
    }
}

/// All items in order; each class of a model that is conditional on the label gets an equal share of the prior samples.
pub(super) fn work_list(model: &LoadedModel, has_judge: bool, test: &Dataset, extent: Extent) -> Vec<WorkItem> {
    let Extent { images, importance_samples, prior_samples, .. } = extent;
    let mut items: Vec<_> = chunks(0..images, model.rows_at_cost_of(SCORED)).map(WorkItem::Score).collect();
    if model.has_density() {
        let length = model.rows_at_cost_of(DECODED) / importance_samples;
        items.extend(chunks(0..images, length).map(WorkItem::Likelihood));
    }
    if model.is_gaussian() {
        items.extend(chunks(0..images, DENSITIES / images).map(WorkItem::AggregatePosterior));
    }
    if model.has_real_code() {
        items.extend(PriorDiscrepancy::blocks(images).map(WorkItem::PriorDiscrepancy));
    }
    if has_judge {
        items.extend(of_pictures(model, test, prior_samples));
    }
    items
}

/// The items of the judge.
fn of_pictures(model: &LoadedModel, test: &Dataset, prior_samples: usize) -> Vec<WorkItem> {
    let (real, reference) = (test.len().div_ceil(2), test.len() / 2);
    let mut items: Vec<_> = chunks(0..reference, CLASSIFIED).map(WorkItem::Reference).collect();
    items.extend(chunks(0..real.min(prior_samples), CLASSIFIED).map(WorkItem::RealImages));
    let classes = model.config.classes;
    for label in 0..classes {
        let share = label * prior_samples / classes..(label + 1) * prior_samples / classes;
        let ranges = chunks(share, model.rows_at_cost_of(CLASSIFIED));
        items.extend(ranges.map(|range| WorkItem::PriorSamples { label: label as u8, range }));
    }
    items.extend(vec![WorkItem::LeaveOutGroup; GROUPS]);
    let count = reference.min(prior_samples); // equally many of each set
    let parts = || chunks(0..count, DISTANCES / count.max(1));
    items.extend(parts().map(|range| WorkItem::Radii { count, range }));
    items.extend(parts().map(WorkItem::Covered));
    items
}
