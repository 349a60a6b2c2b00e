//! Reads an archive that nobody vouches for: all of it is checked before any of it is used.

use super::crc::crc32;
use super::{CENTRAL, CENTRAL_LENGTH, END, END_LENGTH, LAB, LARGEST_ARCHIVE, LOCAL, LOCAL_LENGTH, LONGEST_NAME};
use crate::{Error, Result};

/// A file in an archive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry<'a> {
    /// A relative path with slashes.
    pub name: &'a str,
    /// Its bytes.
    pub contents: &'a [u8],
}

/// Bits of an entry's flags: encrypted, in one of three ways; sizes behind the contents and not in the local header.
const ENCRYPTED: usize = 1 | 1 << 6 | 1 << 13;
const SIZES_BEHIND: usize = 1 << 3;
/// In the place of a number that is in a ZIP64 record.
const IN_ZIP64: usize = 0xffff_ffff;
const MANY: usize = 0xffff;
/// From the flags to the sizes, in either header: compared between the two.
const COMPARED: usize = 20;

/// The files of an archive in its order, without folders.
///
/// # Errors
/// When the bytes are no archive of ours, or one that is cut short, damaged, encrypted, compressed, too large, or has a name that
/// leads elsewhere.
pub fn read(bytes: &[u8]) -> Result<Vec<Entry<'_>>> {
    if bytes.len() > LARGEST_ARCHIVE {
        let [megabytes, most] = [bytes.len(), LARGEST_ARCHIVE].map(|bytes| bytes.div_ceil(1_000_000).into());
        return Err(Error::ArchiveTooLarge { megabytes, most });
    }
    if !bytes.starts_with(&LOCAL) && !bytes.starts_with(&END) {
        return Err(Error::ArchiveNotZip {});
    }
    let (count, directory, mut left) = directory(bytes)?;
    let mut entries: Vec<Entry> = Vec::new();
    let mut free = 0; // where the entry before has ended
    for _ in 0..count {
        let central;
        (central, left) = Central::split(left)?;
        let contents = central.contents(bytes, directory)?;
        if central.at < free {
            return Err(Error::ArchiveDamaged {}); // entries that share bytes would be larger than the file
        }
        free = central.at + LOCAL_LENGTH + central.name.len() + contents.len();
        if central.name.ends_with('/') {
            continue;
        }
        if entries.iter().any(|entry| entry.name == central.name) {
            return Err(Error::ArchiveNameTwice { entry: shown(central.name.as_bytes()) });
        }
        entries.push(Entry { name: central.name, contents });
    }
    match (left.is_empty(), entries.iter().any(|entry| entry.name == LAB)) {
        (false, _) => Err(Error::ArchiveDamaged {}),
        (true, false) => Err(Error::ArchiveForeign {
            entry: shown(entries.first().map_or(b"\xe2\x80\x93", |it| it.name.as_bytes())),
        }),
        (true, true) => Ok(entries),
    }
}

/// The number of entries, where the directory begins, and its bytes. The record that says so ends the file, after a comment.
fn directory(bytes: &[u8]) -> Result<(usize, usize, &[u8])> {
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
    if count == MANY || size == IN_ZIP64 || start == IN_ZIP64 {
        return Err(Error::ArchiveZip64 {});
    }
    if disk != 0 || of_directory != 0 || here != count || start.checked_add(size) != Some(at) {
        return Err(Error::ArchiveDamaged {});
    }
    Ok((count, start, &bytes[start..at]))
}

/// An entry of the directory.
struct Central<'a> {
    header: &'a [u8],
    name: &'a str,
    at: usize,
}

impl<'a> Central<'a> {
    /// The first entry of a directory, and the rest of it.
    fn split(directory: &'a [u8]) -> Result<(Self, &'a [u8])> {
        if directory.len() < CENTRAL_LENGTH || !directory.starts_with(&CENTRAL) {
            return Err(Error::ArchiveDamaged {});
        }
        let (header, rest) = directory.split_at(CENTRAL_LENGTH);
        let [name, extra, comment] = [28, 30, 32].map(|offset| number::<2>(header, offset));
        let (name, rest) = rest.split_at_checked(name).ok_or(Error::ArchiveDamaged {})?;
        let rest = rest.get(extra + comment..).ok_or(Error::ArchiveDamaged {})?;
        let refused = || Error::ArchiveName { entry: shown(name) };
        let text = std::str::from_utf8(name).ok().filter(|name| is_harmless(name)).ok_or_else(refused)?;
        Ok((Self { header, name: text, at: number::<4>(header, 42) }, rest))
    }

    /// The bytes of the entry, which lie before the directory; its two headers and its checksum agree.
    fn contents<'b>(&self, bytes: &'b [u8], directory: usize) -> Result<&'b [u8]> {
        let entry = || shown(self.name.as_bytes());
        let [flags, method] = [8, 10].map(|offset| number::<2>(self.header, offset));
        let [crc, packed, size] = [16, 20, 24].map(|offset| number::<4>(self.header, offset));
        if [packed, size, self.at].contains(&IN_ZIP64) {
            return Err(Error::ArchiveZip64 {});
        }
        if flags & ENCRYPTED != 0 {
            return Err(Error::ArchiveEncrypted { entry: entry() });
        }
        if method != 0 {
            return Err(Error::ArchiveCompressed { entry: entry() });
        }
        let damaged = || Error::ArchiveDamaged {};
        let local =
            bytes[..directory].get(self.at..).filter(|local| local.len() >= LOCAL_LENGTH).ok_or_else(damaged)?;
        let (header, rest) = local.split_at(LOCAL_LENGTH);
        let [name, extra] = [26, 28].map(|offset| number::<2>(header, offset));
        let compared = if flags & SIZES_BEHIND == 0 { COMPARED } else { 4 };
        let same = header[6..][..compared] == self.header[8..][..compared];
        if !header.starts_with(&LOCAL) || !same || packed != size || rest.get(..name) != Some(self.name.as_bytes()) {
            return Err(damaged());
        }
        let contents = rest.get(name + extra..).and_then(|rest| rest.get(..size)).ok_or_else(damaged)?;
        match crc32(contents) as usize == crc {
            true => Ok(contents),
            false => Err(Error::ArchiveChecksum { entry: entry() }),
        }
    }
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
fn shown(name: &[u8]) -> crate::error::Value {
    let text = String::from_utf8_lossy(name);
    text.chars().map(|letter| if letter.is_control() { '\u{fffd}' } else { letter }).take(60).collect::<String>().into()
}

/// A little-endian number of `N` bytes, which are there.
fn number<const N: usize>(bytes: &[u8], at: usize) -> usize {
    bytes[at..at + N].iter().rev().fold(0, |number, &byte| number << 8 | usize::from(byte))
}
