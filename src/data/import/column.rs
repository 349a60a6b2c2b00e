//! Labels as a file has them: names, each of them once, and which of them every image has.

use crate::data::MOST_CLASSES;
use crate::{Error, Result};

/// The longest name of a class, in letters.
pub const LONGEST_NAME: usize = 24;

/// Names of classes, in the order in which they were met.
#[derive(Debug, Clone, Default)]
pub struct Names(Vec<String>);

impl Names {
    /// The index of a name; `None` where there are too many others already.
    pub fn index(&mut self, name: &str) -> Option<u8> {
        let known = self.0.iter().position(|known| known == name);
        let next = || {
            let has_room = self.0.len() < MOST_CLASSES;
            has_room.then(|| {
                self.0.push(name.into());
                self.0.len() - 1
            })
        };
        known.or_else(next).map(|index| index as u8)
    }

    /// The names in order, numbers by value and before all others; and for each index its place in that order.
    pub fn sorted(self) -> (Vec<String>, Vec<u8>) {
        let key = |name: &String| (name.parse::<i64>().unwrap_or(i64::MAX), name.clone());
        let keys: Vec<_> = self.0.iter().map(key).collect();
        let rank = |of: &(i64, String)| keys.iter().filter(|other| *other < of).count() as u8;
        let ranks: Vec<u8> = keys.iter().map(rank).collect();
        let at = |place: usize| ranks.iter().position(|&rank| usize::from(rank) == place);
        let names = (0..self.0.len()).filter_map(|place| Some(self.0[at(place)?].clone())).collect();
        (names, ranks)
    }
}

/// Labels in the order of their images.
#[derive(Debug, Clone, Default)]
pub struct Column {
    names: Names,
    of: Vec<u8>,
    has_too_many: bool,
}

impl Column {
    /// Adds the label of the next image; without control characters, and no longer than a name may be.
    pub fn push(&mut self, name: &str) {
        let name: String = name.trim().chars().filter(|letter| !letter.is_control()).take(LONGEST_NAME).collect();
        let index = self.names.index(&name);
        self.has_too_many |= index.is_none();
        self.of.push(index.unwrap_or(0));
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
        &self.names.0[usize::from(self.of[index])]
    }

    /// Whether there are more classes than there may be; then no label is known.
    pub fn has_too_many(&self) -> bool {
        self.has_too_many
    }
}
