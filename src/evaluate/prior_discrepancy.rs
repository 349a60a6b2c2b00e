//! How far codes and prior samples are from having one distribution, for posteriors with and without a density.

use std::ops::Range;

use burn::tensor::Device;

use super::estimate::{Estimate, RunningMean};
use super::{chunks, upload};
use crate::objective::mmd;
use crate::{Result, snapshot};

/// Codes of one block, where there are enough for the least number of blocks.
const BLOCK: usize = 100;
const LEAST_BLOCKS: usize = 4;

/// The squared [maximum mean discrepancy](mmd) between codes, a sample of each image's posterior, and as many prior samples: the mean over
/// blocks of codes (Zaremba et al. 2013), so that its standard error is known from their spread. Unbiased, as each block's is.
#[derive(Debug, Clone, Default)]
pub struct PriorDiscrepancy {
    codes: Vec<f32>, // [n, Z]
    blocks: RunningMean,
}

impl PriorDiscrepancy {
    /// Adds codes `[n * Z]`.
    pub fn add_codes(&mut self, codes: &[f32]) {
        self.codes.extend(codes);
    }

    /// The blocks of `images` codes, all of one length; the few images that are left over belong to none, and a single image has no block.
    pub fn blocks(images: usize) -> impl Iterator<Item = Range<usize>> {
        let blocks = (images / BLOCK).max(LEAST_BLOCKS).min(images / 2);
        let length = images / blocks.max(1);
        chunks(0..blocks * length, length)
    }

    /// Compares the codes of `block` with as many prior samples `[n * Z]`.
    ///
    /// # Errors
    /// When the device is lost.
    pub async fn compare(&mut self, block: Range<usize>, prior: Vec<f32>, device: &Device) -> Result<()> {
        let shape = [block.len(), prior.len() / block.len()];
        let codes = self.codes[block.start * shape[1]..block.end * shape[1]].to_vec();
        let found = snapshot::read(vec![mmd(upload(codes, shape, device), upload(prior, shape, device))]).await?;
        self.blocks.add(f64::from(found[0][0]));
        Ok(())
    }

    /// The mean over blocks; `None` without one.
    pub fn mmd(&self) -> Option<Estimate> {
        (self.blocks.count() > 0).then(|| self.blocks.estimate())
    }
}
