//! Reads an archive that nobody vouches for: its layout is checked before any of it is used, and a file of it when it is unpacked.

use std::borrow::Cow;

use super::crc::crc32;
use super::directory::{Central, Directory, shown};
use super::{DEFLATED, DENSEST, END, LAB, LARGEST_ARCHIVE, LOCAL, LOCAL_LENGTH, STORED, number};
use crate::{Error, Result};

/// Bit of an entry's flags: checksum and sizes are behind the contents and not in the local header.
const SIZES_BEHIND: usize = 1 << 3;
/// More than a lab of a thousand runs has, with folders and what a Mac adds to each: every name is compared with all others.
const MOST_ENTRIES: usize = 20_000;
/// In the place of a size that is in an extra field.
const ELSEWHERE: usize = 0xffff_ffff;
/// A lab is not packed more densely than this as a whole, but for so many bytes: drawings of test images, most of whose pixels are 0.
const DENSEST_LAB: usize = 20;
const DENSER: usize = 4_000_000;

/// A file in an archive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry<'a> {
    /// A relative path with slashes, from the folder of lab.json.
    pub name: &'a str,
    /// Bytes unpacked.
    pub size: usize,
    /// Its bytes as they are in the archive.
    pub packed: &'a [u8],
    /// Whether they are a deflate stream (RFC 1951), or the contents themselves.
    pub is_deflated: bool,
    /// Checksum of the contents.
    pub crc: usize,
}

/// The files of an archive in its order, without folders; none is unpacked yet.
///
/// # Errors
/// When the bytes are no archive of ours, or one that is cut short, damaged, encrypted, too large, or has a name that leads elsewhere.
pub fn read(bytes: &[u8]) -> Result<Vec<Entry<'_>>> {
    check_size(bytes.len())?;
    if !bytes.starts_with(&LOCAL) && !bytes.starts_with(&END) {
        return Err(Error::ArchiveNotZip {});
    }
    let directory = Directory::find(bytes)?;
    if directory.count > MOST_ENTRIES {
        return Err(Error::ArchiveEntries { count: directory.count.into(), most: MOST_ENTRIES.into() });
    }
    let mut left = directory.bytes;
    let mut entries: Vec<Entry> = Vec::new();
    let mut used = 0; // bytes
    for _ in 0..directory.count {
        let central;
        (central, left) = Central::split(left)?;
        let entry = entry_of(&central, &bytes[..directory.start])?;
        used += LOCAL_LENGTH + entry.packed.len();
        if entry.name.ends_with('/') {
            continue;
        }
        if entries.iter().any(|other| other.name == entry.name) {
            return Err(Error::ArchiveNameTwice { entry: shown(entry.name.as_bytes()) });
        }
        entries.push(entry);
    }
    if used > directory.start || !left.is_empty() {
        return Err(Error::ArchiveDamaged {}); // entries that share bytes would be larger than the file
    }
    check_unpacked(&entries, bytes.len())?;
    in_folder_of_lab(entries)
}

fn check_size(length: usize) -> Result<()> {
    if length <= LARGEST_ARCHIVE {
        return Ok(());
    }
    let [megabytes, most] = [length, LARGEST_ARCHIVE].map(|bytes| bytes.div_ceil(1_000_000).into());
    Err(Error::ArchiveTooLarge { megabytes, most })
}

/// Before anything is unpacked: all of it together is neither too large nor packed as no lab is.
fn check_unpacked(entries: &[Entry], length: usize) -> Result<()> {
    let unpacked = entries.iter().fold(0_usize, |sum, entry| sum.saturating_add(entry.size));
    let most = LARGEST_ARCHIVE.min(length.saturating_mul(DENSEST_LAB).saturating_add(DENSER));
    if unpacked <= most {
        return Ok(());
    }
    let [megabytes, most] = [unpacked, most].map(|bytes| bytes.div_ceil(1_000_000).into());
    Err(Error::ArchiveUnpackedTooLarge { megabytes, most })
}

