//! The entries of a ZIP archive, each by itself: one that cannot be read is refused by its name, and the others are read.

use super::name;
use super::source::too_large;
use crate::archive::{Central, DEFLATED, DENSEST, Directory, STORED};
use crate::{Error, Result};

/// All entries together, unpacked, in bytes.
const LARGEST_UNPACKED: u64 = 2_000_000_000;

/// A file in an archive: where its bytes are, and what they are.
#[derive(Clone, Copy)]
pub struct Packed {
    /// Where they begin, and how many there are.
    pub start: usize,
    pub length: usize,
    /// Whether they are a deflate stream, or the contents themselves.
    pub is_deflated: bool,
    /// Bytes unpacked.
    pub size: usize,
    /// Checksum of the contents.
    pub crc: u32,
}

/// The names of the entries of an archive called `file` and the entries, without folders and what a system adds; an error in the place of one that is not read.
///
/// # Errors
/// When the bytes are no archive, or a damaged one, or unpacked it would be too large.
pub fn entries(file: &str, bytes: &[u8]) -> Result<Vec<Result<(String, Packed)>>> {
    let damaged = |_| Error::ImportDamaged { file: file.into() };
    let directory = Directory::find(bytes).map_err(damaged)?;
    let mut left = directory.bytes;
    let mut found = Vec::new();
    let mut unpacked = 0_u64;
    for _ in 0..directory.count {
        let central;
        (central, left) = Central::split(left).map_err(damaged)?;
        unpacked = unpacked.saturating_add(central.size as u64);
        let name = String::from_utf8_lossy(central.name).into_owned();
        if !name::is_clutter(&name) {
            let packed = packed(&format!("{file}: {name}"), &name, &central, &bytes[..directory.start]);
            found.push(packed.map(|packed| (name, packed)));
        }
    }
    match unpacked > LARGEST_UNPACKED {
        true => Err(too_large(file, LARGEST_UNPACKED)),
        false => Ok(found),
    }
}

fn packed(shown: &str, name: &str, central: &Central, bytes: &[u8]) -> Result<Packed> {
    let file = || shown.into();
    let Central { method, crc, packed, size, .. } = *central;
    if !name::is_harmless(name) {
        return Err(Error::ImportPath { file: file() });
    }
    if central.is_encrypted() {
        return Err(Error::ImportEncrypted { file: file() });
    }
    if method != STORED && method != DEFLATED {
        return Err(Error::ImportCompression { file: file() });
    }
    let range = central.range(bytes).filter(|_| size <= packed.saturating_mul(DENSEST));
    let range = range.ok_or_else(|| Error::ImportDamaged { file: file() })?;
    Ok(Packed { start: range.start, length: range.len(), is_deflated: method == DEFLATED, size, crc: crc as u32 })
}
