//! p(x, z) = p(x | z) p(z) of one image at the points of a lattice.

use burn::tensor::Tensor;

use super::lattice::Lattice;
use super::{Example, LoadedModel, PlaneGaussian, upload};
use crate::model::Mixture;
use crate::snapshot;
use crate::{Error, Result};

/// What evaluates the joint density of one image.
#[derive(Debug)]
pub(super) struct JointDensity {
    model: LoadedModel,
    images: Tensor<2>, // [rows, P]: the image in every row
    labels: Option<Tensor<2>>,
    prior: Option<Mixture>,
}

/// log p(x | z) and log p(z) at one place, in nats.
#[derive(Debug, Clone, Copy)]
pub(super) struct Point {
    pub log_likelihood: f64,
    pub log_prior: f64,
}

impl Point {
    const MISSING: Self = Self { log_likelihood: f64::NAN, log_prior: f64::NAN };

    /// log p(x, z).
    pub fn log_joint(&self) -> f64 {
        self.log_likelihood + self.log_prior
    }
}

/// The points of a lattice, evaluated one after the other.
#[derive(Debug)]
pub(super) struct Points {
    pub lattice: Lattice,
    pub values: Vec<Point>,
    pub missing: Vec<usize>, // the next one last
}

impl Points {
    pub fn new(lattice: Lattice) -> Self {
        let missing = (0..lattice.len()).rev().collect();
        Self { lattice, values: vec![Point::MISSING; lattice.len()], missing }
    }

    /// Twice as fine, with the points that are known.
    pub fn refined(&self) -> Self {
        let fine = Lattice { side: 2 * self.lattice.side - 1, ..self.lattice };
        let mut refined = Self::new(fine);
        fine.every(2).zip(&self.values).for_each(|(k, &value)| refined.values[k] = value);
        refined.missing.retain(|&k| refined.values[k].log_prior.is_nan());
        refined
    }

    pub fn largest(&self) -> f64 {
        self.values.iter().map(Point::log_joint).fold(f64::NEG_INFINITY, f64::max)
    }

    /// The points whose log density is at least `least`.
    pub fn above(&self, least: f64) -> impl Iterator<Item = usize> {
        (0..self.values.len()).filter(move |&k| self.values[k].log_joint() >= least)
    }
}

impl JointDensity {
    /// Of at most `rows` places at once.
    pub fn new(model: LoadedModel, example: &Example, rows: usize) -> Self {
        let (image, label) = model.tensors(std::slice::from_ref(example));
        Self {
            images: image.repeat_dim(0, rows),
            labels: label.map(|label| label.repeat_dim(0, rows)),
            prior: model.model.learned_prior(), // only once: a VampPrior encodes all its pseudo-inputs here
            model,
        }
    }

    /// Whether the prior is N(0, I).
    pub fn has_standard_prior(&self) -> bool {
        self.prior.is_none()
    }

    /// The most places at once.
    pub fn rows(&self) -> usize {
        self.images.dims()[0]
    }

    /// log p(x | z) and log p(z) of at most [`rows`](Self::rows) places.
    ///
    /// # Errors
    /// When they are not finite, or the device is lost.
    pub async fn evaluate(&self, places: &[[f64; 2]]) -> Result<Vec<Point>> {
        let rows = places.len();
        let z = places.iter().flatten().map(|&value| value as f32).collect();
        let z = upload(z, [rows, 2], &self.model.device);
        let first = |all: &Tensor<2>| all.clone().narrow(0, 0, rows);
        let likelihood = self.model.model.decode(z.clone(), self.labels.as_ref().map(first));
        let mut values = vec![likelihood.negative_log_likelihood(first(&self.images))];
        values.extend(self.prior.as_ref().map(|prior| prior.log_density(z)));
        let values = snapshot::read(values).await?;
        let standard = PlaneGaussian::STANDARD;
        let points: Vec<_> = places
            .iter()
            .enumerate()
            .map(|(k, &place)| Point {
                log_likelihood: -f64::from(values[0][k]),
                log_prior: values.get(1).map_or_else(|| standard.log_density(place), |learned| learned[k].into()),
            })
            .collect();
        let finite = points.iter().all(|point| point.log_joint().is_finite());
        if finite { Ok(points) } else { Err(Error::PosteriorNotFinite {}) }
    }

    /// A box around practically all of each component of a learned prior, `deviations` from its mean; empty for N(0, I).
    ///
    /// # Errors
    /// When the device is lost.
    pub async fn boxes_of_prior(&self, deviations: f64) -> Result<Vec<[[f64; 2]; 2]>> {
        let Some(Mixture { mean, log_var, .. }) = &self.prior else { return Ok(Vec::new()) };
        let parameters = vec![mean.clone().flatten(0, 1), log_var.clone().flatten::<1>(0, 1)];
        let parameters = snapshot::read(parameters).await?;
        let components = parameters[0].chunks_exact(2).zip(parameters[1].chunks_exact(2));
        let around = |(mean, log_var): (&[f32], &[f32])| {
            let [x, y] = [0, 1].map(|c| f64::from(log_var[c]).exp());
            PlaneGaussian { mean: [mean[0].into(), mean[1].into()], covariance: [x, 0.0, y] }.around(deviations)
        };
        Ok(components.map(around).collect())
    }
}
