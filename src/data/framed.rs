//! Pictures framed like MNIST's digits: the longer side of the ink has 20 pixels, and its centre of mass is in pixel (14, 14) (LeCun et al. 1998,
//! "Gradient-based learning applied to document recognition", section III-A).

use super::drawing::SummedArea;
use super::{PIXELS, SIDE, pixel};

/// Longer side of the ink inside the frame, in pixels.
const BOX: f64 = 20.0;
/// Where the centre of mass lies: the middle of pixel (14, 14).
const CENTRE: f64 = 14.5;
/// Ink up to this value counts as none.
const INK: u8 = 25;

/// An image `[784]`, scaled and centred; one without ink stays as it is.
pub fn framed(image: &[u8]) -> Vec<u8> {
    let inked = |at: &usize| image[*at] > INK;
    let columns = || (0..PIXELS).filter(inked).map(|at| at % SIDE);
    let rows = || (0..PIXELS).filter(inked).map(|at| at / SIDE);
    let extent = |low: Option<usize>, high: Option<usize>| Some((low? as f64, high? as f64 + 1.0));
    let bounds = extent(columns().min(), columns().max()).zip(extent(rows().min(), rows().max()));
    let Some(((left, right), (top, bottom))) = bounds else { return image.to_vec() };
    let (width, height) = (right - left, bottom - top);
    let scale = BOX / width.max(height);
    let ink: Vec<f32> = image.iter().copied().map(pixel).collect();
    let (mut mass, mut x, mut y) = (0.0, 0.0, 0.0);
    for (at, &ink) in ink.iter().enumerate() {
        let ink = f64::from(ink);
        mass += ink;
        x += ink * ((at % SIDE) as f64 + 0.5);
        y += ink * ((at / SIDE) as f64 + 0.5);
    }
    // Where the frame's corner is in the image; the box stays inside when its centre of mass is far from its middle.
    let corner = |mass: f64, low: f64, length: f64| {
        let start = (CENTRE - (mass - low) * scale).clamp(0.0, SIDE as f64 - length * scale);
        low - start / scale
    };
    let (x, y) = (corner(x / mass, left, width), corner(y / mass, top, height));
    let area = SummedArea::new(&ink, SIDE);
    let edge = |corner: f64, pixel: usize| corner + pixel as f64 / scale;
    let pixel = |at: usize| {
        let (column, row) = (at % SIDE, at / SIDE);
        let mean = area.mean(edge(x, column), edge(y, row), edge(x, column + 1), edge(y, row + 1));
        (255.0 * mean).round() as u8
    };
    (0..PIXELS).map(pixel).collect()
}
