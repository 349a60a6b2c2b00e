//! Directions in latent space along which a search moves a code.

use std::f64::consts::TAU;

/// Keeps a component that moves to the very end of its range inside it.
const ROUNDING: f64 = 1e-6;

/// A direction in which components move, each with its share; its norm is one.
#[derive(Debug, Clone)]
pub(super) struct Ray(pub Vec<(usize, f64)>);

impl Ray {
    /// Those of `directions` evenly spread ones, a multiple of four, in the plane of two components along which both move.
    pub fn of_pair(a: usize, b: usize, directions: usize) -> impl Iterator<Item = Self> {
        (0..directions).filter(move |direction| direction % (directions / 4) != 0).map(move |direction| {
            let (sine, cosine) = (TAU * direction as f64 / directions as f64).sin_cos();
            Self(vec![(a, cosine), (b, sine)])
        })
    }

    /// Hundredths that the code `z` `[Z]` may move along the ray before a component is further than `reach` from zero.
    pub fn limit(&self, z: &[f32], reach: f64) -> u32 {
        let room =
            self.0.iter().map(|&(component, share)| (reach - f64::from(z[component]) * share.signum()) / share.abs());
        ((room.fold(f64::INFINITY, f64::min) + ROUNDING) * 100.0) as u32
    }

    /// The code `z` `[Z]` moved along the ray.
    pub fn moved(&self, z: &[f32], hundredths: u32) -> Vec<f32> {
        let mut moved = z.to_vec();
        for &(component, share) in &self.0 {
            moved[component] += (share * hundredth(hundredths)) as f32;
        }
        moved
    }
}

/// So many hundredths.
pub(super) fn hundredth(count: u32) -> f64 {
    f64::from(count) / 100.0
}
