//! How much memory training takes, estimated from the configuration before anything is allocated.
//!
//! The counts of activations follow the networks; what the graph of gradients and the allocator add was found by
//! comparison with the memory of the WebAssembly module after steps of 90 configurations (`tests/browser/memory.test.mjs` repeats some): above 100 MB the
//! estimate was 0.87 to 1.41 times what was measured; the test allows 0.85 to 1.5.

use super::{DivergenceKind, TrainConfig};
use crate::data::PIXELS;
use crate::model::{BodyKind, CONTEXT, ModelConfig, PosteriorKind, PriorKind, UNITS, activations, layout};
use crate::{Error, Result};

const FLOAT: f64 = 4.0; // bytes
/// The module itself, and the minibatches of an upload, where it is of several steps.
const FIXED: f64 = 12e6;
/// Copies of the parameters: weights, both moments, gradients, and the new values of a step.
const PARAMETER_COPIES: f64 = 5.5;
/// Further ones while a checkpoint is written; the activations are free by then.
const CHECKPOINT_COPIES: f64 = 9.0;
/// What the allocator cannot reuse, relative to the activations.
const FRAGMENTATION: f64 = 1.15;
/// Rows that a test scores at once, with three arrays of the largest layer alive.
const SCORED_ROWS: f64 = 256.0;

/// Bytes that training such a model takes at its peak, with a data set of `images` in memory, training and test images together.
pub fn training_bytes(model: &ModelConfig, train: &TrainConfig, images: usize) -> f64 {
    let parameters: usize = layout(model).iter().map(|(_, shape)| shape.iter().product::<usize>()).sum();
    let parameters = FLOAT * parameters as f64;
    let step = FLOAT * FRAGMENTATION * step_floats(model, train);
    let scored = FLOAT * SCORED_ROWS * (activations(model).largest + 3 * PIXELS) as f64;
    let data = (images * (PIXELS + 1)) as f64;
    FIXED + data + PARAMETER_COPIES * parameters + step.max(CHECKPOINT_COPIES * parameters).max(scored)
}

/// Checks that training fits into `limit` bytes.
///
/// # Errors
/// When a setting is outside its limits, or training does not fit; the error names the largest power of two that fits as a batch, or else the setting that takes most.
pub fn check_memory(model: &ModelConfig, train: &TrainConfig, images: usize, limit: f64) -> Result<()> {
    model.check()?;
    train.check(model)?;
    let bytes = |batch| training_bytes(model, &TrainConfig { batch, ..train.clone() }, images);
    let needed = bytes(train.batch);
    if needed <= limit || train.solves(model) {
        return Ok(());
    }
    let (needed, available) = (in_words(needed).into(), in_words(limit).into());
    let smaller =
        std::iter::successors(Some(1_usize), |batch| Some(2 * batch)).take_while(|&batch| batch < train.batch);
    Err(match smaller.filter(|&batch| bytes(batch) <= limit).last() {
        Some(batch) => Error::MemoryBatch { needed, available, batch: batch.into() },
        None => Error::MemorySetting { needed, available, setting: costliest(model, train).into() },
    })
}

/// Floats that a step holds at its peak, for each of its images: also a rough measure of the time that it takes.
pub fn floats_per_image(model: &ModelConfig, train: &TrainConfig) -> f64 {
    step_floats(model, train) / train.batch as f64
}

/// Floats that a step holds at its peak.
fn step_floats(model: &ModelConfig, train: &TrainConfig) -> f64 {
    let ModelConfig { latent, hidden, components, codes, prior, posterior, .. } = *model;
    let semi_supervised = model.classifier && train.labels > 0;
    // Each unlabelled image is scored with all labels, beside as many labelled ones.
    let images = train.batch * if semi_supervised { model.classes + 1 } else { 1 };
    let networks = activations(model);
    let learned_prior = if prior == PriorKind::Standard { 0 } else { 3 * components };
    let codebook = model.levels().iter().sum::<usize>() * codes * 3 / 2;
    let distribution = match posterior {
        PosteriorKind::Full => latent * latent,
        PosteriorKind::Categorical => 9 * model.code_width(), // Gumbel noise, the softmax and the KL
        PosteriorKind::Flow => 3 * latent + model.flow_steps * flow_step(latent),
        // Both networks of the lower layer, which see the encoder's features once more.
        PosteriorKind::TwoLayers => 3 * model.code_width() + 2 * networks.features + 6 * latent,
        _ => 3 * model.code_width(),
    };
    let critic = match model.critic {
        true if model.has_codebook() => critic(hidden),
        true => critic(hidden) + networks.decoder, // decodes samples of the prior as well
        false => 0,
    };
    let classifier = if model.classifier { 2 * hidden } else { 0 };
    let pseudo_inputs = match (prior, model.body) {
        (PriorKind::Vamp, BodyKind::Conv) => 2 * components * networks.encoder, // running statistics: not fused
        (PriorKind::Vamp, _) => components * (networks.encoder + 3 * PIXELS),
        _ => 0,
    };
    let of_image = PIXELS + networks.encoder + codebook;
    let of_sample = networks.decoder + distribution + 2 * model.noise_width() + learned_prior + critic;
    // As floats: these products exceed the 32 bits of a `usize` on wasm.
    let [images, samples, batch] = [images, train.samples, train.batch].map(|count| count as f64);
    let networks = images * (of_image as f64 + samples * of_sample as f64);
    networks + batch * classifier as f64 + pseudo_inputs as f64 + pairs(model, train) * batch * batch
}

/// Floats for each pair of images in a batch, of a divergence that compares all of them.
fn pairs(model: &ModelConfig, train: &TrainConfig) -> f64 {
    match train.divergence {
        DivergenceKind::Kl => 0.0,
        DivergenceKind::Decomposed => 6.0 * model.latent as f64,
        DivergenceKind::Mmd => 30.0, // seven scales of three kernels
    }
}

/// Inputs, hidden layer and outputs of the network of a flow's step, and what becomes of the code.
fn flow_step(latent: usize) -> usize {
    CONTEXT + 2 * UNITS + 12 * latent
}

/// Images, and both layers, for each of the critic's passes.
fn critic(hidden: usize) -> usize {
    4 * PIXELS + 6 * (hidden / 4 + hidden / 8)
}

/// The setting to lower where not even one image fits.
fn costliest(model: &ModelConfig, train: &TrainConfig) -> &'static str {
    match (train.samples, model.prior) {
        (2.., _) => "samples",
        (_, PriorKind::Vamp) => "components",
        _ if model.body == BodyKind::Conv => "body",
        _ => "hidden",
    }
}

/// A size in steps of 10 MB or 0.1 GB.
fn in_words(bytes: f64) -> String {
    let tenths = (bytes / 1e8).round() as u64;
    if bytes >= 1e9 {
        format!("{}.{} GB", tenths / 10, tenths % 10)
    } else {
        format!("{} MB", (bytes / 1e7).ceil() as u64 * 10)
    }
}
