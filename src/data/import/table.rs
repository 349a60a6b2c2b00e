//! Tables of text (CSV): in each row the pixels of a square picture and perhaps a label, or labels alone.

use std::io::{BufRead, Read};

use super::column::Column;
use super::decimal::number;
use super::part::Content;
use super::picture::scaled;
use super::scale::Range;
use super::source::Source;
use crate::data::{MOST_CLASSES, PIXELS, SIDE};
use crate::error::Value;
use crate::{Error, Result};

/// The least side of a picture: tables of fewer columns are rarely pictures. scikit-learn's digits have 8.
const LEAST_SIDE: usize = 8;
/// The longest row, in bytes: all of it is in memory.
const LONGEST_ROW: u64 = 8_000_000;
/// Names of a column that has labels.
const LABEL_NAMES: [&str; 6] = ["label", "labels", "class", "target", "digit", "y"];

/// Where a row has its label and its pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Layout {
    has_header: bool,
    /// A first column that counts the rows, as pandas writes it.
    has_index: bool,
    label: Label,
    side: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Label {
    First,
    Last,
    Absent,
}

/// Reads a table of at most so many rows; also the value that was taken for full ink.
///
/// # Errors
/// When a row is of another length, a pixel is no number or out of range, or the rows are no pictures.
pub fn read(source: &Source, separator: u8, most: usize) -> Result<(Content, f64)> {
    let name = source.name.clone();
    let columns = columns(source, separator)?;
    if columns == 1 {
        return Ok((Content::Labels(labels(source, separator, most)?), 1.0));
    }
    let (layout, range) = survey(source, separator, columns, most)?;
    let top = range.top(&name)?;
    let (mut pixels, mut labels) = (Vec::new(), Column::default());
    let mut image = Vec::new();
    each_row(source, separator, layout.has_header, |_, row| {
        let cells = layout.cells(columns);
        if let Some(label) = layout.label_at(columns) {
            add_label(&mut labels, &name, row[label])?;
        }
        image.clear();
        image
            .extend(cells.map(|cell| (number(row[cell]).unwrap_or(0.0) / top * 255.0).round().clamp(0.0, 255.0) as u8));
        match layout.side {
            SIDE => pixels.extend_from_slice(&image),
            side => pixels.extend(scaled(side, side, |x, y| image[y * side + x].into())),
        }
        Ok(())
    })?;
    debug_assert_eq!(pixels.len() % PIXELS, 0);
    Ok(match layout.label {
        Label::Absent => (Content::Images(pixels), top),
        _ => (Content::Both(pixels, labels), top),
    })
}

/// The number of cells in the first row.
fn columns(source: &Source, separator: u8) -> Result<usize> {
    let mut columns = 0;
    let all = each_row(source, separator, false, |_, row| {
        columns = row.len();
        Err(Error::ImportNothing {})
    });
    match (columns, all) {
        (0, Err(error)) => Err(error),
        _ => Ok(columns),
    }
}

/// A column of whole numbers, perhaps with a heading.
fn labels(source: &Source, separator: u8, most: usize) -> Result<Column> {
    let name = source.name.clone();
    let mut labels = Column::default();
    each_row(source, separator, false, |line, row| match number(row[0]) {
        Some(_) if labels.len() == most => Err(Error::ImportTooMany { file: name.as_str().into(), most: most.into() }),
        Some(value) => labels.push_number(&name, value),
        None if line == 1 => Ok(()),
        None => Err(Error::ImportUnknown { file: name.as_str().into() }),
    })?;
    match labels.len() {
        0 => Err(Error::ImportUnknown { file: name.into() }),
        _ => Ok(labels),
    }
}

/// What the first or the last column holds.
#[derive(Default)]
struct Margin {
    range: Range,
    /// The first cell that is no number, and its line.
    text: Option<(usize, Vec<u8>)>,
    has_fractions: bool,
    /// Different cells, up to one more than there may be classes.
    different: Vec<Vec<u8>>,
}

impl Margin {
    fn include(&mut self, file: &str, line: usize, cell: &[u8]) -> Result<()> {
        if self.different.len() <= MOST_CLASSES && !self.different.iter().any(|known| known == cell) {
            self.different.push(cell.to_vec());
        }
        match number(cell) {
            Some(value) => {
                self.has_fractions |= value.fract() != 0.0;
                self.range.include(file, value)
            }
            None => {
                self.text.get_or_insert_with(|| (line, cell.to_vec()));
                Ok(())
            }
        }
    }

    fn could_be_labels(&self) -> bool {
        !self.has_fractions && self.different.len() <= MOST_CLASSES
    }
}

