//! How good a model is, in nats per image, and what it makes of one image.

use std::ops::Range;

use burn::tensor::{Device, Tensor, TensorData};
use serde::Serialize;

use crate::Result;
use crate::data::{Images, PIXELS};
use crate::model::Vae;
use crate::objective::Terms;
use crate::random::{Stream, normals};
use crate::snapshot;

/// Images scored together: enough to fill a device, little enough for a phone.
const CHUNK: usize = 256;

/// Where z is taken from the posterior.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum At {
    /// One draw an image: an unbiased estimate of the bound.
    Sample { seed: u64 },
    /// The posterior's mean: no bound on anything, and about 9 nats lower.
    Mean,
}

/// Mean terms over some images, in nats per image.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Score {
    pub images: usize,
    pub reconstruction: f64,
    pub kl: f64,
    /// `reconstruction + kl`.
    pub total: f64,
    /// Mean KL of each latent component, `[Z]`: how much the model uses it.
    pub usage: Vec<f64>,
}

/// Scores the images of `range`; the noise of an image depends on its index alone, not on how the range is cut.
///
/// # Errors
/// When the device is lost.
pub async fn score(
    model: &Vae,
    latent: usize,
    images: &Images,
    range: Range<usize>,
    at: At,
    device: &Device,
) -> Result<Score> {
    assert!(!range.is_empty() && range.end <= images.len(), "the range lies inside the data");
    let count = range.len();
    let mut reconstruction = 0.0;
    let mut usage = vec![0.0; latent];
    let mut start = range.start;
    while start < range.end {
        let chunk = start..range.end.min(start + CHUNK);
        start = chunk.end;
        let rows = chunk.len();
        let pixels = chunk.clone().flat_map(|index| images.pixels(index)).collect();
        let noise = match at {
            At::Mean => vec![0.0; rows * latent],
            At::Sample { seed } => {
                chunk.flat_map(|image| normals(seed, Stream::Test { image: image as u64 }, latent)).collect()
            }
        };
        let terms = Terms::of(model, upload(pixels, [rows, PIXELS], device), upload(noise, [rows, latent], device));
        let sums = vec![terms.reconstruction.sum(), terms.divergence.sum_dim(0).squeeze_dim(0)];
        let sums = snapshot::read(sums).await?;
        reconstruction += f64::from(sums[0][0]);
        for (total, &part) in usage.iter_mut().zip(&sums[1]) {
            *total += f64::from(part);
        }
    }
    let mean = |sum: f64| sum / count as f64;
    let usage: Vec<f64> = usage.into_iter().map(mean).collect();
    let kl = usage.iter().sum();
    Ok(Score { images: count, reconstruction: mean(reconstruction), kl, total: mean(reconstruction) + kl, usage })
}

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
}

/// Encodes one image `[P]` and decodes it at the mean and at the draw that `noise` `[Z]` gives.
///
/// # Errors
/// When the device is lost.
pub async fn look(model: &Vae, image: Vec<f32>, noise: Vec<f32>, device: &Device) -> Result<Look> {
    let latent = noise.len();
    let image = upload(image, [1, PIXELS], device);
    let posterior = model.encode(image.clone());
    let sample = posterior.sample(upload(noise, [1, latent], device));
    let z = Tensor::cat(vec![posterior.mean.clone(), sample], 0); // [2, Z]
    let likelihood = model.decode(z.clone());
    let values = snapshot::read(vec![
        posterior.mean.clone().flatten(0, 1),
        posterior.sigma().flatten(0, 1),
        posterior.kl_to_standard().flatten(0, 1),
        z.flatten::<1>(0, 1),
        likelihood.mean().flatten(0, 1),
        likelihood.cross_entropy(image.repeat_dim(0, 2)),
    ])
    .await?;
    let [mean, sigma, kl_per_component, z, pictures, costs] =
        <[Vec<f32>; 6]>::try_from(values).expect("six tensors were read");
    let rendering = |row: usize| Rendering {
        z: z[row * latent..(row + 1) * latent].to_vec(),
        picture: pictures[row * PIXELS..(row + 1) * PIXELS].to_vec(),
        reconstruction: costs[row],
    };
    Ok(Look { mean, sigma, kl_per_component, at_mean: rendering(0), at_sample: rendering(1) })
}

/// Pictures `[n * P]` of codes `[n * Z]`.
///
/// # Errors
/// When the device is lost.
pub async fn decode(model: &Vae, z: Vec<f32>, latent: usize, device: &Device) -> Result<Vec<f32>> {
    let rows = z.len() / latent;
    let pictures = model.decode(upload(z, [rows, latent], device)).mean();
    Ok(snapshot::read(vec![pictures]).await?.remove(0))
}

/// Reconstructions at the mean `[n * P]` of images `[n * P]`.
///
/// # Errors
/// When the device is lost.
pub async fn reconstruct(model: &Vae, images: Vec<f32>, device: &Device) -> Result<Vec<f32>> {
    let rows = images.len() / PIXELS;
    let posterior = model.encode(upload(images, [rows, PIXELS], device));
    Ok(snapshot::read(vec![model.decode(posterior.mean).mean()]).await?.remove(0))
}

/// Mean KL of each latent component over images `[n * P]`, in nats: `[Z]`.
///
/// # Errors
/// When the device is lost.
pub async fn usage(model: &Vae, images: Vec<f32>, device: &Device) -> Result<Vec<f32>> {
    let rows = images.len() / PIXELS;
    let posterior = model.encode(upload(images, [rows, PIXELS], device));
    let mean: Tensor<1> = posterior.kl_to_standard().mean_dim(0).squeeze_dim(0);
    Ok(snapshot::read(vec![mean]).await?.remove(0))
}

fn upload(values: Vec<f32>, shape: [usize; 2], device: &Device) -> Tensor<2> {
    Tensor::from_data(TensorData::new(values, shape), device)
}
