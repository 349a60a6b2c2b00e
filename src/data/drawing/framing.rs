//! Frames a drawing like MNIST's digits: scaled to a 20 x 20 box, with the centre of mass in pixel (14, 14) of 28 x 28
//! (LeCun et al. 1998, "Gradient-based learning applied to document recognition", section III-A).

use std::ops::RangeInclusive;

use super::path::Point;
use super::raster::{Raster, SummedArea, View};
use super::{Drawing, ERASER, PEN, Stroke};
use crate::data::{PIXELS, SIDE};

/// Longer side of the digit inside the frame, in pixels.
const BOX: f64 = 20.0;
/// Width of a stroke inside the frame, in pixels: as drawn, but not far from MNIST's.
const WIDTH: RangeInclusive<f64> = 2.0..=2.8;
/// Pixels of the frame in one unit of the pad, at most: smaller strokes do not fill the box, so that a dot stays a dot.
const LARGEST_SCALE: f64 = 290.0;
/// From the middle of the frame to that of pixel (14, 14), where the centre of mass of MNIST's digits lies, in pixels.
const OFFSET: f64 = 0.5;
/// Ink up to this value counts as none.
const INK: f32 = 0.1;
/// Cells along a pixel, of the grid that pixels average.
const CELLS: usize = 4;
/// Pixels of that grid on each side of the frame: a side of n pixels has its centre of mass within n / 2 of its middle, and stays
/// inside the frame up to (28 - n) / 2.
const MARGIN: usize = 7;

impl Drawing {
    /// The `P` pixels of the drawing.
    ///
    /// With `centre` the digit is scaled and centred as in MNIST, and strokes are about as wide as there; without, it is as drawn.
    /// `None` when nothing is drawn, or all of it erased.
    pub fn frame(&self, centre: bool) -> Option<[f32; PIXELS]> {
        if centre { self.centred() } else { self.as_drawn() }
    }

    fn as_drawn(&self) -> Option<[f32; PIXELS]> {
        let cells = SIDE * CELLS;
        let raster = self.raster(cells, View { left: 0.0, top: 0.0, scale: cells as f64 }, PEN);
        (raster.most() > INK).then(|| pixels(&raster.integral(), 0.0, 0.0))
    }

    fn centred(&self) -> Option<[f32; PIXELS]> {
        let bounds = self.bounds()?;
        let (scale, pen) = self.scale_and_pen(&bounds);
        let middle = bounds.middle();
        let side = SIDE + 2 * MARGIN;
        let half = side as f64 / 2.0 / scale;
        let view = View { left: middle.x - half, top: middle.y - half, scale: scale * CELLS as f64 };
        let raster = self.raster(side * CELLS, view, pen);
        let mass = raster.centre_of_mass()?;
        // Keeps the digit inside the frame when its centre of mass is far from the middle of its box.
        let corner = |mass: f64, length: f64| {
            let outside = if self.image.is_some() { 0.0 } else { pen };
            let space = ((SIDE as f64 - (length + outside) * scale) / 2.0).max(0.0);
            MARGIN as f64 + (mass / CELLS as f64 - side as f64 / 2.0 - OFFSET).clamp(-space, space)
        };
        Some(pixels(&raster.integral(), corner(mass.x, bounds.width()), corner(mass.y, bounds.height())))
    }

    /// Pixels of the frame in one unit of the pad, and the width of the pen in units of the pad.
    fn scale_and_pen(&self, bounds: &Bounds) -> (f64, f64) {
        let length = bounds.width().max(bounds.height());
        if self.image.is_some() {
            return (BOX / length, PEN); // as wide as over the image
        }
        let as_drawn = PEN * BOX / (length + PEN);
        let width = as_drawn.clamp(*WIDTH.start(), *WIDTH.end());
        let scale = ((BOX - width) / length).min(LARGEST_SCALE);
        (scale, width / scale)
    }

