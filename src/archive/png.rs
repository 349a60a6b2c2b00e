//! Pictures as PNG files that are the same to the byte on every machine: what a browser writes differs, and some add noise.

use super::crc::crc32;
use crate::data::SIDE;

/// Pixels of the file along the side of a pixel of the picture.
const SCALE: usize = 8;
/// The longest block that deflate stores without compression.
const LONGEST_BLOCK: usize = 0xffff;

/// A picture `[P]`, pixels in 0..=1 with 1 as ink, in black on white.
pub fn png(picture: &[f32]) -> Vec<u8> {
    let shade = |ink: &f32| [255 - (255.0 * ink).round() as u8; SCALE];
    let rows = picture.chunks_exact(SIDE).flat_map(|row| {
        let line: Vec<u8> = row.iter().flat_map(shade).collect();
        vec![line; SCALE]
    });
    grey_png(SCALE * SIDE, rows)
}

/// A square picture of these rows of shades, 0 black and 255 white (ISO/IEC 15948: grey, eight bits a pixel).
pub(crate) fn grey_png(side: usize, rows: impl Iterator<Item = Vec<u8>>) -> Vec<u8> {
    let side = (side as u32).to_be_bytes();
    let header = [&side[..], &side, &[8, 0, 0, 0, 0]].concat();
    let lines: Vec<u8> = rows.flat_map(|row| [vec![0], row].concat()).collect(); // 0: no filter
    let mut file = b"\x89PNG\r\n\x1a\n".to_vec();
    for (name, data) in [(b"IHDR", header), (b"IDAT", stored(&lines)), (b"IEND", vec![])] {
        let named = [&name[..], &data].concat();
        file.extend((data.len() as u32).to_be_bytes());
        file.extend(&named);
        file.extend(crc32(&named).to_be_bytes());
    }
    file
}

/// Bytes as a zlib stream (RFC 1950) whose blocks are not compressed.
fn stored(bytes: &[u8]) -> Vec<u8> {
    let mut stream = vec![0x78, 0x01];
    let last = bytes.len().div_ceil(LONGEST_BLOCK) - 1;
    for (k, block) in bytes.chunks(LONGEST_BLOCK).enumerate() {
        let length = block.len() as u16;
        stream.push(u8::from(k == last));
        stream.extend([length, !length].map(u16::to_le_bytes).concat());
        stream.extend(block);
    }
    let (a, b) = bytes.iter().fold((1, 0), |(a, b), &byte| {
        let a = (a + u32::from(byte)) % 65_521;
        (a, (b + a) % 65_521)
    });
    stream.extend((b << 16 | a).to_be_bytes());
    stream
}
