//! Framing of drawings: box, centre, edges, and the width of strokes.

use std::f32::consts::PI;

use latent_lab::data::{Drawing, PEN, PIXELS, SIDE};
use latent_lab::device::cpu;
use latent_lab::evaluate::infer;
use latent_lab::snapshot::block_on;
use latent_lab::weights::Weights;
use proptest::prelude::*;

use crate::digits::{drawing, drawn};
use crate::mnist::split;
use crate::sample_quality::judge;

type Image = [f32; PIXELS];

fn ink(image: &Image) -> f32 {
    image.iter().sum()
}

/// Sum of absolute differences as a share of the ink.
fn difference(a: &Image, b: &Image) -> f32 {
    a.iter().zip(b).map(|(x, y)| (x - y).abs()).sum::<f32>() / ink(a)
}

/// Inked rows and columns: the first and the last of each.
fn extent(image: &Image) -> [usize; 4] {
    let inked = |at: &usize| image[*at] > 0.1;
    let columns = || (0..PIXELS).filter(inked).map(|at| at % SIDE);
    let rows = || (0..PIXELS).filter(inked).map(|at| at / SIDE);
    [columns().min(), columns().max(), rows().min(), rows().max()].map(|edge| edge.expect("there is ink"))
}

fn centre_of_mass(image: &Image) -> (f32, f32) {
    let mean = |place: fn(usize) -> usize| {
        (0..PIXELS).map(|at| image[at] * (place(at) as f32 + 0.5)).sum::<f32>() / ink(image)
    };
    (mean(|at| at % SIDE), mean(|at| at / SIDE))
}

fn line(from: (f32, f32), to: (f32, f32)) -> Drawing {
    drawing(&[(&[from, to], false)], None)
}

#[test]
fn nothing_drawn_gives_no_image() {
    let middle = (0.5, 0.5);
    for centre in [false, true] {
        for strokes in [
            &[][..],
            &[(&[][..], false)],
            &[(&[(f32::NAN, 0.5), (0.5, f32::INFINITY)], false)],
            &[(&[(1.2, 0.2), (7.0, 3.0)], false)],
            &[(&[middle], true)],
            &[(&[middle], false), (&[middle], true)],
        ] {
            assert!(drawing(strokes, None).frame(centre).is_none(), "{strokes:?}");
        }
        assert!(drawing(&[], Some(vec![0.0; PIXELS])).frame(centre).is_none());
    }
}

#[test]
fn arrays_that_do_not_fit_together_are_an_error() {
    assert!(Drawing::new(&[0.5, 0.5], &[2], &[0], None).is_err());
    assert!(Drawing::new(&[0.5, 0.5, 0.5], &[1], &[0], None).is_err());
    assert!(Drawing::new(&[0.5, 0.5], &[1], &[], None).is_err());
    assert!(Drawing::new(&[0.5, 0.5], &[u32::MAX, u32::MAX], &[0, 0], None).is_err());
    assert!(Drawing::new(&[0.5, 0.5], &[1], &[0], Some(vec![0.0; 3])).is_err());
}

#[test]
fn a_digit_fills_a_box_of_twenty_pixels_centred_on_its_mass() {
    for height in [0.1, 0.3, 0.6, 1.0] {
        let image = drawn(7, height, (0.5, 0.5)).frame(true).unwrap();
        let [left, right, top, bottom] = extent(&image);
        let longer = (right - left).max(bottom - top) + 1;
        assert!((20..=21).contains(&longer), "{longer}");
        let (x, y) = centre_of_mass(&image);
        assert!((x - 14.5).abs() < 0.1 && (y - 14.5).abs() < 0.1, "{x}, {y}");
    }
}

#[test]
fn without_centring_a_digit_stays_where_and_as_wide_as_it_is() {
    let image = line((0.25, 0.25), (0.25, 0.75)).frame(false).unwrap();
    assert_eq!(extent(&image), [6, 7, 6, 21]);
    let width: f32 = image[14 * SIDE..15 * SIDE].iter().sum();
    assert!((width - (PEN * SIDE as f64) as f32).abs() < 1e-4, "{width}");
}

