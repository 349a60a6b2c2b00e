//! Drawings: strokes of a pen and an eraser, perhaps over a test image, as the pixels of an image.
//!
//! They are rasterised here and not on a canvas, because some browsers add noise to what a page reads from a canvas. Only
//! operations that IEEE 754 defines exactly are used, so that pixels are the same to the bit in every browser and natively.

mod framing;
mod path;
mod raster;

#[cfg(feature = "cpu")]
pub(super) use self::raster::SummedArea;

use self::path::{Point, Segment, clip, flatten};
use super::PIXELS;
use crate::{Error, Result};

/// Width of the pen in units of the pad: after MNIST's framing a digit of usual size gets strokes of 2 to 3 pixels.
pub const PEN: f64 = 0.075;
/// Width of the eraser in units of the pad.
pub const ERASER: f64 = 0.13;

/// What is on the pad, whose corners are (0, 0) and (1, 1).
#[derive(Debug, Clone)]
pub struct Drawing {
    image: Option<Vec<f32>>, // [P], below the strokes
    strokes: Vec<Stroke>,    // the first one at the bottom
}

/// A smooth curve with round ends, in pieces that are straight and on the pad.
#[derive(Debug, Clone)]
struct Stroke {
    segments: Vec<Segment>,
    erase: bool,
}

impl Drawing {
    /// Strokes end to end: `points` x, y, x, y, .. in units of the pad, of which stroke `i` has `lengths[i]`; `erase[i]` is 0
    /// for the pen. `image` `[P]` lies below them. Points that are not finite are left out.
    ///
    /// # Errors
    /// When the lengths of the arrays do not fit together.
    pub fn new(points: &[f32], lengths: &[u32], erase: &[u8], image: Option<Vec<f32>>) -> Result<Self> {
        let total: u64 = lengths.iter().map(|&length| u64::from(length)).sum();
        check_length("drawing", 2 * total as usize, points.len())?;
        check_length("drawing", lengths.len(), erase.len())?;
        if let Some(image) = &image {
            check_length("image", PIXELS, image.len())?;
        }
        let image = image.map(|pixels| pixels.iter().map(|&ink| if ink > 0.0 { ink.min(1.0) } else { 0.0 }).collect());
        let mut points = points.chunks_exact(2);
        let strokes = lengths.iter().zip(erase).map(|(&length, &erase)| {
            let points = points.by_ref().take(length as usize).map(|at| Point::new(at[0].into(), at[1].into()));
            Stroke::new(points, erase != 0)
        });
        let strokes = strokes.filter(|stroke| !stroke.segments.is_empty()).collect();
        Ok(Self { image, strokes })
    }

    fn erases(&self) -> bool {
        self.strokes.iter().any(|stroke| stroke.erase)
    }
}

impl Stroke {
    fn new(points: impl Iterator<Item = Point>, erase: bool) -> Self {
        let points: Vec<Point> = points.filter(|point| point.is_finite()).collect();
        let reach = if erase { ERASER } else { PEN } / 2.0; // how far from the pad a point still shows on it
        let segments = flatten(&points).into_iter().filter_map(|segment| clip(segment, -reach, 1.0 + reach)).collect();
        Self { segments, erase }
    }
}

fn check_length(quantity: &'static str, expected: usize, found: usize) -> Result<()> {
    match found == expected {
        true => Ok(()),
        false => Err(Error::Length { quantity: quantity.into(), expected: expected.into(), found: found.into() }),
    }
}
