//! Reads MNIST from a folder, gzipped or not.

use std::fs;
use std::io::Read;
use std::path::Path;

use flate2::read::MultiGzDecoder;
use latent_lab::data::Dataset;

use crate::Outcome;

/// Reads one split of MNIST, "train" or "t10k".
pub fn load(folder: &Path, split: &str) -> Outcome<Dataset> {
    let images = read(folder, &format!("{split}-images-idx3-ubyte"))?;
    let labels = read(folder, &format!("{split}-labels-idx1-ubyte"))?;
    Ok(Dataset::parse(split, images, &labels)?)
}

fn read(folder: &Path, name: &str) -> Outcome<Vec<u8>> {
    let plain = folder.join(name);
    if plain.exists() {
        return Ok(fs::read(plain)?);
    }
    let packed = folder.join(format!("{name}.gz"));
    let file = fs::File::open(&packed)
        .map_err(|error| format!("{} cannot be read ({error}); `./build.sh build` downloads it", packed.display()))?;
    let mut bytes = Vec::new();
    MultiGzDecoder::new(file)
        .read_to_end(&mut bytes)
        .map_err(|error| format!("{} is damaged: {error}", packed.display()))?;
    Ok(bytes)
}
