//! One run of a study: its name, its files, and how it is trained.

use std::ffi::OsString;
use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};

use latent_lab::error::CommandLineError;
use latent_lab::messages::sentence;
use latent_lab::study::{RunResult, read_results};

use super::entry::option;
use super::grid::Combination;
use super::shell::quoted;
use crate::output::{say, warn};
use crate::train::{self, Part};
use crate::{Outcome, files};

/// Digits of the hash in a name: a study of ten thousand runs has two of the same name once in twenty thousand studies.
const HASHED: usize = 10;

/// A training run with these values of the study's entries.
pub struct Run {
    /// The same for the same settings and data, in whatever study.
    pub name: String,
    pub entries: Combination,
    /// What the study varies in it, apart from the seed.
    pub configuration: String,
    /// How it is trained.
    pub train: train::Args,
    dir: PathBuf,
}

/// "vae, hidden 64, beta 4, seed 0".
pub fn in_words(entries: &[(&'static str, String)]) -> String {
    let words = |(entry, word): &(&str, String)| match *entry {
        "preset" => word.clone(),
        _ => format!("{} {word}", entry.replace('_', " ")),
    };
    entries.iter().map(words).collect::<Vec<_>>().join(", ")
}

impl Run {
    /// Whose files are in `dir`.
    pub fn new(entries: Combination, dir: &Path) -> Self {
        let train = parsed(&entries);
        let preset = train.preset();
        let hash = train.identity()[..HASHED].to_string();
        let name = format!("{}-seed-{}-{hash}", preset.name, preset.train.seed);
        let file = |extension: &str| dir.join(format!("{name}.{extension}"));
        let train = train.writing(file("safetensors"), file("json"));
        Self { name, entries, configuration: String::new(), train, dir: dir.into() }
    }

    /// "vae, beta 4, seed 0".
    pub fn title(&self) -> String {
        format!("{}, seed {}", self.configuration, self.train.preset().train.seed)
    }

    /// The arguments of this program that train it in another process, which needs no study.
    pub fn arguments(&self) -> Vec<OsString> {
        let mut dir = OsString::from("--dir=");
        dir.push(&self.dir);
        let start = ["sweep".into(), "train".into(), dir, format!("--configuration={}", self.configuration).into()];
        let entries = self.entries.iter().map(|(entry, word)| format!("{entry}={word}").into());
        start.into_iter().chain(["--".into()]).chain(entries).collect()
    }

    /// Its file with this extension.
    pub fn file(&self, extension: &str) -> PathBuf {
        self.dir.join(format!("{}.{extension}", self.name))
    }

    /// Whether its result was written.
    pub fn is_complete(&self) -> bool {
        self.file("json").exists()
    }

    /// Its result; `None` until it is written.
    pub fn result(&self) -> Outcome<Option<RunResult>> {
        if !self.is_complete() {
            return Ok(None);
        }
        let file = self.file("json");
        let named = |reason: String| CommandLineError::StudyResultDamaged {
            file: file.display().to_string().into(),
            reason: reason.into(),
        };
        let results = read_results(&files::read(&file)?).map_err(|error| named(sentence(&error)))?;
        let result = results.into_iter().next().ok_or_else(|| named(String::new()))?;
        if !self.train.has_settings_of(&result) {
            return Err(CommandLineError::StudyResultOther { file: file.display().to_string().into() }.into());
        }
        Ok(Some(RunResult { configuration: self.configuration.clone(), ..result }))
    }

    /// Why its last attempt failed.
    pub fn failure(&self) -> Option<String> {
        fs::read_to_string(self.file("error")).ok().filter(|reason| !reason.is_empty())
    }

    /// Trains it in this process, from its checkpoint if it has one. Refused while another process does; nothing is done where its result is there.
    pub fn execute(&self) -> Outcome {
        files::create_folder(&self.dir)?;
        let file = self.file("lock");
        let lock = File::create(&file).map_err(|error| files::unwritable(&file, &error))?;
        match lock.try_lock() {
            Err(TryLockError::WouldBlock) => {
                return Err(CommandLineError::StudyRunBusy { run: self.name.as_str().into() }.into());
            }
            Err(TryLockError::Error(error)) => return Err(files::unwritable(&file, &error).into()),
            Ok(()) => (),
        }
        if self.is_complete() {
            say(format_args!("{} has its result already.", self.name));
        } else {
            self.train_locked()?;
        }
        self.remove_traces()
    }

    fn train_locked(&self) -> Outcome {
        say(format_args!("{}: {}", self.name, self.title()));
        files::remove(&self.file("error"))?;
        let resumed = self.train.can_resume().then(|| self.train.clone().resumed());
        let unfinished = self.train.unfinished();
        if resumed.is_none() && unfinished.exists() {
            warn(format_args!("{} is damaged or of another run, so this one begins anew.", unfinished.display()));
        }
        train::run(resumed.as_ref().unwrap_or(&self.train)).inspect_err(|error| {
            // Where even this cannot be written, the error that is printed has to do.
            let _ = files::write(&self.file("error"), sentence(&**error).as_bytes());
        })
    }

    /// Removes what a run has no use for once its result is there. Its lock goes last, by the process that holds it: whoever has opened it before finds the result.
    fn remove_traces(&self) -> Outcome {
        files::remove(&self.train.unfinished())?;
        files::remove(&self.file("best.safetensors"))?;
        files::remove(&self.file("error"))?;
        files::remove(&self.file("log"))?;
        files::remove(&self.file("lock"))
    }
}

/// The training run with these entries, without its files.
fn parsed(entries: &[(&'static str, String)]) -> train::Args {
    let options: Vec<String> = entries.iter().filter_map(|(entry, word)| option(entry, word)).collect();
    let words = options.iter().map(|word| quoted(word)).collect::<Vec<_>>();
    let part = Part { command: format!("train {}", words.join(" ")), prefix: String::new() };
    train::Args::parse_part(&options, PathBuf::new(), part).unwrap_or_else(|error| error.exit())
}
