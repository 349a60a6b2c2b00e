//! The directory at the end of an archive: where it is, and what each of its entries says.

use super::{
    CENTRAL, CENTRAL_LENGTH, END, END_LENGTH, END64, END64_LENGTH, LOCAL, LOCAL_LENGTH, LOCATOR64, LOCATOR64_LENGTH,
    LONGEST_NAME, long, number,
};
use std::ops::Range;

use crate::{Error, Result};

/// In the place of a number that is in a ZIP64 record.
const ELSEWHERE: usize = 0xffff_ffff;
const ELSEWHERE_SHORT: usize = 0xffff;
/// The extra field with the numbers of ZIP64.
const EXTRA64: usize = 1;

/// Where the directory of an archive is.
pub(crate) struct Directory<'a> {
    /// The number of its entries.
    pub count: usize,
    /// Where it begins.
    pub start: usize,
    /// Its bytes.
    pub bytes: &'a [u8],
}

/// An entry of the directory.
pub(crate) struct Central<'a> {
    /// As it is in the file.
    pub name: &'a [u8],
    /// Flags, method and checksum.
    pub flags: usize,
    pub method: usize,
    pub crc: usize,
    /// Bytes in the archive, and unpacked.
    pub packed: usize,
    pub size: usize,
    /// Where its local header is.
    pub at: usize,
}

impl<'a> Directory<'a> {
    /// The record that says where it is ends the file, after a comment.
    ///
    /// # Errors
    /// When there is none, or it contradicts itself.
    pub fn find(bytes: &'a [u8]) -> Result<Self> {
        if bytes.len() < END_LENGTH {
            return Err(Error::ArchiveCut {});
        }
        let from = bytes.len().saturating_sub(END_LENGTH + 0xffff);
        let ends = |&at: &usize| at + END_LENGTH + number::<2>(bytes, at + 20) == bytes.len();
        let starts = |&at: &usize| bytes[at..].starts_with(&END);
        let last = bytes.len() - END_LENGTH;
        let at = (from..=last).rev().filter(starts).find(ends).ok_or(Error::ArchiveCut {})?;
        let [disk, of_directory, here, count] = [4, 6, 8, 10].map(|offset| number::<2>(bytes, at + offset));
        let [size, start] = [12, 16].map(|offset| number::<4>(bytes, at + offset));
        let long = record64(bytes, at);
        let is_elsewhere = count == ELSEWHERE_SHORT || size == ELSEWHERE || start == ELSEWHERE;
        let (end, count, size, start) = match long {
            Some((end, [total, size, start])) => (end, total, size, start),
            None => (at, count, size, start),
        };
        let is_split = long.is_none() && (disk != 0 || of_directory != 0 || here != count);
        if (is_elsewhere && long.is_none()) || is_split || start.checked_add(size) != Some(end) {
            return Err(Error::ArchiveDamaged {});
        }
        Ok(Self { count, start, bytes: &bytes[start..end] })
    }
}

/// Where the ZIP64 record before the `end` is, if there is one, and its numbers: entries, bytes of the directory, and where that begins.
fn record64(bytes: &[u8], end: usize) -> Option<(usize, [usize; 3])> {
    let locator = end.checked_sub(LOCATOR64_LENGTH).filter(|&at| bytes[at..].starts_with(&LOCATOR64))?;
    let at = long(bytes, locator + 8);
    let is_there = at.checked_add(END64_LENGTH).is_some_and(|end| end <= locator) && bytes[at..].starts_with(&END64);
    is_there.then(|| (at, [32, 40, 48].map(|offset| long(bytes, at + offset))))
}

impl<'a> Central<'a> {
    /// The first entry of a directory, and the rest of it.
    ///
    /// # Errors
    /// When the bytes are none.
    pub fn split(directory: &'a [u8]) -> Result<(Self, &'a [u8])> {
        let damaged = || Error::ArchiveDamaged {};
        if directory.len() < CENTRAL_LENGTH || !directory.starts_with(&CENTRAL) {
            return Err(damaged());
        }
        let (header, rest) = directory.split_at(CENTRAL_LENGTH);
        let [name, extra, comment] = [28, 30, 32].map(|offset| number::<2>(header, offset));
        let (name, rest) = rest.split_at_checked(name).ok_or_else(damaged)?;
        let (extra, rest) = rest.split_at_checked(extra).ok_or_else(damaged)?;
        let rest = rest.get(comment..).ok_or_else(damaged)?;
        let [flags, method] = [8, 10].map(|offset| number::<2>(header, offset));
        let [crc, packed, size, at] = [16, 20, 24, 42].map(|offset| number::<4>(header, offset));
        let [size, packed, at] = with_extra([size, packed, at], extra).ok_or_else(damaged)?;
        Ok((Self { name, flags, method, crc, packed, size, at }, rest))
    }

    /// The name, which must be a relative path.
    ///
    /// # Errors
    /// When it is none.
    pub fn path(&self) -> Result<&'a str> {
        let path = std::str::from_utf8(self.name).ok().filter(|name| is_harmless(name));
        path.ok_or_else(|| Error::ArchiveName { entry: shown(self.name) })
    }

    /// Whether its contents are encrypted, in one of three ways.
    pub fn is_encrypted(&self) -> bool {
        self.flags & (1 | 1 << 6 | 1 << 13) != 0
    }

    /// Where its bytes are in the archive.
    pub fn range(&self, bytes: &[u8]) -> Option<Range<usize>> {
        let header = bytes.get(self.at..).filter(|local| local.len() >= LOCAL_LENGTH && local.starts_with(&LOCAL))?;
        let [named, extra] = [26, 28].map(|offset| number::<2>(header, offset));
        let start = self.at + LOCAL_LENGTH + named + extra;
        let end = start.checked_add(self.packed)?;
        (end <= bytes.len()).then_some(start..end)
    }
}

/// `numbers` in the order of the extra field, with those from there that are not in the header; `None` where they are missing.
fn with_extra(numbers: [usize; 3], extra: &[u8]) -> Option<[usize; 3]> {
    let mut rest = field64(extra).unwrap_or_default();
    let mut found = numbers;
    for number in found.iter_mut().filter(|number| **number == ELSEWHERE) {
        let (head, tail) = rest.split_at_checked(8)?;
        *number = long(head, 0);
        rest = tail;
    }
    Some(found)
}

/// The content of the ZIP64 field among extra fields.
fn field64(mut extra: &[u8]) -> Option<&[u8]> {
    while extra.len() >= 4 {
        let [kind, length] = [0, 2].map(|offset| number::<2>(extra, offset));
        let content = extra[4..].get(..length)?;
        if kind == EXTRA64 {
            return Some(content);
        }
        extra = &extra[4 + length..];
    }
    None
}

/// Whether a name is a relative path that leads nowhere else, in any system.
fn is_harmless(name: &str) -> bool {
    let folder = name.strip_suffix('/').unwrap_or(name);
    let odd = |letter: char| letter.is_control() || matches!(letter, '\\' | ':');
    name.len() <= LONGEST_NAME
        && !name.contains(odd)
        && folder.split('/').all(|part| !part.is_empty() && part != "." && part != "..")
}

/// A name for a sentence: at most so many letters, none of them a control character.
pub(super) fn shown(name: &[u8]) -> crate::error::Value {
    let text = String::from_utf8_lossy(name);
    text.chars().map(|letter| if letter.is_control() { '\u{fffd}' } else { letter }).take(60).collect::<String>().into()
}
