//! A configuration of a study: its runs, which differ by their seed alone.

use std::collections::HashSet;

use serde::Serialize;

use super::{RunResult, ScoredOn, Spread, TestLosses};
use crate::model::LikelihoodKind;

/// The runs of one configuration.
#[derive(Debug, Clone, PartialEq)]
pub struct Configuration<'a> {
    /// What its study varies in it.
    pub name: &'a str,
    /// Its runs, in the order of the study.
    pub runs: Vec<&'a RunResult>,
}

/// The configurations of these runs, in the order of their first one. A run that is there twice, as in files put together, counts once.
pub fn configurations(results: &[RunResult]) -> Vec<Configuration<'_>> {
    let mut all: Vec<Configuration> = Vec::new();
    let mut seen = HashSet::new();
    for result in results.iter().filter(|result| seen.insert((&result.configuration, &result.command, result.seed))) {
        match all.iter_mut().find(|each| each.name == result.configuration) {
            Some(known) => known.runs.push(result),
            None => all.push(Configuration { name: &result.configuration, runs: vec![result] }),
        }
    }
    all
}

impl Configuration<'_> {
    /// Mean and spread over the runs of what the test images show; `None` where a run does not have it.
    pub fn test(&self, value: impl Fn(&TestLosses) -> Option<f64>) -> Option<Spread> {
        Spread::of(&self.runs.iter().map(|run| value(&run.test)).collect::<Option<Vec<_>>>()?)
    }

    /// Mean and spread of the time of a run, in seconds.
    pub fn seconds(&self) -> Option<Spread> {
        Spread::of(&self.runs.iter().map(|run| run.seconds).collect::<Vec<_>>())
    }
}

/// A configuration as the page draws it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DrawnConfiguration {
    /// What its study varies in it.
    pub name: String,
    /// The likelihood, which decides over the scale of the losses.
    pub likelihood: LikelihoodKind,
    /// The data set's name.
    pub data: String,
    /// SHA-256 of its training images and labels, hexadecimal.
    pub data_sha256: String,
    /// The images that the curves were scored on.
    pub scored_on: ScoredOn,
    /// The loss of the test images at the end, in nats per image.
    pub test: Spread,
    /// A curve for each run.
    pub curves: Vec<DrawnCurve>,
}

/// The losses of a run that were scored after each epoch: columns of as many numbers, in nats per image.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
#[allow(missing_docs, reason = "as in `Terms`")]
pub struct DrawnCurve {
    pub step: Vec<u64>,
    pub reconstruction: Vec<f64>,
    pub kl: Vec<f64>,
    pub total: Vec<f64>,
}

impl Configuration<'_> {
    /// What the page draws of it.
    pub fn drawn(&self) -> DrawnConfiguration {
        let first = self.runs[0];
        DrawnConfiguration {
            name: self.name.into(),
            likelihood: first.model.likelihood,
            data: first.data_name().into(),
            data_sha256: first.data_sha256.clone(),
            scored_on: first.scored_on,
            test: self.test(|test| Some(test.terms.total)).expect("it has a run"),
            curves: self.runs.iter().map(|run| run.drawn()).collect(),
        }
    }
}

impl RunResult {
    /// The data set without its number of images.
    fn data_name(&self) -> &str {
        self.data.rsplit_once(", ").map_or(&self.data, |(name, _)| name)
    }

    fn drawn(&self) -> DrawnCurve {
        let mut curve = DrawnCurve::default();
        for point in &self.curve {
            curve.step.push(point.step);
            curve.reconstruction.push(point.scored.reconstruction);
            curve.kl.push(point.scored.kl);
            curve.total.push(point.scored.total);
        }
        curve
    }
}
