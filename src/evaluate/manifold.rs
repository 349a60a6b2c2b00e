//! Precision and recall of pictures: whether they lie where real ones do, and whether they cover all that real ones are
//! (Kynkäänniemi et al. 2019).

use std::ops::Range;

use super::Judge;
use super::estimate::{Estimate, share};

/// A ball around a picture reaches to its third nearest neighbour, as in the paper.
const NEIGHBOURS: usize = 3;
const F: usize = Judge::FEATURES;

/// Where pictures lie in the judge's features: the union of balls around them, each of which reaches to the picture's third nearest neighbour
/// among the others (eq. 1).
#[derive(Debug, Clone, Default)]
pub struct Manifold {
    points: Vec<[f32; F]>,
    squared_radii: Vec<f32>, // of the first few points
}

impl Manifold {
    /// Of features `[n * F]`, with no ball yet.
    pub fn new(features: &[f32]) -> Self {
        let points = features.as_chunks::<F>().0.to_vec();
        Self { squared_radii: Vec::with_capacity(points.len()), points }
    }

    /// The number of pictures.
    pub fn len(&self) -> usize {
        self.points.len()
    }

    /// Whether there is no picture.
    pub fn is_empty(&self) -> bool {
        self.points.is_empty()
    }

    /// The picture's features.
    pub fn point(&self, index: usize) -> &[f32; F] {
        &self.points[index]
    }

    /// Finds the next few radii: `n` distances each. `range` begins where the last one ended.
    pub fn measure(&mut self, range: Range<usize>) {
        debug_assert_eq!(range.start, self.squared_radii.len());
        for index in range {
            let mut nearest = [f32::INFINITY; NEIGHBOURS];
            for (_, point) in self.points.iter().enumerate().filter(|(other, _)| *other != index) {
                let distance = squared_distance(point, &self.points[index]);
                if distance < nearest[NEIGHBOURS - 1] {
                    nearest[NEIGHBOURS - 1] = distance;
                    nearest.sort_unstable_by(f32::total_cmp);
                }
            }
            self.squared_radii.push(nearest[NEIGHBOURS - 1]);
        }
    }

    /// Whether the point is in one of the balls (eq. 2).
    pub fn contains(&self, point: &[f32; F]) -> bool {
        let balls = self.points.iter().zip(&self.squared_radii);
        balls.into_iter().any(|(centre, &radius)| squared_distance(centre, point) <= radius)
    }

    /// Whether there are enough pictures for a radius, and all features are numbers.
    fn is_defined(&self) -> bool {
        self.len() > NEIGHBOURS && self.points.iter().flatten().all(|value| value.is_finite())
    }
}

/// Precision and recall, as shares in 0..=1 with a binomial standard error: that of the pictures asked about, with the balls as they are.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Coverage {
    /// Share of the pictures inside the manifold of real images.
    pub precision: Estimate,
    /// Share of real images inside the manifold of the pictures.
    pub recall: Estimate,
}

/// How many of two sets of equal size lie in each other's manifold, counted so far.
#[derive(Debug, Clone, Copy, Default)]
pub struct CoverageCounts {
    pictures_inside: usize,
    real_inside: usize,
}

impl CoverageCounts {
    /// Counts those of `range`: up to twice `n` distances each. The radii of both manifolds are known.
    pub fn add(&mut self, pictures: &Manifold, real: &Manifold, range: Range<usize>) {
        assert_eq!(pictures.len(), real.len(), "the radii of sets of different sizes are not comparable");
        for index in range {
            self.pictures_inside += usize::from(real.contains(pictures.point(index)));
            self.real_inside += usize::from(pictures.contains(real.point(index)));
        }
    }

    /// The shares once all are counted. `None` for fewer than four pictures, or where a feature is not finite.
    pub fn coverage(&self, pictures: &Manifold, real: &Manifold) -> Option<Coverage> {
        let defined = pictures.is_defined() && real.is_defined();
        defined.then(|| Coverage {
            precision: share(self.pictures_inside, pictures.len()),
            recall: share(self.real_inside, real.len()),
        })
    }
}

/// In eight sums, so that the compiler adds several at once.
fn squared_distance(a: &[f32; F], b: &[f32; F]) -> f32 {
    let mut sums = [0.0_f32; 8];
    for (a, b) in a.as_chunks::<8>().0.iter().zip(b.as_chunks::<8>().0) {
        for lane in 0..8 {
            sums[lane] += (a[lane] - b[lane]) * (a[lane] - b[lane]);
        }
    }
    sums.iter().sum()
}
