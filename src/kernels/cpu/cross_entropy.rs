//! Binary cross-entropy from logits, `softplus(l) - x l` summed over pixels: one exponential and one logarithm a pixel
//! forward, one exponential backward, each logit read once.

use super::exponential::{exp, log_1p};
use super::simd::vectorised;
use super::threads::{Place, split, written};

/// The time a pixel takes, in multiplications of a product.
const COST: usize = 32;

/// Nats per image.
///
/// # Shapes
/// `logits` and `images` are `[rows, P]`; to `[rows]`.
pub fn forward(logits: &[f32], images: &[f32], rows: usize) -> Vec<f32> {
    assert!(logits.len() == images.len() && logits.len().is_multiple_of(rows.max(1)), "a logit for a pixel");
    let pixels = logits.len() / rows.max(1);
    let mut costs = vec![0.0; rows];
    let place = Place::of(&mut costs);
    split(rows, logits.len() * COST, |range| {
        for row in range {
            let pixels = row * pixels..(row + 1) * pixels;
            // SAFETY: each row is written once.
            unsafe { *place.at(row) = cost(&logits[pixels.clone()], &images[pixels]) };
        }
    });
    costs
}

/// Gradient by the logits: `(sigmoid(l) - x) dy`.
///
/// # Shapes
/// `dy` is `[rows]`; to `[rows, P]`.
pub fn backward(logits: &[f32], images: &[f32], dy: &[f32], rows: usize) -> Vec<f32> {
    assert!(logits.len() == images.len() && logits.len().is_multiple_of(rows.max(1)) && dy.len() == rows);
    let pixels = logits.len() / rows.max(1);
    let fill = |place: Place| {
        split(rows, logits.len() * COST, |range| {
            for row in range {
                let pixels = row * pixels..(row + 1) * pixels;
                // SAFETY: each row is written once.
                unsafe { slope(&logits[pixels.clone()], &images[pixels.clone()], dy[row], place.at(pixels.start)) };
            }
        });
    };
    // SAFETY: every row is written.
    unsafe { written(logits.len(), fill) }
}

/// So many sums at once, so that additions need not wait for each other.
const SUMS: usize = 32;

#[inline(always)]
fn pixel_cost(logit: f32, pixel: f32) -> f32 {
    (if logit > 0.0 { logit } else { 0.0 }) - logit * pixel + log_1p(exp(-logit.abs()))
}

vectorised! {
    fn cost(logits: &[f32], images: &[f32]) -> f32 {
        let (logits, logits_rest) = logits.as_chunks::<SUMS>();
        let (images, images_rest) = images.as_chunks::<SUMS>();
        let mut sums = [0.0; SUMS];
        for (logits, images) in logits.iter().zip(images) {
            for lane in 0..SUMS {
                sums[lane] += pixel_cost(logits[lane], images[lane]);
            }
        }
        let rest = logits_rest.iter().zip(images_rest).map(|(&logit, &pixel)| pixel_cost(logit, pixel));
        sums.into_iter().sum::<f32>() + rest.sum::<f32>()
    }

    fn slope_into(logits: &[f32], images: &[f32], dy: f32, out: &mut [std::mem::MaybeUninit<f32>]) {
        for ((&logit, &pixel), out) in logits.iter().zip(images).zip(out) {
            let small = exp(-logit.abs());
            let above = if logit >= 0.0 { 1.0 } else { small };
            out.write((above / (1.0 + small) - pixel) * dy);
        }
    }
}

/// # Safety
/// `out` has room for as many numbers as there are logits.
unsafe fn slope(logits: &[f32], images: &[f32], dy: f32, out: *mut f32) {
    // SAFETY: as the caller promises.
    let out = unsafe { std::slice::from_raw_parts_mut(out.cast(), logits.len()) };
    slope_into(logits, images, dy, out);
}
