//! What a model makes of images and codes: everything that a page shows of it.

use burn::tensor::{Device, Tensor};
use rand::distr::Distribution;
use rand::distr::weighted::WeightedIndex;

use super::upload;
use crate::data::{DIGITS, PIXELS, one_hot};
use crate::model::{Mixture, Posterior, Vae};
use crate::random::{Stream, generator, normals};
use crate::snapshot;
use crate::{Error, Result};

/// What a model makes of one image.
#[derive(Debug, Clone)]
pub struct Look {
    pub mean: Vec<f32>,             // [Z]
    pub sigma: Vec<f32>,            // [Z]
    pub kl_per_component: Vec<f32>, // [Z], nats
    pub at_mean: Rendering,
    pub at_sample: Rendering,
}

/// One code of an image, decoded.
#[derive(Debug, Clone)]
pub struct Rendering {
    pub z: Vec<f32>,         // [Z]
    pub picture: Vec<f32>,   // [P], in 0..=1
    pub reconstruction: f32, // nats
    pub kl: f32,             // nats; in closed form for N(0, I), else estimated at this code
}

/// Encodes one image `[P]` and decodes it at the mean and at the draw that `noise` `[Z]` gives; `digit` is for labelled models.
///
/// # Errors
/// When the device is lost.
pub async fn look(model: &Vae, image: Vec<f32>, digit: Option<u8>, noise: Vec<f32>, device: &Device) -> Result<Look> {
    let latent = noise.len();
    let image = upload(image, [1, PIXELS], device);
    let posterior = model.encode(image.clone(), labels(digit, 1, device));
    let noise = upload(noise, [1, latent], device);
    let z = Tensor::cat(vec![posterior.mean(), posterior.sample(noise.clone())], 0); // [2, Z]
    let kl = match model.learned_prior() {
        None => posterior.kl_to_standard().sum().repeat(&[2]),
        Some(prior) => {
            let log_q = [noise.zeros_like(), noise].map(|noise| posterior.log_density(noise));
            Tensor::cat(log_q.to_vec(), 0) - prior.log_density(z.clone())
        }
    };
    let likelihood = model.decode(z.clone(), labels(digit, 2, device));
    let values = snapshot::read(vec![
        posterior.mean().flatten(0, 1),
        posterior.sigma().flatten(0, 1),
        posterior.kl_to_standard().flatten(0, 1),
        z.flatten::<1>(0, 1),
        likelihood.mean().flatten(0, 1),
        likelihood.cost(image.repeat_dim(0, 2)),
        kl,
    ])
    .await?;
    let [mean, sigma, kl_per_component, z, pictures, costs, kl] =
        <[Vec<f32>; 7]>::try_from(values).expect("seven tensors were read");
    let rendering = |row: usize| Rendering {
        z: z[row * latent..(row + 1) * latent].to_vec(),
        picture: pictures[row * PIXELS..(row + 1) * PIXELS].to_vec(),
        reconstruction: costs[row],
        kl: kl[row],
    };
    Ok(Look { mean, sigma, kl_per_component, at_mean: rendering(0), at_sample: rendering(1) })
}

/// `count` codes `[count * Z]` drawn from the model's prior.
///
/// # Errors
/// When the device is lost.
pub async fn draw(model: &Vae, latent: usize, count: usize, seed: u64) -> Result<Vec<f32>> {
    let mut codes = normals(seed, Stream::Draw, count * latent);
    let Some(Mixture { log_weights, mean, log_var }) = model.learned_prior() else {
        return Ok(codes);
    };
    let parts = vec![log_weights.exp(), mean.flatten(0, 1), (log_var * 0.5).exp().flatten(0, 1)];
    let [weights, mean, sigma] = <[Vec<f32>; 3]>::try_from(snapshot::read(parts).await?).expect("three were read");
    let part = WeightedIndex::new(weights).map_err(|error| Error::Device(format!("The prior is spoilt: {error}")))?;
    let parts = part.sample_iter(generator(seed, Stream::Part));
    for (code, part) in codes.chunks_exact_mut(latent).zip(parts) {
        for (k, z) in code.iter_mut().enumerate() {
            *z = mean[part * latent + k] + sigma[part * latent + k] * *z;
        }
    }
    Ok(codes)
}

/// Pictures `[n * P]` of codes `[n * Z]`, all of one `digit` for labelled models.
///
/// # Errors
/// When the device is lost.
pub async fn decode(model: &Vae, z: Vec<f32>, latent: usize, digit: Option<u8>, device: &Device) -> Result<Vec<f32>> {
    let rows = z.len() / latent;
    let pictures = model.decode(upload(z, [rows, latent], device), labels(digit, rows, device)).mean();
    Ok(snapshot::read(vec![pictures]).await?.remove(0))
}

/// Reconstructions at the mean `[n * P]` of images `[n * P]`; `digits` `[n]` for labelled models.
///
/// # Errors
/// When the device is lost.
pub async fn reconstruct(model: &Vae, images: Vec<f32>, digits: Option<&[u8]>, device: &Device) -> Result<Vec<f32>> {
    let (posterior, labels) = encode(model, images, digits, device);
    Ok(snapshot::read(vec![model.decode(posterior.mean(), labels).mean()]).await?.remove(0))
}

/// Mean KL of each latent component over images `[n * P]`, in nats: `[Z]`; `digits` `[n]` for labelled models.
///
/// # Errors
/// When the device is lost.
pub async fn usage(model: &Vae, images: Vec<f32>, digits: Option<&[u8]>, device: &Device) -> Result<Vec<f32>> {
    let (posterior, _) = encode(model, images, digits, device);
    let mean: Tensor<1> = posterior.kl_to_standard().mean_dim(0).squeeze_dim(0);
    Ok(snapshot::read(vec![mean]).await?.remove(0))
}

fn encode(model: &Vae, images: Vec<f32>, digits: Option<&[u8]>, device: &Device) -> (Posterior, Option<Tensor<2>>) {
    let rows = images.len() / PIXELS;
    let labels = digits.map(|digits| {
        let labels = digits.iter().flat_map(|&digit| one_hot(digit)).collect();
        upload(labels, [rows, DIGITS], device)
    });
    (model.encode(upload(images, [rows, PIXELS], device), labels.clone()), labels)
}

/// One label for `rows` rows, `[rows, 10]`.
fn labels(digit: Option<u8>, rows: usize, device: &Device) -> Option<Tensor<2>> {
    digit.map(|digit| upload(one_hot(digit).repeat(rows), [rows, DIGITS], device))
}
