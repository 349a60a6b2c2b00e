//! The true posterior p(z | x) of one binary image on a lattice over two latent components, and what q(z | x) lacks of it.
//!
//! With Z = 2 the integral log p(x) = log ∫ p(x | z) p(z) dz can be done by summation, and with it everything that a bound hides:
//! ELBO + KL(q(z | x) || p(z | x)) = log p(x). The KL is the inference gap, which Cremer et al. 2018 split into the approximation gap, that of the
//! best member of q's family, and the amortisation gap, by which the encoder misses that member.

use burn::tensor::Tensor;

use super::joint_density::{JointDensity, Points};
use super::lattice::{Lattice, Square};
use super::posterior_numbers::Approximation;
use super::posterior_view::PosteriorView;
use super::{CHUNK, Example, LoadedModel, PlaneGaussian};
use crate::data::PIXELS;
use crate::model::{LikelihoodKind, PosteriorKind};
use crate::snapshot;
use crate::{Error, Result};

/// Points evaluated per call: about 10 ms in the browser.
const STRIDE: usize = 256;
/// Points along a side of the lattices: those of the search, then those whose results are shown. Each has every second point of the next.
const SEARCH: usize = 33;
const SIDES: [usize; 3] = [65, 129, 257];
/// The lattices are fine enough where halving them changes no number by more, in nats.
const TOLERANCE: f64 = 5e-4;
/// Where the search begins: practically all of N(0, I).
const WIDE: f64 = 6.0;
/// Standard deviations of q that a lattice has to cover: all but 3e-7 of it.
const COVERED: f64 = 5.5;
/// At each look the search keeps what has a log density of at least the largest minus this: the coarser the lattice, the further may its
/// points be from a narrow peak. What the last look leaves out has about e^-18 of the mass.
const KEPT: [f64; 4] = [200.0, 60.0, 25.0, 18.0];
/// Doublings of the square while there is something on its border.
const ENLARGEMENTS: usize = 5;
/// Lattice of the expectations under q, in its own coordinates, where q is N(0, I); it is refined together with the other.
const OWN: Lattice = Lattice { square: Square { centre: [0.0; 2], reach: COVERED }, side: 23 };
/// Importance samples of an estimate of log p(x), as elsewhere on the page, and how many estimates show its spread.
const IMPORTANCE_SAMPLES: usize = 100;
const REPEATS: u64 = 10;

/// An image `[P]` with each pixel 1 where it is at least one half, else 0.
///
/// Not drawn at random like training images (stochastic binarisation): the same drawing is the same image for every model and at every
/// look, so that what changes on the page comes from the pen or from the weights.
pub fn binarised(mut image: Vec<f32>) -> Vec<f32> {
    image.iter_mut().for_each(|pixel| *pixel = f32::from(*pixel >= 0.5));
    image
}

#[derive(Debug)]
enum Phase {
    /// Expectations under q; after the first, `then` the lattice of this fineness.
    Own {
        then: Option<usize>,
    },
    /// For the square that holds practically all of p(z | x) and q(z | x).
    Search {
        looks: usize,
        enlargements: usize,
    },
    /// The lattice whose results are shown, ever finer.
    Grid {
        fineness: usize,
    },
    Importance,
    Done,
}

/// p(z | x) on a lattice, computed piece by piece.
#[derive(Debug)]
pub struct ExactPosterior {
    model: LoadedModel,
    example: Example, // binary
    joint: JointDensity,
    q: PlaneGaussian,
    phase: Phase,
    points: Points,          // that are being evaluated
    own: Option<Points>,     // the last in q's coordinates
    lattice: Option<Points>, // the last whose results are shown
    approximation: Option<Approximation>,
    largest: f64, // log p(x, z) so far
    view: Option<PosteriorView>,
    estimates: Vec<f64>, // of log p(x), by importance sampling
}

