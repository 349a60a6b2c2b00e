//! IDX files: pixels and labels of valid files, and errors for all others.

use latent_lab::data::{DataInfo, Dataset, Images, Labels, PIXELS};
use latent_lab::messages::sentence;
use proptest::prelude::*;

use crate::samples::{idx_images, idx_labels};

fn two_images() -> Vec<u8> {
    let mut pixels = vec![0; 2 * PIXELS];
    pixels[0] = 255;
    pixels[PIXELS + 1] = 51;
    idx_images(&pixels)
}

#[test]
fn a_valid_file_gives_its_pixels() {
    let images = Images::parse("x", two_images()).unwrap();
    assert_eq!(images.len(), 2);
    assert_eq!(images.pixels(0).next(), Some(1.0));
    let second: Vec<f32> = images.pixels(1).collect();
    assert_eq!((second.len(), second[1]), (PIXELS, 0.2));
}

#[test]
fn a_valid_file_gives_its_classes() {
    let labels = Labels::parse("x", &idx_labels(&[3, 0, 9]), 10).unwrap();
    assert_eq!((0..3).map(|at| labels.class(at)).collect::<Vec<_>>(), [3, 0, 9]);
}

#[test]
fn an_error_names_the_file_and_the_reason() {
    let message = |bytes: &[u8]| sentence(&Images::parse("train images", bytes.to_vec()).unwrap_err());
    let good = two_images();
    assert!(message(&good[..10]).contains("train images: the file ends after 10 bytes"));
    assert!(message(&good[..good.len() - 1]).contains("announces 1568 bytes of data, but the file has 1567"));
    assert!(message(&idx_labels(&[1; 20])).contains("not an IDX file of images"));
    let mut narrow = good;
    narrow[15] = 27;
    assert!(message(&narrow).contains("28 × 27"));
}

#[test]
fn a_label_that_is_no_class_is_an_error() {
    let message = sentence(&Labels::parse("x", &idx_labels(&[1, 10]), 10).unwrap_err());
    assert!(message.contains("label 1 is 10"), "{message}");
    assert!(Labels::parse("x", &idx_labels(&[1, 10]), 11).is_ok());
}

#[test]
fn different_numbers_of_images_and_labels_are_an_error() {
    let message =
        sentence(&Dataset::parse("t10k", DataInfo::digits("x"), two_images(), Some(&idx_labels(&[1]))).unwrap_err());
    assert!(message.contains("1 labels for 2 images"), "{message}");
}

proptest! {
    #[test]
    fn a_wrong_byte_in_the_header_is_an_error(at in 0_usize..16, flip in 1_u8..) {
        let mut bytes = two_images();
        bytes[at] ^= flip;
        prop_assert!(Images::parse("x", bytes.clone()).is_err());
    }

    #[test]
    fn a_wrong_length_is_an_error(length in 0_usize..4000) {
        let mut bytes = two_images();
        prop_assume!(length != bytes.len());
        bytes.resize(length, 0);
        prop_assert!(Images::parse("x", bytes.clone()).is_err());
    }
}
