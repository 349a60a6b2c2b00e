//! Files that are gzipped (RFC 1952). flate2's reader of them brings tables of 16 kB for the checksum, which do not compress.

use std::io::{self, BufRead, ErrorKind, Read};

use flate2::bufread::DeflateDecoder;

use crate::archive::Crc;

/// Bits of the header's flags: a checksum of the header, and extra fields, a name and a comment in it.
const CHECKSUM: u8 = 2;
const EXTRA: u8 = 4;
const NAME: u8 = 8;
const COMMENT: u8 = 16;

/// A reader of what is in a gzipped file, of one member after the other.
pub struct Gunzip<R: BufRead>(Stage<R>);

#[allow(clippy::large_enum_variant, reason = "there is one at a time")]
enum Stage<R: BufRead> {
    Header(R),
    Body { decoder: DeflateDecoder<R>, crc: Crc, length: u32 },
    End,
}

impl<R: BufRead> Gunzip<R> {
    pub fn new(reader: R) -> Self {
        Self(Stage::Header(reader))
    }
}

impl<R: BufRead> Read for Gunzip<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if buffer.is_empty() {
            return Ok(0);
        }
        loop {
            match std::mem::replace(&mut self.0, Stage::End) {
                Stage::End => return Ok(0),
                Stage::Header(mut reader) => {
                    if reader.fill_buf()?.is_empty() {
                        return Ok(0);
                    }
                    skip_header(&mut reader)?;
                    self.0 = Stage::Body { decoder: DeflateDecoder::new(reader), crc: Crc::new(), length: 0 };
                }
                Stage::Body { mut decoder, mut crc, length } => {
                    let count = decoder.read(buffer)?;
                    if count > 0 {
                        crc.add(&buffer[..count]);
                        self.0 = Stage::Body { decoder, crc, length: length.wrapping_add(count as u32) };
                        return Ok(count);
                    }
                    let mut reader = decoder.into_inner();
                    let [found_crc, found_length] = [word(&mut reader)?, word(&mut reader)?];
                    if (found_crc, found_length) != (crc.value(), length) {
                        return Err(ErrorKind::InvalidData.into());
                    }
                    self.0 = Stage::Header(reader);
                }
            }
        }
    }
}

fn skip_header(reader: &mut impl BufRead) -> io::Result<()> {
    let mut header = [0; 10];
    reader.read_exact(&mut header)?;
    let flags = header[3];
    if !header.starts_with(&[0x1f, 0x8b, 8]) {
        return Err(ErrorKind::InvalidData.into());
    }
    if flags & EXTRA != 0 {
        let length = half(reader)?;
        skip(reader, length.into())?;
    }
    for text in [NAME, COMMENT] {
        if flags & text != 0 {
            while byte(reader)? != 0 {}
        }
    }
    skip(reader, if flags & CHECKSUM != 0 { 2 } else { 0 })
}

fn skip(reader: &mut impl Read, count: u32) -> io::Result<()> {
    (0..count).try_for_each(|_| byte(reader).map(|_| ()))
}

fn byte(reader: &mut impl Read) -> io::Result<u8> {
    let mut byte = [0];
    reader.read_exact(&mut byte)?;
    Ok(byte[0])
}

fn half(reader: &mut impl Read) -> io::Result<u16> {
    let mut bytes = [0; 2];
    reader.read_exact(&mut bytes)?;
    Ok(u16::from_le_bytes(bytes))
}

fn word(reader: &mut impl Read) -> io::Result<u32> {
    let mut bytes = [0; 4];
    reader.read_exact(&mut bytes)?;
    Ok(u32::from_le_bytes(bytes))
}
