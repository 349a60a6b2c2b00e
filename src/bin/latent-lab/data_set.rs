//! Data sets of labelled images: four IDX files in a folder, named as those of MNIST or EMNIST, gzipped or not.

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use flate2::read::MultiGzDecoder;
use latent_lab::data::{DataInfo, Dataset};
use latent_lab::error::CommandLineError;
use latent_lab::weights::{Notes, grouped};
use sha2::{Digest, Sha256};

use crate::{Outcome, files};

/// The first bytes of a gzipped file.
const GZIP: [u8; 2] = [0x1f, 0x8b];
/// SHA-256 of images and labels of MNIST's training and test files, whatever their folder is called.
const MNIST: [&str; 2] = [
    "c5097fdd51cfdbe7695fd9df3612695696864b5c424f58d843ffdc5d335e9914",
    "18489308deedfe2f7bd3a11e599a597126f161d991b1ffcffb71642aa76f7f62",
];

/// The keys of a weights file's notes.
const NAME: &str = "data";
const TRAIN_HASH: &str = "data_sha256";
const TEST_HASH: &str = "test_data_sha256";
/// After the name, where images were transposed.
const TRANSPOSED: &str = ", transposed";

/// Where the data set is, and how to read it.
#[derive(clap::Args)]
pub struct Args {
    /// Folder with the four IDX files of a data set, named as MNIST's (train-images-idx3-ubyte, train-images.idx3-ubyte) or EMNIST's, gzipped or not
    #[arg(long, value_name = "FOLDER", default_value = "www/data")]
    data: PathBuf,
    /// Transpose each image: EMNIST's files hold the columns where others hold the rows
    #[arg(long)]
    transpose: bool,
    /// What the notes of a weights file call the data set [default: MNIST where the files are MNIST's, else the folder's name]
    #[arg(long, value_name = "NAME")]
    data_name: Option<String>,
}

/// A part of the data set.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Split {
    Train,
    Test,
}

/// Images, their labels, and what they are.
pub struct Named {
    pub data: Dataset,
    name: String,
    hash: String, // SHA-256 of images and labels as their files hold them, hexadecimal
    split: Split,
    transposed: bool,
}

impl Args {
    /// Reads one part of the data set.
    pub fn load(&self, split: Split) -> Outcome<Named> {
        let images = read(&self.data, split, "images", "idx3")?;
        let labels = read(&self.data, split, "labels", "idx1")?;
        let hash = hexadecimal(&Sha256::new().chain_update(&images).chain_update(&labels).finalize());
        let mut name = self.name(&hash);
        if self.transpose {
            name += TRANSPOSED;
        }
        let mut data = Dataset::parse(split.name(), DataInfo::digits(&name), images, Some(&labels))?;
        if self.transpose {
            data.images = data.images.transposed();
        }
        Ok(Named { data, name, hash, split, transposed: self.transpose })
    }

    fn name(&self, hash: &str) -> String {
        let known = || MNIST.contains(&hash).then(|| "MNIST".to_string());
        let folder = || Some(fs::canonicalize(&self.data).ok()?.file_name()?.to_string_lossy().into_owned());
        self.data_name.clone().or_else(known).or_else(folder).unwrap_or_else(|| self.data.display().to_string())
    }
}

impl Split {
    /// As errors name it.
    fn name(self) -> &'static str {
        if self == Self::Train { "train" } else { "t10k" }
    }

    /// As files name it; the first is MNIST's.
    fn file_names(self) -> &'static [&'static str] {
        if self == Self::Train { &["train"] } else { &["t10k", "test"] }
    }
}

impl Named {
    /// "MNIST, 60,000 training images".
    pub fn description(&self) -> String {
        let images = if self.split == Split::Train { "training images" } else { "test images" };
        format!("{}, {} {images}", self.name, grouped(self.data.len()))
    }

    /// Notes for weights that were trained on these images and tested on `test`.
    pub fn notes(&self, test: &Self) -> Notes {
        let notes = [(NAME, self.description()), (TRAIN_HASH, self.hash.clone()), (TEST_HASH, test.hash.clone())];
        notes.map(|(key, value)| (key.to_string(), value)).into()
    }

    /// What weights with these notes were trained on, where these test images are another data set's.
    pub fn trained_on_other(&self, notes: &Notes) -> Option<String> {
        let trained_on = notes.get(NAME)?;
        let same_name = || trained_on.starts_with(&format!("{}, ", self.name));
        let same_files = notes.get(TEST_HASH).map_or_else(same_name, |hash| *hash == self.hash);
        let same = same_files && trained_on.contains(&format!("{TRANSPOSED}, ")) == self.transposed;
        (!same).then(|| trained_on.clone())
    }
}

/// The bytes of one file, inflated.
fn read(folder: &Path, split: Split, kind: &str, format: &str) -> Outcome<Vec<u8>> {
    let file = find(folder, split, kind, format)?;
    let bytes = files::read(&file)?;
    if !bytes.starts_with(&GZIP) {
        return Ok(bytes);
    }
    let mut inflated = Vec::new();
    match MultiGzDecoder::new(bytes.as_slice()).read_to_end(&mut inflated) {
        Ok(_) => Ok(inflated),
        Err(_) => Err(CommandLineError::DataNotDecompressed { file: file.display().to_string().into() }.into()),
    }
}

/// The file of a part of the data set: of MNIST's name, else the only one whose name ends like it.
fn find(folder: &Path, split: Split, kind: &str, format: &str) -> Outcome<PathBuf> {
    let shown = folder.display().to_string();
    let entries = fs::read_dir(folder).map_err(|error| files::unreadable(folder, &error))?;
    let mut present: Vec<String> = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok()).collect();
    present.sort_unstable();
    let endings: Vec<String> = split
        .file_names()
        .iter()
        .flat_map(|split| [format!("{split}-{kind}-{format}-ubyte"), format!("{split}-{kind}.{format}-ubyte")])
        .flat_map(|name| [name.clone(), format!("{name}.gz")])
        .collect();
    if let Some(exact) = endings.iter().find(|name| present.contains(name)) {
        return Ok(folder.join(exact));
    }
    let ends_so = |name: &&String| endings.iter().any(|ending| name.ends_with(&format!("-{ending}")));
    let found: Vec<&String> = present.iter().filter(ends_so).collect();
    match found[..] {
        [file] => Ok(folder.join(file)),
        [] => Err(CommandLineError::DataMissing { folder: shown.into(), file: endings[0].clone().into() }.into()),
        [..] => {
            let names: Vec<&str> = found.iter().map(|name| name.as_str()).collect();
            Err(CommandLineError::DataAmbiguous { folder: shown.into(), files: names.join(", ").into() }.into())
        }
    }
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
