//! The work of an evaluation on pictures: what the judge says of prior samples and of real images.

use std::ops::Range;

use super::Evaluation;
use crate::Result;
use crate::evaluate::{Judge, LoadedModel, Manifold, Predictions, decode};

impl Evaluation {
    pub(super) async fn add_reference(&mut self, range: Range<usize>) -> Result<()> {
        let (_, pictures) = self.test_images(range.map(|i| 2 * i + 1));
        let features = self.classify(pictures).await?.features;
        self.totals.reference.add(&features);
        self.totals.features.reference.extend(features);
        Ok(())
    }

    pub(super) async fn classify_real_images(&mut self, range: Range<usize>) -> Result<()> {
        let (labels, pictures) = self.test_images(range.map(|i| 2 * i));
        let predictions = self.classify(pictures.clone()).await?;
        let labels = self.test.labels.are_known().then_some(&labels[..]);
        self.totals.real.add(&pictures, &predictions, labels);
        self.totals.features.real.extend(predictions.features);
        Ok(())
    }

    pub(super) async fn classify_prior_samples(&mut self, label: u8, range: Range<usize>) -> Result<()> {
        let LoadedModel { model, config, device } = &self.model;
        let length = config.code_length();
        let codes = self.prior_codes[range.start * length..range.end * length].to_vec();
        let label = config.labelled.then_some(label);
        let pictures = decode(model, codes, length, label, device).await?;
        let predictions = self.classify(pictures.clone()).await?;
        let labels = label.map(|label| vec![label; range.len()]);
        self.totals.prior_samples.add(&pictures, &predictions, labels.as_deref());
        self.totals.features.prior_samples.extend(predictions.features);
        Ok(())
    }

    pub(super) fn leave_out_group(&mut self) {
        let totals = &mut self.totals;
        totals.frechet.leave_out_next(totals.prior_samples.moments(), &totals.reference);
        totals.real_frechet.leave_out_next(totals.real.moments(), &totals.reference);
    }

    /// The radii of these pictures; the first range takes `count` pictures of each set.
    pub(super) fn find_radii(&mut self, count: usize, range: Range<usize>) {
        if range.start == 0 {
            self.totals.manifolds = self.totals.features.manifolds(count);
        }
        self.totals.manifolds.each(|manifold| manifold.measure(range.clone()));
    }

    pub(super) fn count_covered(&mut self, range: Range<usize>) {
        let Manifolds { reference, real, prior_samples } = &self.totals.manifolds;
        self.totals.covered.add(prior_samples, reference, range.clone());
        self.totals.real_covered.add(real, reference, range);
    }

    async fn classify(&self, pictures: Vec<f32>) -> Result<Predictions> {
        let judge = self.judge.as_ref().expect("without a judge nothing is to be classified");
        judge.classify(pictures, &self.model.device).await
    }

    /// Labels `[n]` and grey pixels `[n * P]` of test images.
    fn test_images(&self, indices: impl Iterator<Item = usize> + Clone) -> (Vec<u8>, Vec<f32>) {
        let labels = indices.clone().map(|index| self.test.labels.class(index)).collect();
        (labels, indices.flat_map(|index| self.test.images.pixels(index)).collect())
    }
}

/// The judge's features of all pictures, `[n * F]` each.
#[derive(Debug, Default)]
pub(super) struct Features {
    reference: Vec<f32>,
    real: Vec<f32>,
    prior_samples: Vec<f32>,
}

/// Where the pictures lie, of as many in each set.
#[derive(Debug, Default)]
pub(super) struct Manifolds {
    pub reference: Manifold,
    pub real: Manifold,
    pub prior_samples: Manifold,
}

impl Features {
    fn manifolds(&self, count: usize) -> Manifolds {
        let [reference, real, prior_samples] =
            [&self.reference, &self.real, &self.prior_samples].map(|features| Manifold::new(&spread(features, count)));
        Manifolds { reference, real, prior_samples }
    }
}

impl Manifolds {
    fn each(&mut self, work: impl FnMut(&mut Manifold)) {
        [&mut self.reference, &mut self.real, &mut self.prior_samples].into_iter().for_each(work);
    }
}

/// The features of `count` pictures at even steps: prior samples are ordered by their label.
fn spread(features: &[f32], count: usize) -> Vec<f32> {
    const F: usize = Judge::FEATURES;
    let pictures = features.len() / F;
    (0..count).map(|at| at * pictures / count).flat_map(|picture| &features[picture * F..][..F]).copied().collect()
}