/// The entries beside lab.json and below, by their names from there: another program may have put a folder around them.
fn in_folder_of_lab(entries: Vec<Entry>) -> Result<Vec<Entry>> {
    let first = || shown(entries.first().map_or(b"\xe2\x80\x93", |it| it.name.as_bytes()));
    let folders = entries.iter().filter_map(|entry| entry.name.strip_suffix(LAB));
    let nearest = folders.filter(|folder| folder.is_empty() || folder.ends_with('/')).min_by_key(|it| it.len());
    let folder = nearest.ok_or_else(|| Error::ArchiveForeign { entry: first() })?;
    let inside = |entry: &Entry| entry.name.starts_with(folder);
    Ok(entries
        .iter()
        .copied()
        .filter(inside)
        .map(|entry| Entry { name: &entry.name[folder.len()..], ..entry })
        .collect())
}

/// An entry, whose contents lie before the directory, and both headers agree.
fn entry_of<'a>(central: &Central<'a>, bytes: &'a [u8]) -> Result<Entry<'a>> {
    let damaged = || Error::ArchiveDamaged {};
    let entry = || shown(central.name);
    let name = central.path()?;
    let Central { flags, method, crc, packed, size, at, .. } = *central;
    if central.is_encrypted() {
        return Err(Error::ArchiveEncrypted { entry: entry() });
    }
    if method != STORED && method != DEFLATED {
        return Err(Error::ArchiveCompressed { entry: entry() });
    }
    let local = bytes.get(at..).filter(|local| local.len() >= LOCAL_LENGTH).ok_or_else(damaged)?;
    let (header, rest) = local.split_at(LOCAL_LENGTH);
    let [local_flags, local_method, named] = [6, 8, 26].map(|offset| number::<2>(header, offset));
    let [local_crc, local_packed, local_size] = [14, 18, 22].map(|offset| number::<4>(header, offset));
    let same_size = |local: usize, central: usize| local == central || local == ELSEWHERE;
    let same = flags & SIZES_BEHIND != 0
        || (local_crc == crc && same_size(local_packed, packed) && same_size(local_size, size));
    let same = same && local_flags == flags && local_method == method && rest.get(..named) == Some(name.as_bytes());
    if !header.starts_with(&LOCAL) || !same {
        return Err(damaged());
    }
    let is_deflated = method == DEFLATED;
    if (!is_deflated && packed != size) || size > packed.saturating_mul(DENSEST) {
        return Err(damaged());
    }
    let packed = &bytes[central.range(bytes).ok_or_else(damaged)?];
    Ok(Entry { name, size, packed, is_deflated, crc })
}

impl<'a> Entry<'a> {
    /// Its bytes; `inflate` unpacks a deflate stream to at most so many bytes, or `None` where it is damaged: the page has the browser for that, and a decoder
    /// would be 4 kB of its module with brotli.
    ///
    /// # Errors
    /// When they cannot be unpacked, or do not have the size or the checksum that the archive says.
    pub fn contents(&self, inflate: impl Fn(&[u8], usize) -> Option<Vec<u8>>) -> Result<Cow<'a, [u8]>> {
        let unpacked = match self.is_deflated {
            true => inflate(self.packed, self.size).map(Cow::Owned),
            false => Some(Cow::Borrowed(self.packed)),
        };
        let contents = unpacked.ok_or_else(|| Error::ArchiveChecksum { entry: shown(self.name.as_bytes()) })?;
        check_contents(self.name, &contents, self.size, self.crc)?;
        Ok(contents)
    }
}

/// Whether the contents of an entry are those that the archive says.
///
/// # Errors
/// When they have another size or checksum.
pub fn check_contents(name: &str, contents: &[u8], size: usize, crc: usize) -> Result<()> {
    match contents.len() == size && crc32(contents) as usize == crc {
        true => Ok(()),
        false => Err(Error::ArchiveChecksum { entry: shown(name.as_bytes()) }),
    }
}
