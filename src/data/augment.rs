//! More images from few: copies that are shifted, rotated and scaled a little.

use std::ops::RangeInclusive;

use rand::{Rng, RngExt};

use super::{PIXELS, SIDE};
use crate::random::{Stream, generator};
use crate::{Error, Result};

/// By how much copies may differ from their image; each amount is uniform between minus and plus these.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Augmentation {
    /// Copies of each image.
    pub copies: usize,
    /// Pixels in either direction.
    pub shift: f64,
    /// Degrees around the middle.
    pub rotation: f64,
    /// Share of the size: 0.1 from 0.9 to 1.1 times.
    pub scale: f64,
}

impl Augmentation {
    /// Copies of an image, at most.
    pub const COPIES: RangeInclusive<usize> = 0..=1000;
    /// Shifts in pixels.
    pub const SHIFT: RangeInclusive<f64> = 0.0..=14.0;
    /// Rotations in degrees.
    pub const ROTATION: RangeInclusive<f64> = 0.0..=180.0;
    /// Changes of the size.
    pub const SCALE: RangeInclusive<f64> = 0.0..=0.9;

    fn check(&self) -> Result<()> {
        Error::check_quantity("copies", self.copies, Self::COPIES)?;
        Error::check_quantity("shift", self.shift, Self::SHIFT)?;
        Error::check_quantity("rotation", self.rotation, Self::ROTATION)?;
        Error::check_quantity("scale", self.scale, Self::SCALE)
    }
}

/// The images `[n * 784]`, then their copies: image 0 to n - 1, and so on for every further copy.
///
/// # Errors
/// When an amount is outside its limits, or there would be more than `most` images.
pub fn augment(images: &[u8], by: &Augmentation, seed: u64, most: usize) -> Result<Vec<u8>> {
    by.check()?;
    let count = images.len() / PIXELS;
    Error::check_quantity("augmented_images", count * (by.copies + 1), 1..=most)?;
    let random = &mut generator(seed, Stream::Augmentation);
    let mut all = images.to_vec();
    for _ in 0..by.copies {
        images.chunks_exact(PIXELS).for_each(|image| all.extend(copy(image, by, random)));
    }
    Ok(all)
}

/// One copy: each of its pixels is read, linearly between four, from where it comes from.
fn copy(image: &[u8], by: &Augmentation, random: &mut impl Rng) -> [u8; PIXELS] {
    let mut within = |limit: f64| if limit > 0.0 { random.random_range(-limit..=limit) } else { 0.0 };
    let (right, down) = (within(by.shift), within(by.shift));
    let (sin, cos) = within(by.rotation).to_radians().sin_cos();
    let scale = 1.0 + within(by.scale);
    let middle = (SIDE - 1) as f64 / 2.0;
    std::array::from_fn(|at| {
        let (x, y) = ((at % SIDE) as f64 - middle - right, (at / SIDE) as f64 - middle - down);
        let (x, y) = ((cos * x + sin * y) / scale + middle, (cos * y - sin * x) / scale + middle);
        between(image, x, y).round() as u8
    })
}

/// The value at a place between pixels; beyond the image it is 0.
fn between(image: &[u8], x: f64, y: f64) -> f64 {
    let pixel = |x: f64, y: f64| {
        let inside = (0.0..SIDE as f64).contains(&x) && (0.0..SIDE as f64).contains(&y);
        if inside { f64::from(image[y as usize * SIDE + x as usize]) } else { 0.0 }
    };
    let (left, top) = (x.floor(), y.floor());
    let (right, down) = (x - left, y - top);
    (1.0 - down) * ((1.0 - right) * pixel(left, top) + right * pixel(left + 1.0, top))
        + down * ((1.0 - right) * pixel(left, top + 1.0) + right * pixel(left + 1.0, top + 1.0))
}
