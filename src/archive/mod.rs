//! A whole lab in one file: a ZIP archive of named files, which any other program opens.
//!
//! Entries are stored, not compressed: weights would be a tenth smaller, but the same lab would have other bytes with every version of a
//! compressor. What another program has packed again is read: deflated, in any order, with folders, in a folder of its own. Layout: PKWARE's APPNOTE 6.3.10, sections 4.3.7
//! to 4.3.16, 4.4.5 and 4.5.3. What the files mean is decided in `www/archive/`.

mod crc;
mod directory;
mod png;
mod read;
mod write;

pub use png::png;
pub use read::{Entry, check_contents, read};
pub use write::Writer;

pub(crate) use crc::Crc;
pub(crate) use directory::{Central, Directory};
pub(crate) use png::grey_png;

/// The largest archive that is read, and the largest that it may be unpacked, in bytes.
pub const LARGEST_ARCHIVE: usize = 500_000_000;
/// The entry that makes an archive one of ours: version, settings, drawing, latent code, model shown.
pub const LAB: &str = "lab.json";

/// Signatures of a local header, of an entry of the directory, and of the record at the end; the last two of ZIP64.
const LOCAL: [u8; 4] = *b"PK\x03\x04";
const CENTRAL: [u8; 4] = *b"PK\x01\x02";
const END: [u8; 4] = *b"PK\x05\x06";
const END64: [u8; 4] = *b"PK\x06\x06";
const LOCATOR64: [u8; 4] = *b"PK\x06\x07";
/// Bytes of each, before the parts whose length differs.
const LOCAL_LENGTH: usize = 30;
const CENTRAL_LENGTH: usize = 46;
const END_LENGTH: usize = 22;
const END64_LENGTH: usize = 56;
const LOCATOR64_LENGTH: usize = 20;
/// Methods of compression.
pub(crate) const STORED: usize = 0;
pub(crate) const DEFLATED: usize = 8;
/// Deflate cannot pack more densely than this.
pub(crate) const DENSEST: usize = 1032;
/// The longest name of an entry, in bytes.
const LONGEST_NAME: usize = 200;

/// A little-endian number of `N` bytes, at most four, which are there.
fn number<const N: usize>(bytes: &[u8], at: usize) -> usize {
    bytes[at..at + N].iter().rev().fold(0, |number, &byte| number << 8 | usize::from(byte))
}

/// One of eight bytes; what no archive in memory has is the largest number.
fn long(bytes: &[u8], at: usize) -> usize {
    let value = bytes[at..at + 8].iter().rev().fold(0, |number, &byte| number << 8 | u64::from(byte));
    usize::try_from(value).unwrap_or(usize::MAX)
}
