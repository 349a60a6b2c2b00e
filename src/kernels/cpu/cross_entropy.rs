//! Binary cross-entropy from logits, `softplus(l) - x l` summed over pixels: one exponential and one logarithm per pixel
//! forward, one exponential backward.

use super::exponential::{exp_of_negative, log_1p};
use super::simd::vectorised;
use super::threads::{OutputSlice, split, written};

/// Time per pixel, in multiply-adds of a matrix product.
const TIME_PER_PIXEL: usize = 32;

/// The cross-entropy of each image, in nats.
///
/// # Shapes
/// `logits` and `images` are `[rows, P]`; to `[rows]`.
pub fn forward(logits: &[f32], images: &[f32], rows: usize) -> Vec<f32> {
    assert!(logits.len() == images.len() && logits.len().is_multiple_of(rows.max(1)), "one logit per pixel");
    let pixels = logits.len() / rows.max(1);
    let mut losses = vec![0.0; rows];
    let output = OutputSlice::of(&mut losses);
    split(rows, logits.len() * TIME_PER_PIXEL, |range| {
        for row in range {
            let pixels = row * pixels..(row + 1) * pixels;
            // SAFETY: each row is written once.
            unsafe { *output.at(row) = image_loss(&logits[pixels.clone()], &images[pixels]) };
        }
    });
    losses
}

/// The gradient of the logits, `(sigmoid(l) - x) dy`.
///
/// # Shapes
/// `dy` is `[rows]`; to `[rows, P]`.
pub fn backward(logits: &[f32], images: &[f32], dy: &[f32], rows: usize) -> Vec<f32> {
    assert!(logits.len() == images.len() && logits.len().is_multiple_of(rows.max(1)) && dy.len() == rows);
    let pixels = logits.len() / rows.max(1);
    let fill = |output: OutputSlice| {
        split(rows, logits.len() * TIME_PER_PIXEL, |range| {
            for row in range {
                let pixels = row * pixels..(row + 1) * pixels;
                // SAFETY: each row is written once, and has as many elements as logits.
                let to = unsafe { std::slice::from_raw_parts_mut(output.at(pixels.start).cast(), pixels.len()) };
                image_gradient(&logits[pixels.clone()], &images[pixels], dy[row], to);
            }
        });
    };
    // SAFETY: every row is written.
    unsafe { written(logits.len(), fill) }
}

/// Independent sums, so that additions need not wait for each other; with more, those of wasm and what a pixel needs do not fit into the registers.
const SUMS: usize = if cfg!(target_arch = "wasm32") { 8 } else { 32 };

#[inline(always)]
fn pixel_loss(logit: f32, pixel: f32) -> f32 {
    (if logit > 0.0 { logit } else { 0.0 }) - logit * pixel + log_1p(exp_of_negative(-logit.abs()))
}

vectorised! {
    fn image_loss(logits: &[f32], images: &[f32]) -> f32 {
        let (logits, logits_rest) = logits.as_chunks::<SUMS>();
        let (images, images_rest) = images.as_chunks::<SUMS>();
        let mut sums = [0.0; SUMS];
        for (logits, images) in logits.iter().zip(images) {
            for lane in 0..SUMS {
                sums[lane] += pixel_loss(logits[lane], images[lane]);
            }
        }
        let rest = logits_rest.iter().zip(images_rest).map(|(&logit, &pixel)| pixel_loss(logit, pixel));
        sums.into_iter().sum::<f32>() + rest.sum::<f32>()
    }

    fn image_gradient(logits: &[f32], images: &[f32], dy: f32, to: &mut [std::mem::MaybeUninit<f32>]) {
        for ((&logit, &pixel), to) in logits.iter().zip(images).zip(to) {
            let small = exp_of_negative(-logit.abs());
            let numerator = if logit >= 0.0 { 1.0 } else { small };
            to.write((numerator / (1.0 + small) - pixel) * dy);
        }
    }
}
