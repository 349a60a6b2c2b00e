//! A Gaussian over two latent components, in double precision.

use std::f64::consts::TAU;

use super::lattice::Lattice;

/// A Gaussian over the plane of two components, or the two of an axis-aligned posterior.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PlaneGaussian {
    /// `[Z]`, Z = 2.
    pub mean: [f64; 2],
    /// The covariance's entries (1, 1), (1, 2) and (2, 2).
    pub covariance: [f64; 3],
}

impl PlaneGaussian {
    /// N(0, I).
    pub const STANDARD: Self = Self { mean: [0.0; 2], covariance: [1.0, 0.0, 1.0] };

    /// log of the density, in nats.
    pub fn log_density(&self, z: [f64; 2]) -> f64 {
        let [x, y] = [z[0] - self.mean[0], z[1] - self.mean[1]];
        let [xx, xy, yy] = self.precision();
        -0.5 * (xx * x * x + 2.0 * xy * x * y + yy * y * y) - TAU.ln() - 0.5 * self.determinant().ln()
    }

    /// The place that the N(0, I) numbers `noise` give: mean + L · noise, with L the Cholesky factor of the covariance.
    pub fn place(&self, noise: [f64; 2]) -> [f64; 2] {
        let [xx, xy, yy] = self.covariance;
        let long = xx.sqrt();
        let below = xy / long;
        let short = (yy - below * below).max(0.0).sqrt();
        [self.mean[0] + long * noise[0], self.mean[1] + below * noise[0] + short * noise[1]]
    }

    /// KL(this || N(0, I)) in nats (Kingma & Welling 2014, appendix B).
    pub fn kl_to_standard(&self) -> f64 {
        let [xx, _, yy] = self.covariance;
        let [x, y] = self.mean;
        0.5 * (xx + yy + x * x + y * y - 2.0 - self.determinant().ln())
    }

    /// Without covariance between the components.
    pub(super) fn axis_aligned(&self) -> Self {
        Self { covariance: [self.covariance[0], 0.0, self.covariance[2]], ..*self }
    }

    /// The least and the most of each component within this many standard deviations.
    pub(super) fn around(&self, deviations: f64) -> [[f64; 2]; 2] {
        let reaches = [self.covariance[0], self.covariance[2]].map(|variance| deviations * variance.sqrt());
        [0, 1].map(|c| [self.mean[c] - reaches[c], self.mean[c] + reaches[c]])
    }

    /// Whether it has a density that single precision can tell from a point.
    pub(super) fn is_proper(&self) -> bool {
        let finite = self.mean.iter().chain(&self.covariance).all(|value| value.is_finite());
        finite && self.covariance[0] > f64::EPSILON && self.determinant() > f64::EPSILON * f64::EPSILON
    }

    /// The inverse of the covariance: its entries (1, 1), (1, 2) and (2, 2).
    pub fn precision(&self) -> [f64; 3] {
        inverse(self.covariance)
    }

    /// Differential entropy, in nats.
    fn entropy(&self) -> f64 {
        1.0 + TAU.ln() + 0.5 * self.determinant().ln()
    }

    fn determinant(&self) -> f64 {
        determinant(self.covariance)
    }

    /// A Gaussian that has a smaller KL to the density whose logarithm is known on `lattice` than all near it, among those that are
    /// axis-aligned (`diagonal`) or all, and that KL in nats. Never worse than this one, from which the search begins.
    ///
    /// Natural-gradient steps (Khan & Rue 2023, section 4): the precision moves towards -E[∇² log p], the mean along
    /// covariance · E[∇ log p]. Both expectations come from `log p` alone, by Stein's identities, in one pass over the lattice.
    pub(super) fn closest(&self, lattice: &Lattice, log_density: &[f64], diagonal: bool) -> (Self, f64) {
        let (mut best, mut at) = (*self, Expectations::of(self, lattice, log_density));
        let (mut rate, mut stalled) = (0.5, 0);
        while stalled < STALLED {
            let next = best.natural_step(&at, diagonal, rate);
            let reached = next.map(|next| (next, Expectations::of(&next, lattice, log_density)));
            match reached.filter(|(_, it)| (it.mass - 1.0).abs() < RESOLVED && it.kl < at.kl) {
                Some((better, it)) => {
                    stalled = if at.kl - it.kl < SMALL { stalled + 4 } else { 0 };
                    (best, at) = (better, it);
                    rate = f64::min(1.0, 1.5 * rate);
                }
                None => {
                    stalled += 1;
                    rate *= 0.5;
                }
            }
        }
        (best, at.kl)
    }

    fn natural_step(&self, at: &Expectations, diagonal: bool, rate: f64) -> Option<Self> {
        let precision = self.precision();
        let mut next = [0, 1, 2].map(|k| (1.0 - rate) * precision[k] - rate * at.hessian[k]);
        if diagonal {
            next[1] = 0.0;
        }
        let covariance = inverse(next);
        let shift = times(covariance, at.gradient);
        let mean = [0, 1].map(|c| self.mean[c] + rate * shift[c]);
        Some(Self { mean, covariance }).filter(|_| next[0] > 0.0 && determinant(next) > 0.0)
    }
}

/// The search for the closest Gaussian ends after this many steps without progress, four of which a step counts that gains less than `SMALL` nats.
const STALLED: usize = 12;
const SMALL: f64 = 1e-7;
/// A Gaussian is resolved by a lattice on which its mass differs from one by less.
const RESOLVED: f64 = 1e-4;

/// Expectations under a Gaussian q of a function log p that is known on a lattice.
struct Expectations {
    mass: f64,          // of q on the lattice: one where it is resolved
    kl: f64,            // KL(q || p), nats
    gradient: [f64; 2], // E[∇ log p]
    hessian: [f64; 3],  // E[∇² log p]
}

impl Expectations {
    fn of(q: &PlaneGaussian, lattice: &Lattice, log_density: &[f64]) -> Self {
        let precision = q.precision();
        let area = lattice.step() * lattice.step();
        let mut sums = [0.0; 7]; // of q times 1, log p, and log p times s, s s^T, where s = precision · (z - mean)
        for (k, &log_p) in log_density.iter().enumerate() {
            let z = lattice.place(k);
            let weight = area * q.log_density(z).exp();
            if weight > 0.0 {
                let [x, y] = times(precision, [z[0] - q.mean[0], z[1] - q.mean[1]]);
                let terms = [1.0, log_p, log_p * x, log_p * y, log_p * x * x, log_p * x * y, log_p * y * y];
                sums.iter_mut().zip(terms).for_each(|(sum, term)| *sum += weight * term);
            }
        }
        let [mass, log_p, x, y, xx, xy, yy] = sums;
        let seconds = [xx, xy, yy];
        let hessian = [0, 1, 2].map(|k| seconds[k] - precision[k] * log_p);
        Self { mass, kl: -q.entropy() - log_p, gradient: [x, y], hessian }
    }
}

fn determinant([xx, xy, yy]: [f64; 3]) -> f64 {
    xx * yy - xy * xy
}

fn inverse(matrix: [f64; 3]) -> [f64; 3] {
    let [xx, xy, yy] = matrix;
    [yy, -xy, xx].map(|value| value / determinant(matrix))
}

fn times([xx, xy, yy]: [f64; 3], [x, y]: [f64; 2]) -> [f64; 2] {
    [xx * x + xy * y, xy * x + yy * y]
}
