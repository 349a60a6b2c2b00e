//! Writes an archive in pieces, so that nobody needs all of it in memory.

use super::crc::crc32;
use super::{CENTRAL, END, END64, END64_LENGTH, LOCAL, LOCATOR64};

/// 1 January 1980, the first day that the format knows: the same lab gives the same bytes on any day.
const DATE: u16 = 1 << 5 | 1;
/// Names are in UTF-8.
const FLAGS: u16 = 1 << 11;
/// Stored entries need version 1.0 of the format.
const VERSION: u16 = 10;
/// So many entries, or more, are counted in another record, of version 4.5.
const MOST_ENTRIES: u16 = 0xffff;
const VERSION64: u32 = 45;

/// The directory of an archive that is being written.
#[derive(Debug, Default)]
pub struct Writer {
    directory: Vec<u8>,
    entries: u64,
    length: usize,
}

impl Writer {
    /// The header of the next entry, to be written before its `contents`. Names are relative paths with slashes, no two the same.
    pub fn header(&mut self, name: &str, contents: &[u8]) -> Vec<u8> {
        let size = number(contents.len());
        let mut header = Vec::new();
        for half in [VERSION, FLAGS, 0, 0, DATE] {
            header.extend(half.to_le_bytes());
        }
        for word in [crc32(contents), size, size, name.len() as u32] {
            header.extend(word.to_le_bytes()); // the length of the name, then that of an extra field: none
        }
        self.directory.extend([&CENTRAL[..], &VERSION.to_le_bytes(), &header, &[0; 10]].concat());
        self.directory.extend(number(self.length).to_le_bytes());
        self.directory.extend(name.as_bytes());
        self.entries += 1;
        let local = [&LOCAL[..], &header, name.as_bytes()].concat();
        self.length += local.len() + contents.len();
        local
    }

    /// The directory, which ends the archive.
    pub fn finish(self) -> Vec<u8> {
        let mut end = self.directory;
        let (size, start) = (number(end.len()), number(self.length));
        if self.entries >= MOST_ENTRIES.into() {
            end.extend(record64(self.entries, size.into(), start.into()));
        }
        let entries = u16::try_from(self.entries).unwrap_or(MOST_ENTRIES).to_le_bytes();
        end.extend([&END[..], &[0; 4], &entries, &entries].concat());
        end.extend([size, start].map(u32::to_le_bytes).concat());
        end.extend([0; 2]);
        end
    }
}

/// The record of ZIP64 with more entries than the usual one can count, and its locator.
fn record64(entries: u64, size: u64, start: u64) -> Vec<u8> {
    let at = (start + size).to_le_bytes();
    let versions = (VERSION64 << 16 | VERSION64).to_le_bytes();
    let sizes = [entries, entries, size, start].map(u64::to_le_bytes);
    let length = (END64_LENGTH as u64 - 12).to_le_bytes(); // of what follows
    let record = [&END64[..], &length, &versions, &[0; 8], sizes.as_flattened()].concat();
    [&record[..], &LOCATOR64, &[0; 4], &at, &1_u32.to_le_bytes()].concat()
}

fn number(length: usize) -> u32 {
    u32::try_from(length).expect("an archive has less than 4 GB")
}