impl ExactPosterior {
    /// Of an `image` `[P]`, binarised here, by a model with Z = 2, a Gaussian posterior and a Bernoulli likelihood; `label` as in
    /// [`LoadedModel::example`]. Nothing but q is computed yet.
    ///
    /// # Errors
    /// When the model is another, needs a label, or is not finite; when the device is lost.
    pub async fn new(model: LoadedModel, image: Vec<f32>, label: Option<u8>) -> Result<Self> {
        if model.config.latent != 2 {
            return Err(Error::PosteriorNeedsPlane { latent: model.config.latent.into() });
        }
        if !model.is_gaussian() {
            return Err(Error::PosteriorNeedsGaussian {});
        }
        if !model.is_gaussian() {
            return Err(Error::PosteriorNeedsGaussian {});
        }
        if model.config.likelihood != LikelihoodKind::Bernoulli {
            return Err(Error::PosteriorNeedsBernoulli {});
        }
        let example = model.example(binarised(image), label).await?;
        let rows = model.rows_at_cost_of(STRIDE).min(CHUNK);
        let (image, label) = model.tensors(std::slice::from_ref(&example));
        let q = gaussian(&model, image, label).await?;
        Ok(Self {
            joint: JointDensity::new(model.clone(), &example, rows),
            model,
            example,
            q,
            phase: Phase::Own { then: None },
            points: Points::new(OWN),
            own: None,
            lattice: None,
            approximation: None,
            largest: f64::NEG_INFINITY,
            view: None,
            estimates: Vec::new(),
        })
    }

    /// Does the next work item; false when there is none. Results are better after each lattice, see [`view`](Self::view).
    ///
    /// # Errors
    /// When densities are not finite, or the device is lost.
    pub async fn advance(&mut self) -> Result<bool> {
        match self.phase {
            Phase::Done => return Ok(false),
            Phase::Importance => self.estimate().await?,
            _ => {
                self.evaluate_next().await?;
                if self.points.missing.is_empty() {
                    self.largest = self.largest.max(self.points.largest());
                    self.next_phase().await?;
                }
            }
        }
        Ok(!matches!(self.phase, Phase::Done))
    }

    /// The results of the finest lattice so far; `None` before the first.
    pub fn view(&self) -> Option<&PosteriorView> {
        self.view.as_ref()
    }

    /// The binary image, `[P]`.
    pub fn image(&self) -> &[f32] {
        &self.example.pixels
    }

    async fn evaluate_next(&mut self) -> Result<()> {
        let rows = self.joint.rows();
        let next = self.points.missing.split_off(self.points.missing.len().saturating_sub(rows));
        let own = matches!(self.phase, Phase::Own { .. });
        let place = |&k: &usize| {
            let place = self.points.lattice.place(k);
            if own { self.q.place(place) } else { place }
        };
        let places: Vec<_> = next.iter().map(place).collect();
        for (k, point) in next.into_iter().zip(self.joint.evaluate(&places).await?) {
            self.points.values[k] = point;
        }
        Ok(())
    }

    async fn next_phase(&mut self) -> Result<()> {
        match self.phase {
            Phase::Own { then } => {
                self.approximation = Some(Approximation::new(self.q, &self.points, self.joint.has_standard_prior()));
                let lattice = match (then, &self.lattice) {
                    (Some(_), Some(lattice)) => lattice.refined(),
                    _ => Points::new(Lattice { square: self.first_square().await?, side: SEARCH }),
                };
                self.own = Some(std::mem::replace(&mut self.points, lattice));
                self.phase = match then {
                    Some(fineness) => Phase::Grid { fineness },
                    None => Phase::Search { looks: 0, enlargements: 0 },
                };
            }
            Phase::Search { looks, enlargements } => self.search_on(looks, enlargements),
            Phase::Grid { fineness } => {
                let approximation = self.approximation.as_ref().expect("it is computed before the lattices");
                let diagonal = self.model.config.posterior == PosteriorKind::Diagonal;
                let view = PosteriorView::new(&self.points, approximation, diagonal, self.view.as_ref());
                let fine = view.numbers.largest_error() < TOLERANCE || fineness + 1 == SIDES.len();
                self.view = Some(view);
                if fine {
                    self.phase = Phase::Importance;
                } else {
                    let own = self.own.as_ref().expect("it is computed before the lattices").refined();
                    self.lattice = Some(std::mem::replace(&mut self.points, own));
                    self.phase = Phase::Own { then: Some(fineness + 1) };
                }
            }
            Phase::Importance | Phase::Done => unreachable!("they have no lattice"),
        }
        Ok(())
    }

