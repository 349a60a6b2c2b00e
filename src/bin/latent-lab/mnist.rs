//! Reads MNIST from a folder, gzipped or not.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use flate2::read::MultiGzDecoder;
use latent_lab::data::Dataset;
use latent_lab::error::CommandLineError;

use crate::{Outcome, files};

/// Reads one split of MNIST, "train" or "t10k".
pub fn load(folder: &Path, split: &str) -> Outcome<Dataset> {
    let images = read(folder, &format!("{split}-images-idx3-ubyte"))?;
    let labels = read(folder, &format!("{split}-labels-idx1-ubyte"))?;
    Ok(Dataset::parse(split, images, &labels)?)
}

fn read(folder: &Path, name: &str) -> Outcome<Vec<u8>> {
    let plain = folder.join(name);
    if plain.exists() {
        return files::read(&plain);
    }
    let packed = folder.join(format!("{name}.gz"));
    let shown = packed.display().to_string();
    let file = File::open(&packed).map_err(|error| CommandLineError::MnistUnreadable {
        file: shown.clone().into(),
        reason: error.to_string().into(),
    })?;
    let mut bytes = Vec::new();
    match MultiGzDecoder::new(file).read_to_end(&mut bytes) {
        Ok(_) => Ok(bytes),
        Err(_) => Err(CommandLineError::DataNotDecompressed { file: shown.into() }.into()),
    }
}
