//! Where the bytes of a file come from: memory, an entry of a ZIP archive, either of them perhaps gzipped. Nothing is unpacked as a whole, and
//! never more than a limit.

use std::io::{self, BufRead, BufReader, ErrorKind, Read};

use flate2::bufread::DeflateDecoder;

use super::gunzip::Gunzip;
use super::zip_file::Packed;
use crate::archive::Crc;
use crate::{Error, Result};

/// The largest size of a file, unpacked, in bytes: 60,000 images of 784 numbers with eight bytes are 376 MB.
pub const LARGEST: u64 = 1_000_000_000;
/// The largest encoded picture, in bytes.
pub const LARGEST_PICTURE: u64 = 64_000_000;
/// Bytes from which a format is recognised.
const HEAD: u64 = 4096;
const GZIP: [u8; 2] = [0x1f, 0x8b];

/// A file that can be read several times.
pub struct Source<'a> {
    /// As errors name it.
    pub name: String,
    place: Place<'a>,
    gzipped: bool,
}

enum Place<'a> {
    Bytes(&'a [u8]),
    Entry(&'a [u8], Packed),
}

impl<'a> Source<'a> {
    /// A file in memory.
    pub fn bytes(name: &str, bytes: &'a [u8]) -> Self {
        Self { name: name.into(), place: Place::Bytes(bytes), gzipped: false }
    }

    /// An entry of an archive.
    pub fn entry(name: String, archive: &'a [u8], entry: Packed) -> Self {
        let packed = &archive[entry.start..entry.start + entry.length];
        Self { name, place: Place::Entry(packed, entry), gzipped: false }
    }

    /// Whether the file is gzipped, once its head has been read.
    pub fn is_gzipped(&self) -> bool {
        self.gzipped
    }

    /// The first bytes of the file, from now on those that are in a gzipped one.
    ///
    /// # Errors
    /// When the file is empty, damaged or encrypted.
    pub fn head(&mut self) -> Result<Vec<u8>> {
        let mut head = self.first_bytes()?;
        if head.starts_with(&GZIP) {
            self.gzipped = true;
            head = self.first_bytes()?;
        }
        match head.is_empty() {
            true => Err(Error::ImportEmpty { file: self.name.as_str().into() }),
            false => Ok(head),
        }
    }

    fn first_bytes(&mut self) -> Result<Vec<u8>> {
        let mut head = Vec::new();
        let read = self.open().take(HEAD).read_to_end(&mut head);
        read.map_err(|error| self.failed(&error))?;
        Ok(head)
    }

    /// A reader from the beginning.
    pub fn open(&self) -> Box<dyn BufRead + 'a> {
        let reader: Box<dyn Read + 'a> = match self.place {
            Place::Bytes(bytes) => Box::new(bytes),
            Place::Entry(packed, Packed { is_deflated, size, crc, .. }) => {
                let unpacked: Box<dyn Read + 'a> =
                    if is_deflated { Box::new(DeflateDecoder::new(packed)) } else { Box::new(packed) };
                Box::new(Checked { reader: unpacked, left: size as u64, crc, found: Crc::new() })
            }
        };
        let reader: Box<dyn Read + 'a> =
            if self.gzipped { Box::new(Gunzip::new(BufReader::new(reader))) } else { reader };
        Box::new(BufReader::new(Limited { reader, left: LARGEST }))
    }

    /// All bytes, where they are no more than `most`.
    ///
    /// # Errors
    /// When there are more, or they are damaged.
    pub fn read(&mut self, most: u64) -> Result<Vec<u8>> {
        let mut all = Vec::new();
        let read = Limited { reader: self.open(), left: most }.read_to_end(&mut all);
        read.map_err(|error| match error.kind() {
            ErrorKind::FileTooLarge => too_large(&self.name, most),
            _ => self.failed(&error),
        })?;
        Ok(all)
    }

    /// An error unless a reader of this file has nothing more to give.
    ///
    /// # Errors
    /// When there are more bytes than the header says, or the end is damaged.
    pub fn check_end(&self, reader: &mut impl Read) -> Result<()> {
        match reader.read(&mut [0]) {
            Ok(0) => Ok(()),
            _ => Err(Error::ImportDamaged { file: self.name.as_str().into() }),
        }
    }

    /// What a failed reading of this file means.
    pub fn failed(&self, error: &io::Error) -> Error {
        match error.kind() {
            ErrorKind::FileTooLarge => too_large(&self.name, LARGEST),
            _ => Error::ImportDamaged { file: self.name.as_str().into() },
        }
    }
}

/// A file beyond `most` bytes.
pub fn too_large(name: &str, most: u64) -> Error {
    Error::ImportTooLarge { file: name.into(), most: (most / 1_000_000).into() }
}

/// A reader that fails where there are more bytes than it may give.
struct Limited<R> {
    reader: R,
    left: u64,
}

impl<R: Read> Read for Limited<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.reader.read(buffer)?;
        self.left = self.left.checked_sub(count as u64).ok_or(ErrorKind::FileTooLarge)?;
        Ok(count)
    }
}

/// A reader of an entry, which fails at its end unless the bytes are as many as the archive says, and have its checksum.
struct Checked<R> {
    reader: R,
    left: u64,
    crc: u32,
    found: Crc,
}

impl<R: Read> Read for Checked<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.reader.read(buffer)?;
        self.found.add(&buffer[..count]);
        self.left = self.left.checked_sub(count as u64).ok_or(ErrorKind::InvalidData)?;
        let is_whole = self.left == 0 && self.found.value() == self.crc;
        if count == 0 && !buffer.is_empty() && !is_whole {
            return Err(ErrorKind::InvalidData.into());
        }
        Ok(count)
    }
}
