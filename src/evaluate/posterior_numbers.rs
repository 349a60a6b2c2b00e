//! The identity ELBO + KL(q || p(z | x)) = log p(x) in numbers.

use serde::Serialize;

use super::PlaneGaussian;
use super::joint_density::Points;
use super::lattice::Lattice;
use super::log_sum_exp::LogSumExp;

/// A number found by summation over a lattice, in nats.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Integral {
    /// On all points.
    pub value: f64,
    /// By how much it differs on every second point of each row and column: far more than its own error, where both are fine enough.
    pub error: f64,
}

impl Integral {
    pub(super) fn of(sum: impl Fn(usize) -> f64) -> Self {
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

/// All but what is known of p(z | x) alone.
pub(super) fn numbers(
    points: &Points,
    of_q: &Approximation,
    log_evidence: Integral,
    log_joint: &[f64],
) -> PosteriorNumbers {
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
pub(super) fn log_sum(lattice: &Lattice, log_density: &[f64], stride: usize) -> f64 {
    let sum: LogSumExp = lattice.every(stride).map(|k| log_density[k]).collect();
    sum.log() + 2.0 * (stride as f64 * lattice.step()).ln()
}
