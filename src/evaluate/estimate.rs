//! Means over images with their standard errors.

use serde::Serialize;

/// A number found from a sample, mostly a mean over images, and how far it is likely to be from that over all images of their kind.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Estimate {
    /// The mean.
    pub mean: f64,
    /// Its standard error: of a mean the standard deviation over images, divided by the root of their number.
    pub standard_error: f64,
}

impl Estimate {
    /// The same in another unit.
    pub fn scaled(self, factor: f64) -> Self {
        Self { mean: factor * self.mean, standard_error: factor.abs() * self.standard_error }
    }
}

/// The share of `count` of `of` independent cases. Its standard error is that of Agresti & Coull 1998, with two cases of either kind added: the
/// plain one is 0 for a share of 0 or 1, whatever the number of cases.
pub(super) fn share(count: usize, of: usize) -> Estimate {
    let (count, of) = (count as f64, of as f64);
    let adjusted = (count + 2.0) / (of + 4.0);
    Estimate { mean: count / of, standard_error: (adjusted * (1.0 - adjusted) / (of + 4.0)).sqrt() }
}

/// The running mean and variance of numbers (Welford 1962).
#[derive(Debug, Clone, Copy, Default)]
pub struct RunningMean {
    count: usize,
    mean: f64,
    squares: f64, // of deviations from the mean, summed
}

impl RunningMean {
    /// How many numbers were added.
    pub fn count(&self) -> usize {
        self.count
    }

    /// Adds a number.
    pub fn add(&mut self, value: f64) {
        self.count += 1;
        let deviation = value - self.mean;
        self.mean += deviation / self.count as f64;
        self.squares += deviation * (value - self.mean);
    }

    /// The mean; its standard error is NaN for fewer than two numbers.
    pub fn estimate(&self) -> Estimate {
        let count = self.count as f64;
        let variance = self.squares / (count - 1.0);
        Estimate { mean: self.mean, standard_error: if self.count < 2 { f64::NAN } else { (variance / count).sqrt() } }
    }
}
