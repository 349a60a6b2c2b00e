//! Corruption of the encoder's input, for denoising models (Vincent et al. 2008; variational: Im et al. 2017), and the
//! stochastic binarisation of images.

use rand::{Rng, RngExt};
use rand_distr::{Distribution, Normal};
use serde::{Deserialize, Serialize};

use super::{SIDE, pixel};

/// How the encoder's input is corrupted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Corruption {
    /// Not at all.
    #[default]
    None,
    /// Gaussian noise of standard deviation 0.5, clamped to 0..=1.
    Noise,
    /// A square of 12 x 12 pixels set to 0.
    Mask,
    /// Three pixels in ten set to 0 or 1.
    SaltAndPepper,
}

/// Standard deviation of the noise.
const NOISE: f32 = 0.5;
/// Side of the masked square, in pixels.
const PATCH: usize = 12;
/// Probability that a pixel becomes salt or pepper.
const CORRUPTED: f64 = 0.3;

impl Corruption {
    /// Every variant, in the order of the form.
    pub const ALL: [Self; 4] = [Self::None, Self::Noise, Self::Mask, Self::SaltAndPepper];

    /// Corrupts one image `[P]`, pixels in 0..=1, in place.
    pub fn apply(self, image: &mut [f32], random: &mut impl Rng) {
        match self {
            Self::None => {}
            Self::Noise => {
                let noise = Normal::new(0.0, NOISE).expect("the deviation is finite");
                for pixel in image {
                    *pixel = (*pixel + noise.sample(random)).clamp(0.0, 1.0);
                }
            }
            Self::Mask => {
                let mut corner = || random.random_range(0..=SIDE - PATCH);
                let (left, top) = (corner(), corner());
                for row in image.chunks_exact_mut(SIDE).skip(top).take(PATCH) {
                    row[left..left + PATCH].fill(0.0);
                }
            }
            Self::SaltAndPepper => {
                for pixel in image {
                    if random.random_bool(CORRUPTED) {
                        *pixel = f32::from(u8::from(random.random_bool(0.5)));
                    }
                }
            }
        }
    }
}

/// Sets each pixel to 0 or 1, to 1 with the probability of its grey value.
pub fn binarise(image: &mut [u8], random: &mut impl Rng) {
    for byte in image {
        *byte = if random.random::<f32>() < pixel(*byte) { 255 } else { 0 };
    }
}