#[test]
fn strokes_are_two_to_three_pixels_wide_in_a_digit_of_any_size() {
    for (height, expected) in [(1.0, 2.0), (0.7, 2.0), (0.5, 2.61), (0.2, 2.8), (0.1, 2.8)] {
        let image = line((0.5, 0.5 - height / 2.0), (0.5, 0.5 + height / 2.0)).frame(true).unwrap();
        let width: f32 = image[14 * SIDE..15 * SIDE].iter().sum();
        assert!((width - expected).abs() < 0.05, "{width} at height {height}");
    }
}

#[test]
fn a_dot_stays_a_dot_wherever_it_is() {
    for at in [(0.5, 0.5), (0.0, 0.0), (1.0, 0.3)] {
        let image = drawing(&[(&[at], false)], None).frame(true).unwrap();
        assert!((ink(&image) - PI * 1.4 * 1.4).abs() < 0.1, "{}", ink(&image));
        assert_eq!(extent(&image), [13, 15, 13, 15]);
    }
}

#[test]
fn a_stroke_grows_without_a_jump() {
    let grown = |length: f32| line((0.3, 0.3), (0.3 + 0.4 * length, 0.3 + length)).frame(true).unwrap();
    for step in 0..600 {
        let (before, after) = (grown(step as f32 / 1000.0), grown((step + 1) as f32 / 1000.0));
        assert!(difference(&before, &after) < 0.2, "{} at step {step}", difference(&before, &after));
    }
}

#[test]
fn an_eraser_moves_without_a_jump() {
    let erased = |at: f32| {
        let (line, eraser) = ([(0.5, 0.1), (0.5, 0.9)], [(0.2, 1.0), (0.5, 1.0), (0.5, at)]);
        drawing(&[(&line, false), (&eraser, true)], None).frame(true).unwrap()
    };
    for step in 0..500 {
        let (before, after) = (erased(1.0 - step as f32 / 1000.0), erased(1.0 - (step + 1) as f32 / 1000.0));
        assert!(difference(&before, &after) < 0.2, "{} at step {step}", difference(&before, &after));
    }
}

#[test]
fn the_box_is_that_of_what_is_not_erased_and_of_what_is_drawn_later() {
    let (whole, cut) = ([(0.5, 0.1), (0.5, 0.9)], [(0.2, 0.8), (0.8, 0.8)]);
    let left = drawing(&[(&whole, false), (&cut, true), (&[(0.5, 0.95), (0.5, 0.8)], true)], None);
    let shorter = line((0.5, 0.1), (0.5, 0.735));
    assert!(difference(&left.frame(true).unwrap(), &shorter.frame(true).unwrap()) < 0.1);
    let anew = drawing(&[(&whole, false), (&whole, true), (&whole, false)], None);
    assert_eq!(anew.frame(true), line(whole[0], whole[1]).frame(true));
}

#[test]
fn an_eraser_that_touches_nothing_changes_nothing() {
    let eraser: [(f32, f32); 2] = [(0.05, 0.05), (0.05, 0.2)];
    let both = drawing(&[(&[(0.5, 0.2), (0.7, 0.9)], false), (&eraser, true)], None);
    let image = line((0.5, 0.2), (0.7, 0.9)).frame(true).unwrap();
    assert!(difference(&image, &both.frame(true).unwrap()) < 0.01);
}

#[test]
fn a_test_image_below_stays_as_it_is_and_strokes_change_it() {
    let test = split("t10k");
    let image: Vec<f32> = test.images.pixels(0).collect();
    let alone: Image = image.clone().try_into().unwrap();
    assert!(difference(&alone, &drawing(&[], Some(image.clone())).frame(false).unwrap()) < 1e-6);
    let framed = drawing(&[], Some(image.clone())).frame(true).unwrap();
    let (x, y) = centre_of_mass(&framed);
    assert!((x - 14.5).abs() < 0.1 && (y - 14.5).abs() < 0.1, "{x}, {y}");
    assert!((ink(&framed) / ink(&alone) - 1.0).abs() < 0.05, "it had its size already");
    let strokes: [&[(f32, f32)]; 2] = [&[(0.2, 0.8), (0.8, 0.8)], &[(0.3, 0.2), (0.5, 0.5)]];
    let more = drawing(&[(strokes[0], false)], Some(image.clone())).frame(false).unwrap();
    let less = drawing(&[(strokes[1], true)], Some(image)).frame(false).unwrap();
    assert!(ink(&more) > 1.1 * ink(&alone) && ink(&less) < 0.95 * ink(&alone));
    assert!(alone.iter().zip(&more).all(|(before, after)| *after >= before - 1e-5));
    assert!(alone.iter().zip(&less).all(|(before, after)| *after <= before + 1e-5));
}

