//! CRC-32, by which a ZIP archive knows that an entry is whole (ISO 3309; the polynomial is reflected).
//!
//! The crate `crc32fast` has tables of 16 kB, which do not compress: more than the rest of the archive takes in the page's module.

const POLYNOMIAL: u32 = 0xedb8_8320;

/// The checksum of bytes that come in pieces.
pub struct Crc {
    table: [u32; 256],
    rest: u32,
}

impl Crc {
    /// Of no bytes.
    pub fn new() -> Self {
        let table = std::array::from_fn(|byte| {
            (0..8).fold(byte as u32, |rest, _| if rest & 1 == 1 { rest >> 1 ^ POLYNOMIAL } else { rest >> 1 })
        });
        Self { table, rest: !0 }
    }

    /// Adds the next bytes; one at a time, some 400 MB in a second.
    pub fn add(&mut self, bytes: &[u8]) {
        let next = |rest: u32, &byte: &u8| rest >> 8 ^ self.table[usize::from(rest as u8 ^ byte)];
        self.rest = bytes.iter().fold(self.rest, next);
    }

    /// The checksum of all bytes so far.
    pub fn value(&self) -> u32 {
        !self.rest
    }
}

/// The checksum of these bytes.
pub(super) fn crc32(bytes: &[u8]) -> u32 {
    let mut crc = Crc::new();
    crc.add(bytes);
    crc.value()
}
