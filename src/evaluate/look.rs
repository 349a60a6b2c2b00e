//! What a model makes of images and codes: everything that a page shows of it.

use burn::tensor::{Device, Tensor};
use rand::distr::Distribution;
use rand::distr::weighted::WeightedIndex;

use super::{likeliest, upload};
use crate::data::{DIGITS, PIXELS, one_hot};
use crate::model::{Codebook, Mixture, Posterior, Vae};
use crate::random::{Stream, generator, normals};
use crate::snapshot;
use crate::{Error, Result};

/// What a model makes of one image.
#[derive(Debug, Clone)]
pub struct Look {
    pub mean: Vec<f32>,             // [Z]; of a codebook the numbers of its codes, [N]
    pub sigma: Vec<f32>,            // [Z]; zeros where the code is certain
    pub covariance: Vec<f32>,       // [Z * Z]; likewise
    pub kl_per_component: Vec<f32>, // [Z], nats
    /// q(y | x) of a classifier.
    pub classes: Option<Vec<f32>>, // [10]
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

/// Encodes one image `[P]` and decodes it at the mean and at the draw that `noise` `[Z]` gives. `digit` is for labelled
/// models; one with a classifier guesses where there is none.
///
/// # Errors
/// When the device is lost.
pub async fn look(model: &Vae, image: Vec<f32>, digit: Option<u8>, noise: Vec<f32>, device: &Device) -> Result<Look> {
    let latent = noise.len();
    let image = upload(image, [1, PIXELS], device);
    let classes = match model.classifier() {
        Some(classifier) => Some(snapshot::read(vec![classifier.forward(image.clone()).exp()]).await?.remove(0)),
        None => None,
    };
    let digit = digit.or_else(|| classes.as_deref().map(likeliest));
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
    let kl_per_component = posterior.kl_to_standard();
    let covariance = posterior.covariance().map(|covariance| covariance.flatten(0, 2));
    let codes = posterior.clone().codes().map(|codes| codes.indices());
    let (mean, sigma, z) = match codes {
        Some(codes) => (codes.clone(), codes.zeros_like(), codes.repeat_dim(0, 2)),
        None => (posterior.mean(), posterior.sigma(), z),
    };
    let length = mean.dims()[1];
    let mut values = vec![
        mean.flatten(0, 1),
        sigma.flatten(0, 1),
        kl_per_component.flatten(0, 1),
        z.flatten::<1>(0, 1),
        likelihood.mean().flatten(0, 1),
        likelihood.negative_log_likelihood(image.repeat_dim(0, 2)),
        kl,
    ];
    values.extend(covariance);
    let mut values = snapshot::read(values).await?;
    let covariance = if values.len() > 7 { values.remove(7) } else { vec![0.0; length * length] };
    let [mean, sigma, kl_per_component, z, pictures, costs, kl] =
        <[Vec<f32>; 7]>::try_from(values).expect("seven tensors were read");
    let rendering = |row: usize| Rendering {
        z: z[row * length..(row + 1) * length].to_vec(),
        picture: pictures[row * PIXELS..(row + 1) * PIXELS].to_vec(),
        reconstruction: costs[row],
        kl: kl[row],
    };
    Ok(Look { mean, sigma, covariance, kl_per_component, classes, at_mean: rendering(0), at_sample: rendering(1) })
}

/// `count` codes `[count * Z]` drawn from the model's prior; of a codebook the numbers of codes, `[count * N]`.
///
/// # Errors
/// When the device is lost.
pub async fn draw(model: &Vae, latent: usize, count: usize, seed: u64) -> Result<Vec<f32>> {
    if let Some(codebook) = model.codebook() {
        return draw_codes(codebook, count, seed).await;
    }
    let mut codes = normals(seed, Stream::Draw, count * latent);
    let Some(Mixture { log_weights, mean, log_var }) = model.learned_prior() else {
        return Ok(codes);
    };
    let parts = vec![log_weights.exp(), mean.flatten(0, 1), (log_var * 0.5).exp().flatten(0, 1)];
    let [weights, mean, sigma] = <[Vec<f32>; 3]>::try_from(snapshot::read(parts).await?).expect("three were read");
    let parts = weighted(&weights)?.sample_iter(generator(seed, Stream::Part));
    for (code, part) in codes.chunks_exact_mut(latent).zip(parts) {
        for (k, z) in code.iter_mut().enumerate() {
            *z = mean[part * latent + k] + sigma[part * latent + k] * *z;
        }
    }
    Ok(codes)
}

/// The numbers of `count` images' codes, each place on its own.
async fn draw_codes(codebook: &Codebook, count: usize, seed: u64) -> Result<Vec<f32>> {
    let shares = codebook.log_prior().exp();
    let codes = shares.dims()[1];
    let shares = snapshot::read(vec![shares]).await?.remove(0);
    let places = shares.chunks(codes).map(weighted).collect::<Result<Vec<_>>>()?;
    let random = &mut generator(seed, Stream::Part);
    Ok((0..count).flat_map(|_| places.iter().map(|place| place.sample(random) as f32).collect::<Vec<_>>()).collect())
}

fn weighted(weights: &[f32]) -> Result<WeightedIndex<f32>> {
    WeightedIndex::new(weights).map_err(|error| Error::Device(format!("The prior is spoilt: {error}")))
}

/// Pictures `[n * P]` of codes `[n * Z]` (of a codebook: numbers of codes, `[n * N]`), all of one `digit` for labelled models.
///
/// # Errors
/// When the device is lost.
pub async fn decode(model: &Vae, z: Vec<f32>, latent: usize, digit: Option<u8>, device: &Device) -> Result<Vec<f32>> {
    let rows = z.len() / latent;
    let z = upload(z, [rows, latent], device);
    let z = match model.codebook() {
        Some(codebook) => codebook.embed(z),
        None => z,
    };
    let pictures = model.decode(z, labels(digit, rows, device)).mean();
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
