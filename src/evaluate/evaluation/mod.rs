//! The full evaluation of a model, one short work item per call, so that a page stays responsive and can stop the evaluation.

mod extent;
mod report;
mod work_list;

use std::ops::Range;
use std::sync::Arc;

use serde::Serialize;

use super::{At, Disentanglement, Example, Judge, LoadedModel, Predictions, Scoring, decode, sample_prior, upload};
use crate::Result;
use crate::data::{Corruption, Dataset};
use crate::random::{Stream, normals};
use crate::snapshot;

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
    prior_codes: Vec<f32>, // [prior_samples, Z], or [.., N] of a codebook
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
        let Extent { prior_samples, seed, .. } = extent;
        let prior_codes = sample_prior(&model.model, model.config.code_length(), prior_samples, seed).await?;
        let scored = match extent.binarised {
            true => Arc::new(Dataset { images: test.images.binarised(seed), ..(*test).clone() }),
            false => test.clone(),
        };
        let items = work_list(&model, judge.is_some(), &test, extent);
        let disentanglement = Disentanglement::new(test.factors.clone());
        let totals = Totals { disentanglement, ..Totals::default() };
        Ok(Self { model, judge, test, scored, extent, items, done: 0, prior_codes, totals })
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
        let report = (self.done == of).then(|| self.totals.report(&self.model, self.judge.is_some(), self.extent));
        Ok(Progress { done: self.done, of, stage, report })
    }

    async fn work(&mut self, item: WorkItem) -> Result<()> {
        match item {
            WorkItem::Score(range) => self.score(range).await,
            WorkItem::Likelihood(range) => self.estimate_likelihood(range).await,
            WorkItem::AggregatePosterior(range) => self.decompose_kl(range).await,
            WorkItem::Reference(range) => self.add_reference(range).await,
            WorkItem::RealImages(range) => self.classify_real_images(range).await,
            WorkItem::PriorSamples { label, range } => self.classify_prior_samples(label, range).await,
        }
    }

    async fn score(&mut self, range: Range<usize>) -> Result<()> {
        for (at, score) in [(At::Sample, &mut self.totals.sampled), (At::Mean, &mut self.totals.at_mean)] {
            let scoring = Scoring { at, seed: self.extent.seed, corruption: Corruption::None };
            score.add(&self.model, &self.scored, range.clone(), scoring).await?;
        }
        let (images, labels) = self.model.tensors(&self.examples(range));
        let posterior = self.model.model.encode(images, labels);
        self.totals.activity.add(&posterior).await?;
        if self.model.is_gaussian() {
            self.totals.posteriors.add(&posterior).await?;
        }
        Ok(())
    }

    async fn estimate_likelihood(&mut self, range: Range<usize>) -> Result<()> {
        let Extent { importance_samples, seed, .. } = self.extent;
        let nlls = self.model.nlls(&self.examples(range), importance_samples, seed).await?;
        nlls.into_iter().for_each(|nll| self.totals.nll.add(nll));
        Ok(())
    }

    /// Uses one sample of each posterior: the one at which the image was scored.
    async fn decompose_kl(&mut self, range: Range<usize>) -> Result<()> {
        let posteriors = &self.totals.posteriors;
        let shape = [range.len(), posteriors.latent()];
        let sample = |image: usize| {
            let noise = normals(self.extent.seed, Stream::TestNoise { image: image as u64 }, posteriors.latent());
            posteriors.sample(image, &noise)
        };
        let codes: Vec<_> = range.clone().map(sample).collect();
        let flat = codes.iter().flatten().map(|&z| z as f32).collect();
        let log_prior = self.model.model.log_prior(upload(flat, shape, &self.model.device));
        let log_prior = snapshot::read(vec![log_prior]).await?.remove(0);
        for ((image, z), log_prior) in range.zip(&codes).zip(log_prior) {
            let (log_posterior, log_aggregate) = (posteriors.log_density(image, z), posteriors.log_aggregate(z));
            self.totals.kl.add(log_posterior, log_aggregate, f64::from(log_prior));
            self.totals.disentanglement.add(posteriors, image, z, log_aggregate);
        }
        Ok(())
    }

    async fn add_reference(&mut self, range: Range<usize>) -> Result<()> {
        let (_, pictures) = self.test_images(range.map(|i| 2 * i + 1));
        self.totals.reference.add(&self.classify(pictures).await?.features);
        Ok(())
    }

    async fn classify_real_images(&mut self, range: Range<usize>) -> Result<()> {
        let (labels, pictures) = self.test_images(range.map(|i| 2 * i));
        let predictions = self.classify(pictures.clone()).await?;
        let labels = self.test.labels.are_known().then_some(&labels[..]);
        self.totals.real.add(&pictures, &predictions, labels);
        Ok(())
    }

    async fn classify_prior_samples(&mut self, label: u8, range: Range<usize>) -> Result<()> {
        let LoadedModel { model, config, device } = &self.model;
        let length = config.code_length();
        let codes = self.prior_codes[range.start * length..range.end * length].to_vec();
        let label = config.labelled.then_some(label);
        let pictures = decode(model, codes, length, label, device).await?;
        let predictions = self.classify(pictures.clone()).await?;
        let labels = label.map(|label| vec![label; range.len()]);
        self.totals.prior_samples.add(&pictures, &predictions, labels.as_deref());
        Ok(())
    }

    async fn classify(&self, pictures: Vec<f32>) -> Result<Predictions> {
        let judge = self.judge.as_ref().expect("without a judge nothing is to be classified");
        judge.classify(pictures, &self.model.device).await
    }

    /// The scored images of `range`.
    fn examples(&self, range: Range<usize>) -> Vec<Example> {
        range.map(|index| Example::of(&self.scored, index)).collect()
    }

    /// Labels `[n]` and grey pixels `[n * P]` of test images.
    fn test_images(&self, indices: impl Iterator<Item = usize> + Clone) -> (Vec<u8>, Vec<f32>) {
        let labels = indices.clone().map(|index| self.test.labels.class(index)).collect();
        (labels, indices.flat_map(|index| self.test.images.pixels(index)).collect())
    }
}
