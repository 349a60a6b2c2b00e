//! Which images of a data set are for testing, where nobody has said it.

use rand::seq::SliceRandom;

use crate::random::{Stream, generator};

/// Of fewer images none are taken away from training.
const FEWEST: usize = 5;

/// Indices of training and test images, each in ascending order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Halves {
    /// Images to train on.
    pub train: Vec<usize>,
    /// Images to test with.
    pub test: Vec<usize>,
    /// Whether the test images are the training images, because there are so few.
    pub test_is_train: bool,
}

/// Draws a `share` (0..=1) of `count` images for testing by `seed`: of each of the `classes` that many, rounded, but at least one where it has two, and at least one
/// image in all. Of fewer than five images, all are for both.
pub fn split_off(count: usize, classes: Option<&[u8]>, share: f64, seed: u64) -> Halves {
    let all = || (0..count).collect::<Vec<_>>();
    if count < FEWEST {
        return Halves { train: all(), test: all(), test_is_train: true };
    }
    let mut order = all();
    order.shuffle(&mut generator(seed, Stream::TestSplit));
    let class_of = |image: usize| classes.map_or(0, |classes| usize::from(classes[image]));
    let mut sizes = [0; 256];
    order.iter().for_each(|&image| sizes[class_of(image)] += 1);
    let wanted = |size: usize| ((share.clamp(0.0, 1.0) * size as f64).round() as usize).clamp(1, (size - 1).max(1));
    let mut left = sizes.map(|size| if size < 2 { 0 } else { wanted(size) });
    if left.iter().all(|&left| left == 0) {
        left[class_of(order[0])] = 1; // every class has one image
    }
    let is_test = |&image: &usize| {
        let left = &mut left[class_of(image)];
        let taken = *left > 0;
        *left = left.saturating_sub(1);
        taken
    };
    let (mut test, mut train): (Vec<usize>, Vec<usize>) = order.into_iter().partition(is_test);
    test.sort_unstable();
    train.sort_unstable();
    Halves { train, test, test_is_train: false }
}
