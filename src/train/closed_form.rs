//! Principal component analysis (Hotelling 1933): the optimal weights of a linear autoencoder, in closed form.

use burn::tensor::Device;
use nalgebra::{DMatrix, SymmetricEigen};

use super::minibatch::HostBatches;
use super::{Checkpoint, Loss, TrainConfig, Trainer};
use crate::Result;
use crate::data::{Dataset, PIXELS, Position};
use crate::kernels;
use crate::layers::product_with_transposed;
use crate::objective::{Objective, Terms};
use crate::snapshot::{self, NamedTensor};
use crate::weights::{Notes, Weights};

/// Images per matrix product while the covariance is summed.
const CHUNK: usize = 1000;

/// Principal components, scaled so that each component of the code has variance one.
#[derive(Debug)]
pub struct Components {
    /// Cumulative share of the images' variance that the components explain, `[Z]`.
    pub explained: Vec<f64>,
    /// Encoder and decoder, by a linear model's parameter names.
    pub parameters: Vec<NamedTensor>,
}

impl Trainer {
    /// Whether the optimal weights are computed in closed form.
    pub fn closed_form(&self) -> bool {
        self.config.solves(&self.model_config)
    }

    /// Sets the optimal weights in one step, which counts as the whole run; returns the loss of the first batch of images.
    pub(super) async fn fit(&mut self, data: &Dataset) -> Result<Vec<Loss>> {
        let TrainConfig { batch, epochs, .. } = self.config;
        let device = self.device.clone().without_autodiff();
        let Components { parameters, .. } = principal_components(data, self.model_config.latent, &device).await?;
        let moments = parameters.iter().map(|it| [(); 2].map(|()| vec![0.0; it.values.len()])).collect();
        let position = Position { epoch: epochs - 1, image: data.len().max(batch) };
        let weights = Weights { model: self.model_config.clone(), parameters, notes: Notes::new() };
        let checkpoint =
            Checkpoint { weights, train: self.config.clone(), step: 1, earlier_steps: 0, position, moments };
        *self = Self::from_checkpoint(checkpoint, self.config.clone(), &self.device)?;

        let mut host = HostBatches::default();
        let indices: Vec<usize> = (0..batch.min(data.len())).collect();
        host.add((&data.images, None), &indices, 0, &self.model_config, &self.config);
        let terms = Terms::of(&self.model(), host.upload(true, &device).batch(0), &Objective::BOUND);
        let terms = snapshot::read(terms.mean().to_vec()).await?;
        Ok(vec![Loss::new(1, terms[0][0], terms[1][0])])
    }
}

/// The first `latent` principal components of all images.
///
/// # Errors
/// When the device is lost.
pub async fn principal_components(data: &Dataset, latent: usize, device: &Device) -> Result<Components> {
    let (mean, covariance) = moments(data, device).await?;
    let SymmetricEigen { eigenvalues, eigenvectors } = SymmetricEigen::new(covariance);
    let mut order: Vec<usize> = (0..PIXELS).collect();
    order.sort_by(|&a, &b| eigenvalues[b].total_cmp(&eigenvalues[a]));
    order.truncate(latent);

    let [mut encoder, mut bias] = [Vec::with_capacity(latent * PIXELS), Vec::with_capacity(latent)];
    let mut decoder = vec![0.0; PIXELS * latent];
    for (k, &at) in order.iter().enumerate() {
        let direction = eigenvectors.column(at);
        let sign = direction.iter().sum::<f64>().signum(); // the sign of a component is arbitrary: here more ink is positive
        let deviation = eigenvalues[at].max(f64::MIN_POSITIVE).sqrt();
        let scaled = direction.map(|weight| sign * weight / deviation);
        bias.push(-scaled.iter().zip(&mean).map(|(weight, mean)| weight * mean).sum::<f64>());
        encoder.extend(scaled.iter().copied());
        for (pixel, weight) in direction.iter().enumerate() {
            decoder[pixel * latent + k] = sign * weight * deviation;
        }
    }
    let values = |name: &str, shape: &[usize], values: Vec<f64>| NamedTensor {
        name: name.into(),
        shape: shape.to_vec(),
        values: values.into_iter().map(|value| value as f32).collect(),
    };
    let shares = order.iter().map(|&at| eigenvalues[at] / eigenvalues.sum());
    Ok(Components {
        explained: shares
            .scan(0.0, |explained, share| Some(*explained + share).inspect(|sum| *explained = *sum))
            .collect(),
        parameters: vec![
            values("encoder.mean.weight", &[latent, PIXELS], encoder),
            values("encoder.mean.bias", &[latent], bias),
            values("decoder.logits.weight", &[PIXELS, latent], decoder),
            values("decoder.logits.bias", &[PIXELS], mean),
        ],
    })
}

/// Mean `[P]` and covariance `[P, P]` of all images.
async fn moments(data: &Dataset, device: &Device) -> Result<(Vec<f64>, DMatrix<f64>)> {
    let count = data.len();
    let mut sum = vec![0.0; PIXELS];
    let mut products = DMatrix::<f64>::zeros(PIXELS, PIXELS);
    for start in (0..count).step_by(CHUNK) {
        let rows = CHUNK.min(count - start);
        let images = kernels::pixels(data.images.bytes(start..start + rows).to_vec(), PIXELS, device);
        let pixels = images.clone().transpose();
        let product = product_with_transposed(pixels.clone(), pixels);
        let read = snapshot::read(vec![images.sum_dim(0).flatten::<1>(0, 1), product.flatten(0, 1)]).await?;
        sum.iter_mut().zip(&read[0]).for_each(|(sum, &part)| *sum += f64::from(part));
        products.iter_mut().zip(&read[1]).for_each(|(sum, &part)| *sum += f64::from(part));
    }
    let mean: Vec<f64> = sum.into_iter().map(|sum| sum / count as f64).collect();
    let covariance = DMatrix::from_fn(PIXELS, PIXELS, |i, j| products[(i, j)] / count as f64 - mean[i] * mean[j]);
    Ok((mean, covariance))
}
