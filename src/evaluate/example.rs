//! One image to be evaluated, with its label.

use crate::data::Dataset;

/// An image with its label and the index that selects its random numbers.
#[derive(Debug, Clone, PartialEq)]
pub struct Example {
    /// Pixels in 0..=1, `[P]`.
    pub pixels: Vec<f32>,
    /// The label, for a conditional model; other models ignore it.
    pub label: u8,
    /// Selects the random numbers: the image's index in its data set, or [`Example::NOT_IN_DATA`].
    pub index: u64,
}

impl Example {
    /// The index of a drawing or any other image outside the data set.
    pub const NOT_IN_DATA: u64 = u64::MAX;

    /// Image `index` of `data`.
    pub fn of(data: &Dataset, index: usize) -> Self {
        let pixels = data.images.pixels(index).collect();
        Self { pixels, label: data.labels.class(index), index: index as u64 }
    }

    /// The same image under each of `classes` labels.
    pub fn under_each_label(&self, classes: usize) -> impl Iterator<Item = Self> {
        (0..classes as u8).map(|label| Self { label, ..self.clone() })
    }
}