/// Before strokes had their width from the size of the digit, the judge gave the right digit 0.24 at a tenth of the pad's height.
#[test]
fn small_digits_read_as_well_as_large_ones() {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/www/models/vae-z20.safetensors");
    let model = Weights::from_bytes(&std::fs::read(file).unwrap()).unwrap().build(&cpu()).unwrap();
    let nll = [1.0, 0.5, 0.2, 0.1].map(|height| {
        let losses = (0..10).map(|digit| {
            let image = drawn(digit, height, (0.5, 0.5)).frame(true).unwrap().to_vec();
            let read = block_on(judge().classify(image.clone(), &cpu())).unwrap().probabilities[usize::from(digit)];
            assert!(read > 0.98, "{digit} at height {height}: {read}");
            let at_mean = block_on(infer(&model, image, None, vec![0.0; 20], &cpu())).unwrap().at_mean;
            at_mean.reconstruction + at_mean.kl
        });
        losses.sum::<f32>() / 10.0
    });
    assert!(nll.iter().all(|&each| each < nll[0] + 1.0), "-ELBO in nats by height: {nll:?}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]
    #[test]
    fn position_and_size_do_not_matter(x in 0.3..0.7, y in 0.3..0.7, height in 0.08..0.4, digit in 0..10_u8) {
        let reference = drawn(digit, 0.4, (0.5, 0.5)).frame(true).unwrap();
        let image = drawn(digit, height, (x, y)).frame(true).unwrap();
        prop_assert!(difference(&reference, &image) < 0.02, "{}", difference(&reference, &image));
    }
}

/// Numbers as pointers give them, and as they never should.
fn coordinate() -> impl Strategy<Value = f32> {
    prop_oneof![
        20 => 0.0..1.0_f32,
        4 => -0.2..1.2_f32,
        1 => proptest::num::f32::ANY,
        1 => prop_oneof![Just(f32::NAN), Just(f32::INFINITY), Just(f32::MAX), Just(f32::MIN), Just(-0.0), Just(1e-40)],
    ]
}

proptest! {
    #[test]
    fn any_drawing_gives_finite_pixels(
        strokes in prop::collection::vec((prop::collection::vec((coordinate(), coordinate()), 0..12), any::<bool>()), 0..6),
        image in prop::option::of(prop::collection::vec(prop_oneof![Just(0.0_f32), 0.0..1.0_f32, proptest::num::f32::ANY], PIXELS)),
    ) {
        let strokes: Vec<(&[(f32, f32)], bool)> = strokes.iter().map(|(points, erase)| (&points[..], *erase)).collect();
        for centre in [false, true] {
            let framed = drawing(&strokes, image.clone()).frame(centre);
            prop_assert!(framed.is_none_or(|pixels| pixels.iter().all(|pixel| (0.0..=1.0).contains(pixel))));
        }
    }
}

#[test]
fn a_hundred_thousand_points_are_no_trouble() {
    let place = |at: usize, by: usize| (at * by % 1009) as f32 / 1008.0;
    let scribble: Vec<(f32, f32)> = (0..100_000).map(|at| (place(at, 577), place(at, 331))).collect();
    let dots: Vec<(&[(f32, f32)], bool)> = scribble.chunks(2).map(|pair| (pair, pair[0].0 > 0.9)).collect();
    for strokes in [&[(&scribble[..], false), (&scribble[..50], true)][..], &dots] {
        let framed = drawing(strokes, None).frame(true).unwrap();
        assert!(ink(&framed) > 0.0);
    }
}

/// The browser tests compare the page's modules with the same file.
#[test]
fn a_drawing_has_the_same_pixels_everywhere() {
    #[derive(serde::Deserialize)]
    struct Pinned {
        points: Vec<f32>,
        lengths: Vec<u32>,
        erase: Vec<u8>,
        centred: Vec<f32>,
        as_drawn: Vec<f32>,
    }
    let Pinned { points, lengths, erase, centred, as_drawn } =
        serde_json::from_str(include_str!("../framed-drawing.json")).unwrap();
    let drawing = Drawing::new(&points, &lengths, &erase, None).unwrap();
    assert_eq!(drawing.frame(true).unwrap().to_vec(), centred);
    assert_eq!(drawing.frame(false).unwrap().to_vec(), as_drawn);
}
