//! Puts the parts of a data set together: labels to their images, classes in order, training and test images.

use super::column::{Column, Names};
use super::name::Split;
use super::part::{Content, Part};
use crate::Error;
use crate::data::{MOST_CLASSES, PIXELS};

/// All images that are kept, with what is known about them.
pub struct Gathered<'a> {
    pub classes: Vec<String>,
    pub rows: Vec<Row<'a>>,
    /// Why something was left out.
    pub refused: Vec<Error>,
}

/// An image.
#[derive(Clone, Copy)]
pub struct Row<'a> {
    /// `[784]`
    pub pixels: &'a [u8],
    /// The index of its class.
    pub class: Option<u8>,
    pub split: Split,
}

/// Decoded pictures of files, each with the class and the split that its folders name.
#[derive(Debug, Default)]
pub struct Pictures {
    /// `[n * 784]`
    pub pixels: Vec<u8>,
    pub of: Vec<Origin>,
}

/// Where a picture came from.
#[derive(Debug)]
pub struct Origin {
    pub file: String,
    pub class: Option<String>,
    pub split: Split,
}

/// An image whose class has a name, not yet an index.
struct Named<'a> {
    pixels: &'a [u8],
    class: Option<&'a str>,
    split: Split,
    file: &'a str,
}

/// All parts together.
pub fn gather<'a>(parts: &'a [Part], pictures: &'a Pictures) -> Gathered<'a> {
    let mut refused = Vec::new();
    let labels = pair(parts, &mut refused);
    let mut named = Vec::new();
    for (index, part) in parts.iter().enumerate() {
        let column = match &part.content {
            Content::Both(_, column) => Some(column),
            _ => labels[index],
        };
        let has_too_many = column.is_some_and(Column::has_too_many);
        if has_too_many {
            refused.push(too_many(&part.file));
        }
        let column = column.filter(|_| !has_too_many);
        let rows = part.images().chunks_exact(PIXELS).enumerate().map(|(row, pixels)| Named {
            pixels,
            class: column.map(|column| column.name(row)),
            split: part.split,
            file: &part.file,
        });
        named.extend(rows);
    }
    named.extend(
        pictures.pixels.chunks_exact(PIXELS).zip(&pictures.of).map(|(pixels, Origin { file, class, split })| Named {
            pixels,
            class: class.as_deref(),
            split: *split,
            file,
        }),
    );
    keep_labelled_or_all(&mut named, &mut refused);
    with_classes(named, refused)
}

/// The labels of each part with images: those of the same split and name, or else the only ones that are left, first of the split and then at all.
fn pair<'a>(parts: &'a [Part], refused: &mut Vec<Error>) -> Vec<Option<&'a Column>> {
    let mut images: Vec<usize> =
        (0..parts.len()).filter(|&at| matches!(parts[at].content, Content::Images(_))).collect();
    let mut labels: Vec<usize> =
        (0..parts.len()).filter(|&at| matches!(parts[at].content, Content::Labels(_))).collect();
    let mut pairs = Vec::new();
    let same_name = |a: usize, b: usize| parts[a].split == parts[b].split && parts[a].stem == parts[b].stem;
    let same_split = |a: usize, b: usize| parts[a].split == parts[b].split;
    let rules: [&dyn Fn(usize, usize) -> bool; 3] = [&same_name, &same_split, &|_, _| true];
    for fits in rules {
        labels.retain(|&column| {
            let candidates: Vec<usize> = images.iter().copied().filter(|&image| fits(column, image)).collect();
            let [image] = candidates[..] else { return true };
            images.retain(|&other| other != image);
            pairs.push((image, column));
            false
        });
    }
    let alone = |&at: &usize| Error::ImportLabelsAlone {
        file: parts[at].file.as_str().into(),
        labels: column(&parts[at]).len().into(),
    };
    refused.extend(labels.iter().map(alone));
    let mut found = vec![None; parts.len()];
    for (image, at) in pairs {
        let (images, labels) = (parts[image].count(), column(&parts[at]));
        if labels.len() == images {
            found[image] = Some(labels);
        } else {
            let file = parts[at].file.as_str().into();
            refused.push(Error::DataCount { file, labels: labels.len().into(), images: images.into() });
        }
    }
    found
}

fn column(part: &Part) -> &Column {
    match &part.content {
        Content::Labels(column) | Content::Both(_, column) => column,
        Content::Images(_) => unreachable!("only parts with labels are paired"),
    }
}

/// A data set has labels for all of its images or for none: the fewer give way.
fn keep_labelled_or_all(named: &mut Vec<Named>, refused: &mut Vec<Error>) {
    let labelled = named.iter().filter(|image| image.class.is_some()).count();
    let count = |has_class: bool| if has_class { labelled } else { named.len() - labelled };
    let first =
        |has_class: bool| named.iter().find(|image| image.class.is_some() == has_class).map(|it| it.file.into());
    if labelled == 0 || labelled == named.len() {
        return;
    }
    if 2 * labelled >= named.len() {
        refused.extend(first(false).map(|file| Error::ImportUnlabelled { file, count: count(false).into() }));
        named.retain(|image| image.class.is_some());
    } else {
        refused.extend(first(true).map(|file| Error::ImportLabelsLeftOut { file, count: labelled.into() }));
        named.iter_mut().for_each(|image| image.class = None);
    }
}

/// Classes by their index, unless there are too many of them.
fn with_classes<'a>(named: Vec<Named<'a>>, mut refused: Vec<Error>) -> Gathered<'a> {
    let mut names = Names::default();
    let indices: Vec<Option<u8>> = named.iter().map(|image| names.index(image.class?)).collect();
    let is_too_many = named.iter().zip(&indices).any(|(image, index)| image.class.is_some() && index.is_none());
    let (mut classes, ranks) = names.sorted();
    if is_too_many {
        refused.push(too_many(named[0].file));
        classes.clear();
    }
    let row = |(Named { pixels, split, .. }, index): (Named<'a>, Option<u8>)| Row {
        pixels,
        class: index.filter(|_| !is_too_many).map(|index| ranks[usize::from(index)]),
        split,
    };
    let rows = named.into_iter().zip(indices).map(row).collect();
    Gathered { classes, rows, refused }
}

fn too_many(file: &str) -> Error {
    Error::ImportClasses { file: file.into(), most: MOST_CLASSES.into() }
}
