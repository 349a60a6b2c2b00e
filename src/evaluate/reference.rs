//! Test images as the company that an image is seen in: its neighbours in code space, and how rare it is among them.

use std::sync::Arc;

use serde::Serialize;

use super::{Case, Subject};
use crate::Result;
use crate::data::Dataset;
use crate::model::PosteriorKind;

/// Draws by which an image's cost is compared with the test images' costs: all with equally many, or the comparison is none.
const DRAWS: usize = 5;
/// Test images prepared at once, below a tenth of a second in the browser.
const STRIDE: usize = 50;

/// The first test images, encoded and costed bit by bit.
#[derive(Debug)]
pub struct Reference {
    subject: Subject,
    data: Arc<Dataset>,
    codes: Vec<f32>, // [n, Z], or [n, N] of a codebook
    costs: Vec<f64>, // [n], nats
}

/// A test image near another image.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Neighbour {
    pub index: usize,
    pub digit: u8,
    /// Squared distance of the posterior means; for a codebook, at how many places the codes differ.
    pub distance: f64,
}

/// How rare an image is.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Rarity {
    /// -log p(x), or the bound where there is no density.
    pub nats: f64,
    /// Share of the prepared test images that cost less, in percent: 100 is the strangest.
    pub percentile: f64,
    /// How many were compared.
    pub of: usize,
}

impl Reference {
    pub fn new(subject: Subject, data: Arc<Dataset>) -> Self {
        Self { subject, data, codes: Vec::new(), costs: Vec::new() }
    }

    /// Test images prepared so far.
    pub fn len(&self) -> usize {
        self.costs.len()
    }

    pub fn is_empty(&self) -> bool {
        self.costs.is_empty()
    }

    /// Prepares a few more on the way to `count` (or as many as there are); returns how many are done, and of how many.
    ///
    /// # Errors
    /// When the device is lost.
    pub async fn prepare(&mut self, count: usize) -> Result<(usize, usize)> {
        let of = count.min(self.data.len());
        let chunk = self.len()..of.min(self.len() + self.subject.at_once(STRIDE));
        if !chunk.is_empty() {
            let cases: Vec<_> = chunk.map(|index| Case::of(&self.data, index)).collect();
            let codes = self.subject.codes(&cases).await?;
            self.costs.extend(self.subject.costs(&cases, DRAWS, 0).await?);
            self.codes.extend(codes);
        }
        Ok((self.len().min(of), of))
    }

    /// Codes of those prepared: posterior means `[n * Z]`, or a codebook's whole numbers `[n * N]`.
    pub fn codes(&self) -> &[f32] {
        &self.codes
    }

    /// What those prepared show, `[n]`.
    pub fn digits(&self) -> Vec<u8> {
        (0..self.len()).map(|index| self.data.labels.digit(index)).collect()
    }

    /// The `count` prepared images whose codes are nearest to the image's, nearest first.
    ///
    /// # Errors
    /// When the device is lost.
    pub async fn nearest(&self, pixels: Vec<f32>, digit: u8, count: usize) -> Result<Vec<Neighbour>> {
        let code = self.subject.codes(&[Case { pixels, digit, index: Case::STRANGER }]).await?;
        let neighbour = |(index, other): (usize, &[f32])| {
            let differences = code.iter().zip(other).map(|(a, b)| f64::from(a - b));
            let distance = match self.subject.config.posterior {
                PosteriorKind::Codebook => differences.filter(|difference| *difference != 0.0).count() as f64,
                _ => differences.map(|difference| difference * difference).sum(),
            };
            Neighbour { index, digit: self.data.labels.digit(index), distance }
        };
        let mut all: Vec<_> = self.codes.chunks_exact(code.len()).enumerate().map(neighbour).collect();
        all.sort_by(|a, b| a.distance.total_cmp(&b.distance));
        all.truncate(count);
        Ok(all)
    }

    /// What the image costs, estimated with `samples` draws, and its place among the prepared images' costs.
    ///
    /// # Errors
    /// When the device is lost.
    pub async fn rarity(&self, pixels: Vec<f32>, digit: u8, samples: usize, seed: u64) -> Result<Rarity> {
        let case = [Case { pixels, digit, index: Case::STRANGER }];
        let nats = self.subject.costs(&case, samples, seed).await?[0];
        let like_the_others = self.subject.costs(&case, DRAWS, 0).await?[0];
        let cheaper = self.costs.iter().filter(|&&cost| cost < like_the_others).count();
        let percentile = 100.0 * cheaper as f64 / self.len().max(1) as f64;
        Ok(Rarity { nats, percentile, of: self.len() })
    }
}
