//! The bounds of a semi-supervised model with a classifier q(y | x) (Kingma et al. 2014, model M2). The prior
//! probability of each digit is 1/10.

use burn::tensor::{Device, Tensor, TensorData};

use super::{Batch, Terms};
use crate::data::{DIGITS, one_hot};
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
        samples: usize,
    ) -> Self {
        let log_classes = classifier.forward(batch.inputs.clone());
        let cross_entropy: Tensor<1> = -(log_classes.clone() * labels).sum_dim(1).squeeze_dim(1);
        let terms = Self::elbo(model, batch, samples);
        let divergence = terms.divergence + (DIGITS as f64).ln();
        let auxiliary = Some(cross_entropy * CLASSIFICATION);
        Self { divergence, log_classes: Some(log_classes), auxiliary, ..terms }
    }

    /// The bound of unlabelled images (eq. 7): the mean over y ~ q(y | x) of the labelled bound, less the entropy of q(y | x).
    /// The model scores each image with all ten labels.
    pub(super) fn unlabelled(model: &Vae, classifier: &Classifier, batch: Batch, samples: usize) -> Self {
        let Batch { inputs, images, noise, component, .. } = batch;
        let [rows, _] = images.dims();
        let log_classes = classifier.forward(inputs.clone());
        let probabilities = log_classes.clone().exp(); // [B, 10]
        let each = |tensor| repeat_rows(tensor, DIGITS);
        let batch = Batch {
            inputs: each(inputs),
            labels: Some(all_labels(rows, &images.device())),
            images: each(images),
            noise: each(noise),
            component: component.map(each),
        };
        let terms = Self::elbo(model, batch, samples);
        let expectation = |term: Tensor<1>| -> Tensor<1> {
            (term.reshape([rows, DIGITS]) * probabilities.clone()).sum_dim(1).squeeze_dim(1)
        };
        let usage = terms.usage.map(|usage| -> Tensor<2> {
            let [_, components] = usage.dims();
            let usage = usage.reshape([rows, DIGITS, components]);
            (usage * probabilities.clone().unsqueeze_dim(2)).sum_dim(1).squeeze_dim(1)
        });
        let negative_entropy: Tensor<1> = (log_classes.clone() * probabilities.clone()).sum_dim(1).squeeze_dim(1);
        Self {
            reconstruction: expectation(terms.reconstruction),
            divergence: expectation(terms.divergence) + negative_entropy + (DIGITS as f64).ln(),
            usage,
            log_classes: Some(log_classes),
            ..terms
        }
    }
}

/// One-hot labels of all ten digits for each of `rows` images, `[B * 10, 10]`.
fn all_labels(rows: usize, device: &Device) -> Tensor<2> {
    let digits: Vec<f32> = (0..DIGITS as u8).flat_map(one_hot).collect();
    Tensor::from_data(TensorData::new(digits.repeat(rows), [rows * DIGITS, DIGITS]), device)
}
