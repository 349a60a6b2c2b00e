//! Labels as a file has them: names, each of them once, and which of them every image has.

use std::collections::BTreeMap;

use crate::{Error, Result};

/// The longest name of a class, in letters.
pub const LONGEST_NAME: usize = 24;

/// Labels in the order of their images.
#[derive(Debug, Clone, Default)]
pub struct Column {
    names: Vec<String>,
    places: BTreeMap<String, u32>,
    of: Vec<u32>,
}

impl Column {
    /// Adds the label of the next image; without control characters, and no longer than a name may be.
    pub fn push(&mut self, name: &str) {
        let name: String = name.trim().chars().filter(|letter| !letter.is_control()).take(LONGEST_NAME).collect();
        let next = self.names.len() as u32;
        let place = *self.places.entry(name).or_insert_with_key(|name| {
            self.names.push(name.clone());
            next
        });
        self.of.push(place);
    }

    /// Adds a whole number as the label of the next image.
    ///
    /// # Errors
    /// When it is not finite, or none.
    pub fn push_number(&mut self, file: &str, value: f64) -> Result<()> {
        let exact = value.fract() == 0.0 && value.abs() < 1e15;
        if !exact {
            let (index, label) = (self.of.len().into(), value.into());
            return Err(Error::ImportLabel { file: file.into(), index, label });
        }
        self.push(&(value as i64).to_string());
        Ok(())
    }

    /// The number of labels.
    pub fn len(&self) -> usize {
        self.of.len()
    }

    /// The label of image `index`.
    pub fn name(&self, index: usize) -> &str {
        &self.names[self.of[index] as usize]
    }
}

/// The order of names: numbers by value, before all others.
pub fn sorted<'a>(names: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    let mut names: Vec<&str> = names.into_iter().collect();
    names.sort_by_key(|name| (name.parse::<i64>().unwrap_or(i64::MAX), *name));
    names
}
