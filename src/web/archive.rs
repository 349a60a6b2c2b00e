//! Archives for the page: written in pieces, read as a whole.

use js_sys::{Array, Uint8Array};
use wasm_bindgen::prelude::*;

use super::arguments::check_image;
use super::convert::record;
use crate::{Result, archive};

/// An archive that is being written.
#[wasm_bindgen]
#[derive(Default)]
pub struct ArchiveWriter {
    writer: archive::Writer,
}

#[wasm_bindgen]
impl ArchiveWriter {
    /// An archive without entries.
    #[wasm_bindgen(constructor)]
    pub fn new() -> ArchiveWriter {
        Self::default()
    }

    /// The header of the next entry, which comes before its `contents`.
    pub fn header(&mut self, name: &str, contents: &[u8]) -> Uint8Array {
        Uint8Array::from(self.writer.header(name, contents).as_slice())
    }

    /// What comes after the last entry.
    pub fn finish(self) -> Uint8Array {
        Uint8Array::from(self.writer.finish().as_slice())
    }
}

/// The files of an archive, `[[name, packed, deflated], ..]`: `packed` are the contents, which are checked, or where `deflated` is `{ size, crc }` a
/// deflate stream for [`check_contents`].
#[wasm_bindgen]
pub fn read_archive(bytes: &[u8]) -> Result<Array> {
    let triple = |entry: &archive::Entry| {
        let archive::Entry { name, size, packed, is_deflated, crc } = *entry;
        let deflated = match is_deflated {
            true => record([("size", (size as f64).into()), ("crc", (crc as f64).into())]),
            false => {
                archive::check_contents(name, packed, size, crc)?;
                JsValue::NULL
            }
        };
        Ok(JsValue::from(Array::of3(&name.into(), &Uint8Array::from(packed).into(), &deflated)))
    };
    archive::read(bytes)?.iter().map(triple).collect()
}

/// Throws where the contents of an entry have another size or checksum than the archive says.
#[wasm_bindgen]
pub fn check_contents(name: &str, contents: &[u8], size: usize, crc: f64) -> Result<()> {
    archive::check_contents(name, contents, size, crc as usize)
}

/// Throws where a run cannot be resumed from these bytes.
#[wasm_bindgen]
pub fn check_checkpoint(bytes: &[u8]) -> Result<()> {
    crate::train::Checkpoint::from_bytes(bytes).map(|_| ())
}

/// A picture `[784]` as a PNG file, the same on every machine.
#[wasm_bindgen]
pub fn png(picture: &[f32]) -> Result<Uint8Array> {
    check_image(picture)?;
    Ok(Uint8Array::from(archive::png(picture).as_slice()))
}
