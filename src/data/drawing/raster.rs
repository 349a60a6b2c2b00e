//! Ink on a square grid of cells: strokes with soft edges, the eraser, and integrals over rectangles.

use super::path::{Point, Segment};

/// Where the grid lies: its corner in units of the pad, and cells in one unit.
#[derive(Debug, Clone, Copy)]
pub struct View {
    pub left: f64,
    pub top: f64,
    pub scale: f64,
}

/// `side * side` cells, row by row, ink in 0..=1.
pub struct Raster {
    side: usize,
    view: View,
    ink: Vec<f32>,
    stroke: Vec<f32>, // coverage by the stroke that is being painted, 0 between strokes
}

impl Raster {
    /// Without ink.
    pub fn new(side: usize, view: View) -> Self {
        Self { side, view, ink: vec![0.0; side * side], stroke: vec![0.0; side * side] }
    }

    /// `ink(left, top, right, bottom)` is the ink of a cell, given its edges in units of the pad.
    pub fn fill(&mut self, ink: impl Fn(f64, f64, f64, f64) -> f64) {
        let View { left, top, scale } = self.view;
        for (at, cell) in self.ink.iter_mut().enumerate() {
            let (column, row) = ((at % self.side) as f64, (at / self.side) as f64);
            let [x, right] = [column, column + 1.0].map(|edge| left + edge / scale);
            let [y, bottom] = [row, row + 1.0].map(|edge| top + edge / scale);
            *cell = ink(x, y, right, bottom) as f32;
        }
    }

    /// Paints a stroke, `width` in units of the pad: its coverage of a cell adds ink to what is free, or takes that share away.
    pub fn paint(&mut self, segments: &[Segment], width: f64, erase: bool) {
        let mut touched = [self.side, 0]; // rows, the second exclusive
        for &segment in segments {
            let rows = self.cover(segment, width / 2.0 * self.view.scale);
            touched = [touched[0].min(rows[0]), touched[1].max(rows[1])];
        }
        let cells = touched[0].min(touched[1]) * self.side..touched[1] * self.side;
        for (ink, stroke) in self.ink[cells.clone()].iter_mut().zip(&mut self.stroke[cells]) {
            *ink = if erase { *ink * (1.0 - *stroke) } else { *ink + *stroke * (1.0 - *ink) };
            *stroke = 0.0;
        }
    }

    /// Coverage by a segment with round ends: one minus how far a cell's centre lies outside of its edge, half a cell to each side.
    fn cover(&mut self, segment: Segment, radius: f64) -> [usize; 2] {
        let View { left, top, scale } = self.view;
        let [from, to] = segment.map(|point| Point::new((point.x - left) * scale, (point.y - top) * scale));
        let (dx, dy) = (to.x - from.x, to.y - from.y);
        let square = dx * dx + dy * dy;
        let reach = radius + 0.5;
        let rows = self.cells(from.y.min(to.y) - reach, from.y.max(to.y) + reach);
        for row in rows[0]..rows[1] {
            let y = row as f64 + 0.5;
            // Only the part of the segment that is within reach of this row can cover its cells.
            let [a, b] = if dy == 0.0 { [0.0, 1.0] } else { [y - reach, y + reach].map(|y| (y - from.y) / dy) };
            let [a, b] = [a, b].map(|along| from.x + along.clamp(0.0, 1.0) * dx);
            let columns = self.cells(a.min(b) - reach, a.max(b) + reach);
            for column in columns[0]..columns[1] {
                let (x, y) = (column as f64 + 0.5 - from.x, y - from.y);
                let along = if square > 0.0 { ((x * dx + y * dy) / square).clamp(0.0, 1.0) } else { 0.0 };
                let (x, y) = (x - along * dx, y - along * dy);
                let coverage = (reach - (x * x + y * y).sqrt()).clamp(0.0, 1.0) as f32;
                let cell = &mut self.stroke[row * self.side + column];
                *cell = cell.max(coverage);
            }
        }
        rows
    }

    /// The cells, of a row or column, whose centres lie between two coordinates; the second is exclusive.
    fn cells(&self, low: f64, high: f64) -> [usize; 2] {
        let end = (high + 0.5).clamp(0.0, self.side as f64) as usize;
        [((low - 0.5).ceil().max(0.0) as usize).min(end), end]
    }

    /// Ink at a point of the pad: linear between the centres of cells.
    pub fn at(&self, point: Point) -> f32 {
        let last = self.side - 1;
        let split = |coordinate: f64, origin: f64| {
            let place = ((coordinate - origin) * self.view.scale - 0.5).clamp(0.0, last as f64);
            (place as usize, (place as usize + 1).min(last), place.fract() as f32)
        };
        let (left, right, x) = split(point.x, self.view.left);
        let (top, bottom, y) = split(point.y, self.view.top);
        let row = |row: usize| (1.0 - x) * self.ink[row * self.side + left] + x * self.ink[row * self.side + right];
        (1.0 - y) * row(top) + y * row(bottom)
    }

    /// The most ink in a cell.
    pub fn most(&self) -> f32 {
        self.ink.iter().fold(0.0, |most, &ink| most.max(ink))
    }

    /// The centre of mass, in cells; `None` without ink.
    pub fn centre_of_mass(&self) -> Option<Point> {
        let (mut mass, mut x, mut y) = (0.0, 0.0, 0.0);
        for (at, &ink) in self.ink.iter().enumerate() {
            let ink = f64::from(ink);
            mass += ink;
            x += ink * ((at % self.side) as f64 + 0.5);
            y += ink * ((at / self.side) as f64 + 0.5);
        }
        (mass > 0.0).then(|| Point::new(x / mass, y / mass))
    }

    pub fn integral(&self) -> SummedArea {
        SummedArea::new(&self.ink, self.side)
    }
}

/// A summed-area table: the integral of ink over a rectangle with fractional corners takes four look-ups.
pub struct SummedArea {
    width: usize,
    sums: Vec<f64>,
}

impl SummedArea {
    pub fn new(ink: &[f32], width: usize) -> Self {
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

    /// The mean of the ink over a rectangle, in cells; beyond the grid there is none.
    pub fn mean(&self, left: f64, top: f64, right: f64, bottom: f64) -> f64 {
        let sum = self.to(right, bottom) - self.to(left, bottom) - self.to(right, top) + self.to(left, top);
        (sum / ((right - left) * (bottom - top))).clamp(0.0, 1.0)
    }

    /// The integral from the grid's corner to `(x, y)`: bilinear between the table's entries, which is exact for ink that is
    /// constant in each cell.
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
