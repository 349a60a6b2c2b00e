//! The geometry of a stroke: smooth curves through its points, as straight pieces.

/// Largest distance between a curve and its straight pieces, in units of the pad: below a hundredth of a pixel in a digit of usual
/// size.
const TOLERANCE: f64 = 1.0 / 4096.0;
/// Pieces of one curve, at most: points so far apart that it takes more are no stroke of a hand.
const PIECES: f64 = 64.0;

#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    pub x: f64,
    pub y: f64,
}

/// From one point to another; a dot where they are the same.
pub type Segment = [Point; 2];

impl Point {
    pub fn new(x: f64, y: f64) -> Self {
        Self { x, y }
    }

    pub fn is_finite(self) -> bool {
        self.x.is_finite() && self.y.is_finite()
    }

    /// The point `along` (0..=1) the way to another.
    pub fn towards(self, other: Self, along: f64) -> Self {
        Self::new(self.x + along * (other.x - self.x), self.y + along * (other.y - self.y))
    }

    pub fn distance(self, other: Self) -> f64 {
        let (x, y) = (other.x - self.x, other.y - self.y);
        (x * x + y * y).sqrt() // `hypot` is not the same on every platform
    }
}

/// The curve through these points: between the midpoints of neighbouring points it is quadratic, with the point itself as its
/// control point. The page's pad draws the same curve (`www/explore/strokes.js`).
pub fn flatten(points: &[Point]) -> Vec<Segment> {
    let [Some(&first), Some(&last)] = [points.first(), points.last()] else { return Vec::new() };
    let mut path = Path { end: first, segments: Vec::new() };
    for (at, corner) in points.windows(2).enumerate() {
        let middle = corner[0].towards(corner[1], 0.5);
        if at == 0 { path.line(middle) } else { path.curve(corner[0], middle) }
    }
    path.finish(last)
}

struct Path {
    end: Point,
    segments: Vec<Segment>,
}

impl Path {
    /// Shorter pieces than the tolerance wait for the next one.
    fn line(&mut self, to: Point) {
        if self.end.distance(to) >= TOLERANCE {
            self.segments.push([self.end, to]);
            self.end = to;
        }
    }

    fn curve(&mut self, control: Point, to: Point) {
        let from = self.end;
        let bend = from.towards(to, 0.5).distance(control) / 2.0; // distance of the curve from its chord
        let pieces = (bend / TOLERANCE).sqrt().ceil().clamp(1.0, PIECES);
        for piece in 1..=pieces as usize {
            let along = piece as f64 / pieces;
            self.line(from.towards(control, along).towards(control.towards(to, along), along));
        }
    }

    fn finish(mut self, last: Point) -> Vec<Segment> {
        if self.segments.is_empty() || self.end != last {
            self.segments.push([self.end, last]);
        }
        self.segments
    }
}

/// The part of a segment inside the square from `(low, low)` to `(high, high)` (Liang and Barsky 1984).
pub fn clip([from, to]: Segment, low: f64, high: f64) -> Option<Segment> {
    let (mut enter, mut leave) = (0.0_f64, 1.0_f64);
    for (start, delta) in [(from.x, to.x - from.x), (from.y, to.y - from.y)] {
        if delta == 0.0 {
            if start < low || start > high {
                return None;
            }
            continue;
        }
        let [a, b] = [(low - start) / delta, (high - start) / delta];
        enter = enter.max(a.min(b));
        leave = leave.min(a.max(b));
    }
    let at = |along: f64| {
        let point = from.towards(to, along);
        Point::new(point.x.clamp(low, high), point.y.clamp(low, high)) // far away, rounding leaves the line
    };
    (enter <= leave).then(|| [at(enter), at(leave)])
}
