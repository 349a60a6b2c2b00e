//! What one file or array of a data set holds.

use super::column::Column;
use super::name::{self, Split};
use crate::data::PIXELS;

/// The images or labels of one file.
#[derive(Debug, Clone)]
pub struct Part {
    /// As errors name it.
    pub file: String,
    /// What it is for, by its name.
    pub split: Split,
    /// What it has in common with its labels or images.
    pub stem: String,
    /// What it holds.
    pub content: Content,
    /// The value that was taken for full ink.
    pub top: f64,
}

/// Images of 784 bytes each, their labels, or both.
#[derive(Debug, Clone)]
pub enum Content {
    /// `[n * 784]`
    Images(Vec<u8>),
    /// `[n]`
    Labels(Column),
    /// Labelled images.
    Both(Vec<u8>, Column),
}

impl Part {
    /// Of a file of this name.
    pub fn new(file: &str, content: Content, top: f64) -> Self {
        Self { file: file.into(), split: Split::of(file), stem: name::stem(file), content, top }
    }

    /// The images, if there are any.
    pub fn images(&self) -> &[u8] {
        match &self.content {
            Content::Images(pixels) | Content::Both(pixels, _) => pixels,
            Content::Labels(_) => &[],
        }
    }

    /// The number of images.
    pub fn count(&self) -> usize {
        self.images().len() / PIXELS
    }
}
