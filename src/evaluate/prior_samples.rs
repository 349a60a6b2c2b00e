//! Codes to decode without an image: samples from a model's prior p(z), and uniform ones from a box.

use std::ops::RangeInclusive;

use rand::distr::weighted::WeightedIndex;
use rand::distr::{Distribution, Uniform};

use burn::module::Module;
use burn::tensor::Device;

use super::upload;
use crate::model::{Codebook, Mixture, PriorDensity, TwoLayers, Vae};
use crate::random::{Stream, generator, normals};
use crate::snapshot;
use crate::{Error, Result};

/// `count` codes `[count * latent]` sampled from the model's prior: N(0, I), a learned mixture, both layers [z2, z1], or for codebooks the
/// code indices at each position `[count * N]`, sampled independently: within an image nothing of the top says what is below it. For
/// categorical variables uniform indices `[count * N]`.
///
/// # Errors
/// When the prior's weights are not finite, or the device is lost.
pub async fn sample_prior(model: &Vae, latent: usize, count: usize, seed: u64) -> Result<Vec<f32>> {
    if model.codebook().is_some() {
        return sample_indices(&model.codebooks(), count, seed).await;
    }
    if let Some(categories) = model.categories() {
        let uniform = Uniform::new(0, categories).expect("a variable has two values or more");
        let indices = uniform.sample_iter(generator(seed, Stream::SampleComponents)).take(count * latent);
        return Ok(indices.map(|index| index as f32).collect());
    }
    let noise = normals(seed, Stream::Samples, count * latent);
    let PriorDensity { mixture, layers, .. } = model.prior_density();
    let Some(layers) = layers else { return sample_top(mixture, noise, latent, seed).await };
    let (top, lower): (Vec<_>, Vec<_>) = noise.chunks_exact(latent).map(|row| row.split_at(latent / 2)).unzip();
    let top = sample_top(mixture, top.concat(), latent / 2, seed).await?;
    sample_lower(&layers, top, lower.concat(), latent / 2, &model.devices()[0]).await
}

/// z1 ~ p(z1 | z2) beside each z2 of `top` `[n * width]`: `[n * 2 width]`.
async fn sample_lower(
    layers: &TwoLayers,
    top: Vec<f32>,
    noise: Vec<f32>,
    width: usize,
    device: &Device,
) -> Result<Vec<f32>> {
    let shape = [top.len() / width, width];
    let codes = layers.sample_prior(upload(top, shape, device), upload(noise, shape, device));
    Ok(snapshot::read(vec![codes]).await?.remove(0))
}

/// Codes `[n * latent]` of N(0, I), or of a learned mixture, from N(0, 1) noise of the same length.
async fn sample_top(mixture: Option<Mixture>, noise: Vec<f32>, latent: usize, seed: u64) -> Result<Vec<f32>> {
    let mut codes = noise;
    let Some(Mixture { log_weights, mean, log_var }) = mixture else { return Ok(codes) };
    let parameters = vec![log_weights.exp(), mean.flatten(0, 1), (log_var * 0.5).exp().flatten(0, 1)];
    let parameters = snapshot::read(parameters).await?;
    let [weights, mean, sigma] = <[Vec<f32>; 3]>::try_from(parameters).expect("three tensors were read");
    let components = categorical(&weights)?.sample_iter(generator(seed, Stream::SampleComponents));
    for (code, component) in codes.chunks_exact_mut(latent).zip(components) {
        for (k, z) in code.iter_mut().enumerate() {
            *z = mean[component * latent + k] + sigma[component * latent + k] * *z;
        }
    }
    Ok(codes)
}

/// Limits of the reach of a [box](sample_box).
pub const BOX_REACH: RangeInclusive<f32> = 0.1..=1000.0;

/// `count` codes `[count * latent]`, each component uniform between -`reach` and `reach`: the same for all models with as many components.
///
/// # Errors
/// When `reach` is outside [`BOX_REACH`].
pub fn sample_box(latent: usize, count: usize, reach: f32, seed: u64) -> Result<Vec<f32>> {
    Error::check_quantity("box_reach", reach, BOX_REACH)?;
    let uniform = Uniform::new_inclusive(-reach, reach).expect("the limits are finite");
    Ok(uniform.sample_iter(generator(seed, Stream::Samples)).take(count * latent).collect())
}

/// Code indices `[count * N]`, each position sampled from its own distribution.
async fn sample_indices(codebooks: &[&Codebook], count: usize, seed: u64) -> Result<Vec<f32>> {
    let mut positions = Vec::new();
    for codebook in codebooks {
        let probabilities = codebook.log_prior().exp(); // [N, C]
        let codes = probabilities.dims()[1];
        let probabilities = snapshot::read(vec![probabilities]).await?.remove(0);
        positions.extend(probabilities.chunks(codes).map(categorical).collect::<Result<Vec<_>>>()?);
    }
    let random = &mut generator(seed, Stream::SampleComponents);
    Ok((0..count)
        .flat_map(|_| positions.iter().map(|position| position.sample(random) as f32).collect::<Vec<_>>())
        .collect())
}

/// The distribution over indices with these weights.
fn categorical(weights: &[f32]) -> Result<WeightedIndex<f32>> {
    WeightedIndex::new(weights).map_err(|_| Error::PriorNotFinite {})
}