    fn raster(&self, side: usize, view: View, pen: f64) -> Raster {
        let mut raster = Raster::new(side, view);
        if let Some(image) = &self.image {
            let (area, pixels) = (SummedArea::new(image, SIDE), SIDE as f64);
            raster.fill(|left, top, right, bottom| {
                area.mean(left * pixels, top * pixels, right * pixels, bottom * pixels)
            });
        }
        for stroke in &self.strokes {
            raster.paint(&stroke.segments, if stroke.erase { ERASER } else { pen }, stroke.erase);
        }
        raster
    }

    /// The box of what is not erased: of the middle of strokes, or of all ink where there is an image.
    fn bounds(&self) -> Option<Bounds> {
        let mut bounds = Bounds::EMPTY;
        let mut erased = self.erases().then(Erased::none);
        let reach = if self.image.is_some() { PEN / 2.0 } else { 0.0 };
        for stroke in self.strokes.iter().rev() {
            match &mut erased {
                Some(erased) if stroke.erase => erased.0.paint(&stroke.segments, ERASER, false),
                Some(erased) => erased.left(stroke).for_each(|point| bounds.include(point, reach)),
                None => stroke.segments.iter().flatten().for_each(|&point| bounds.include(point, reach)),
            }
        }
        let pixel = 1.0 / SIDE as f64;
        for (at, &ink) in self.image.iter().flatten().enumerate() {
            let [x, y] = [at % SIDE, at / SIDE].map(|cell| (cell as f64 + 0.5) * pixel);
            let middle = Point::new(x, y);
            if ink > INK && !erased.as_ref().is_some_and(|erased| erased.covers(middle)) {
                bounds.include(middle, pixel / 2.0);
            }
        }
        (bounds.left <= bounds.right).then_some(bounds)
    }
}

/// What later strokes of the eraser cover.
struct Erased(Raster);

impl Erased {
    /// Distance of the points of a stroke at which it is looked up, in units of the pad.
    const STEP: f64 = 1.0 / 512.0;

    fn none() -> Self {
        let scale = 128.0;
        let beyond = 8.0; // cells on each side of the pad: a stroke may lie half the pen beyond
        let view = View { left: -beyond / scale, top: -beyond / scale, scale };
        Self(Raster::new((scale + 2.0 * beyond) as usize, view))
    }

    fn covers(&self, point: Point) -> bool {
        self.0.at(point) > 0.5
    }

    /// Points along what is left of a stroke.
    fn left(&self, stroke: &Stroke) -> impl Iterator<Item = Point> {
        let points = stroke.segments.iter().flat_map(|&[from, to]| {
            let pieces = (from.distance(to) / Self::STEP).ceil().max(1.0);
            (0..=pieces as usize).map(move |piece| from.towards(to, piece as f64 / pieces))
        });
        points.filter(|&point| !self.covers(point))
    }
}

struct Bounds {
    left: f64,
    right: f64,
    top: f64,
    bottom: f64,
}

impl Bounds {
    const EMPTY: Self =
        Self { left: f64::INFINITY, right: f64::NEG_INFINITY, top: f64::INFINITY, bottom: f64::NEG_INFINITY };

    /// Widens the box to a point and what is within `reach` of it.
    fn include(&mut self, point: Point, reach: f64) {
        self.left = self.left.min(point.x - reach);
        self.right = self.right.max(point.x + reach);
        self.top = self.top.min(point.y - reach);
        self.bottom = self.bottom.max(point.y + reach);
    }

    fn width(&self) -> f64 {
        self.right - self.left
    }

    fn height(&self) -> f64 {
        self.bottom - self.top
    }

    fn middle(&self) -> Point {
        Point::new((self.left + self.right) / 2.0, (self.top + self.bottom) / 2.0)
    }
}

/// The mean ink of each pixel of a frame whose corner lies at `(left, top)`, in pixels of the grid.
fn pixels(area: &SummedArea, left: f64, top: f64) -> [f32; PIXELS] {
    let cells = CELLS as f64;
    std::array::from_fn(|pixel| {
        let x = (left + (pixel % SIDE) as f64) * cells;
        let y = (top + (pixel / SIDE) as f64) * cells;
        area.mean(x, y, x + cells, y + cells) as f32
    })
}
