//! CRC-32, by which a ZIP archive knows that an entry is whole (ISO 3309; the polynomial is reflected).
//!
//! The crate `crc32fast` has tables of 16 kB, which do not compress: more than the rest of the archive takes in the page's module.

const POLYNOMIAL: u32 = 0xedb8_8320;

/// The checksum of these bytes; a byte at a time, some 400 MB in a second.
pub(super) fn crc32(bytes: &[u8]) -> u32 {
    let table: [u32; 256] = std::array::from_fn(|byte| {
        (0..8).fold(byte as u32, |rest, _| if rest & 1 == 1 { rest >> 1 ^ POLYNOMIAL } else { rest >> 1 })
    });
    !bytes.iter().fold(!0, |crc: u32, &byte| crc >> 8 ^ table[usize::from(crc as u8 ^ byte)])
}
