//! The result of a run as a line of JSON.

use std::env;

use latent_lab::study::{RunResult, ScoredOn, TestLosses};
use latent_lab::train::Trainer;
use latent_lab::weights::Weights;

use super::curve::Curve;
use super::{Args, validation};
use crate::data_set;

/// The result of the run that `trainer` has come to the end of, with these weights and their notes.
pub fn of_run(args: &Args, trainer: &Trainer, weights: &Weights, test: TestLosses, Curve(curve): Curve) -> RunResult {
    let note = |key: &str| weights.notes.get(key).cloned().unwrap_or_default();
    let typed = || env::args().skip(1).collect::<Vec<_>>().join(" ");
    let preset = args.preset().name.to_string();
    let is_held_out = validation::is_noted(&weights.notes);
    RunResult {
        latent_lab: env!("CARGO_PKG_VERSION").into(),
        configuration: preset.clone(),
        command: args.part.as_ref().map_or_else(typed, |part| part.command.clone()),
        preset,
        seed: trainer.config().seed,
        model: weights.model.clone(),
        train: trainer.config().clone(),
        data: note("data"),
        data_sha256: note(data_set::HASH),
        test_data_sha256: weights.notes.get(data_set::TEST_HASH).cloned(),
        best_epoch: validation::best_epoch(&weights.notes),
        unit: note("unit"),
        test,
        seconds: curve.iter().map(|epoch| epoch.seconds).sum(),
        curve,
        scored_on: if is_held_out { ScoredOn::Validation } else { ScoredOn::Test },
    }
}
