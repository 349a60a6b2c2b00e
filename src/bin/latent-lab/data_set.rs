//! Data sets by name, or of files: a folder or a file of any format that the page reads as well.

use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

use latent_lab::data::import::{Finished, Import, Options, idx_images, idx_labels};
use latent_lab::data::{DataInfo, Dataset, PIXELS};
use latent_lab::messages::sentence;
use latent_lab::weights::{Notes, grouped, notes_of};
use serde_json::{Value, json};

use crate::Outcome;
use crate::data_files;
use crate::known_data::{self, known};
use crate::output::warn;

/// Images of a data set, at most: EMNIST has 814,255.
const MOST_IMAGES: usize = 10_000_000;
/// SHA-256 of images and labels of MNIST's training and test files, whatever their folder is called.
const MNIST: [&str; 2] = [
    "c5097fdd51cfdbe7695fd9df3612695696864b5c424f58d843ffdc5d335e9914",
    "18489308deedfe2f7bd3a11e599a597126f161d991b1ffcffb71642aa76f7f62",
];

/// The keys of a weights file's notes.
const NAME: &str = "data";
pub const HASH: &str = "data_sha256";
pub const TEST_HASH: &str = "test_data_sha256";
/// After the name, where images were transposed or inverted.
const TRANSPOSED: &str = ", transposed";
const INVERTED: &str = ", inverted";

/// Where the data set is, and how to read it.
#[derive(clap::Args, Clone, serde::Serialize)]
#[group(skip)] // each command has a group of this name
pub struct Args {
    /// Data set: mnist, fashion, animals, sprites; or a folder or a file with IDX files named as MNIST's or EMNIST's, .npz, .npy, CSV (label and pixels), pictures in a folder for each class, or a ZIP archive of these
    #[arg(long, value_name = "NAME|FOLDER|FILE", default_value = "mnist")]
    data: String,
    /// Transpose each image: EMNIST's files hold the columns where others hold the rows
    #[arg(long)]
    transpose: bool,
    /// Exchange ink and background: for dark ink on bright paper
    #[arg(long)]
    invert: bool,
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
    hash: String, // SHA-256 of images and labels as IDX files hold them, hexadecimal, before they were transposed or inverted
    split: Split,
    changed: String, // ", transposed" and ", inverted", or nothing
}

impl Args {
    /// Reads both parts of the data set.
    pub fn load_both(&self) -> Outcome<(Named, Named)> {
        let set = finished(&self.data)?;
        let train = self.named(Split::Train, &set.classes, set.train_images, set.train_labels)?;
        Ok((train, self.named(Split::Test, &set.classes, set.test_images, set.test_labels)?))
    }

    /// Reads one part of the data set.
    pub fn load(&self, split: Split) -> Outcome<Named> {
        let (train, test) = self.load_both()?;
        Ok(if split == Split::Train { train } else { test })
    }

    /// The data set's name, or where it is.
    pub fn place(&self) -> &str {
        &self.data
    }

    /// Which images these are, whatever they are called.
    pub fn images(&self) -> Value {
        let place = known(&self.data).map_or(Some(&*self.data), |known| known.folder);
        let place = place.and_then(|place| fs::canonicalize(place).ok());
        let place = place.map_or_else(|| self.data.clone(), |place| place.display().to_string());
        json!([place, self.transpose, self.invert])
    }

    /// Weights of the judge of this data set, where it has one.
    pub fn judge(&self) -> Option<&'static str> {
        known(&self.data).map(|known| known.judge)
    }

    fn named(&self, split: Split, classes: &[String], images: Vec<u8>, labels: Option<Vec<u8>>) -> Outcome<Named> {
        let info = DataInfo { name: String::new(), classes: classes.to_vec() };
        let mut data = Dataset::parse(split.name(), info, images, labels.as_deref())?;
        let hash = data.sha256();
        let mut changed = String::new();
        if self.transpose {
            data.images = data.images.transposed();
            changed += TRANSPOSED;
        }
        if self.invert {
            data.images = data.images.inverted();
            changed += INVERTED;
        }
        let name = self.name(&hash) + &changed;
        data.info.name = name.clone();
        if split == Split::Test && known(&self.data).is_some_and(|known| known.folder.is_none()) {
            data.factors = Some(Arc::new(known_data::test_factors()));
        }
        Ok(Named { data, name, hash, split, changed })
    }

    fn name(&self, hash: &str) -> String {
        let by_key = known(&self.data).map(|known| known.name.to_string());
        let known = || by_key.clone().or_else(|| MNIST.contains(&hash).then(|| "MNIST".to_string()));
        let folder = || Some(fs::canonicalize(&self.data).ok()?.file_stem()?.to_string_lossy().into_owned());
        self.data_name.clone().or_else(known).or_else(folder).unwrap_or_else(|| self.data.clone())
    }
}

/// Whether these notes are of the same images, transposed or not, as far as both say so.
pub fn are_same(notes: &Notes, others: &Notes) -> bool {
    [HASH, TEST_HASH].iter().all(|key| match (notes.get(*key), others.get(*key)) {
        (Some(hash), Some(other)) => hash == other,
        _ => true,
    })
}

/// The data set of a name, a folder or a file. What was left out of it is printed.
fn finished(data: &str) -> Outcome<Finished> {
    let import = read(data)?;
    let refused = import.summary().refused;
    refused.iter().for_each(|refused| warn(sentence(refused)));
    let mut set = import.finish(&Options::default())?;
    if let Some(known) = known(data) {
        set.classes = known.classes.iter().copied().map(String::from).collect();
    }
    Ok(set)
}

/// What the files of a data set hold.
pub fn read(data: &str) -> Outcome<Import> {
    let mut import = Import::new(MOST_IMAGES);
    match known(data).map_or(Some(data), |known| known.folder) {
        Some(path) => data_files::add(&mut import, &PathBuf::from(path))?,
        None => draw(&mut import)?,
    }
    Ok(import)
}

/// Adds sprites as files of images and labels.
fn draw(import: &mut Import) -> Outcome {
    for (split, drawn) in ["train", "test"].into_iter().zip(known_data::drawn()) {
        let images = idx_images(drawn.images.chunks_exact(PIXELS), drawn.labels.len());
        import.add(&format!("{split}-images"), images)?;
        import.add(&format!("{split}-labels"), idx_labels(&drawn.labels))?;
    }
    Ok(())
}

impl Split {
    /// As errors name it.
    fn name(self) -> &'static str {
        if self == Self::Train { "train" } else { "t10k" }
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
        let mut notes = notes_of(&self.data, self.hash.clone());
        notes.insert(TEST_HASH.into(), test.hash.clone());
        notes
    }

    /// What weights with these notes were trained on, where these test images are another data set's.
    pub fn trained_on_other(&self, notes: &Notes) -> Option<String> {
        let trained_on = notes.get(NAME)?;
        let same_name = || trained_on.starts_with(&format!("{}, ", self.name));
        let same_files = notes.get(TEST_HASH).map_or_else(same_name, |hash| *hash == self.hash);
        let is_changed = |how: &str| (trained_on.contains(&format!("{how}, ")), self.changed.contains(how));
        let same_way = |how| matches!(is_changed(how), (true, true) | (false, false));
        let same = same_files && same_way(TRANSPOSED) && same_way(INVERTED);
        (!same).then(|| trained_on.clone())
    }
}
