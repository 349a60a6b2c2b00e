//! Archives for the page: written in pieces, read as a whole.

use js_sys::{Array, Uint8Array};
use wasm_bindgen::prelude::*;

use super::arguments::check_image;
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

/// The files of an archive, `[[name, contents], ..]`.
#[wasm_bindgen]
pub fn read_archive(bytes: &[u8]) -> Result<Array> {
    let pair = |entry: &archive::Entry| {
        let contents = Uint8Array::from(entry.contents);
        JsValue::from(Array::of2(&entry.name.into(), &contents.into()))
    };
    Ok(archive::read(bytes)?.iter().map(pair).collect())
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
