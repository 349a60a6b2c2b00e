//! What a data set is called, and the names of its classes.

use serde::{Deserialize, Serialize};

/// The most classes of a data set: ten digits and the letters in both cases.
pub const MOST_CLASSES: usize = 62;

/// A data set's name and classes; none where its images have no labels.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct DataInfo {
    /// As a person reads it: "MNIST".
    pub name: String,
    /// The names of the classes, by index.
    pub classes: Vec<String>,
}

impl DataInfo {
    /// A data set of the digits 0 to 9.
    pub fn digits(name: impl Into<String>) -> Self {
        Self { name: name.into(), classes: (0..10).map(|digit| digit.to_string()).collect() }
    }
}
