//! Which value of a file stands for full ink.

use crate::{Error, Result};

/// The values of full ink in use: fractions; the sixteen shades of scikit-learn's digits; bytes; 16 bits.
const TOPS: [f64; 4] = [1.0, 16.0, 255.0, 65_535.0];
/// Fractions that a sum or a filter has rounded may lie beyond by so much, relative to the top.
const ROUNDING: f64 = 1e-3;

/// The least and the largest pixel of a file.
#[derive(Debug, Clone, Copy)]
pub struct Range {
    least: f64,
    most: f64,
    count: u64,
}

impl Default for Range {
    fn default() -> Self {
        Self { least: f64::INFINITY, most: f64::NEG_INFINITY, count: 0 }
    }
}

impl Range {
    /// Takes one more value.
    ///
    /// # Errors
    /// When it is not finite.
    pub fn include(&mut self, file: &str, value: f64) -> Result<()> {
        if !value.is_finite() {
            let value = if value.is_nan() { "NaN" } else { "infinite" }.into();
            return Err(Error::ImportNotFinite { file: file.into(), index: self.count.into(), value });
        }
        self.count += 1;
        self.least = self.least.min(value);
        self.most = self.most.max(value);
        Ok(())
    }

    /// Both ranges together.
    pub fn and(self, other: Self) -> Self {
        let Self { least, most, count } = other;
        Self { least: self.least.min(least), most: self.most.max(most), count: self.count + count }
    }

    /// The value of full ink: the least of those in use that no pixel is above.
    ///
    /// # Errors
    /// When pixels are negative, or above all of them.
    pub fn top(self, file: &str) -> Result<f64> {
        let top = TOPS.into_iter().find(|top| self.most <= top * (1.0 + ROUNDING));
        let top = top.filter(|top| self.least >= -top * ROUNDING);
        top.ok_or_else(|| Error::ImportRange { file: file.into(), least: self.least.into(), most: self.most.into() })
    }
}
