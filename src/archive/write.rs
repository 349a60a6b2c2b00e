//! Writes an archive in pieces, so that nobody needs all of it in memory.

use super::crc::crc32;
use super::{CENTRAL, END, LOCAL};

/// 1 January 1980, the first day that the format knows: the same lab gives the same bytes on any day.
const DATE: u16 = 1 << 5 | 1;
/// Names are in UTF-8.
const FLAGS: u16 = 1 << 11;
/// Stored entries need version 1.0 of the format.
const VERSION: u16 = 10;

/// The directory of an archive that is being written.
#[derive(Debug, Default)]
pub struct Writer {
    directory: Vec<u8>,
    entries: u16,
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
        let size = number(end.len());
        end.extend([&END[..], &[0; 4], &self.entries.to_le_bytes(), &self.entries.to_le_bytes()].concat());
        end.extend([size, number(self.length)].map(u32::to_le_bytes).concat());
        end.extend([0; 2]);
        end
    }
}

fn number(length: usize) -> u32 {
    u32::try_from(length).expect("an archive has less than 4 GB")
}
