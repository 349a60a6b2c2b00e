//! Inference: the posterior and reconstruction of one image, pictures of codes, and reconstructions of many images.

use burn::tensor::{Device, Tensor};

use super::{most_likely_class, sample_residual, upload, upload_labels};
use crate::Result;
use crate::data::PIXELS;
use crate::model::{Posterior, Vae};
use crate::snapshot;

/// The posterior of one image, decoded at its mean and at one sample.
#[derive(Debug, Clone)]
pub struct Inference {
    /// Mean of the posterior, `[Z]`; of two layers that of z2, and of z1 given it, `[2 Z]`; of a codebook the code indices, and of
    /// categorical variables the most probable ones, `[N]`.
    pub mean: Vec<f32>,
    /// Standard deviation of each component, `[Z]`; zeros for a point and for indices.
    pub sigma: Vec<f32>,
    /// Covariance of the components, `[Z * Z]`; zeros for a point and for indices.
    pub covariance: Vec<f32>,
    /// KL(q || N(0, 1)) of each component in nats, `[Z]`; of a codebook -log p of the code at each position, and of
    /// categorical variables their KL to the uniform prior, `[N]`.
    pub kl_per_component: Vec<f32>,
    /// q(y | x) of a classifier, `[10]`.
    pub classes: Option<Vec<f32>>,
    /// Decoded at the posterior mean.
    pub at_mean: DecodedCode,
    /// Decoded at the sample.
    pub at_sample: DecodedCode,
    /// A sample of p(x | z) at the posterior mean, `[P]` in 0..=1; its noise depends on that of z. `None` for a Bernoulli likelihood.
    pub pixel_sample: Option<Vec<f32>>,
}

/// One code of an image and its reconstruction.
#[derive(Debug, Clone)]
pub struct DecodedCode {
    /// The code, `[Z]`; of a codebook or categorical variables the indices, `[N]`.
    pub z: Vec<f32>,
    /// Mean of p(x | z), `[P]` in 0..=1.
    pub picture: Vec<f32>,
    /// -log p(x | z) in nats.
    pub reconstruction: f32,
    /// KL to the prior in nats: in closed form where there is one for N(0, I), else estimated at this code.
    pub kl: f32,
    /// Squared error of the picture, summed over pixels.
    pub squared_error: f32,
}

/// Encodes one image `[P]` and decodes its posterior at the mean and at the sample that `noise` `[Z]`, or `[N * A]` for categorical variables, gives. `label` is that
/// for a conditional model; without it, a model with a classifier uses the most likely label of q(y | x).
///
/// # Errors
/// When the device is lost.
pub async fn infer(
    model: &Vae,
    image: Vec<f32>,
    label: Option<u8>,
    noise: Vec<f32>,
    device: &Device,
) -> Result<Inference> {
    let width = noise.len();
    let image = upload(image, [1, PIXELS], device);
    let classes = match model.classifier() {
        Some(classifier) => Some(snapshot::read(vec![classifier.forward(image.clone()).exp()]).await?.remove(0)),
        None => None,
    };
    let label = label.or_else(|| classes.as_deref().map(most_likely_class));
    let posterior = model.encode(image.clone(), labels(model, label, 1, device));
    let seed = noise.iter().fold(0, |seed: u64, value| seed.rotate_left(5) ^ u64::from(value.to_bits()));
    let noise = upload(noise, [1, width], device);
    let z = Tensor::cat(vec![posterior.mean(), posterior.sample(noise.clone())], 0); // [2, Z]
    let kl = kl_at_mean_and_sample(model, &posterior, noise, z.clone());
    let likelihood = model.decode(z.clone(), labels(model, label, 2, device));
    let pictures = likelihood.mean();
    let images = image.repeat_dim(0, 2);
    let (mean, sigma, z) = match posterior.indices(&z) {
        Some(indices) => (indices.clone().narrow(0, 0, 1), indices.zeros_like().narrow(0, 0, 1), indices),
        None => (posterior.mean(), posterior.sigma(), z),
    };
    let length = mean.dims()[1];
    let mut values = vec![
        mean.flatten(0, 1),
        sigma.flatten(0, 1),
        posterior.kl_to_standard().flatten(0, 1),
        z.flatten::<1>(0, 1),
        pictures.clone().flatten(0, 1),
        likelihood.negative_log_likelihood(images.clone()),
        kl,
        (pictures - images).square().sum_dim(1).flatten(0, 1),
    ];
    values.extend(posterior.covariance().map(|covariance| covariance.flatten(0, 2)));
    let mut values = snapshot::read(values).await?;
    let covariance = if values.len() > 8 { values.remove(8) } else { vec![0.0; length * length] };
    let [mean, sigma, kl_per_component, z, pictures, reconstruction, kl, squared_error] =
        <[Vec<f32>; 8]>::try_from(values).expect("eight tensors were read");
    let decoded = |row: usize| DecodedCode {
        z: z[row * length..(row + 1) * length].to_vec(),
        picture: pictures[row * PIXELS..(row + 1) * PIXELS].to_vec(),
        reconstruction: reconstruction[row],
        kl: kl[row],
        squared_error: squared_error[row],
    };
    let [at_mean, at_sample] = [0, 1].map(decoded);
    let pixel_sample = sample_residual(&likelihood, &at_mean.picture, seed).await?;
    Ok(Inference { mean, sigma, covariance, kl_per_component, classes, at_mean, at_sample, pixel_sample })
}