    /// Practically all of the prior and of q.
    async fn first_square(&self) -> Result<Square> {
        let boxes = [self.q.around(COVERED), PlaneGaussian::STANDARD.around(WIDE)];
        Ok(Square::around(boxes.into_iter().chain(self.joint.boxes_of_prior(COVERED).await?)))
    }

    /// Looks closer at where the density is, or further away where it goes on beyond the border; then comes the first lattice.
    fn search_on(&mut self, looks: usize, enlargements: usize) {
        let lattice = self.points.lattice;
        let square = lattice.square;
        let at = looks.min(KEPT.len() - 1);
        let goes_on = self.points.above(self.largest - KEPT[at]).any(|k| lattice.is_on_border(k));
        if goes_on && enlargements < ENLARGEMENTS {
            let wider = Square { reach: 2.0 * square.reach, ..square };
            self.phase = Phase::Search { looks, enlargements: enlargements + 1 };
            self.points = Points::new(Lattice { square: wider, side: SEARCH });
            return;
        }
        let closer = self.square_above(KEPT[at]);
        if at + 1 < KEPT.len() && closer.reach < 0.8 * square.reach {
            self.phase = Phase::Search { looks: looks + 1, enlargements };
            self.points = Points::new(Lattice { square: closer, side: SEARCH });
        } else {
            let square = self.square_above(KEPT[KEPT.len() - 1]);
            self.phase = Phase::Grid { fineness: 0 };
            self.points = Points::new(Lattice { square, side: SIDES[0] });
        }
    }

    /// The square around q and all points whose log density is at least the largest minus `below`, with their neighbours.
    fn square_above(&self, below: f64) -> Square {
        let lattice = self.points.lattice;
        let step = lattice.step();
        let cells = self.points.above(self.largest - below).map(|k| lattice.place(k).map(|at| [at - step, at + step]));
        Square::around(cells.chain([self.q.around(COVERED)]))
    }

    async fn estimate(&mut self) -> Result<()> {
        let seed = self.estimates.len() as u64;
        let nlls = self.model.nlls(std::slice::from_ref(&self.example), IMPORTANCE_SAMPLES, seed).await?;
        self.estimates.push(-nlls[0]);
        if self.estimates.len() as u64 == REPEATS {
            let view = self.view.as_mut().expect("it is computed before the estimates");
            view.numbers.take_estimates(IMPORTANCE_SAMPLES, &self.estimates);
            self.phase = Phase::Done;
        }
        Ok(())
    }
}

/// q(z | x) of one image.
async fn gaussian(model: &LoadedModel, image: Tensor<2>, label: Option<Tensor<2>>) -> Result<PlaneGaussian> {
    assert_eq!(image.dims(), [1, PIXELS]);
    let posterior = model.model.encode(image, label);
    let covariance = posterior.covariance().expect("the posterior is a Gaussian");
    let values = snapshot::read(vec![posterior.mean().flatten::<1>(0, 1), covariance.flatten(0, 2)]).await?;
    let [mean, covariance] = [0, 1].map(|k| values[k].iter().map(|&value| f64::from(value)).collect::<Vec<_>>());
    let q = PlaneGaussian { mean: [mean[0], mean[1]], covariance: [covariance[0], covariance[1], covariance[3]] };
    if q.is_proper() { Ok(q) } else { Err(Error::PosteriorNotFinite {}) }
}
