//! Framing of drawings: box, centre and edges.

use latent_lab::data::{PIXELS, SIDE, frame};
use proptest::prelude::*;

const WIDTH: usize = 280;

/// A "7" with soft edges, lines `0.12 * size` wide, and the corner of its box at `(x, y)`.
fn seven(x: f64, y: f64, size: f64) -> Vec<f32> {
    let corners = [(0.06, 0.06), (0.94, 0.06), (0.4, 0.94)].map(|(u, v)| (x + u * size, y + v * size));
    let ink = |px: f64, py: f64| {
        let distance = segment(px, py, corners[0], corners[1]).min(segment(px, py, corners[1], corners[2]));
        (0.06 * size + 0.5 - distance).clamp(0.0, 1.0) as f32
    };
    (0..WIDTH * WIDTH).map(|at| ink((at % WIDTH) as f64 + 0.5, (at / WIDTH) as f64 + 0.5)).collect()
}

fn segment(x: f64, y: f64, (ax, ay): (f64, f64), (bx, by): (f64, f64)) -> f64 {
    let along = ((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / ((bx - ax).powi(2) + (by - ay).powi(2));
    let along = along.clamp(0.0, 1.0);
    (x - ax - along * (bx - ax)).hypot(y - ay - along * (by - ay))
}

fn mean_difference(a: &[f32; PIXELS], b: &[f32; PIXELS]) -> f32 {
    let ink: f32 = a.iter().sum();
    a.iter().zip(b).map(|(x, y)| (x - y).abs()).sum::<f32>() / ink
}

/// Inked rows and columns: the first and the last of each.
fn extent(image: &[f32; PIXELS]) -> [usize; 4] {
    let inked = |at: &usize| image[*at] > 0.1;
    let columns = || (0..PIXELS).filter(inked).map(|at| at % SIDE);
    let rows = || (0..PIXELS).filter(inked).map(|at| at / SIDE);
    [columns().min(), columns().max(), rows().min(), rows().max()].map(|edge| edge.expect("there is ink"))
}

#[test]
fn an_empty_canvas_gives_no_image() {
    assert_eq!(frame(&vec![0.0; WIDTH * WIDTH], WIDTH, true), None);
    assert_eq!(frame(&vec![0.05; WIDTH * WIDTH], WIDTH, false), None);
}

#[test]
fn a_digit_fills_a_box_of_twenty_pixels_centred_on_its_mass() {
    let image = frame(&seven(20.0, 150.0, 90.0), WIDTH, true).unwrap();
    let [left, right, top, bottom] = extent(&image);
    let longer = (right - left).max(bottom - top) + 1;
    assert!((20..=21).contains(&longer), "{longer}");
    let mass: f32 = image.iter().sum();
    let x: f32 = (0..PIXELS).map(|at| image[at] * ((at % SIDE) as f32 + 0.5)).sum::<f32>() / mass;
    let y: f32 = (0..PIXELS).map(|at| image[at] * ((at / SIDE) as f32 + 0.5)).sum::<f32>() / mass;
    assert!((x - 14.0).abs() < 0.6 && (y - 14.0).abs() < 0.6, "{x}, {y}");
}

#[test]
fn without_centring_a_digit_stays_where_it_is() {
    let image = frame(&seven(20.0, 150.0, 90.0), WIDTH, false).unwrap();
    assert_eq!(extent(&image), [2, 10, 15, 23]);
}

#[test]
fn a_dot_in_a_corner_stays_inside_the_frame() {
    let mut ink = vec![0.0; WIDTH * WIDTH];
    ink[0] = 1.0;
    let image = frame(&ink, WIDTH, true).unwrap();
    assert!((image.iter().sum::<f32>() - 400.0).abs() < 1.0, "a dot is scaled to the whole box");
}

#[test]
fn a_digit_with_its_mass_on_one_side_is_not_cut() {
    let ink: Vec<f32> = (0..WIDTH * WIDTH)
        .map(|at| {
            let (x, y) = (at % WIDTH, at / WIDTH);
            let block = x < 40 && y < 40;
            let tail = y < 4 && x < 200;
            if block || tail { 1.0 } else { 0.0 }
        })
        .collect();
    let image = frame(&ink, WIDTH, true).unwrap();
    let [left, right, ..] = extent(&image);
    assert!(right - left >= 19, "the tail is whole: {left} to {right}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]
    #[test]
    fn position_and_size_do_not_matter(x in 4.0..110.0, y in 4.0..110.0, size in 60.0..160.0) {
        let reference = frame(&seven(60.0, 60.0, 140.0), WIDTH, true).unwrap();
        let image = frame(&seven(x, y, size), WIDTH, true).unwrap();
        let (expected, found) = (extent(&reference), extent(&image));
        for (edge, other) in expected.iter().zip(found) {
            prop_assert!(edge.abs_diff(other) <= 1, "{expected:?} {found:?}");
        }
        prop_assert!(mean_difference(&reference, &image) < 0.15);
    }
}
