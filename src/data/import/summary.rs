//! What was found in the files.

use super::gather::{Gathered, Row, gather};
use super::name::Split;
use super::{Import, found};
use crate::Error;
use crate::data::pixel;
use crate::error::{InCatalogue, Value};

/// Images shown of each class, and in all.
const EXAMPLES: usize = 2;
const MOST_EXAMPLES: usize = 40;

/// What a data set consists of.
#[derive(Debug, Clone)]
pub struct Summary {
    /// All images.
    pub count: usize,
    /// Those that the files call training images, and test images.
    pub train: usize,
    /// See `train`.
    pub test: usize,
    /// Whether every image has a class.
    pub labelled: bool,
    /// In the order of their indices.
    pub classes: Vec<Class>,
    /// Files, entries and labels that were left out.
    pub refused: Vec<Refused>,
    /// Files whose values were not bytes.
    pub full_ink: Vec<FullInk>,
    /// The mean image, `[784]`, in 0..=1.
    pub mean: Vec<f32>,
    /// Whether the background is bright and the ink dark.
    pub looks_inverted: bool,
    /// Whether rows and columns of digits are exchanged.
    pub looks_transposed: bool,
    /// The first two images of each class, at most forty: `[k * 784]`, in 0..=1.
    pub examples: Vec<f32>,
    /// Their classes; `None` without labels.
    pub example_classes: Vec<Option<u8>>,
}

/// A class and how many images it has.
#[derive(Debug, Clone, PartialEq)]
pub struct Class {
    /// Its name.
    pub name: String,
    /// Images.
    pub count: usize,
}

/// Something that was left out: the kind of its error, and the values of the sentence.
#[derive(Debug, Clone)]
pub struct Refused {
    /// What it was.
    pub file: String,
    /// The kind of the error.
    pub kind: &'static str,
    /// Texts and numbers by their names.
    pub values: Vec<(&'static str, Value)>,
}

/// Which value of a file was taken for full ink: the largest of its pixels tells whether they are fractions, shades, bytes or words.
#[derive(Debug, Clone, PartialEq)]
pub struct FullInk {
    /// The file.
    pub file: String,
    /// The value.
    pub value: f64,
}

impl Import {
    /// What has been read so far.
    pub fn summary(&self) -> Summary {
        let gathered = gather(&self.parts, &self.pictures);
        let Gathered { rows, classes, refused } = &gathered;
        let of_split = |split: Split| rows.iter().filter(|row| row.split == split).count();
        let of_class = |class: usize| rows.iter().filter(|row| row.class == Some(class as u8)).count();
        let looks_inverted = found::looks_inverted(&gathered);
        let examples = examples(rows, classes.len());
        let with_images = self.parts.iter().filter(|part| part.count() > 0 && part.top != 255.0);
        Summary {
            count: rows.len(),
            train: of_split(Split::Train),
            test: of_split(Split::Test),
            labelled: !classes.is_empty(),
            classes: classes
                .iter()
                .enumerate()
                .map(|(at, name)| Class { name: name.clone(), count: of_class(at) })
                .collect(),
            refused: self.refused.iter().cloned().chain(refused.iter().map(Refused::new)).collect(),
            full_ink: with_images.map(|part| FullInk { file: part.file.clone(), value: part.top }).collect(),
            mean: found::mean(&gathered),
            looks_inverted,
            looks_transposed: found::looks_transposed(&gathered, looks_inverted),
            examples: examples.iter().flat_map(|row| row.pixels).copied().map(pixel).collect(),
            example_classes: examples.iter().map(|row| row.class).collect(),
        }
    }
}

/// The first images of each class, in the order of classes; without labels the first ones.
fn examples<'a>(rows: &[Row<'a>], classes: usize) -> Vec<Row<'a>> {
    if classes == 0 {
        return rows.iter().take(MOST_EXAMPLES / EXAMPLES).copied().collect();
    }
    let of_class = |class: usize| rows.iter().filter(move |row| row.class == Some(class as u8)).take(EXAMPLES);
    let each = if classes * EXAMPLES > MOST_EXAMPLES { 1 } else { EXAMPLES };
    (0..classes).flat_map(|class| of_class(class).take(each)).take(MOST_EXAMPLES).copied().collect()
}

impl Refused {
    /// Of an error.
    pub(super) fn new(error: &Error) -> Self {
        let values: Vec<_> = error.values().into_iter().map(|(name, value)| (name, value.clone())).collect();
        let file = values.iter().find(|(name, _)| *name == "file").map(|(_, file)| file.to_string());
        Self { file: file.unwrap_or_default(), kind: error.kind(), values }
    }
}

impl InCatalogue for Refused {
    fn kind(&self) -> &'static str {
        self.kind
    }

    fn values(&self) -> Vec<(&'static str, &Value)> {
        self.values.iter().map(|(name, value)| (*name, value)).collect()
    }
}
