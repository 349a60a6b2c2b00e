//! What a lattice says of p(z | x): densities, contours, and the identity ELBO + KL(q || p(z | x)) = log p(x) in numbers.

use serde::Serialize;

use super::PlaneGaussian;
use super::contours::{contour, level_of_mass};
use super::exact_posterior::Points;
use super::lattice::{Lattice, Square};
use super::log_sum_exp::LogSumExp;

/// Share of a Gaussian in a plane within one and two standard deviations: what the contours of p(z | x) enclose, to compare with q's ellipses.
const CONTOURS: [f64; 2] = [0.393, 0.865];
/// The square to show has all points with a log density of at least the largest minus this, and this many standard deviations of q.
const SHOWN_BELOW: f64 = 7.0;
const SHOWN_DEVIATIONS: f64 = 3.0;

/// A number found by summation over a lattice, in nats.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Integral {
    /// On all points.
    pub value: f64,
    /// By how much it differs on every second point of each row and column: far more than its own error, where both are fine enough.
    pub error: f64,
}

impl Integral {
    fn of(sum: impl Fn(usize) -> f64) -> Self {
        let value = sum(1);
        Self { value, error: (value - sum(2)).abs() }
    }
}

/// q(z | x) and its expectations.
#[derive(Debug, Clone)]
pub(super) struct Approximation {
    pub q: PlaneGaussian,
    reconstruction: Integral, // E_q[-log p(x | z)]
    kl: Integral,             // KL(q || p(z))
}

impl Approximation {
    /// `own`: the points of a lattice in q's coordinates, where q is N(0, I); `standard`: whether the prior is that, too.
    pub fn new(q: PlaneGaussian, own: &Points, standard: bool) -> Self {
        let weigh = |k: usize| PlaneGaussian::STANDARD.log_density(own.lattice.place(k)).exp();
        let expectation = |value: &dyn Fn(usize) -> f64| {
            Integral::of(|stride| {
                let (mut sum, mut weights) = (0.0, 0.0);
                for k in own.lattice.every(stride) {
                    sum += weigh(k) * value(k);
                    weights += weigh(k);
                }
                sum / weights
            })
        };
        let log_q = |k: usize| q.log_density(q.place(own.lattice.place(k)));
        Self {
            q,
            reconstruction: expectation(&|k| -own.values[k].log_likelihood),
            kl: match standard {
                true => Integral { value: q.kl_to_standard(), error: 0.0 },
                false => expectation(&|k| log_q(k) - own.values[k].log_prior),
            },
        }
    }
}

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

/// The evidence and the bound of one binary image, in nats. `elbo + gap - log_evidence` is `residual`: the first is summed on a lattice in
/// q's coordinates, the others on that of the view, so that it is zero only where both are fine enough.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PosteriorNumbers {
    /// log p(x).
    pub log_evidence: Integral,
    /// E_q[log p(x | z)] - KL(q(z | x) || p(z)).
    pub elbo: Integral,
    /// KL(q(z | x) || p(z | x)), the inference gap.
    pub gap: Integral,
    /// elbo + gap - log_evidence.
    pub residual: f64,
    /// E_q[-log p(x | z)].
    pub reconstruction: f64,
    /// KL(q(z | x) || p(z)), in closed form for N(0, I).
    pub kl: f64,
    /// The ELBO on the lattice of the view.
    pub elbo_on_lattice: f64,
    /// KL(q(z | x) || p(z)) on the lattice of the view.
    pub kl_on_lattice: f64,
    /// KL of the closest member of q's family to p(z | x) (Cremer et al. 2018).
    pub approximation_gap: f64,
    /// The rest of the gap: by how much the encoder misses that member.
    pub amortisation_gap: f64,
    /// Share of p(z | x) on the points of the border.
    pub on_border: f64,
    /// Share of q(z | x) outside the lattice.
    pub outside: f64,
    /// Estimates of log p(x) by importance sampling; `None` before they are there.
    pub importance: Option<ImportanceEstimates>,
}

/// Several estimates of log p(x), each from as many importance samples.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct ImportanceEstimates {
    /// Samples of one estimate.
    pub samples: usize,
    /// Number of estimates.
    pub repeats: usize,
    /// Mean of the estimates, in nats.
    pub mean: f64,
    /// Standard deviation of one estimate, in nats.
    pub deviation: f64,
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

impl PosteriorNumbers {
    /// The largest of the errors that halving the lattice shows.
    pub fn largest_error(&self) -> f64 {
        [self.log_evidence, self.elbo, self.gap].map(|it| it.error).into_iter().fold(0.0, f64::max)
    }

    pub(super) fn take_estimates(&mut self, samples: usize, estimates: &[f64]) {
        let repeats = estimates.len();
        let mean = estimates.iter().sum::<f64>() / repeats as f64;
        let squares: f64 = estimates.iter().map(|estimate| (estimate - mean).powi(2)).sum();
        let deviation = (squares / (repeats - 1) as f64).sqrt();
        self.importance = Some(ImportanceEstimates { samples, repeats, mean, deviation });
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

/// All but what is known of p(z | x) alone.
fn numbers(points: &Points, of_q: &Approximation, log_evidence: Integral, log_joint: &[f64]) -> PosteriorNumbers {
    let Points { lattice, values, .. } = points;
    let log_q: Vec<f64> = (0..lattice.len()).map(|k| of_q.q.log_density(lattice.place(k))).collect();
    let under_q = |stride: usize, value: &dyn Fn(usize) -> f64| {
        let area = (stride as f64 * lattice.step()).powi(2);
        lattice.every(stride).map(|k| area * log_q[k].exp() * value(k)).sum::<f64>()
    };
    let gap = Integral::of(|stride| {
        under_q(stride, &|k| log_q[k] - log_joint[k]) + log_sum(lattice, log_joint, stride) * under_q(stride, &|_| 1.0)
    });
    let elbo = Integral {
        value: -of_q.reconstruction.value - of_q.kl.value,
        error: of_q.reconstruction.error + of_q.kl.error,
    };
    PosteriorNumbers {
        log_evidence,
        elbo,
        gap,
        residual: elbo.value + gap.value - log_evidence.value,
        reconstruction: of_q.reconstruction.value,
        kl: of_q.kl.value,
        elbo_on_lattice: under_q(1, &|k| log_joint[k] - log_q[k]),
        kl_on_lattice: under_q(1, &|k| log_q[k] - values[k].log_prior),
        approximation_gap: f64::NAN,
        amortisation_gap: f64::NAN,
        on_border: f64::NAN,
        outside: 1.0 - under_q(1, &|_| 1.0),
        importance: None,
    }
}

/// log of the integral of exp(log density) over the points of every `stride`-th row and column.
fn log_sum(lattice: &Lattice, log_density: &[f64], stride: usize) -> f64 {
    let sum: LogSumExp = lattice.every(stride).map(|k| log_density[k]).collect();
    sum.log() + 2.0 * (stride as f64 * lattice.step()).ln()
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
