//! Checks of arguments that come from JavaScript.

use crate::data::PIXELS;
use crate::{Error, Result};

/// Checks that an array has exactly `expected` numbers, and at least one.
///
/// # Errors
/// When it has not; the error names the argument as `quantity`.
pub fn check_length(quantity: &'static str, expected: usize, found: usize) -> Result<()> {
    match found == expected && found > 0 {
        true => Ok(()),
        false => Err(Error::Length { quantity: quantity.into(), expected: expected.into(), found: found.into() }),
    }
}

/// Checks that an array consists of one or more rows of `row` numbers.
///
/// # Errors
/// When it does not; the error names the argument as `quantity`.
pub fn check_rows(quantity: &'static str, row: usize, found: usize) -> Result<()> {
    match found > 0 && found.is_multiple_of(row) {
        true => Ok(()),
        false => Err(Error::LengthMultiple { quantity: quantity.into(), row: row.into(), found: found.into() }),
    }
}

/// Checks that an array is one image, `[784]`.
pub fn check_image(pixels: &[f32]) -> Result<()> {
    check_length("image", PIXELS, pixels.len())
}

/// Checks that a label is one of `classes` classes, counted from 0.
pub fn check_label(label: u8, classes: usize) -> Result<()> {
    Error::check_quantity("label", usize::from(label), 0..=classes.saturating_sub(1))
}
