//! The Fréchet distance between two sets of pictures, with its standard error.

use serde::Serialize;

use super::{Estimate, FeatureMoments, Judge};
use crate::{Error, Result};

/// Groups of the jackknife, one of which is left out at a time.
pub const GROUPS: usize = 10;

/// Moments of pictures in ten groups, each picture in the next one: where pictures are ordered by class, every group has all classes.
#[derive(Debug, Clone)]
pub struct GroupedMoments {
    groups: Vec<FeatureMoments>,
    count: usize,
}

impl Default for GroupedMoments {
    fn default() -> Self {
        Self { groups: vec![FeatureMoments::default(); GROUPS], count: 0 }
    }
}

impl GroupedMoments {
    /// Adds features `[n * F]`.
    pub fn add(&mut self, features: &[f32]) {
        for picture in features.chunks_exact(Judge::FEATURES) {
            self.groups[self.count % GROUPS].add(picture);
            self.count += 1;
        }
    }

    /// Number of pictures.
    pub fn count(&self) -> usize {
        self.count
    }

    /// Of all pictures but those of the group `left_out`.
    fn without(&self, left_out: Option<usize>) -> FeatureMoments {
        let mut moments = FeatureMoments::default();
        let kept = self.groups.iter().enumerate().filter(|(group, _)| Some(*group) != left_out);
        kept.for_each(|(_, group)| moments.merge(group));
        moments
    }
}

/// A squared Fréchet distance in the judge's features, with the numbers of pictures, on which its bias depends.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct FrechetDistance {
    /// The distance, and the standard error of the delete-a-group jackknife: how much other pictures of the same number would change it.
    /// Not its bias, which is positive and falls with their number. NaN for fewer than two pictures a group.
    #[serde(flatten)]
    pub distance: Estimate,
    /// Number of pictures.
    pub pictures: usize,
    /// Number of real images that they are compared with.
    pub reference: usize,
}

impl FrechetDistance {
    /// By how much this distance exceeds another one. Its standard error takes both as independent.
    ///
    /// # Errors
    /// When their numbers of pictures are not the same: then so is not their bias (Chong & Forsyth 2020).
    pub fn excess_over(&self, other: &Self) -> Result<Estimate> {
        for (one, other) in [(self.pictures, other.pictures), (self.reference, other.reference)] {
            if one != other {
                return Err(Error::FrechetCounts { one: one.into(), other: other.into() });
            }
        }
        let (a, b) = (self.distance, other.distance);
        Ok(Estimate { mean: a.mean - b.mean, standard_error: a.standard_error.hypot(b.standard_error) })
    }
}

/// The distances without one group of both sets after the other.
#[derive(Debug, Clone, Default)]
pub struct FrechetJackknife {
    without: Vec<f64>,
}

impl FrechetJackknife {
    /// Leaves out the next group: two eigendecompositions of `F x F`.
    pub fn leave_out_next(&mut self, pictures: &GroupedMoments, real: &GroupedMoments) {
        let group = Some(self.without.len());
        self.without.push(pictures.without(group).frechet(&real.without(group)));
    }

    /// The distance once each group was left out. The groups of both sets are left out in pairs, which adds up their variances, as they are
    /// independent.
    pub fn distance(&self, pictures: &GroupedMoments, real: &GroupedMoments) -> FrechetDistance {
        let mean = pictures.without(None).frechet(&real.without(None));
        let groups = self.without.len() as f64;
        let centre = self.without.iter().sum::<f64>() / groups;
        let squares: f64 = self.without.iter().map(|distance| (distance - centre).powi(2)).sum();
        let enough = self.without.len() == GROUPS && pictures.count.min(real.count) >= 2 * GROUPS;
        let standard_error = if enough { (squares * (groups - 1.0) / groups).sqrt() } else { f64::NAN };
        FrechetDistance { distance: Estimate { mean, standard_error }, pictures: pictures.count, reference: real.count }
    }
}
