//! What a data set looks like: whether its background is bright, and whether rows and columns of its digits are exchanged.

use super::gather::Gathered;
use super::reference::DIGITS;
use crate::data::{PIXELS, SIDE};

/// Width of the border, in pixels, and the side of the middle.
const BORDER: usize = 2;
const MIDDLE: usize = 14;
/// By so much, in 0..=255, the border is brighter than the middle in an inverted image.
const BRIGHTER: f64 = 16.0;
/// The share of images that must be inverted for the set to look so.
const INVERTED_SHARE: f64 = 0.8;
/// Images of a digit, at least, whose mean is compared, and digits that have so many.
const LEAST_IMAGES: u32 = 5;
const LEAST_DIGITS: usize = 5;
/// By so much the transposed means must correlate better with MNIST's, and so well at least. Five test images a digit of MNIST have 0.94 and transposed 0.56, at
/// the least 0.31 apart in 300 draws; scikit-learn's digits have 0.59 and 0.31.
const BETTER: f64 = 0.15;
const LEAST_CORRELATION: f64 = 0.5;
/// The references are means over blocks of so many pixels.
const BLOCK: usize = 4;
const BLOCKS: usize = SIDE / BLOCK;

/// The mean of all images, `[784]`, in 0..=1.
pub fn mean(gathered: &Gathered) -> Vec<f32> {
    let mut sum = vec![0.0_f64; PIXELS];
    for row in &gathered.rows {
        sum.iter_mut().zip(row.pixels).for_each(|(sum, &pixel)| *sum += f64::from(pixel));
    }
    sum.iter().map(|sum| (sum / 255.0 / gathered.rows.len().max(1) as f64) as f32).collect()
}

/// Whether paper is bright and ink is dark: in most images the border is bright, and brighter than the middle. Photographs and textures, where no
/// border is background, look neither way.
pub fn looks_inverted(gathered: &Gathered) -> bool {
    let inverted = gathered.rows.iter().filter(|row| is_inverted(row.pixels)).count();
    inverted as f64 >= INVERTED_SHARE * gathered.rows.len().max(1) as f64
}

fn is_inverted(pixels: &[u8]) -> bool {
    let (mut border, mut middle) = (0.0, 0.0);
    let (mut around, mut inside) = (0.0, 0.0);
    let near = |at: usize, margin: usize| at < margin || at >= SIDE - margin;
    for (at, &pixel) in pixels.iter().enumerate() {
        let (x, y) = (at % SIDE, at / SIDE);
        if near(x, BORDER) || near(y, BORDER) {
            (border, around) = (border + f64::from(pixel), around + 1.0);
        }
        let margin = (SIDE - MIDDLE) / 2;
        if !near(x, margin) && !near(y, margin) {
            (middle, inside) = (middle + f64::from(pixel), inside + 1.0);
        }
    }
    let (border, middle) = (border / around, middle / inside);
    border > 127.5 && border > middle + BRIGHTER
}

/// Whether the digits are transposed, as in EMNIST's files: the means of the classes named 0 to 9 are more like MNIST's with rows and columns exchanged, which
/// those of digits turned by a quarter are as well. For other classes, or without labels, nothing is claimed: a picture of unknown things has no right way up.
pub fn looks_transposed(gathered: &Gathered, inverted: bool) -> bool {
    let (mut upright, mut transposed, mut compared) = (0.0, 0.0, 0);
    for (digit, reference) in DIGITS.iter().enumerate() {
        let Some(class) = gathered.classes.iter().position(|name| *name == digit.to_string()) else { continue };
        let Some(mean) = mean_blocks(gathered, class as u8, inverted) else { continue };
        let exchanged: Vec<f64> = (0..mean.len()).map(|at| mean[at % BLOCKS * BLOCKS + at / BLOCKS]).collect();
        let reference: Vec<f64> = reference.iter().map(|&value| f64::from(value)).collect();
        upright += correlation(&mean, &reference);
        transposed += correlation(&exchanged, &reference);
        compared += 1;
    }
    let count = compared as f64;
    compared >= LEAST_DIGITS && transposed > LEAST_CORRELATION * count && transposed > upright + BETTER * count
}

/// The mean of a class over blocks of pixels; `None` with too few images.
fn mean_blocks(gathered: &Gathered, class: u8, inverted: bool) -> Option<Vec<f64>> {
    let mut sum = vec![0.0; BLOCKS * BLOCKS];
    let mut count = 0;
    for row in gathered.rows.iter().filter(|row| row.class == Some(class)) {
        for (at, &pixel) in row.pixels.iter().enumerate() {
            let ink = if inverted { 255 - pixel } else { pixel };
            sum[at / SIDE / BLOCK * BLOCKS + at % SIDE / BLOCK] += f64::from(ink);
        }
        count += 1;
    }
    (count >= LEAST_IMAGES).then_some(sum)
}

/// Pearson's correlation; 0 where one side is constant.
fn correlation(a: &[f64], b: &[f64]) -> f64 {
    let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len() as f64;
    let (mean_a, mean_b) = (mean(a), mean(b));
    let (mut ab, mut aa, mut bb) = (0.0, 0.0, 0.0);
    for (a, b) in a.iter().zip(b) {
        let (a, b) = (a - mean_a, b - mean_b);
        (ab, aa, bb) = (ab + a * b, aa + a * a, bb + b * b);
    }
    if aa * bb > 0.0 { ab / (aa * bb).sqrt() } else { 0.0 }
}
