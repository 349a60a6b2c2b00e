//! Checks of arguments that come from JavaScript.

use crate::data::PIXELS;
use crate::model::within;
use crate::{Error, Result};

/// An array of exactly `expected` numbers, at least one.
///
/// # Errors
/// Names the argument as `what`.
pub fn check_length(what: &'static str, expected: usize, found: usize) -> Result<()> {
    match found == expected && found > 0 {
        true => Ok(()),
        false => Err(Error::Length { what, expected: expected.to_string(), found }),
    }
}

/// One or more rows of `row` numbers each.
///
/// # Errors
/// Names the argument as `what`.
pub fn check_rows(what: &'static str, row: usize, found: usize) -> Result<()> {
    match found > 0 && found.is_multiple_of(row) {
        true => Ok(()),
        false => Err(Error::Length { what, expected: format!("a multiple of {row}"), found }),
    }
}

/// One image, `[784]`.
pub fn check_image(pixels: &[f32]) -> Result<()> {
    check_length("An image", PIXELS, pixels.len())
}

/// A digit is one of 0 to 9.
pub fn check_digit(digit: u8) -> Result<()> {
    within("The digit", digit, 0..=9)
}
