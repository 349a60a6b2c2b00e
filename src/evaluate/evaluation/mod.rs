//! The full evaluation of a model, one short work item per call, so that a page stays responsive and can stop the evaluation.

mod codes;
mod extent;
mod pictures;
mod report;
mod work_list;

use std::sync::Arc;

use serde::Serialize;

use super::{Disentanglement, Judge, LoadedModel, sample_prior};
use crate::Result;
use crate::data::Dataset;
use crate::model::Mixture;

pub use extent::Extent;
pub use report::Report;
pub use work_list::Stage;

use report::Totals;
use work_list::{WorkItem, work_list};

/// How far an evaluation has come.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Progress {
    /// Work items done.
    pub done: usize,
    /// Work items in all.
    pub of: usize,
    /// The next item's stage; the last item's once all are done.
    pub stage: Stage,
    /// `Some` once all items are done.
    pub report: Option<Report>,
}

/// An evaluation in progress.
#[derive(Debug)]
pub struct Evaluation {
    model: LoadedModel,
    judge: Option<Judge>,
    test: Arc<Dataset>,   // grey
    scored: Arc<Dataset>, // `test`, or binarised
    extent: Extent,
    items: Vec<WorkItem>,
    done: usize,
    prior: Option<Mixture>, // where it is learned: a VampPrior encodes its pseudo-inputs only once
    prior_codes: Vec<f32>,  // [n, Z], n = prior_samples or images where those are more, or [n, N] of a codebook
    totals: Totals,
}

impl Evaluation {
    /// Samples the prior and lists the work that [`advance`](Self::advance) does. Without a judge there is no quality of pictures.
    ///
    /// # Errors
    /// When the extent is outside its limits, model or judge need labels that the test images do not have, or the device is lost.
    pub async fn new(model: LoadedModel, judge: Option<Judge>, test: Arc<Dataset>, extent: Extent) -> Result<Self> {
        extent.check(&test)?;
        test.check_labels_for(&model.config)?;
        judge.iter().try_for_each(|judge| judge.check(&test))?;
        let Extent { images, prior_samples, seed, .. } = extent;
        let count = prior_samples.max(images);
        let prior_codes = sample_prior(&model.model, model.config.code_length(), count, seed).await?;
        let prior = model.model.learned_prior();
        let scored = match extent.binarised {
            true => Arc::new(Dataset { images: test.images.binarised(seed), ..(*test).clone() }),
            false => test.clone(),
        };
        let items = work_list(&model, judge.is_some(), &test, extent);
        let disentanglement = Disentanglement::new(test.factors.clone());
        let totals = Totals { disentanglement, ..Totals::default() };
        Ok(Self { model, judge, test, scored, extent, items, done: 0, prior, prior_codes, totals })
    }

    /// Does the next work item; does nothing once all are done.
    ///
    /// # Errors
    /// When the device is lost.
    pub async fn advance(&mut self) -> Result<Progress> {
        if let Some(item) = self.items.get(self.done).cloned() {
            self.work(item).await?;
            self.done += 1;
        }
        let of = self.items.len();
        let stage = self.items[self.done.min(of - 1)].stage();
        let report = (self.done == of).then(|| self.totals.report(self));
        Ok(Progress { done: self.done, of, stage, report })
    }

    /// Whether each pixel of the scored images is 0 or 1.
    fn scored_pixels_are_binary(&self) -> bool {
        (0..self.extent.images).all(|image| self.scored.images.pixels(image).all(|pixel| pixel == 0.0 || pixel == 1.0))
    }

    async fn work(&mut self, item: WorkItem) -> Result<()> {
        match item {
            WorkItem::Score(range) => self.score(range).await?,
            WorkItem::Likelihood(range) => self.estimate_likelihood(range).await?,
            WorkItem::AggregatePosterior(range) => self.decompose_kl(range).await?,
            WorkItem::PriorDiscrepancy(block) => self.compare_with_prior(block).await?,
            WorkItem::Reference(range) => self.add_reference(range).await?,
            WorkItem::RealImages(range) => self.classify_real_images(range).await?,
            WorkItem::PriorSamples { label, range } => self.classify_prior_samples(label, range).await?,
            WorkItem::LeaveOutGroup => self.leave_out_group(),
            WorkItem::Radii { count, range } => self.find_radii(count, range),
            WorkItem::Covered(range) => self.count_covered(range),
        }
        Ok(())
    }
}
