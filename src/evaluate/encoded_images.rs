//! Test images with their codes and their -log p(x): for nearest neighbours in code space, and to rank another image's
//! -log p(x).

use std::sync::Arc;

use serde::Serialize;

use super::{Example, LoadedModel};
use crate::Result;
use crate::data::Dataset;

/// Importance samples for ranking: the same number and seed for every image, otherwise the values are not comparable.
const RANKING_SAMPLES: usize = 5;
const RANKING_SEED: u64 = 0;
/// Test images encoded per call, less than a tenth of a second in the browser.
const STRIDE: usize = 50;

/// The first test images, encoded step by step.
#[derive(Debug)]
pub struct EncodedImages {
    model: LoadedModel,
    data: Arc<Dataset>,
    codes: Vec<f32>, // [n, Z], or [n, N] of a codebook
    nlls: Vec<f64>,  // [n], nats
}

/// A test image near another image in code space.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Neighbour {
    /// Its index in the data set.
    pub index: usize,
    /// Its label, where it is known.
    pub label: Option<u8>,
    /// Squared distance of the posterior means; for indices how many of them differ.
    pub distance: f64,
}

/// -log p(x) of an image and its rank among the encoded test images.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct RankedNll {
    /// -log p(x), or the loss at the posterior mean where there is no density.
    pub nats: f64,
    /// Share of the encoded test images with a lower value, in percent.
    pub percentile: f64,
    /// Number of test images that it is compared with.
    pub of: usize,
}

impl EncodedImages {
    /// An index of `data` with no image encoded yet.
    pub fn new(model: LoadedModel, data: Arc<Dataset>) -> Self {
        Self { model, data, codes: Vec::new(), nlls: Vec::new() }
    }

    /// Test images encoded so far.
    pub fn len(&self) -> usize {
        self.nlls.len()
    }

    /// Whether no test image is encoded yet.
    pub fn is_empty(&self) -> bool {
        self.nlls.is_empty()
    }

    /// Encodes the next few of the first `count` test images; returns how many are encoded, and of how many.
    ///
    /// # Errors
    /// When the device is lost.
    pub async fn encode_next(&mut self, count: usize) -> Result<(usize, usize)> {
        self.data.check_labels_for(&self.model.config)?;
        let of = count.min(self.data.len());
        let chunk = self.len()..of.min(self.len() + self.model.rows_at_cost_of(STRIDE));
        if !chunk.is_empty() {
            let examples: Vec<_> = chunk.map(|index| Example::of(&self.data, index)).collect();
            let codes = self.model.codes(&examples).await?;
            self.nlls.extend(self.model.nlls_or_losses(&examples, RANKING_SAMPLES, RANKING_SEED).await?);
            self.codes.extend(codes);
        }
        Ok((self.len().min(of), of))
    }

    /// Codes of the encoded images: posterior means `[n * Z]`, or code indices of a codebook `[n * N]`.
    pub fn codes(&self) -> &[f32] {
        &self.codes
    }

    /// Labels of the encoded images, `[n]`; none where they are not known.
    pub fn labels(&self) -> &[u8] {
        self.data.labels.first(self.len())
    }

    fn label(&self, index: usize) -> Option<u8> {
        self.data.labels.are_known().then(|| self.data.labels.class(index))
    }

    /// The `count` encoded images whose codes are nearest to the image's `[P]`, nearest first. `label` as in
    /// [`LoadedModel::example`].
    ///
    /// # Errors
    /// When a conditional model needs a label, or the device is lost.
    pub async fn nearest(&self, pixels: Vec<f32>, label: Option<u8>, count: usize) -> Result<Vec<Neighbour>> {
        let code = self.model.codes(&[self.model.example(pixels, label).await?]).await?;
        let neighbour = |(index, other): (usize, &[f32])| {
            let differences = code.iter().zip(other).map(|(a, b)| f64::from(a - b));
            let distance = match self.model.config.index_values() {
                Some(_) => differences.filter(|difference| *difference != 0.0).count() as f64,
                None => differences.map(|difference| difference * difference).sum(),
            };
            Neighbour { index, label: self.label(index), distance }
        };
        let mut all: Vec<_> = self.codes.chunks_exact(code.len()).enumerate().map(neighbour).collect();
        all.sort_by(|a, b| a.distance.total_cmp(&b.distance));
        all.truncate(count);
        Ok(all)
    }

    /// -log p(x) of the image `[P]` in nats, estimated with `samples` importance samples, and its rank among the encoded test
    /// images. `label` as in [`LoadedModel::example`].
    ///
    /// # Errors
    /// When a conditional model needs a label, or the device is lost.
    pub async fn nll(&self, pixels: Vec<f32>, label: Option<u8>, samples: usize, seed: u64) -> Result<RankedNll> {
        let example = [self.model.example(pixels, label).await?];
        let nats = self.model.nlls_or_losses(&example, samples, seed).await?[0];
        let comparable = self.model.nlls_or_losses(&example, RANKING_SAMPLES, RANKING_SEED).await?[0];
        let lower = self.nlls.iter().filter(|&&nll| nll < comparable).count();
        let percentile = 100.0 * lower as f64 / self.len().max(1) as f64;
        Ok(RankedNll { nats, percentile, of: self.len() })
    }
}
