//! A study: the runs that a file describes.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use latent_lab::error::CommandLineError;
use latent_lab::messages::sentence;
use toml::{Table, Value};

use super::entry::{SETTINGS, known};
use super::grid::Grid;
use super::run::{Run, in_words};
use crate::{Outcome, files};

/// The entry with the tables of several grids.
const GRID: &str = "grid";

/// The runs of a study, none of them twice, and all of them possible.
pub struct Study {
    pub file: PathBuf,
    pub dir: PathBuf,
    pub runs: Vec<Run>,
}

impl Study {
    /// Reads a study whose results are in `dir`.
    pub fn read(file: &Path, dir: &Path) -> Outcome<Self> {
        let (mut runs, mut refused) = (Vec::new(), Vec::new());
        for grid in grids(file)? {
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
        name_configurations(&mut runs);
        Ok(Self { file: file.into(), dir: dir.into(), runs })
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
    let text = String::from_utf8_lossy(&files::read(file)?).into_owned();
    let parsed = text.parse::<Table>();
    let mut common = parsed.map_err(|error| CommandLineError::StudyUnreadable {
        file: name(),
        reason: error.to_string().trim_end().into(),
    })?;
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

fn check_distinct(file: &Path, runs: &[Run]) -> Outcome {
    let mut seen = HashMap::new();
    let Some((one, other)) = runs.iter().find_map(|run| Some((seen.insert(&run.hash, run)?, run))) else {
        return Ok(());
    };
    let [one, other] = [one, other].map(|run| in_words(&run.entries).into());
    Err(CommandLineError::StudySameRun { file: file.display().to_string().into(), one, other }.into())
}

/// Names the configuration of each run by the entries that differ between the runs, apart from the seed.
fn name_configurations(runs: &mut [Run]) {
    let value =
        |run: &Run, entry: &str| run.entries.iter().find(|(name, _)| *name == entry).map(|(_, word)| word.clone());
    let differs = |entry: &str| entry != "seed" && runs.iter().any(|run| value(run, entry) != value(&runs[0], entry));
    let varied: Vec<&str> = known().into_iter().filter(|entry| differs(entry)).collect();
    for run in runs {
        let of_run = run.entries.iter().filter(|(entry, _)| varied.contains(entry)).cloned().collect::<Vec<_>>();
        run.configuration = if of_run.is_empty() { run.train.preset().name.into() } else { in_words(&of_run) };
    }
}
