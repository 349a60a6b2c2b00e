//! A whole lab in one file: a ZIP archive of named files, which any other program opens.
//!
//! Entries are stored, not compressed: weights would be a tenth smaller, but the same lab would have other bytes with every version of a
//! compressor, and a size that an entry declares could be more than the file has. Layout: PKWARE's APPNOTE 6.3.10, sections 4.3.7 to
//! 4.3.16. What the files mean is decided in `www/archive/`.

mod crc;
mod png;
mod read;
mod write;

pub use png::png;
pub use read::{Entry, read};
pub use write::Writer;

/// The largest archive that is read, in bytes. The page holds it twice.
pub const LARGEST_ARCHIVE: usize = 500_000_000;
/// The entry that makes an archive one of ours: version, settings, drawing, latent code, model shown.
pub const LAB: &str = "lab.json";

/// Signatures of a local header, of an entry of the directory, and of the record at the end.
const LOCAL: [u8; 4] = *b"PK\x03\x04";
const CENTRAL: [u8; 4] = *b"PK\x01\x02";
const END: [u8; 4] = *b"PK\x05\x06";
/// Bytes of each, before the parts whose length differs.
const LOCAL_LENGTH: usize = 30;
const CENTRAL_LENGTH: usize = 46;
const END_LENGTH: usize = 22;
/// The longest name of an entry, in bytes.
const LONGEST_NAME: usize = 200;
