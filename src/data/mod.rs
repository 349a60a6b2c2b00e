//! Images and where they come from: data sets, read in shuffled batches, and drawings framed like MNIST's digits.

#[cfg(feature = "cpu")]
mod augment;
mod batches;
mod corruption;
mod data_info;
mod drawing;
mod factors;
#[cfg(feature = "cpu")]
mod framed;
#[cfg(feature = "cli")]
mod hold_out;
mod idx;
#[cfg(feature = "cpu")]
pub mod import;
mod left_out;
#[cfg(feature = "cpu")]
mod mix;
#[cfg(feature = "cpu")]
mod split;
#[cfg(feature = "cpu")]
mod sprites;

#[cfg(feature = "cpu")]
pub use augment::{Augmentation, augment};
pub use batches::{Batches, Position};
pub use corruption::{Corruption, binarise};
pub use data_info::{DataInfo, MOST_CLASSES};
pub use drawing::{Drawing, ERASER, PEN};
pub use factors::Factors;
#[cfg(feature = "cli")]
pub use hold_out::hold_out;
pub use idx::{Images, Labels, pixel};
pub use left_out::LeftOut;
#[cfg(feature = "cpu")]
pub use mix::{Classed, mix};
#[cfg(feature = "cpu")]
pub use split::{Halves, split_off};
#[cfg(feature = "cpu")]
pub use sprites::{FACTORS, SHAPES, Sprites, sprites};

use std::sync::Arc;

use rand::seq::SliceRandom;

use sha2::{Digest, Sha256};

use crate::model::ModelConfig;
use crate::random::{Stream, generator};
use crate::{Error, Result};

/// Width and height of an image.
pub const SIDE: usize = 28;
/// `P`: pixels of an image.
pub const PIXELS: usize = SIDE * SIDE;

/// One split of a data set, for training or for testing.
#[derive(Debug, Clone)]
pub struct Dataset {
    /// What the data set is called, and its classes.
    pub info: DataInfo,
    /// The images.
    pub images: Images,
    /// Their classes, where they are known.
    pub labels: Labels,
    /// What they were drawn from, where it is known.
    pub factors: Option<Arc<Factors>>,
}

impl Dataset {
    /// Parses the two files of one split, or one without labels; errors name them by `split` ("train", "t10k").
    ///
    /// # Errors
    /// When either file is damaged, a label is none of the classes, or the numbers of images and labels differ.
    pub fn parse(split: &str, info: DataInfo, images: Vec<u8>, labels: Option<&[u8]>) -> Result<Self> {
        let images = Images::parse(&format!("{split} images"), images)?;
        let file = format!("{split} labels");
        let labels = match labels {
            Some(labels) => Labels::parse(&file, labels, info.classes.len())?,
            None => Labels::unknown(),
        };
        if labels.are_known() && images.len() != labels.len() {
            let (labels, images) = (labels.len().into(), images.len().into());
            return Err(Error::DataCount { file: file.into(), labels, images });
        }
        Ok(Self { info, images, labels, factors: None })
    }

    /// Checks that a model that is conditional on the label can use these images: that their labels are known, and as many classes
    /// as the model has; for labels by the segments of digits, that the classes are the digits.
    ///
    /// # Errors
    /// When it cannot.
    pub fn check_labels_for(&self, model: &ModelConfig) -> Result<()> {
        if !model.labelled {
            return Ok(());
        }
        self.check_has_labels()?;
        let found = self.info.classes.len();
        if model.attributes && self.info.classes != DataInfo::digits("").classes {
            return Err(Error::AttributesNeedDigits {});
        }
        match found == model.classes {
            true => Ok(()),
            false => {
                let (data, expected) = (self.info.name.as_str().into(), model.classes.into());
                Err(Error::DataClasses { data, found: found.into(), expected })
            }
        }
    }

    /// Checks that the classes of the images are known.
    ///
    /// # Errors
    /// When they are not.
    pub fn check_has_labels(&self) -> Result<()> {
        match self.labels.are_known() {
            true => Ok(()),
            false => Err(Error::DataWithoutLabels { data: self.info.name.as_str().into() }),
        }
    }

    /// Indices of the `count` images that keep their label in semi-supervised training: a random choice by `seed`, with at most
    /// an equal share of them, rounded up, of each class, and none of the class that is left out.
    pub fn labelled_subset(&self, count: usize, seed: u64, left_out: Option<u8>) -> Vec<usize> {
        let mut order: Vec<usize> = (0..self.len()).collect();
        order.shuffle(&mut generator(seed, Stream::LabelledSubset));
        let classes = self.info.classes.len().max(1);
        let mut left = vec![count.div_ceil(classes); classes];
        if let Some(class) = left_out {
            left[usize::from(class)] = 0;
        }
        order.retain(|&image| {
            let left = &mut left[usize::from(self.labels.class(image))];
            let keeps = *left > 0;
            *left = left.saturating_sub(1);
            keeps
        });
        order.truncate(count);
        order
    }

    /// What identifies the content: SHA-256, in hexadecimal, of the images and then the labels as IDX files.
    pub fn sha256(&self) -> String {
        let hash = Sha256::new().chain_update(self.images.as_idx()).chain_update(self.labels.to_idx()).finalize();
        hash.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// The number of images.
    pub fn len(&self) -> usize {
        self.images.len()
    }

    /// Whether there are no images; parsed files have at least one.
    pub fn is_empty(&self) -> bool {
        self.images.is_empty()
    }
}

/// The one-hot vector `[classes]` of a class.
pub fn one_hot(class: u8, classes: usize) -> impl Iterator<Item = f32> {
    (0..classes).map(move |other| if other == usize::from(class) { 1.0 } else { 0.0 })
}
