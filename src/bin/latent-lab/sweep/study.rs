//! A study: the runs that a file describes.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use latent_lab::error::CommandLineError;
use latent_lab::messages::sentence;
use latent_lab::presets::Preset;
use latent_lab::settings::{Setting, values};
use serde_json::json;
use toml::{Table, Value};

use super::entry::{SETTINGS, known};
use super::grid::Grid;
use super::run::{Run, in_words};
use crate::{Outcome, files};

/// Runs of a study, at most: each is checked before the first begins, and has files of its own.
const MOST_RUNS: usize = 100_000;
/// The entry with the tables of several grids.
const GRID: &str = "grid";

/// The runs of a study, none of them twice, and all of them possible.
pub struct Study {
    pub file: PathBuf,
    pub dir: PathBuf,
    pub runs: Vec<Run>,
    /// The entries that differ between them, apart from the seed.
    pub varied: Vec<&'static str>,
}

impl Study {
    /// Reads a study whose results are in `dir`.
    pub fn read(file: &Path, dir: &Path) -> Outcome<Self> {
        let grids = grids(file)?;
        check_size(file, &grids)?;
        let (mut runs, mut refused) = (Vec::new(), Vec::new());
        for grid in grids {
            for combination in grid.combinations() {
                let run = Run::new(combination, dir);
                match check(&run, &grid) {
                    Ok(()) => runs.push(run),
                    Err(error) => refused.push(format!("  {}: {}", in_words(&run.entries), sentence(&*error))),
                }
            }
        }
        if !refused.is_empty() {
            let (file, runs) = (file.display().to_string().into(), refused.join("\n").into());
            return Err(CommandLineError::StudyRefused { file, runs }.into());
        }
        check_distinct(file, &runs)?;
        let varied = name_configurations(&mut runs);
        Ok(Self { file: file.into(), dir: dir.into(), runs, varied })
    }
}

/// A file or folder beside a study, with its name and this extension.
pub fn beside(study: &Path, extension: &str) -> PathBuf {
    match study.extension().is_some_and(|own| own == "toml") {
        true => study.with_extension(extension),
        false => study.with_added_extension(extension), // what follows a dot in another name may tell it from others
    }
}

/// The grids of a file. Entries outside of its tables hold for every grid that has no such entry itself.
fn grids(file: &Path) -> Outcome<Vec<Grid>> {
    let name = || file.display().to_string().into();
    let unreadable =
        |error: String| CommandLineError::StudyUnreadable { file: name(), reason: error.trim_end().into() };
    let text = String::from_utf8(files::read(file)?).map_err(|error| unreadable(error.to_string()))?;
    let mut common = text.parse::<Table>().map_err(|error| unreadable(error.to_string()))?;
    let own = match common.remove(GRID) {
        None => vec![Table::new()],
        Some(Value::Table(table)) => vec![table],
        Some(Value::Array(tables)) if !tables.is_empty() => {
            let tables = tables.into_iter().map(|table| table.try_into().ok()).collect::<Option<Vec<_>>>();
            tables.ok_or_else(|| CommandLineError::StudyGrid { file: name() })?
        }
        Some(_) => return Err(CommandLineError::StudyGrid { file: name() }.into()),
    };
    let grid = |own: Table| common.clone().into_iter().chain(own).collect::<Table>();
    if own.iter().any(|own| own.is_empty() && common.is_empty()) {
        return Err(CommandLineError::StudyWithoutEntries { file: name() }.into());
    }
    own.into_iter().map(|own| Grid::read(file, &grid(own))).collect()
}

/// Refuses more runs than memory and folder take.
fn check_size(file: &Path, grids: &[Grid]) -> Outcome {
    let runs = grids.iter().fold(0, |runs: usize, grid| runs.saturating_add(grid.size()));
    if runs <= MOST_RUNS {
        return Ok(());
    }
    let (file, runs) = (file.display().to_string().into(), runs.into());
    Err(CommandLineError::StudyTooManyRuns { file, runs, most: MOST_RUNS.into() }.into())
}

/// Refuses a run that cannot be trained, and one that equals another because what varies has no effect in it.
fn check(run: &Run, grid: &Grid) -> Outcome {
    run.train.check()?;
    let preset = run.train.preset();
    let idle =
        SETTINGS.iter().find(|setting| grid.varies(setting.key) && !setting.when.holds(&preset.model, &preset.train));
    match idle {
        Some(setting) => Err(CommandLineError::StudyNoEffect { setting: setting.key.into() }.into()),
        None => Ok(()),
    }
}

/// Refuses two runs that differ at most by settings without effect and by the name of the data set.
fn check_distinct(file: &Path, runs: &[Run]) -> Outcome {
    let values = |run: &Run| values(&run.train.preset().model, &run.train.preset().train);
    let all: Vec<_> = runs.iter().map(values).collect();
    let differs = |setting: &&Setting| all.iter().any(|values| values[setting.key] != all[0][setting.key]);
    let varied: Vec<&Setting> = SETTINGS.iter().filter(differs).collect();
    let mut seen = HashMap::new();
    for (run, values) in runs.iter().zip(&all) {
        let Preset { model, train, .. } = run.train.preset();
        let effective = varied.iter().filter(|setting| setting.when.holds(&model, &train));
        let effective: Vec<_> = effective.map(|setting| (setting.key, &values[setting.key])).collect();
        if let Some(other) = seen.insert(json!([effective, run.train.images()]).to_string(), run) {
            let [one, other] = [other, run].map(|run| in_words(&run.entries).into());
            return Err(CommandLineError::StudySameRun { file: file.display().to_string().into(), one, other }.into());
        }
    }
    Ok(())
}

/// Names the configuration of each run by the entries that differ between the runs, apart from the seed; returns them.
fn name_configurations(runs: &mut [Run]) -> Vec<&'static str> {
    let value =
        |run: &Run, entry: &str| run.entries.iter().find(|(name, _)| *name == entry).map(|(_, word)| word.clone());
    let differs = |entry: &str| entry != "seed" && runs.iter().any(|run| value(run, entry) != value(&runs[0], entry));
    let varied: Vec<&str> = known().into_iter().filter(|entry| differs(entry)).collect();
    for run in runs {
        let of_run = run.entries.iter().filter(|(entry, _)| varied.contains(entry)).cloned().collect::<Vec<_>>();
        run.configuration = if of_run.is_empty() { run.train.preset().name.into() } else { in_words(&of_run) };
    }
    varied
}
