//! Damage done to an image before a denoising model sees it (Vincent et al. 2008; with a variational model, Im et al. 2017).

use rand::{Rng, RngExt};
use rand_distr::{Distribution, Normal};
use serde::{Deserialize, Serialize};

use super::SIDE;

/// Kinds of damage, with the strengths they are trained at.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Corruption {
    #[default]
    None,
    /// Gaussian noise of standard deviation 0.5, cut to 0..=1.
    Noise,
    /// A square of 12 x 12 pixels turned to paper.
    Mask,
    /// Three pixels in ten turned to paper or ink.
    SaltAndPepper,
}

const NOISE: f32 = 0.5;
const PATCH: usize = 12;
const SPOILT: f64 = 0.3;

impl Corruption {
    /// Damages one image `[P]` in place.
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
                    if random.random_bool(SPOILT) {
                        *pixel = f32::from(u8::from(random.random_bool(0.5)));
                    }
                }
            }
        }
    }
}

/// Turns each grey pixel on or off, on with the probability of its grey.
pub fn binarise(image: &mut [f32], random: &mut impl Rng) {
    for pixel in image {
        *pixel = f32::from(u8::from(random.random::<f32>() < *pixel));
    }
}
