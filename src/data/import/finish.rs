//! A data set as IDX files, of everything that was read.

use sha2::{Digest, Sha256};

use super::Import;
use super::gather::{Row, gather};
use super::name::Split;
use crate::data::framed::framed;
use crate::data::{PIXELS, SIDE, split_off};
use crate::{Error, Result};

/// How images become a data set.
#[derive(Debug, Clone)]
pub struct Options {
    /// What it is called.
    pub name: String,
    /// White becomes black.
    pub invert: bool,
    /// Rows become columns.
    pub transpose: bool,
    /// The share of images for testing, where the files do not say which these are.
    pub test_share: f64,
    /// Of the choice of these images.
    pub seed: u64,
    /// Scale and centre each image as MNIST's digits are.
    pub mnist_frame: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            name: String::new(),
            invert: false,
            transpose: false,
            test_share: 1.0 / 7.0,
            seed: 0,
            mnist_frame: false,
        }
    }
}

/// A data set as four IDX files; labels are indices of `classes`.
#[derive(Debug, Clone)]
pub struct Finished {
    /// What it is called.
    pub name: String,
    /// Names of the classes, in the order of labels.
    pub classes: Vec<String>,
    /// Images to train on, an IDX file.
    pub train_images: Vec<u8>,
    /// Their labels, where there are any.
    pub train_labels: Option<Vec<u8>>,
    /// Images to test with.
    pub test_images: Vec<u8>,
    /// Their labels.
    pub test_labels: Option<Vec<u8>>,
    /// SHA-256 of the training images and then their labels, as these files, hexadecimal.
    pub sha256: String,
    /// The number of training images.
    pub train: usize,
    /// The number of test images.
    pub test: usize,
    /// Whether the test images are the training images, because there are so few.
    pub test_is_train: bool,
}

impl Import {
    /// The data set of what has been read.
    ///
    /// # Errors
    /// When there are no images.
    pub fn finish(&self, options: &Options) -> Result<Finished> {
        let gathered = gather(&self.parts, &self.pictures);
        let rows = &gathered.rows;
        if rows.is_empty() {
            return Err(Error::ImportNothing {});
        }
        let labels: Option<Vec<u8>> = rows.iter().map(|row| row.class).collect();
        let [train, test] = [true, false]
            .map(|train| (0..rows.len()).filter(|&at| (rows[at].split != Split::Test) == train).collect::<Vec<_>>());
        let (train, test, test_is_train) = match train.is_empty() || test.is_empty() {
            true => {
                let halves = split_off(rows.len(), labels.as_deref(), options.test_share, options.seed);
                (halves.train, halves.test, halves.test_is_train)
            }
            false => (train, test, false),
        };
        let images = |of: &[usize]| idx_images(of.iter().map(|&at| changed(&rows[at], options)), of.len());
        let labels = |of: &[usize]| {
            labels.as_ref().map(|labels| idx_labels(&of.iter().map(|&at| labels[at]).collect::<Vec<_>>()))
        };
        let (train_images, train_labels) = (images(&train), labels(&train));
        Ok(Finished {
            name: options.name.clone(),
            classes: gathered.classes.clone(),
            sha256: sha256(&train_images, train_labels.as_deref()),
            train_images,
            train_labels,
            test_images: images(&test),
            test_labels: labels(&test),
            train: train.len(),
            test: test.len(),
            test_is_train,
        })
    }
}

/// An image as the options want it.
fn changed(row: &Row, options: &Options) -> Vec<u8> {
    let mut pixels: Vec<u8> = match options.transpose {
        true => (0..PIXELS).map(|at| row.pixels[at % SIDE * SIDE + at / SIDE]).collect(),
        false => row.pixels.to_vec(),
    };
    if options.invert {
        pixels.iter_mut().for_each(|pixel| *pixel = 255 - *pixel);
    }
    if options.mnist_frame { framed(&pixels) } else { pixels }
}

/// An IDX file of `count` images.
pub fn idx_images(images: impl Iterator<Item = impl AsRef<[u8]>>, count: usize) -> Vec<u8> {
    let mut file = Vec::with_capacity(16 + count * PIXELS);
    file.extend([0x803, count as u32, SIDE as u32, SIDE as u32].map(u32::to_be_bytes).as_flattened());
    images.for_each(|image| file.extend_from_slice(image.as_ref()));
    file
}

/// An IDX file of labels.
pub fn idx_labels(labels: &[u8]) -> Vec<u8> {
    let header = [0x801, labels.len() as u32].map(u32::to_be_bytes);
    [header.as_flattened(), labels].concat()
}

/// As [`crate::data::Dataset::sha256`].
fn sha256(images: &[u8], labels: Option<&[u8]>) -> String {
    let labels = labels.map_or_else(|| idx_labels(&[]), <[u8]>::to_vec);
    let digest = Sha256::new().chain_update(images).chain_update(labels).finalize();
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}
