//! Classes that a mixture prior finds without labels.

use serde::Serialize;

use super::assignment::best_assignment;
use super::estimate::{Estimate, share};
use crate::Result;
use crate::model::Mixture;
use crate::snapshot;
use burn::tensor::Tensor;

/// How well the components of a mixture prior agree with the classes.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ClusterAccuracy {
    /// `K`, the components of the prior.
    pub components: usize,
    /// Components to which an image belongs.
    pub used: usize,
    /// How components got their classes.
    pub kind: ClusterScore,
    /// Share of images that belong to a component of their class, in 0..=1. The components got their classes from the same images: of few
    /// images it is too large.
    pub share: Estimate,
}

/// How the components of a prior get classes, of which there are `Y`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ClusterScore {
    /// K <= Y: each component gets a class of its own, such that most images agree (Yang et al. 2010).
    Accuracy,
    /// K > Y: each component gets the most frequent class of its images. Never falls with K, and is 1 where each image has its own.
    Purity,
}

/// Numbers of images by component and class.
#[derive(Debug, Clone, Default)]
pub struct Clusters {
    table: Vec<Vec<f64>>, // [K][Y]
}

impl Clusters {
    /// Adds images with the codes `z` `[B, Z]` and these `labels` `[B]`, each of `classes`: an image belongs to the component with the largest
    /// p(c | z).
    ///
    /// # Errors
    /// When the device is lost.
    pub async fn add(&mut self, prior: &Mixture, z: Tensor<2>, labels: &[u8], classes: usize) -> Result<()> {
        let responsibilities = prior.log_responsibilities(z);
        let [_, components] = responsibilities.dims();
        self.table.resize(components, vec![0.0; classes]);
        let read = snapshot::read(vec![responsibilities]).await?.remove(0);
        for (row, &label) in read.chunks_exact(components).zip(labels) {
            let likeliest =
                row.iter().enumerate().max_by(|(_, a), (_, b)| a.total_cmp(b)).expect("a prior has components");
            self.table[likeliest.0][usize::from(label)] += 1.0;
        }
        Ok(())
    }

    /// The agreement with the classes; `None` before an image was added.
    pub fn accuracy(&self) -> Option<ClusterAccuracy> {
        let components = self.table.len();
        let classes = self.table.first()?.len();
        let images: f64 = self.table.iter().flatten().sum();
        let (kind, agreeing): (_, f64) = if components <= classes {
            let assigned = best_assignment(&self.table);
            (ClusterScore::Accuracy, self.table.iter().zip(assigned).map(|(row, class)| row[class]).sum())
        } else {
            let most = |row: &Vec<f64>| row.iter().copied().fold(0.0, f64::max);
            (ClusterScore::Purity, self.table.iter().map(most).sum())
        };
        let used = self.table.iter().filter(|row| row.iter().any(|&count| count > 0.0)).count();
        Some(ClusterAccuracy { components, used, kind, share: share(agreeing as usize, images as usize) })
    }
}
