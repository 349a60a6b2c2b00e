//! Two data sets in one, such as a few drawings among MNIST's digits.

use rand::seq::SliceRandom;

use super::import::MOST_PICTURES;
use super::{MOST_CLASSES, PIXELS};
use crate::random::{Stream, generator};
use crate::{Error, Result};

/// Images with their classes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Classed {
    /// `[n * 784]`
    pub images: Vec<u8>,
    /// Indices of `classes`, one for each image, where they are known.
    pub labels: Option<Vec<u8>>,
    /// Their names.
    pub classes: Vec<String>,
}

impl Classed {
    fn len(&self) -> usize {
        self.images.len() / PIXELS
    }
}

/// Both sets with a `share` (0..=1) of `own` images: those are repeated, or drawn by `seed` where there are more. All of `other` is kept, unless there would be more
/// images than there may be. Classes of the same name are one; those of `other` come first. Without labels on one side there are none.
///
/// # Errors
/// When a side is empty, the share is outside of 0..=1, or there would be too many classes.
pub fn mix(own: &Classed, other: &Classed, share: f64, seed: u64) -> Result<Classed> {
    Error::check_quantity("own_share", share, 0.0..=1.0)?;
    let labelled = own.labels.is_some() && other.labels.is_some();
    let mut classes = if labelled { other.classes.clone() } else { Vec::new() };
    let place = |name: &String, classes: &mut Vec<String>| {
        classes.iter().position(|known| known == name).unwrap_or_else(|| {
            classes.push(name.clone());
            classes.len() - 1
        })
    };
    let joined: Vec<u8> = match labelled {
        true => own.classes.iter().map(|name| place(name, &mut classes) as u8).collect(),
        false => Vec::new(),
    };
    if classes.len() > MOST_CLASSES {
        return Err(Error::ImportClasses { file: "own".into(), most: MOST_CLASSES.into() });
    }
    let [from_own, from_other] = counts(own.len(), other.len(), share);
    let random = &mut generator(seed, Stream::Mixture);
    let mut draw = |count: usize, from: usize| {
        let mut order = Vec::with_capacity(count);
        while order.len() < count {
            let mut all: Vec<usize> = (0..from).collect();
            all.shuffle(random);
            all.truncate(count - order.len());
            order.extend(all);
        }
        order
    };
    let (own_order, other_order) = (draw(from_own, own.len()), draw(from_other, other.len()));
    let mut images = Vec::with_capacity((from_own + from_other) * PIXELS);
    let mut take = |set: &Classed, order: &[usize]| {
        order.iter().for_each(|&image| images.extend_from_slice(&set.images[image * PIXELS..(image + 1) * PIXELS]));
    };
    take(other, &other_order);
    take(own, &own_order);
    let labels = own.labels.as_ref().zip(other.labels.as_ref()).map(|(own, other)| {
        let others = other_order.iter().map(|&image| other[image]);
        others.chain(own_order.iter().map(|&image| joined[usize::from(own[image])])).collect()
    });
    Ok(Classed { images, labels, classes })
}

/// How many images come from each side.
fn counts(own: usize, other: usize, share: f64) -> [usize; 2] {
    if own == 0 || other == 0 {
        return [own, other];
    }
    if share == 1.0 {
        return [own, 0];
    }
    let all = (other as f64 / (1.0 - share)).min(MOST_PICTURES as f64);
    let from_own = (share * all).round() as usize;
    [from_own, (all.round() as usize - from_own).min(other)]
}
