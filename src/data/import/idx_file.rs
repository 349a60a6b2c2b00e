//! IDX files with images of any size, or labels.

use std::io::{self, Read};

use super::column::Column;
use super::part::Content;
use super::picture::scaled;
use super::source::{LARGEST, Source, too_large};
use crate::data::{PIXELS, SIDE};
use crate::error::Value;
use crate::{Error, Result};

/// Of values that are bytes, which all known files of this kind have.
const BYTES: u8 = 8;

/// Reads a file; at most so many images.
///
/// # Errors
/// When the header says something else than the file holds, or neither images nor labels.
pub fn read(source: &Source, most: usize) -> Result<Content> {
    let name = source.name.clone();
    let file = || Value::from(name.as_str());
    let failed = |error: &io::Error| source.failed(error);
    let mut reader = source.open();
    let mut magic = [0; 4];
    reader.read_exact(&mut magic).map_err(|error| failed(&error))?;
    let mut header = vec![0; 4 * usize::from(magic[3])];
    reader.read_exact(&mut header).map_err(|_| Error::DataHeader { file: file(), bytes: 4_usize.into() })?;
    let sizes: Vec<usize> =
        header.chunks_exact(4).map(|word| u32::from_be_bytes([word[0], word[1], word[2], word[3]]) as usize).collect();
    let shape = || sizes.iter().map(usize::to_string).collect::<Vec<_>>().join(" × ").into();
    if magic[2] != BYTES {
        return Err(Error::ImportType { file: file(), found: format!("{:#04x}", magic[2]).into() });
    }
    let (count, [height, width]) = match sizes[..] {
        [count] => (count, [1, 1]),
        [count, height, width] if height > 0 && width > 0 => (count, [height, width]),
        _ => return Err(Error::ImportShape { file: file(), shape: shape() }),
    };
    if count == 0 {
        return Err(Error::DataEmpty { file: file() });
    }
    if count > most {
        return Err(Error::ImportTooMany { file: file(), most: most.into() });
    }
    let size = height as u64 * width as u64;
    let expected = count as u64 * size;
    if size > LARGEST || expected > LARGEST {
        return Err(too_large(&name, LARGEST));
    }
    let mut image = Vec::new();
    let (mut pixels, mut labels) = (Vec::new(), Column::default());
    let mut found = 0;
    for _ in 0..count {
        image.clear();
        found += reader.by_ref().take(size).read_to_end(&mut image).map_err(|error| failed(&error))? as u64;
        if image.len() as u64 != size {
            return Err(Error::DataLength { file: file(), expected: expected.into(), found: found.into() });
        }
        match sizes.len() {
            1 => labels.push(&image[0].to_string()),
            _ if image.len() == PIXELS && width == SIDE => pixels.extend_from_slice(&image),
            _ => pixels.extend(scaled(width, height, |x, y| image[y * width + x].into())),
        }
    }
    source.check_end(&mut reader)?;
    Ok(if sizes.len() == 1 { Content::Labels(labels) } else { Content::Images(pixels) })
}
