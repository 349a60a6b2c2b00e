//! Paths between two latent codes: a straight line, and a great circle.

use std::ops::RangeInclusive;

use burn::tensor::Device;

use super::inference::labels;
use super::upload;
use crate::Result;
use crate::model::Vae;
use crate::snapshot;

/// Points that a path may have.
pub const PATH_POINTS: RangeInclusive<usize> = 2..=1000;

/// Below this sine of the angle between two codes the great circle through both is not determined.
const LEAST_SINE: f64 = 1e-6;

/// The course of a path between two codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PathKind {
    /// `(1 - t) a + t b`. Between codes of N(0, I), which are nearly orthogonal and have norms near sqrt(Z), its middle has a norm near
    /// sqrt(Z / 2): there are hardly any codes.
    Straight,
    /// Spherical (Shoemake 1985, "slerp"): the direction turns with constant speed along the great circle, and the norm changes linearly
    /// from |a| to |b|. Shoemake's codes have unit norm, where this is his formula. Between codes of the same norm it keeps the norm that
    /// codes of N(0, I) have.
    Spherical,
}

/// Codes at equal steps of `t` from 0 to 1.
#[derive(Debug, Clone, PartialEq)]
pub struct CodePath {
    /// `[count * D]`; the first and the last are the ends.
    pub points: Vec<f32>,
    /// What it is: straight also where a spherical one was asked for, but one end is zero or both have the same or opposite directions.
    pub kind: PathKind,
}

/// `count` codes from `from` `[D]` to `to` `[D]`, at least two.
pub fn path(kind: PathKind, from: &[f32], to: &[f32], count: usize) -> CodePath {
    assert_eq!(from.len(), to.len(), "both ends are codes of one model");
    let circle = match kind {
        PathKind::Straight => None,
        PathKind::Spherical => GreatCircle::through(from, to),
    };
    let last = count.max(2) - 1;
    let inner = (1..last).flat_map(|step| {
        let t = step as f64 / last as f64;
        match &circle {
            Some(circle) => circle.at(t),
            None => from.iter().zip(to).map(|(&a, &b)| ((1.0 - t) * f64::from(a) + t * f64::from(b)) as f32).collect(),
        }
    });
    let points = from.iter().copied().chain(inner).chain(to.iter().copied()).collect();
    CodePath { points, kind: if circle.is_some() { kind } else { PathKind::Straight } }
}

/// Two orthonormal directions, the angle from the first end to the second, and the norms of both.
struct GreatCircle {
    across: Vec<f64>,
    upwards: Vec<f64>,
    angle: f64,
    norms: [f64; 2],
}

impl GreatCircle {
    fn through(from: &[f32], to: &[f32]) -> Option<Self> {
        let norms = [norm(from), norm(to)];
        if norms.contains(&0.0) {
            return None;
        }
        let unit = |code: &[f32], norm: f64| code.iter().map(|&z| f64::from(z) / norm).collect::<Vec<f64>>();
        let (across, target) = (unit(from, norms[0]), unit(to, norms[1]));
        let cosine: f64 = across.iter().zip(&target).map(|(a, b)| a * b).sum();
        let mut upwards: Vec<f64> = across.iter().zip(&target).map(|(a, b)| b - cosine * a).collect();
        let sine = upwards.iter().map(|value| value * value).sum::<f64>().sqrt();
        if sine.is_nan() || sine <= LEAST_SINE {
            return None;
        }
        upwards.iter_mut().for_each(|value| *value /= sine);
        Some(Self { across, upwards, angle: sine.atan2(cosine), norms })
    }

    fn at(&self, t: f64) -> Vec<f32> {
        let norm = (1.0 - t) * self.norms[0] + t * self.norms[1];
        let (sine, cosine) = (t * self.angle).sin_cos();
        self.across.iter().zip(&self.upwards).map(|(a, u)| (norm * (cosine * a + sine * u)) as f32).collect()
    }
}

/// Euclidean norms of codes `[n * length]`, `[n]`.
pub fn norms(codes: &[f32], length: usize) -> Vec<f32> {
    codes.chunks_exact(length).map(|code| norm(code) as f32).collect()
}

fn norm(code: &[f32]) -> f64 {
    code.iter().map(|&z| f64::from(z).powi(2)).sum::<f64>().sqrt()
}

/// -log p(z) of codes `[n * latent]` in nats, `[n]`, for a model whose codes are real numbers.
///
/// # Errors
/// When the device is lost.
pub async fn negative_log_prior(model: &Vae, codes: Vec<f32>, latent: usize, device: &Device) -> Result<Vec<f32>> {
    let rows = codes.len() / latent;
    let log_prior = model.log_prior(upload(codes, [rows, latent], device));
    Ok(snapshot::read(vec![log_prior.neg()]).await?.remove(0))
}

/// What the decoder gets for a code `[length]`: the code itself, or the vectors with its indices, `[N * Z]` of a codebook and one-hot `[N * A]`
/// of categorical variables. Indices are names, so that nothing lies between two of them; between two vectors there is a line.
///
/// # Errors
/// When the device is lost.
pub async fn decoder_input(model: &Vae, code: Vec<f32>, device: &Device) -> Result<Vec<f32>> {
    let length = code.len();
    let vectors = model.embed(upload(code, [1, length], device));
    Ok(snapshot::read(vec![vectors]).await?.remove(0))
}

/// Pictures `[n * P]` of decoder inputs `[n * length]`, all with this `label` if the model is conditional.
///
/// # Errors
/// When the device is lost.
pub async fn decode_inputs(
    model: &Vae,
    inputs: Vec<f32>,
    length: usize,
    label: Option<u8>,
    device: &Device,
) -> Result<Vec<f32>> {
    let rows = inputs.len() / length;
    let pictures = model.decode(upload(inputs, [rows, length], device), labels(model, label, rows, device)).mean();
    Ok(snapshot::read(vec![pictures]).await?.remove(0))
}
