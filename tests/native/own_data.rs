//! What is made of images before they are a data set: copies, mixtures, a split, a frame, drawn sprites, an archive.

use latent_lab::data::import::{Import, MOST_PICTURES, Options, idx_images, idx_labels, pictures_zip};
use latent_lab::data::{Augmentation, Classed, FACTORS, PIXELS, SHAPES, augment, mix, split_off, sprites};

use crate::samples::bars;

fn bytes(count: usize) -> Vec<u8> {
    bars(count).images.as_idx()[16..].to_vec()
}

/// An image with a filled box.
fn boxed(left: usize, top: usize, width: usize, height: usize, ink: u8) -> Vec<u8> {
    let inside = |at: usize| (left..left + width).contains(&(at % 28)) && (top..top + height).contains(&(at / 28));
    (0..PIXELS).map(|at| if inside(at) { ink } else { 0 }).collect()
}

fn import(images: &[u8], labels: &[u8]) -> Import {
    let mut import = Import::new(MOST_PICTURES);
    import.add("images", idx_images(images.chunks_exact(PIXELS), images.len() / PIXELS)).unwrap();
    import.add("labels", idx_labels(labels)).unwrap();
    import
}

#[test]
fn copies_without_change_are_their_images() {
    let images = bytes(3);
    let none = Augmentation { copies: 2, shift: 0.0, rotation: 0.0, scale: 0.0 };
    assert!(augment(&images, &none, 1, 100).unwrap() == images.repeat(3));
    let some = Augmentation { shift: 2.0, rotation: 15.0, scale: 0.1, ..none };
    let copies = augment(&images, &some, 1, 100).unwrap();
    assert!(copies[..images.len()] == images && copies[images.len()..] != images.repeat(2));
    assert!(copies == augment(&images, &some, 1, 100).unwrap() && copies != augment(&images, &some, 2, 100).unwrap());
    let ink = |image: &[u8]| image.iter().map(|&pixel| f64::from(pixel)).sum::<f64>();
    assert!((ink(&copies) / ink(&images) / 3.0 - 1.0).abs() < 0.2);
    assert!(augment(&images, &none, 1, 8).is_err(), "more images than there may be");
    assert!(augment(&images, &Augmentation { rotation: f64::NAN, ..none }, 1, 100).is_err());
}

#[test]
fn a_mixture_has_its_share_of_own_images() {
    let names = |names: &[&str]| names.iter().map(|name| name.to_string()).collect::<Vec<_>>();
    let own = Classed { images: bytes(4), labels: Some(vec![0, 0, 1, 1]), classes: names(&["b", "a"]) };
    let other = Classed { images: bytes(30), labels: Some(vec![1; 30]), classes: names(&["0", "a"]) };
    let mixed = mix(&own, &other, 0.25, 0).unwrap();
    assert_eq!(mixed.classes, ["0", "a", "b"]);
    assert_eq!(mixed.images.len() / PIXELS, 40);
    let labels = mixed.labels.unwrap();
    assert_eq!(labels[..30], [1; 30]);
    let count = |class: u8| labels[30..].iter().filter(|&&label| label == class).count();
    assert!(count(0) == 0 && (4..=6).contains(&count(1)) && count(1) + count(2) == 10, "each is repeated as often");
    let few = mix(&own, &other, 0.05, 0).unwrap();
    assert_eq!(few.images.len() / PIXELS, 32, "two of four are drawn");
    assert!(mix(&own, &Classed { labels: None, ..other.clone() }, 0.5, 0).unwrap().labels.is_none());
    assert_eq!(mix(&own, &other, 1.0, 0).unwrap().images.len() / PIXELS, 4);
    assert!(mix(&own, &other, 1.5, 0).is_err());
}

#[test]
fn every_class_that_can_has_a_test_image() {
    let classes = [0, 0, 0, 0, 0, 0, 1, 1, 2];
    let halves = split_off(9, Some(&classes), 0.3, 4);
    let count = |class: u8| halves.test.iter().filter(|&&image| classes[image] == class).count();
    assert_eq!([0, 1, 2].map(count), [2, 1, 0]);
    let mut all = [halves.train.clone(), halves.test.clone()].concat();
    all.sort_unstable();
    assert_eq!(all, (0..9).collect::<Vec<_>>());
    assert_eq!(halves, split_off(9, Some(&classes), 0.3, 4));
    assert_ne!(halves, split_off(9, Some(&classes), 0.3, 5));
    let few = split_off(4, None, 0.5, 0);
    assert!(few.test_is_train && few.train == few.test);
    let single = split_off(5, Some(&[0, 1, 2, 3, 4]), 0.2, 0);
    assert_eq!((single.train.len(), single.test.len()), (4, 1));
}

