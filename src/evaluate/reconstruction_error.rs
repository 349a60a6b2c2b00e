//! Squared error and blur of reconstructions, clean or denoised.

use std::ops::Range;

use super::sample_quality::pixel_entropy;
use super::{Example, LoadedModel, chunks, reconstruct};
use crate::Result;
use crate::data::{Corruption, Dataset, PIXELS};
use crate::random::{Stream, generator};

/// Images reconstructed together.
const CHUNK: usize = 250;

/// Error of reconstructions at the posterior mean, as means over images.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ReconstructionError {
    /// Number of images.
    pub images: usize,
    /// Squared error between the encoder's input and the image, summed over pixels: zero unless the input was corrupted.
    pub input_squared_error: f64,
    /// Squared error between the reconstruction and the clean image, summed over pixels.
    pub squared_error: f64,
    /// Entropy of the reconstruction's pixels, in nats per image: rises with blur. The test images of MNIST have 45.5.
    pub pixel_entropy: f64,
}

impl ReconstructionError {
    /// Reconstructs the images of `range` from inputs corrupted by `corruption`, and compares the results with the clean
    /// images.
    ///
    /// # Errors
    /// When the device is lost.
    pub async fn of(
        model: &LoadedModel,
        data: &Dataset,
        range: Range<usize>,
        corruption: Corruption,
        seed: u64,
    ) -> Result<Self> {
        let images = range.len();
        let [mut input_squared_error, mut squared_error, mut entropy] = [0.0; 3];
        for chunk in chunks(range, CHUNK) {
            let examples: Vec<Example> = chunk.map(|index| Example::of(data, index)).collect();
            let clean: Vec<f32> = examples.iter().flat_map(|example| example.pixels.clone()).collect();
            let mut inputs = clean.clone();
            for (pixels, example) in inputs.chunks_exact_mut(PIXELS).zip(&examples) {
                corruption.apply(pixels, &mut generator(seed, Stream::TestCorruption { image: example.index }));
            }
            let labels: Vec<u8> = examples.iter().map(|example| example.label).collect();
            let labels = model.config.labelled.then_some(labels.as_slice());
            let reconstructions = reconstruct(&model.model, inputs.clone(), labels, &model.device).await?;
            let error = |of: &[f32]| of.iter().zip(&clean).map(|(x, y)| f64::from(x - y).powi(2)).sum::<f64>();
            input_squared_error += error(&inputs);
            squared_error += error(&reconstructions);
            entropy += pixel_entropy(&reconstructions);
        }
        let mean = |sum: f64| sum / images as f64;
        Ok(Self {
            images,
            input_squared_error: mean(input_squared_error),
            squared_error: mean(squared_error),
            pixel_entropy: mean(entropy),
        })
    }
}
