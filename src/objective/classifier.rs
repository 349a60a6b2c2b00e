//! The bounds of a semi-supervised model with a classifier q(y | x) (Kingma et al. 2014, model M2). The prior
//! probability of each of the `Y` classes is 1/Y.

use burn::tensor::{Device, Tensor, TensorData};

use super::{Batch, Objective, Terms};
use crate::data::one_hot;
use crate::model::{Classifier, Vae, repeat_rows};

/// Weight of the classifier's cross-entropy on labelled images (alpha in eq. 9).
const CLASSIFICATION: f64 = 20.0;

impl Terms {
    /// The bound of labelled images, `-log p(x, y)` (eq. 6), with the classifier's cross-entropy as auxiliary loss (eq. 9).
    pub(super) fn labelled(
        model: &Vae,
        classifier: &Classifier,
        labels: Tensor<2>,
        batch: Batch,
        objective: &Objective,
    ) -> Self {
        let log_classes = classifier.forward(batch.inputs.clone());
        let cross_entropy: Tensor<1> = -(log_classes.clone() * labels).sum_dim(1).squeeze_dim(1);
        let terms = Self::elbo(model, batch, objective);
        let divergence = terms.divergence + (model.classes() as f64).ln();
        let auxiliary = Some(cross_entropy * CLASSIFICATION);
        Self { divergence, log_classes: Some(log_classes), auxiliary, ..terms }
    }

    /// The bound of unlabelled images (eq. 7): the mean over y ~ q(y | x) of the labelled bound, less the entropy of q(y | x).
    /// The model scores each image with all labels.
    pub(super) fn unlabelled(model: &Vae, classifier: &Classifier, batch: Batch, objective: &Objective) -> Self {
        let Batch { inputs, images, noise, component, .. } = batch;
        let [rows, _] = images.dims();
        let log_classes = classifier.forward(inputs.clone());
        let classes = model.classes();
        let probabilities = log_classes.clone().exp(); // [B, Y]
        let each = |tensor| repeat_rows(tensor, classes);
        let batch = Batch {
            inputs: each(inputs),
            labels: Some(all_labels(rows, classes, &images.device())),
            images: each(images),
            noise: each(noise),
            component: component.map(each),
            prior: None,
        };
        let terms = Self::elbo(model, batch, objective);
        let expectation = |term: Tensor<1>| -> Tensor<1> {
            (term.reshape([rows, classes]) * probabilities.clone()).sum_dim(1).squeeze_dim(1)
        };
        let usage = terms.usage.map(|usage| -> Tensor<2> {
            let [_, components] = usage.dims();
            let usage = usage.reshape([rows, classes, components]);
            (usage * probabilities.clone().unsqueeze_dim(2)).sum_dim(1).squeeze_dim(1)
        });
        let negative_entropy: Tensor<1> = (log_classes.clone() * probabilities.clone()).sum_dim(1).squeeze_dim(1);
        Self {
            reconstruction: expectation(terms.reconstruction),
            divergence: expectation(terms.divergence) + negative_entropy + (classes as f64).ln(),
            usage,
            log_classes: Some(log_classes),
            ..terms
        }
    }
}

/// One-hot labels of all classes for each of `rows` images, `[B * Y, Y]`.
fn all_labels(rows: usize, classes: usize, device: &Device) -> Tensor<2> {
    let labels: Vec<f32> = (0..classes as u8).flat_map(|class| one_hot(class, classes)).collect();
    Tensor::from_data(TensorData::new(labels.repeat(rows), [rows * classes, classes]), device)
}