/// Reads the table once: where it has its labels, and the range of its pixels.
fn survey(source: &Source, separator: u8, columns: usize, most: usize) -> Result<(Layout, Range)> {
    let name = source.name.clone();
    let file = || Value::from(name.as_str());
    let (mut heading, mut rows) = (None, 0);
    let (mut inner, mut first, mut last) = (Range::default(), Margin::default(), Margin::default());
    let mut has_index = false;
    each_row(source, separator, false, |line, row| {
        if line == 1 && is_heading(row) {
            has_index = row[0].is_empty() || row[0].eq_ignore_ascii_case(b"index");
            heading = Some([row[usize::from(has_index)], row[columns - 1]].map(is_label_name));
            return Ok(());
        }
        rows += 1;
        if rows > most {
            return Err(Error::ImportTooMany { file: file(), most: most.into() });
        }
        let start = usize::from(has_index);
        first.include(&name, line, row[start])?;
        last.include(&name, line, row[columns - 1])?;
        for cell in row.get(start + 1..columns - 1).unwrap_or_default() {
            inner.include(&name, number(cell).ok_or_else(|| no_number(&name, line, cell))?)?;
        }
        Ok(())
    })?;
    let used = columns - usize::from(has_index);
    let is_picture = |cells: usize| cells.isqrt().pow(2) == cells && cells.isqrt() >= LEAST_SIDE;
    let (label, side) = match (is_picture(used), is_picture(used - 1)) {
        (true, _) => (Label::Absent, used.isqrt()),
        (_, true) => (label_of(heading, &first, &last), (used - 1).isqrt()),
        _ => return Err(Error::ImportColumns { file: file(), columns: columns.into() }),
    };
    if rows == 0 {
        return Err(Error::DataEmpty { file: file() });
    }
    let margins = [(Label::First, &first), (Label::Last, &last)];
    let pixels = margins.into_iter().filter(|(place, _)| *place != label);
    let range = pixels.clone().fold(inner, |range, (_, margin)| range.and(margin.range));
    if let Some((line, text)) = pixels.into_iter().find_map(|(_, margin)| margin.text.as_ref()) {
        return Err(no_number(&name, *line, text));
    }
    Ok((Layout { has_header: heading.is_some(), has_index, label, side }, range))
}

/// Where the labels are: where the heading says it, where text is, or else where few different whole numbers are that are not all the same, as they are in the corner of
/// pictures; before the pixels, as MNIST's tables have it, where both could be.
fn label_of(heading: Option<[bool; 2]>, first: &Margin, last: &Margin) -> Label {
    match heading {
        Some([true, false]) => return Label::First,
        Some([false, true]) => return Label::Last,
        _ => {}
    }
    let varies = |margin: &Margin| margin.could_be_labels() && margin.different.len() > 1;
    let is_last = match (first.text.is_some(), last.text.is_some()) {
        (false, true) => true,
        (true, _) => false,
        _ if first.could_be_labels() != last.could_be_labels() => last.could_be_labels(),
        _ => varies(last) && !varies(first),
    };
    if is_last { Label::Last } else { Label::First }
}

/// Whether a row has names: most of its cells are no numbers, or they are 0, 1, 2, .. or 1, 2, 3, .. as pandas numbers columns.
fn is_heading(row: &[&[u8]]) -> bool {
    let texts = row.iter().filter(|cell| number(cell).is_none()).count();
    let inner: Vec<Option<f64>> =
        row.iter().skip(2).take(row.len().saturating_sub(3)).map(|cell| number(cell)).collect();
    let counts = inner.windows(2).all(|pair| matches!(pair, [Some(a), Some(b)] if *b == a + 1.0));
    2 * texts > row.len() || (counts && inner.len() > LEAST_SIDE)
}

fn is_label_name(cell: &[u8]) -> bool {
    LABEL_NAMES.iter().any(|name| cell.eq_ignore_ascii_case(name.as_bytes()))
}

impl Layout {
    /// The columns of the pixels.
    fn cells(&self, columns: usize) -> std::ops::Range<usize> {
        let start = usize::from(self.has_index) + usize::from(self.label == Label::First);
        start..columns - usize::from(self.label == Label::Last)
    }

    fn label_at(&self, columns: usize) -> Option<usize> {
        match self.label {
            Label::First => Some(usize::from(self.has_index)),
            Label::Last => Some(columns - 1),
            Label::Absent => None,
        }
    }
}

/// A label as it is written; of a number its value.
fn add_label(labels: &mut Column, file: &str, cell: &[u8]) -> Result<()> {
    match number(cell) {
        Some(value) => labels.push_number(file, value),
        None => {
            labels.push(&String::from_utf8_lossy(cell));
            Ok(())
        }
    }
}

fn no_number(file: &str, line: usize, cell: &[u8]) -> Error {
    let text: String = String::from_utf8_lossy(cell).chars().take(20).collect();
    Error::ImportNotNumber { file: file.into(), line: line.into(), text: text.into() }
}

/// Calls `take` with the number of each line that is not empty and its cells, from the second line on where there is a header. All rows must be as long as
/// the first.
fn each_row(
    source: &Source,
    separator: u8,
    has_header: bool,
    mut take: impl FnMut(usize, &[&[u8]]) -> Result<()>,
) -> Result<()> {
    let file = || Value::from(source.name.as_str());
    let mut reader = source.open();
    let mut expected = None;
    let mut text = Vec::new();
    for line in 1.. {
        text.clear();
        let length = reader.by_ref().take(LONGEST_ROW).read_until(b'\n', &mut text);
        match length.map_err(|error| source.failed(&error))? as u64 {
            0 => break,
            LONGEST_ROW => return Err(Error::ImportUnknown { file: file() }),
            _ => {}
        }
        let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&text); // the mark of UTF-8
        if text.trim_ascii().is_empty() {
            continue;
        }
        let row: Vec<&[u8]> = text.split(|&byte| byte == separator).map(plain).collect();
        let expected = *expected.get_or_insert(row.len());
        if row.len() != expected {
            let (found, expected) = (row.len().into(), expected.into());
            return Err(Error::ImportRagged { file: file(), line: line.into(), found, expected });
        }
        if line > 1 || !has_header {
            take(line, &row)?;
        }
    }
    Ok(())
}

/// A cell without spaces and quotes around it; none of those in use holds a separator.
fn plain(cell: &[u8]) -> &[u8] {
    let cell = cell.trim_ascii();
    cell.strip_prefix(b"\"").and_then(|cell| cell.strip_suffix(b"\"")).unwrap_or(cell)
}
