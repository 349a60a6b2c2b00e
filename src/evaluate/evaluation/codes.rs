//! The work of an evaluation on the scored images and their codes.

use std::ops::Range;

use super::Evaluation;
use super::extent::Extent;
use crate::Result;
use crate::data::Corruption;
use crate::evaluate::{At, CodeDensities, Example, Scoring, upload};
use crate::model::{Posterior, standard_log_density};
use crate::random::{Stream, normals};
use crate::snapshot;

impl Evaluation {
    pub(super) async fn score(&mut self, range: Range<usize>) -> Result<()> {
        for (at, score) in [(At::Sample, &mut self.totals.sampled), (At::Mean, &mut self.totals.at_mean)] {
            let scoring = Scoring { at, seed: self.extent.seed, corruption: Corruption::None };
            score.add(&self.model, &self.scored, range.clone(), scoring).await?;
        }
        let examples = self.examples(range.clone());
        let (images, labels) = self.model.tensors(&examples);
        let posterior = self.model.model.encode(images, labels);
        self.totals.activity.add(&posterior).await?;
        if self.model.is_gaussian() {
            self.totals.posteriors.add(&posterior).await?;
            self.totals.collapse.add(&posterior).await?;
        }
        if self.model.has_real_code() {
            self.add_sampled_codes(&posterior, range).await?;
        }
        if let Some(prior) = self.prior.as_ref().filter(|_| self.model.finds_classes(&self.test)) {
            let labels: Vec<u8> = examples.iter().map(|example| example.label).collect();
            let classes = self.test.info.classes.len();
            let z = posterior.mean().narrow(1, 0, self.model.config.latent); // of two layers z2, whose prior it is
            self.totals.clusters.add(prior, z, &labels, classes).await?;
        }
        Ok(())
    }

    /// The code of each image at which it was scored.
    async fn add_sampled_codes(&mut self, posterior: &Posterior, range: Range<usize>) -> Result<()> {
        let shape = [range.len(), self.model.config.noise_width()];
        let noise = range.flat_map(|image| self.noise(image)).collect();
        let z = posterior.sample(upload(noise, shape, &self.model.device));
        self.totals.discrepancy.add_codes(&snapshot::read(vec![z]).await?[0]);
        Ok(())
    }

    pub(super) async fn estimate_likelihood(&mut self, range: Range<usize>) -> Result<()> {
        let Extent { importance_samples, seed, .. } = self.extent;
        let nlls = self.model.nlls(&self.examples(range), importance_samples, seed).await?;
        nlls.into_iter().for_each(|nll| self.totals.nll.add(nll));
        Ok(())
    }

    /// Uses one sample of each posterior: the one at which the image was scored.
    pub(super) async fn decompose_kl(&mut self, range: Range<usize>) -> Result<()> {
        let posteriors = &self.totals.posteriors;
        let shape = [range.len(), posteriors.latent()];
        let codes: Vec<_> = range.clone().map(|image| posteriors.sample(image, &self.noise(image))).collect();
        let flat = upload(codes.iter().flatten().map(|&z| z as f32).collect(), shape, &self.model.device);
        let log_prior = match &self.prior {
            Some(prior) => prior.log_density(flat),
            None => standard_log_density(flat),
        };
        let log_prior = snapshot::read(vec![log_prior]).await?.remove(0);
        for ((image, z), log_prior) in range.zip(&codes).zip(log_prior) {
            let marginals = posteriors.marginals(z, image, self.totals.disentanglement.intervals());
            self.totals.disentanglement.add(&marginals);
            self.totals.kl.add(CodeDensities {
                log_posterior: posteriors.log_density(image, z),
                log_aggregate: posteriors.log_aggregate(z),
                log_marginals: marginals.iter().map(|marginal| marginal.log_density).sum(),
                log_prior: f64::from(log_prior),
            });
        }
        Ok(())
    }

    pub(super) async fn compare_with_prior(&mut self, block: Range<usize>) -> Result<()> {
        let length = self.model.config.code_length();
        let prior = self.prior_codes[block.start * length..block.end * length].to_vec();
        self.totals.discrepancy.compare(block, prior, &self.model.device).await
    }

    /// The scored images of `range`.
    fn examples(&self, range: Range<usize>) -> Vec<Example> {
        range.map(|index| Example::of(&self.scored, index)).collect()
    }

    /// The noise of the image's sample, as much as [`ModelConfig::noise_width`](crate::model::ModelConfig::noise_width) says.
    fn noise(&self, image: usize) -> Vec<f32> {
        normals(self.extent.seed, Stream::TestNoise { image: image as u64 }, self.model.config.noise_width())
    }
}
