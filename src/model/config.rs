//! Which model: the value every part is built from.

use std::ops::RangeInclusive;

use serde::{Deserialize, Serialize};

use crate::{Error, Result};

/// Sizes of the 784-H-Z-H-784 model.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ModelConfig {
    /// `Z`: components of the latent code.
    pub latent: usize,
    /// `H`: units of the hidden layers.
    pub hidden: usize,
}

impl Default for ModelConfig {
    fn default() -> Self {
        Self { latent: 20, hidden: 400 }
    }
}

impl ModelConfig {
    pub const LATENT: RangeInclusive<usize> = 2..=64;
    pub const HIDDEN: RangeInclusive<usize> = 16..=1024;

    /// # Errors
    /// When a size is outside its limits.
    pub fn check(&self) -> Result<()> {
        within("The latent size", self.latent, Self::LATENT)?;
        within("The hidden size", self.hidden, Self::HIDDEN)
    }
}

/// # Errors
/// When `value` is outside `limits` (or not a number).
pub(crate) fn within<T: PartialOrd + std::fmt::Display>(
    name: &'static str,
    value: T,
    limits: RangeInclusive<T>,
) -> Result<()> {
    if limits.contains(&value) {
        return Ok(());
    }
    Err(Error::Config {
        name,
        limits: format!("between {} and {}", limits.start(), limits.end()),
        value: value.to_string(),
    })
}