/// KL to the prior in nats, `[2]`: in closed form where there is one for N(0, I), else log q(z | x) - log p(z) at both rows of `z` `[2, Z]`: the
/// mean, and the sample that `noise` `[1, Z]` gives.
fn kl_at_mean_and_sample(model: &Vae, posterior: &Posterior, noise: Tensor<2>, z: Tensor<2>) -> Tensor<1> {
    let prior = model.prior_density();
    if posterior.is_point() || prior.is_standard() && posterior.has_closed_form() {
        return posterior.kl_to_standard().sum().repeat(&[2]);
    }
    let log_q = [noise.zeros_like(), noise].map(|noise| posterior.log_density(noise));
    Tensor::cat(log_q.to_vec(), 0) - prior.log_density(z)
}

/// Pictures `[n * P]` of codes `[n * latent]` (indices for a codebook or categorical variables), all with this `label` if the model is
/// conditional.
///
/// # Errors
/// When the device is lost.
pub async fn decode(model: &Vae, z: Vec<f32>, latent: usize, label: Option<u8>, device: &Device) -> Result<Vec<f32>> {
    let rows = z.len() / latent;
    let z = upload(z, [rows, latent], device);
    let pictures = model.decode(model.embed(z), labels(model, label, rows, device)).mean();
    Ok(snapshot::read(vec![pictures]).await?.remove(0))
}

/// Reconstructions at the posterior mean, `[n * P]`, of images `[n * P]`; `labels` `[n]` are theirs, for a conditional
/// model.
///
/// # Errors
/// When the device is lost.
pub async fn reconstruct(model: &Vae, images: Vec<f32>, labels: Option<&[u8]>, device: &Device) -> Result<Vec<f32>> {
    let (posterior, labels) = encode(model, images, labels, device);
    Ok(snapshot::read(vec![model.decode(posterior.mean(), labels).mean()]).await?.remove(0))
}

/// Mean KL(q || N(0, 1)) of each latent component over images `[n * P]`, in nats per image: `[Z]`, or `[N]` of a codebook;
/// `labels` as in [`reconstruct`].
///
/// # Errors
/// When the device is lost.
pub async fn usage(model: &Vae, images: Vec<f32>, labels: Option<&[u8]>, device: &Device) -> Result<Vec<f32>> {
    let (posterior, _) = encode(model, images, labels, device);
    let mean: Tensor<1> = posterior.kl_to_standard().mean_dim(0).squeeze_dim(0);
    Ok(snapshot::read(vec![mean]).await?.remove(0))
}

fn encode(model: &Vae, images: Vec<f32>, labels: Option<&[u8]>, device: &Device) -> (Posterior, Option<Tensor<2>>) {
    let rows = images.len() / PIXELS;
    let labels = labels.map(|labels| upload_labels(labels, model.classes(), device));
    (model.encode(upload(images, [rows, PIXELS], device), labels.clone()), labels)
}

/// The same label for `rows` rows, one-hot `[rows, Y]`.
pub(super) fn labels(model: &Vae, label: Option<u8>, rows: usize, device: &Device) -> Option<Tensor<2>> {
    label.map(|label| upload_labels(&vec![label; rows], model.classes(), device))
}
