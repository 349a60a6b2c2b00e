//! Frames a drawing like MNIST's digits: scaled to a 20 x 20 box, with the centre of mass in the middle of 28 x 28
//! (LeCun et al. 1998, "Gradient-based learning applied to document recognition", section III-A).

use super::{PIXELS, SIDE};

/// Longer side of the digit inside the frame, in pixels.
const BOX: f64 = 20.0;
/// Pixels up to this value count as empty, so that the soft edge of a stroke does not widen the bounding box.
const INK: f32 = 0.1;

/// Frames a square drawing (`width * width` numbers in 0..=1, row by row, 1 = ink) to `P` pixels.
///
/// With `centre` the digit is scaled and centred as in MNIST; without, the whole square is scaled down. `None` when the
/// drawing is empty.
pub fn frame(ink: &[f32], width: usize, centre: bool) -> Option<[f32; PIXELS]> {
    assert_eq!(ink.len(), width * width, "a drawing is square");
    let bounds = Bounds::of(ink, width)?;
    let area = SummedArea::new(ink, width);
    if !centre {
        let scale = width as f64 / SIDE as f64;
        return Some(resample(&area, (0.0, 0.0), scale));
    }
    let scale = bounds.longer_side() / BOX;
    let (x, y) = centre_of_mass(ink, width, &bounds);
    let half = SIDE as f64 / 2.0 * scale;
    // Keeps the digit inside the frame when its centre of mass is far from the middle of its box.
    let keep_inside =
        |origin: f64, low: usize, high: usize| origin.clamp(high as f64 - SIDE as f64 * scale, low as f64);
    let origin = (keep_inside(x - half, bounds.left, bounds.right), keep_inside(y - half, bounds.top, bounds.bottom));
    Some(resample(&area, origin, scale))
}

/// The bounding box of the ink; `right` and `bottom` are exclusive.
struct Bounds {
    left: usize,
    right: usize,
    top: usize,
    bottom: usize,
}

impl Bounds {
    fn of(ink: &[f32], width: usize) -> Option<Self> {
        let inked = |&(_, &value): &(usize, &f32)| value > INK;
        let mut pixels = ink.iter().enumerate().filter(inked).map(|(at, _)| (at % width, at / width));
        let (x, y) = pixels.next()?;
        let first = Self { left: x, right: x + 1, top: y, bottom: y + 1 };
        Some(pixels.fold(first, |bounds, (x, y)| Self {
            left: bounds.left.min(x),
            right: bounds.right.max(x + 1),
            top: bounds.top.min(y),
            bottom: bounds.bottom.max(y + 1),
        }))
    }

    fn longer_side(&self) -> f64 {
        (self.right - self.left).max(self.bottom - self.top) as f64
    }
}

fn centre_of_mass(ink: &[f32], width: usize, bounds: &Bounds) -> (f64, f64) {
    let (mut mass, mut x, mut y) = (0.0, 0.0, 0.0);
    for row in bounds.top..bounds.bottom {
        for column in bounds.left..bounds.right {
            let value = f64::from(ink[row * width + column]);
            mass += value;
            x += value * (column as f64 + 0.5);
            y += value * (row as f64 + 0.5);
        }
    }
    (x / mass, y / mass)
}

/// The mean of the drawing over each pixel of a frame with its corner at `(left, top)` and pixels `scale` wide.
fn resample(area: &SummedArea, (left, top): (f64, f64), scale: f64) -> [f32; PIXELS] {
    std::array::from_fn(|pixel| {
        let x = left + (pixel % SIDE) as f64 * scale;
        let y = top + (pixel / SIDE) as f64 * scale;
        let mean = area.sum(x, y, x + scale, y + scale) / (scale * scale);
        mean.clamp(0.0, 1.0) as f32
    })
}

/// A summed-area table: the integral of a drawing over a rectangle with fractional corners takes four look-ups.
struct SummedArea {
    width: usize,
    sums: Vec<f64>,
}

impl SummedArea {
    fn new(ink: &[f32], width: usize) -> Self {
        let stride = width + 1;
        let mut sums = vec![0.0; stride * stride];
        for row in 0..width {
            let mut line = 0.0;
            for column in 0..width {
                line += f64::from(ink[row * width + column]);
                sums[(row + 1) * stride + column + 1] = sums[row * stride + column + 1] + line;
            }
        }
        Self { width, sums }
    }

    fn sum(&self, left: f64, top: f64, right: f64, bottom: f64) -> f64 {
        self.to(right, bottom) - self.to(left, bottom) - self.to(right, top) + self.to(left, top)
    }

    /// The integral from the drawing's corner to `(x, y)`: bilinear between the table's entries, which is exact for ink that
    /// is constant in each pixel.
    fn to(&self, x: f64, y: f64) -> f64 {
        let limit = self.width as f64;
        let (x, y) = (x.clamp(0.0, limit), y.clamp(0.0, limit));
        let (column, row) = (x.min(limit - 1.0) as usize, y.min(limit - 1.0) as usize);
        let (right, down) = (x - column as f64, y - row as f64);
        let corner = |row: usize, column: usize| self.sums[row * (self.width + 1) + column];
        (1.0 - down) * ((1.0 - right) * corner(row, column) + right * corner(row, column + 1))
            + down * ((1.0 - right) * corner(row + 1, column) + right * corner(row + 1, column + 1))
    }
}
