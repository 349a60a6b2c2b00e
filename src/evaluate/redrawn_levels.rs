//! What each level of two codebooks decides: the class that the judge reads once the codes of one level are drawn from the prior.

use std::ops::Range;

use super::estimate::{Estimate, RunningMean};
use super::{CHUNK, Example, Judge, LoadedModel, chunks, decode, sample_prior};
use crate::Result;
use crate::data::Dataset;

/// Shares of images whose reconstruction is read as another class after the codes of one level are replaced by samples of the prior, which
/// has independent places.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RedrawnLevels {
    /// With the top codes replaced.
    pub top: Estimate,
    /// With the bottom codes replaced.
    pub bottom: Estimate,
    /// With both replaced: nothing of the image is left.
    pub both: Estimate,
}

impl RedrawnLevels {
    /// Over the images of `range`; `None` for a model without two codebooks.
    ///
    /// # Errors
    /// When the model needs labels that the data do not have, or the device is lost.
    pub async fn of(
        model: &LoadedModel,
        judge: &Judge,
        data: &Dataset,
        range: Range<usize>,
        seed: u64,
    ) -> Result<Option<Self>> {
        let [top, _] = model.config.levels() else { return Ok(None) };
        data.check_labels_for(&model.config)?;
        let length = model.config.code_length();
        let drawn = sample_prior(&model.model, length, range.len(), seed).await?;
        let mut changed = [(); 3].map(|()| RunningMean::default());
        let first = range.start;
        for chunk in chunks(range, CHUNK) {
            let examples: Vec<_> = chunk.clone().map(|index| Example::of(data, index)).collect();
            let codes = model.codes(&examples).await?;
            let drawn = &drawn[(chunk.start - first) * length..(chunk.end - first) * length];
            let read = classes(model, judge, &examples, codes.clone()).await?;
            for (level, changed) in [0..*top, *top..length, 0..length].into_iter().zip(&mut changed) {
                let mut codes = codes.clone();
                for (code, drawn) in codes.chunks_exact_mut(length).zip(drawn.chunks_exact(length)) {
                    code[level.clone()].copy_from_slice(&drawn[level.clone()]);
                }
                let now = classes(model, judge, &examples, codes).await?;
                now.iter().zip(&read).for_each(|(now, before)| changed.add(f64::from(u8::from(now != before))));
            }
        }
        let [top, bottom, both] = changed.map(|share| share.estimate());
        Ok(Some(Self { top, bottom, both }))
    }
}

/// The classes that the judge reads in the pictures of these codes, decoded with the examples' labels where the model has them.
async fn classes(model: &LoadedModel, judge: &Judge, examples: &[Example], codes: Vec<f32>) -> Result<Vec<u8>> {
    let LoadedModel { model: networks, config, device } = model;
    let length = config.code_length();
    let mut pictures = Vec::new();
    if config.labelled {
        for (example, code) in examples.iter().zip(codes.chunks_exact(length)) {
            pictures.extend(decode(networks, code.to_vec(), length, Some(example.label), device).await?);
        }
    } else {
        pictures = decode(networks, codes, length, None, device).await?;
    }
    Ok(judge.classify(pictures, device).await?.most_likely().map(|(class, _)| class).collect())
}
