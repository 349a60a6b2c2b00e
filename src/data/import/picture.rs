//! Pictures of any size as 28 x 28 grey pixels: by the mean over areas, with their proportions, in the middle.

use crate::data::{PIXELS, SIDE};

/// The share of the border that must be opaque to tell the background behind transparent pixels.
const OPAQUE_BORDER: f64 = 0.25;

/// The luminance of `width * height` RGBA pixels, scaled. What is transparent shows the picture's own background: the mean of the border, where
/// that is opaque, otherwise black behind light ink and white behind dark ink.
pub fn from_rgba(width: usize, height: usize, rgba: &[u8]) -> [u8; PIXELS] {
    let pixel = |x: usize, y: usize| {
        let at = 4 * (y * width + x);
        let [red, green, blue, alpha] = [0, 1, 2, 3].map(|channel| f32::from(rgba[at + channel]));
        (luminance([red, green, blue]), alpha / 255.0)
    };
    let behind = behind(width, height, pixel);
    scaled(width, height, |x, y| {
        let (luminance, alpha) = pixel(x, y);
        alpha * luminance + (1.0 - alpha) * behind
    })
}

/// Of red, green and blue: ITU-R BT.601, as in JPEG and in Pillow's mode "L".
pub fn luminance([red, green, blue]: [f32; 3]) -> f32 {
    0.299 * red + 0.587 * green + 0.114 * blue
}

/// The shade behind transparent pixels.
fn behind(width: usize, height: usize, pixel: impl Fn(usize, usize) -> (f32, f32)) -> f32 {
    let mean = |places: &mut dyn Iterator<Item = (usize, usize)>| {
        let (mut ink, mut opaque, mut count) = (0.0, 0.0, 0.0);
        for (x, y) in places {
            let (luminance, alpha) = pixel(x, y);
            ink += f64::from(luminance * alpha);
            opaque += f64::from(alpha);
            count += 1.0;
        }
        (ink / f64::max(opaque, f64::MIN_POSITIVE), opaque / count)
    };
    let (shade, opaque) = mean(&mut border(width, height));
    if opaque > OPAQUE_BORDER {
        return shade as f32;
    }
    let (ink, _) = mean(&mut (0..height).flat_map(|y| (0..width).map(move |x| (x, y))));
    if ink < 127.5 { 255.0 } else { 0.0 }
}

/// The pixels along the edge.
fn border(width: usize, height: usize) -> impl Iterator<Item = (usize, usize)> {
    let rows = [0, height - 1].into_iter().flat_map(move |y| (0..width).map(move |x| (x, y)));
    let columns = [0, width - 1].into_iter().flat_map(move |x| (0..height).map(move |y| (x, y)));
    rows.chain(columns)
}

/// `width * height` shades in 0..=255, scaled so that the longer side has 28 pixels. Each pixel is the mean over its area; beside a narrow picture there is the
/// median of its edge.
pub fn scaled(width: usize, height: usize, shade: impl Fn(usize, usize) -> f32) -> [u8; PIXELS] {
    let mut edge: Vec<f32> = border(width, height).map(|(x, y)| shade(x, y)).collect();
    let middle = edge.len() / 2;
    let (_, &mut median, _) = edge.select_nth_unstable_by(middle, f32::total_cmp);
    let mut pixels = [byte(median); PIXELS];
    let longer = width.max(height);
    let [columns, rows] = [width, height].map(|side| ((side * SIDE + longer / 2) / longer).max(1));
    let (left, top) = ((SIDE - columns) / 2, (SIDE - rows) / 2);
    for row in 0..rows {
        let y = span(row, rows, height);
        for column in 0..columns {
            let x = span(column, columns, width);
            let (mut sum, mut area) = (0.0, 0.0);
            for (y, tall) in y.clone() {
                for (x, wide) in x.clone() {
                    sum += tall * wide * f64::from(shade(x, y));
                    area += tall * wide;
                }
            }
            pixels[(top + row) * SIDE + left + column] = byte((sum / area) as f32);
        }
    }
    pixels
}

fn byte(shade: f32) -> u8 {
    shade.round().clamp(0.0, 255.0) as u8
}

/// The pixels of `from` that pixel `at` of `to` covers, and how much of each.
fn span(at: usize, to: usize, from: usize) -> impl Iterator<Item = (usize, f64)> + Clone {
    // In units of 1 / to of a source pixel, so that the ends are exact.
    let (start, end) = (at * from, (at + 1) * from);
    (start / to..end.div_ceil(to)).map(move |pixel| {
        let covered = end.min((pixel + 1) * to) - start.max(pixel * to);
        (pixel, covered as f64 / to as f64)
    })
}
