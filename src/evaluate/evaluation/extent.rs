//! The extent of an evaluation: numbers of images and samples.

use std::ops::RangeInclusive;

use serde::{Deserialize, Serialize};

use crate::data::Dataset;
use crate::{Error, Result};

/// Numbers of images and samples; fields left out of JSON take their defaults.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Extent {
    /// Test images scored, from the first.
    pub images: usize,
    /// Importance samples per image for -log p(x).
    pub importance_samples: usize,
    /// Pictures decoded from prior samples.
    pub prior_samples: usize,
    /// Seed of all random numbers.
    pub seed: u64,
    /// Whether the scored images are binarised once, by `seed`. The judge always gets grey images.
    pub binarised: bool,
}

impl Default for Extent {
    fn default() -> Self {
        Self { images: 1000, importance_samples: 20, prior_samples: 1000, seed: 0, binarised: false }
    }
}

impl Extent {
    /// Limits of `importance_samples`.
    pub const IMPORTANCE_SAMPLES: RangeInclusive<usize> = 1..=100_000;
    /// Limits of `prior_samples`: at least one for each digit.
    const PRIOR_SAMPLES: RangeInclusive<usize> = 10..=100_000;

    /// Checks the numbers for an evaluation on `data`.
    ///
    /// # Errors
    /// When a number is outside its limits.
    pub fn check(&self, data: &Dataset) -> Result<()> {
        Error::check_quantity("test_images", self.images, 1..=data.len())?;
        Error::check_quantity("importance_samples", self.importance_samples, Self::IMPORTANCE_SAMPLES)?;
        Error::check_quantity("prior_samples", self.prior_samples, Self::PRIOR_SAMPLES)
    }
}