#[test]
fn sprites_follow_their_factors() {
    let drawn = sprites(300, 7);
    assert_eq!(drawn.images.len(), 300 * PIXELS);
    assert!(drawn.images[..40 * PIXELS] == sprites(40, 7).images);
    for ((image, factors), &label) in
        drawn.images.chunks_exact(PIXELS).zip(drawn.factors.chunks_exact(FACTORS.len())).zip(&drawn.labels)
    {
        let [shape, x, y, scale, angle] = *factors else { unreachable!() };
        assert_eq!(shape, f32::from(label));
        assert!(usize::from(label) < SHAPES.len() && (0.0..7.0).contains(&angle));
        let ink: f32 = image.iter().map(|&pixel| f32::from(pixel) / 255.0).sum();
        let centre = |of: fn(usize) -> usize| {
            image.iter().enumerate().map(|(at, &pixel)| f32::from(pixel) / 255.0 * (of(at) as f32 + 0.5)).sum::<f32>()
                / ink
        };
        let place = |factor: f32| 8.0 + 12.0 * factor;
        let reach = if label == 2 { 0.6 } else { 0.3 }; // a heart's middle is not its centre of mass
        assert!((centre(|at| at % 28) - place(x)).abs() < reach && (centre(|at| at / 28) - place(y)).abs() < reach);
        let area = [2.0, std::f32::consts::FRAC_PI_2, 2.344][usize::from(label)] * (8.0 * scale).powi(2);
        assert!((ink / area - 1.0).abs() < 0.05, "{ink} {area}");
    }
}

#[test]
fn mnist_s_frame_has_a_box_of_twenty_pixels_around_the_centre_of_mass() {
    let import = import(&boxed(2, 3, 4, 8, 200), &[1]);
    let framed = import.finish(&Options { mnist_frame: true, ..Options::default() }).unwrap();
    let image = &framed.train_images[16..];
    let ink = |of: fn(usize) -> usize| {
        let places: Vec<usize> = (0..PIXELS).filter(|&at| image[at] > 25).map(of).collect();
        (*places.iter().min().unwrap(), *places.iter().max().unwrap())
    };
    let (left, right) = ink(|at| at % 28);
    let (top, bottom) = ink(|at| at / 28);
    assert!((20..=21).contains(&(bottom - top + 1)) && (10..=11).contains(&(right - left + 1)));
    assert!(left + right == 28 && top + bottom == 28, "{left} {right} {top} {bottom}");
}

#[test]
fn inverted_images_are_seen_and_turned() {
    let dark: Vec<u8> = bytes(20);
    let bright: Vec<u8> = dark.iter().map(|pixel| 255 - pixel).collect();
    let labels: Vec<u8> = (0..20).map(|at| at % 10).collect();
    assert!(!import(&dark, &labels).summary().looks_inverted);
    let bright = import(&bright, &labels);
    assert!(bright.summary().looks_inverted);
    let turned = bright.finish(&Options { invert: true, ..Options::default() }).unwrap();
    let plain = import(&dark, &labels).finish(&Options::default()).unwrap();
    assert!(turned.train_images == plain.train_images && turned.sha256 == plain.sha256);
    let texture: Vec<u8> = (0..5 * PIXELS).map(|at| (at * 7919 % 256) as u8).collect();
    assert!(!import(&texture, &[0; 5]).summary().looks_inverted, "no border is background");
}

#[test]
fn transposed_digits_are_seen_and_other_pictures_are_not_claimed() {
    let mnist = crate::mnist::split("t10k");
    let images = &mnist.images.as_idx()[16..16 + 500 * PIXELS];
    let labels: &[u8] = &(0..500).map(|at| mnist.labels.class(at)).collect::<Vec<_>>();
    let transposed: Vec<u8> =
        images.chunks_exact(PIXELS).flat_map(|image| (0..PIXELS).map(|at| image[at % 28 * 28 + at / 28])).collect();
    let inverted: Vec<u8> = transposed.iter().map(|pixel| 255 - pixel).collect();
    assert!(!import(images, labels).summary().looks_transposed);
    assert!(import(&transposed, labels).summary().looks_transposed);
    assert!(import(&inverted, labels).summary().looks_transposed);
    let letters: Vec<u8> = labels.iter().map(|label| label + 10).collect();
    assert!(!import(&transposed, &letters).summary().looks_transposed, "no digits");
    let turned = import(&transposed, labels).finish(&Options { transpose: true, ..Options::default() }).unwrap();
    assert!(turned.train_images == import(images, labels).finish(&Options::default()).unwrap().train_images);
}

#[test]
fn an_exported_archive_is_read_again() {
    let (images, labels) = (bytes(6), [0, 1, 1, 0, 1, 1]);
    let classes = ["a/b".to_string(), "..".to_string()];
    let archive = pictures_zip(
        &[("train", &images[..4 * PIXELS], Some(&labels[..4])), ("test", &images[4 * PIXELS..], Some(&labels[4..]))],
        &classes,
    );
    let mut import = Import::new(MOST_PICTURES);
    assert_eq!(import.add("set.zip", archive).unwrap(), 6);
    for index in 0..6 {
        let picture = image::load_from_memory(&import.picture(index).unwrap()).unwrap().to_rgba8();
        import.take_pixels(index, 28, 28, &picture).unwrap();
    }
    let set = import.finish(&Options::default()).unwrap();
    assert_eq!(set.classes, ["_..", "a_b"]);
    assert!(set.train_images[16..] == images[..4 * PIXELS] && set.test_images[16..] == images[4 * PIXELS..]);
    assert_eq!(set.train_labels.unwrap()[8..], [1, 0, 0, 1]);
}

#[test]
fn an_archive_of_more_than_65535_pictures_is_read() {
    let (mut writer, mut archive) = (latent_lab::archive::Writer::default(), Vec::new());
    let picture = b"\x89PNG\r\n\x1a\n";
    for index in 0..65_540 {
        archive.extend(writer.header(&format!("{index}.png"), picture));
        archive.extend(picture);
    }
    archive.extend(writer.finish());
    assert_eq!(Import::new(MOST_PICTURES).add("many.zip", archive).unwrap(), 65_540);
}
