//! A model to be evaluated, with its configuration and device.

use burn::tensor::{Device, Tensor};

use super::{Example, most_likely_class, upload, upload_labels};
use crate::data::{Dataset, PIXELS};
use crate::model::{BodyKind, ModelConfig, PosteriorKind, PriorKind, Vae};
use crate::objective::Batch;
use crate::snapshot;
use crate::{Error, Result};

/// A model with the configuration it was built from. Clones share the weights.
#[derive(Debug, Clone)]
pub struct LoadedModel {
    /// The networks.
    pub model: Vae,
    /// The configuration that `model` was built from.
    pub config: ModelConfig,
    /// The device that `model` is on, without autodiff.
    pub device: Device,
}

/// Time per image of the convolutional architecture relative to the fully connected one, roughly.
const CONVOLUTIONAL_COST: usize = 16;

impl LoadedModel {
    /// Whether the density of q(z | x), or the probability of categorical codes, is known at its own samples; importance weights need it.
    pub fn has_density(&self) -> bool {
        self.is_gaussian()
            || matches!(
                self.config.posterior,
                PosteriorKind::Flow | PosteriorKind::TwoLayers | PosteriorKind::Categorical
            )
    }

    /// Whether q(z | x) is a Gaussian, diagonal or full: its density is known at every code, not at its own samples alone.
    pub fn is_gaussian(&self) -> bool {
        matches!(self.config.posterior, PosteriorKind::Diagonal | PosteriorKind::Full)
    }

    /// Whether a code is a vector of real numbers, of which distances have a meaning.
    pub(super) fn has_real_code(&self) -> bool {
        self.config.posterior != PosteriorKind::Codebook
    }

    /// Whether components of its prior can be compared with the classes of `data`: not where the encoder is given the label.
    pub(super) fn finds_classes(&self, data: &Dataset) -> bool {
        self.config.prior != PriorKind::Standard && data.labels.are_known() && !self.config.labelled
    }

    /// The number of images that cost this model as much time as `rows` images cost a fully connected one.
    pub(super) fn rows_at_cost_of(&self, rows: usize) -> usize {
        let body = if self.config.body == BodyKind::Conv { CONVOLUTIONAL_COST } else { 1 };
        let labels = if self.config.classifier { self.config.classes } else { 1 }; // each image is scored under every label
        rows.div_ceil(body * labels)
    }

    /// An image `[P]` from outside the data set. Without a `label` a model with a classifier takes the most likely one of
    /// q(y | x), and an unconditional model needs none.
    ///
    /// # Errors
    /// When the model is conditional, has no classifier, and `label` is `None`; when the device is lost.
    pub async fn example(&self, pixels: Vec<f32>, label: Option<u8>) -> Result<Example> {
        let label = match (label, self.model.classifier()) {
            (Some(label), _) => label,
            (None, Some(classifier)) => {
                let log_probabilities = classifier.forward(upload(pixels.clone(), [1, PIXELS], &self.device));
                most_likely_class(&snapshot::read(vec![log_probabilities]).await?[0])
            }
            (None, None) if self.config.labelled => {
                return Err(Error::LabelNeeded {});
            }
            (None, None) => 0,
        };
        Ok(Example { pixels, label, index: Example::NOT_IN_DATA })
    }

    /// Images `[B, P]` and, for a conditional model, one-hot labels `[B, Y]`.
    pub(super) fn tensors(&self, examples: &[Example]) -> (Tensor<2>, Option<Tensor<2>>) {
        let pixels: Vec<&[f32]> = examples.iter().map(|example| &example.pixels[..]).collect();
        let labels = || examples.iter().map(|example| example.label).collect::<Vec<_>>();
        let labels = self.config.labelled.then(|| upload_labels(&labels(), self.config.classes, &self.device));
        (upload(pixels.concat(), [examples.len(), PIXELS], &self.device), labels)
    }

    /// The one-hot labels of a batch, `[B, Y]`; a classifier labels the images. `None` for a model that is not conditional.
    pub(super) async fn labels_of(&self, batch: &Batch) -> Result<Option<Tensor<2>>> {
        let Some(classifier) = self.model.classifier() else { return Ok(batch.labels.clone()) };
        let log_classes = classifier.forward(batch.inputs.clone()).flatten::<1>(0, 1);
        let log_classes = snapshot::read(vec![log_classes]).await?.remove(0);
        let labels: Vec<u8> = log_classes.chunks_exact(self.config.classes).map(most_likely_class).collect();
        Ok(Some(upload_labels(&labels, self.config.classes, &self.device)))
    }

    /// The codes of the examples: posterior means `[n * Z]`, `[n * 2 Z]` of two layers, or indices of a codebook or of the most probable
    /// categories `[n * N]`.
    ///
    /// # Errors
    /// When the device is lost.
    pub async fn codes(&self, examples: &[Example]) -> Result<Vec<f32>> {
        let (images, labels) = self.tensors(examples);
        let posterior = self.model.encode(images, labels);
        let mean = posterior.mean();
        let codes = posterior.indices(&mean).unwrap_or(mean);
        Ok(snapshot::read(vec![codes]).await?.remove(0))
    }
}
