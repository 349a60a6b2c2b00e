//! Binarisation and corruption of images, and the choice of labelled ones.

use latent_lab::data::{Corruption, PIXELS};
use latent_lab::random::{Stream, generator};
use latent_lab::snapshot::block_on;
use latent_lab::train::TrainConfig;

use crate::samples::{SMALL, bars, trainer};

#[test]
fn the_mean_of_binarised_pixels_is_their_grey_level() {
    let data = bars(200);
    let sum = |images: &latent_lab::data::Images| (0..200).flat_map(|image| images.pixels(image)).sum::<f32>();
    let binary = data.images.binarised(1);
    assert!((0..200).flat_map(|image| binary.pixels(image)).all(|pixel| pixel == 0.0 || pixel == 1.0));
    assert!((sum(&binary) / sum(&data.images) - 1.0).abs() < 0.02);
}

#[test]
fn dynamic_binarisation_samples_the_same_pixels_for_the_same_seed() {
    let losses = |binarise| {
        let mut trainer = trainer(SMALL, TrainConfig { batch: 8, binarise, ..TrainConfig::default() });
        block_on(trainer.train(&bars(8), 2)).unwrap()
    };
    let (binary, again, grey) = (losses(true), losses(true), losses(false));
    assert_eq!(binary, again);
    assert_ne!(binary, grey);
}

#[test]
fn corruption_keeps_pixels_within_limits_and_follows_its_seed() {
    for kind in [Corruption::Noise, Corruption::Mask, Corruption::SaltAndPepper] {
        let corrupt = |seed| {
            let mut image = vec![0.5; PIXELS];
            kind.apply(&mut image, &mut generator(seed, Stream::Samples));
            image
        };
        let corrupted = corrupt(1);
        assert!(corrupted.iter().all(|pixel| (0.0..=1.0).contains(pixel)));
        let changed = corrupted.iter().filter(|&&pixel| pixel != 0.5).count();
        assert!((100..=PIXELS).contains(&changed), "{kind:?} changed {changed}");
        assert_eq!(corrupted, corrupt(1));
        assert_ne!(corrupted, corrupt(2));
    }
}

#[test]
fn labelled_images_are_balanced_by_class() {
    let data = bars(200);
    let few = data.labelled_subset(50, 3, None);
    let mut count = [0; 10];
    few.iter().for_each(|&image| count[usize::from(data.labels.class(image))] += 1);
    assert_eq!(count, [5; 10]);
    assert_eq!(few, data.labelled_subset(50, 3, None));
    assert_ne!(few, data.labelled_subset(50, 4, None));
}
