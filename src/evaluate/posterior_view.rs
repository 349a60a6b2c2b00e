//! What a lattice says of p(z | x): densities, contours and moments.

use super::PlaneGaussian;
use super::contours::{contour, level_of_mass};
use super::joint_density::Points;
use super::lattice::{Lattice, Square};
use super::posterior_numbers::{Approximation, Integral, PosteriorNumbers, log_sum, numbers};

/// Share of a Gaussian in a plane within one and two standard deviations: what the contours of p(z | x) enclose, to compare with q's ellipses.
const CONTOURS: [f64; 2] = [0.393, 0.865];
/// The square to show has all points with a log density of at least the largest minus this, and this many standard deviations of q.
const SHOWN_BELOW: f64 = 7.0;
const SHOWN_DEVIATIONS: f64 = 3.0;

/// The true posterior of an image on a lattice, and its approximation.
#[derive(Debug, Clone)]
pub struct PosteriorView {
    /// The square of the lattice.
    pub square: Square,
    /// Points along a side of the lattice.
    pub side: usize,
    /// p(z | x) at each point relative to its largest value, `[side * side]`, row by row; both components increase.
    pub density: Vec<f32>,
    /// Contours of p(z | x) around 39 % and 86 % of its mass, as much as one and two standard deviations of a Gaussian: segments
    /// `[x, y, x, y]`, end to end.
    pub contours: Vec<Vec<f32>>,
    /// The part of the square with what can be seen of p(z | x) and of q(z | x).
    pub shown: Square,
    /// q(z | x).
    pub approximation: PlaneGaussian,
    /// The member of q's family that has the smallest KL to p(z | x).
    pub closest: PlaneGaussian,
    /// The Gaussian with mean and covariance of p(z | x).
    pub moments: PlaneGaussian,
    /// The numbers.
    pub numbers: PosteriorNumbers,
}

impl PosteriorView {
    /// `diagonal`: whether q's family is the axis-aligned Gaussians; `before`: what was found on a coarser lattice over the same square.
    pub(super) fn new(points: &Points, approximation: &Approximation, diagonal: bool, before: Option<&Self>) -> Self {
        let Points { lattice, values, .. } = points;
        let q = approximation.q;
        let area = lattice.step() * lattice.step();
        let log_joint: Vec<f64> = values.iter().map(|point| point.log_joint()).collect();
        let log_evidence = Integral::of(|stride| log_sum(lattice, &log_joint, stride));
        let log_posterior: Vec<f64> = log_joint.iter().map(|joint| joint - log_evidence.value).collect();
        let posterior: Vec<f64> = log_posterior.iter().map(|log| log.exp()).collect();
        let moments = moments(lattice, &posterior);
        let (closest, approximation_gap) = match before {
            Some(before) => before.closest.closest(lattice, &log_posterior, diagonal),
            None => closest([q, moments], lattice, &log_posterior, diagonal),
        };
        let largest = posterior.iter().copied().fold(0.0, f64::max);
        let numbers = PosteriorNumbers {
            approximation_gap,
            on_border: area
                * (0..lattice.len()).filter(|&k| lattice.is_on_border(k)).map(|k| posterior[k]).sum::<f64>(),
            ..numbers(points, approximation, log_evidence, &log_joint)
        };
        let amortisation_gap = numbers.gap.value - approximation_gap;
        Self {
            square: lattice.square,
            side: lattice.side,
            density: posterior.iter().map(|density| (density / largest) as f32).collect(),
            contours: CONTOURS.iter().map(|&mass| segments(lattice, &posterior, mass)).collect(),
            shown: shown(lattice, &posterior, largest, q),
            approximation: q,
            closest,
            moments,
            numbers: PosteriorNumbers { amortisation_gap, ..numbers },
        }
    }
}

/// The member of q's family with the smallest KL, as far as local searches find it: from q and from the Gaussian with the same moments, both
/// where they are and with its mean at the largest density.
fn closest(starts: [PlaneGaussian; 2], lattice: &Lattice, log_density: &[f64], diagonal: bool) -> (PlaneGaussian, f64) {
    let peak = (0..lattice.len()).max_by(|&a, &b| log_density[a].total_cmp(&log_density[b]));
    let at_peak = |it: PlaneGaussian| PlaneGaussian { mean: lattice.place(peak.unwrap_or(0)), ..it };
    let all = starts.into_iter().flat_map(|start| [start, at_peak(start)]);
    let searched =
        all.map(|start| if diagonal { start.axis_aligned() } else { start }.closest(lattice, log_density, diagonal));
    searched.min_by(|a, b| a.1.total_cmp(&b.1)).expect("there are starts")
}

fn segments(lattice: &Lattice, density: &[f64], mass: f64) -> Vec<f32> {
    let Some(level) = level_of_mass(density, mass) else { return Vec::new() };
    let ends = contour(density, lattice.side, level).into_iter().flatten();
    ends.flat_map(|at| lattice.at(at).map(|value| value as f32)).collect()
}

/// The square around what can be seen of p(z | x) and q.
fn shown(lattice: &Lattice, density: &[f64], largest: f64, q: PlaneGaussian) -> Square {
    let least = largest * (-SHOWN_BELOW).exp();
    let seen = (0..lattice.len()).filter(|&k| density[k] >= least).map(|k| lattice.place(k).map(|at| [at, at]));
    Square::around(seen.chain([q.around(SHOWN_DEVIATIONS)]))
}

/// Mean and covariance of a density.
fn moments(lattice: &Lattice, density: &[f64]) -> PlaneGaussian {
    let area = lattice.step() * lattice.step();
    let expectation = |value: &dyn Fn([f64; 2]) -> f64| {
        (0..lattice.len()).map(|k| area * density[k] * value(lattice.place(k))).sum::<f64>()
    };
    let mean = [0, 1].map(|c| expectation(&|z| z[c]));
    let product = |a: usize, b: usize| expectation(&|z| (z[a] - mean[a]) * (z[b] - mean[b]));
    PlaneGaussian { mean, covariance: [product(0, 0), product(0, 1), product(1, 1)] }
}
