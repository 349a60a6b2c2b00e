//! How near reconstructions come to their images, and how sharp they are.

use std::ops::Range;

use super::{Case, Subject, entropy, reconstruct};
use crate::Result;
use crate::data::{Corruption, Dataset, PIXELS};
use crate::random::{Stream, generator};

/// Images copied together.
const CHUNK: usize = 250;

/// Reconstructions at the mean, means over images.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Copies {
    pub images: usize,
    /// Squared error between what the encoder saw and the images: zero unless they were corrupted.
    pub before: f64,
    /// Squared error between reconstructions and images.
    pub after: f64,
    /// Entropy of the reconstructions' pixels in nats: how grey they are. MNIST's own is 45.5.
    pub greyness: f64,
}

impl Copies {
    /// Copies the images of `range`, corrupted first.
    ///
    /// # Errors
    /// When the device is lost.
    pub async fn of(
        subject: &Subject,
        data: &Dataset,
        range: Range<usize>,
        corruption: Corruption,
        seed: u64,
    ) -> Result<Self> {
        let images = range.len();
        let [mut before, mut after, mut greyness] = [0.0; 3];
        for start in range.clone().step_by(CHUNK) {
            let cases: Vec<Case> = (start..range.end.min(start + CHUNK)).map(|image| Case::of(data, image)).collect();
            let clean: Vec<f32> = cases.iter().flat_map(|case| case.pixels.clone()).collect();
            let mut seen = clean.clone();
            for (pixels, case) in seen.chunks_exact_mut(PIXELS).zip(&cases) {
                corruption.apply(pixels, &mut generator(seed, Stream::TestDamage { image: case.index }));
            }
            let digits: Vec<u8> = cases.iter().map(|case| case.digit).collect();
            let digits = subject.config.labelled.then_some(digits.as_slice());
            let copies = reconstruct(&subject.model, seen.clone(), digits, &subject.device).await?;
            let error = |of: &[f32]| of.iter().zip(&clean).map(|(x, y)| f64::from(x - y).powi(2)).sum::<f64>();
            before += error(&seen);
            after += error(&copies);
            greyness += copies.iter().map(|&pixel| entropy(f64::from(pixel))).sum::<f64>();
        }
        let [before, after, greyness] = [before, after, greyness].map(|sum| sum / images as f64);
        Ok(Self { images, before, after, greyness })
    }
}
