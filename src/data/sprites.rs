//! Sprites with known factors, drawn and not loaded: a square, an ellipse or a heart at some place, of some size, turned by some angle. The factors and their
//! grid are those of dSprites (Matthey, Higgins, Hassabis & Lerchner 2017, <https://github.com/google-deepmind/dsprites-dataset>), in 28 x 28 pixels with soft
//! edges instead of 64 x 64 binary ones, drawn independently and uniformly instead of all 737,280 combinations.

use std::f64::consts::{FRAC_1_SQRT_2, TAU};

use rand::RngExt;

use super::{PIXELS, SIDE};
use crate::random::{Stream, generator};

/// The classes.
pub const SHAPES: [&str; 3] = ["square", "ellipse", "heart"];
/// The factors in their order. Shape: 0, 1, 2. x and y: 32 values in 0..=1, from left to right and from top to bottom. Scale: 6 values in 0.5..=1. Angle: 40 values, in
/// radians, clockwise; dSprites has both 0 and 2 pi among them, here each angle is there once. A square looks the same after a quarter of a turn, an ellipse after a half.
pub const FACTORS: [&str; 5] = ["shape", "x", "y", "scale", "angle"];
const PLACES: usize = 32;
const SCALES: usize = 6;
const ANGLES: usize = 40;

/// Radius of the circle around a sprite of scale 1, in pixels: everywhere, all of it is inside the image.
const RADIUS: f64 = 8.0;
/// Samples along a pixel.
const SAMPLES: usize = 4;

/// Images and what they were drawn from.
#[derive(Debug, Clone)]
pub struct Sprites {
    /// `[n * 784]`
    pub images: Vec<u8>,
    /// The shape of each, an index of [`SHAPES`].
    pub labels: Vec<u8>,
    /// `[n * 5]`, see [`FACTORS`].
    pub factors: Vec<f32>,
}

/// `count` sprites, the same for the same seed; a larger count begins with those of a smaller one.
pub fn sprites(count: usize, seed: u64) -> Sprites {
    let random = &mut generator(seed, Stream::Sprites);
    let mut drawn = Sprites { images: Vec::with_capacity(count * PIXELS), labels: Vec::new(), factors: Vec::new() };
    for _ in 0..count {
        let [shape, x, y, scale, angle] =
            [SHAPES.len(), PLACES, PLACES, SCALES, ANGLES].map(|values| random.random_range(0..values));
        let [x, y] = [x, y].map(|place| place as f64 / (PLACES - 1) as f64);
        let scale = 0.5 + 0.5 * scale as f64 / (SCALES - 1) as f64;
        let angle = TAU * angle as f64 / ANGLES as f64;
        drawn.images.extend(sprite(shape, x, y, scale, angle));
        drawn.labels.push(shape as u8);
        drawn.factors.extend([shape as f64, x, y, scale, angle].map(|factor| factor as f32));
    }
    drawn
}

/// One image `[784]`.
fn sprite(shape: usize, x: f64, y: f64, scale: f64, angle: f64) -> [u8; PIXELS] {
    let (sin, cos) = angle.sin_cos();
    let centre = |place: f64| RADIUS + place * (SIDE as f64 - 2.0 * RADIUS);
    let (middle_x, middle_y, size) = (centre(x), centre(y), RADIUS * scale);
    let sample = |pixel: usize, sample: usize| pixel as f64 + (sample as f64 + 0.5) / SAMPLES as f64;
    std::array::from_fn(|at| {
        let samples = (0..SAMPLES * SAMPLES).filter(|&k| {
            let x = sample(at % SIDE, k % SAMPLES) - middle_x;
            let y = sample(at / SIDE, k / SAMPLES) - middle_y;
            is_inside(shape, (cos * x + sin * y) / size, (cos * y - sin * x) / size)
        });
        (255 * samples.count() / (SAMPLES * SAMPLES)) as u8
    })
}

/// Whether a point is in the upright shape that fits the unit circle; y points down.
fn is_inside(shape: usize, x: f64, y: f64) -> bool {
    match shape {
        0 => x.abs().max(y.abs()) < FRAC_1_SQRT_2,
        1 => x * x + 4.0 * y * y < 1.0,
        // (u^2 + v^2 - 1)^3 < u^2 v^3 is the usual heart; it lies within 1.25 of (0, 0.25).
        _ => {
            let (u, v) = (1.25 * x, 0.25 - 1.25 * y);
            (u * u + v * v - 1.0).powi(3) < u * u * v.powi(3)
        }
    }
}
