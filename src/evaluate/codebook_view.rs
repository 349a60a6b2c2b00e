//! A codebook to look at: its vectors in a plane, so that near vectors can have near colours, and how often each is used.

use super::{CodeMoments, LatentPlane};
use crate::model::Codebook;
use crate::snapshot;
use crate::{Error, Result};

/// Standard deviations of the vectors that the plane reaches to: few of them are further.
const REACH: f64 = 2.0;

/// The vectors of a codebook in the plane of their first two principal components.
#[derive(Debug, Clone)]
pub struct CodebookPlane {
    /// The plane, through the mean of the vectors.
    pub plane: LatentPlane,
    /// The place of each vector, `[C * 2]` in -1..=1: 1 is two standard deviations of the vectors along that direction, or more.
    pub places: Vec<f32>,
    /// Share of the vectors' variance that the plane shows, 0..=1.
    pub share: f64,
}

impl CodebookPlane {
    /// Of this codebook; the plane is turned within itself towards that of an earlier view, so that colours stay.
    ///
    /// # Errors
    /// When a vector is not finite, or the device is lost.
    pub async fn of(codebook: &Codebook, before: Option<&LatentPlane>) -> Result<Self> {
        let vectors = codebook.vectors();
        let latent = vectors.dims()[1];
        let [vectors] = <[Vec<f32>; 1]>::try_from(snapshot::read(vec![vectors]).await?).expect("one tensor was read");
        let moments = CodeMoments::of(&vectors, latent)?;
        let plane = moments.principal_plane();
        let plane = before.map_or_else(|| plane.clone(), |before| plane.clone().aligned_with(before));
        let mean: Vec<f32> = moments.mean().iter().map(|&value| value as f32).collect();
        let middle = plane.place(&mean);
        let deviations = moments.deviations(&plane);
        let places = vectors.chunks_exact(latent).flat_map(|vector| {
            let place = plane.place(vector);
            [0, 1].map(|k| match deviations[k] > 0.0 {
                true => ((place[k] - middle[k]) / (REACH * deviations[k])).clamp(-1.0, 1.0) as f32,
                false => 0.0,
            })
        });
        Ok(Self { places: places.collect(), share: moments.share(&plane), plane })
    }
}

/// How often each code of a codebook is used over images, at all places together.
#[derive(Debug, Clone, PartialEq)]
pub struct CodeUsage {
    /// `[C]`.
    pub counts: Vec<u32>,
    /// The number of codes that would be as hard to guess if all were used equally: the exponential of the entropy of their shares
    /// (van den Oord et al. 2017 report it).
    pub perplexity: f64,
}

impl CodeUsage {
    /// Of code indices `[n * N]` into `size` vectors.
    ///
    /// # Errors
    /// When an index is not below `size`.
    pub fn of(codes: &[f32], size: usize) -> Result<Self> {
        let mut counts = vec![0_u32; size];
        for &code in codes {
            Error::check_quantity("code", code, 0.0..=(size - 1) as f32)?;
            counts[code as usize] += 1;
        }
        let all = codes.len().max(1) as f64;
        let shares = counts.iter().map(|&count| f64::from(count) / all).filter(|&share| share > 0.0);
        let entropy: f64 = shares.map(|share| -share * share.ln()).sum();
        Ok(Self { perplexity: entropy.exp(), counts })
    }
}
