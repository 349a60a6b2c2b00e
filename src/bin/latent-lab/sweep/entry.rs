//! The entries of a study: what each may be, as options of `train`.

use std::sync::LazyLock;

use latent_lab::error::CommandLineError;
use latent_lab::presets;
use latent_lab::settings::{Kind, Setting, schema};
use toml::Value;

use crate::Outcome;

/// Options of `train` that are no settings: texts, flags and numbers.
const TEXTS: [&str; 2] = ["data", "data_name"];
const FLAGS: [&str; 3] = ["transpose", "invert", "binarised"];
const COUNTS: [&str; 2] = ["validation", "patience"];
/// Where a run is computed, which is no part of what it is.
const DEVICE: &str = "device";
/// Integers that TOML has no larger ones than.
const MOST: u64 = i64::MAX as u64;

/// All settings, which are asked for in each of many runs.
pub static SETTINGS: LazyLock<Vec<Setting>> = LazyLock::new(|| schema().settings);

/// What the value of an entry may be.
pub enum Allowed {
    Text,
    Flag,
    /// A flag of the command line, which is there or not.
    Switch,
    Integer(u64, u64),
    Number(f64, f64),
    Choice(Vec<String>),
}

/// What this entry may be; `None` where there is no such entry.
pub fn allowed(entry: &str) -> Option<Allowed> {
    if entry == "preset" {
        return Some(Allowed::Choice(presets::all().iter().map(|preset| preset.name.to_string()).collect()));
    }
    match entry {
        DEVICE => return Some(Allowed::Choice(["cpu", "gpu"].map(String::from).to_vec())),
        _ if TEXTS.contains(&entry) => return Some(Allowed::Text),
        _ if FLAGS.contains(&entry) => return Some(Allowed::Switch),
        _ if COUNTS.contains(&entry) => return Some(Allowed::Integer(0, MOST)),
        _ => (),
    }
    let setting = SETTINGS.iter().find(|setting| setting.key == entry)?;
    Some(match &setting.kind {
        Kind::Integer { min, max } => Allowed::Integer(*min, *max),
        Kind::Number { min, max } => Allowed::Number(*min, *max),
        Kind::Choice { choices } => {
            Allowed::Choice(choices.iter().filter_map(|choice| Some(choice.as_str()?.to_string())).collect())
        }
        Kind::Flag => Allowed::Flag,
    })
}

/// All entries that there are.
pub fn known() -> Vec<&'static str> {
    let settings = SETTINGS.iter().map(|setting| setting.key);
    ["preset", DEVICE].into_iter().chain(settings).chain(TEXTS).chain(FLAGS).chain(COUNTS).collect()
}

impl Allowed {
    /// The value as a word of the command line.
    pub fn word(&self, entry: &str, value: &Value) -> Outcome<String> {
        let word = match (self, value) {
            (Self::Text, Value::String(text)) if !text.is_empty() => Some(text.clone()),
            (Self::Flag | Self::Switch, Value::Boolean(flag)) => Some(flag.to_string()),
            (Self::Integer(min, max), Value::Integer(number)) => u64::try_from(*number)
                .ok()
                .filter(|number| (min..=max).contains(&number))
                .map(|number| number.to_string()),
            (Self::Number(min, max), Value::Float(_) | Value::Integer(_)) => {
                let number = value.as_float().or_else(|| Some(value.as_integer()? as f64));
                let in_limits = number.filter(|number| (min..=max).contains(&number));
                in_limits.map(|number| (number + 0.0).to_string()) // of -0 and 0 the same word
            }
            (Self::Choice(choices), Value::String(text)) => choices.contains(text).then(|| text.clone()),
            _ => None,
        };
        Ok(word.ok_or_else(|| self.refusal(entry, value))?)
    }

    fn refusal(&self, entry: &str, value: &Value) -> CommandLineError {
        let (entry, value) = (entry.into(), value.to_string().into());
        match self {
            Self::Text => CommandLineError::StudyNotText { entry, value },
            Self::Flag | Self::Switch => CommandLineError::StudyNotFlag { entry, value },
            Self::Integer(min, MOST) => CommandLineError::StudyNotCount { entry, value, min: (*min).into() },
            Self::Integer(min, max) => {
                CommandLineError::StudyNotInteger { entry, value, min: (*min).into(), max: (*max).into() }
            }
            Self::Number(min, max) => {
                CommandLineError::StudyNotNumber { entry, value, min: (*min).into(), max: (*max).into() }
            }
            Self::Choice(choices) => {
                CommandLineError::StudyNotChoice { entry, value, choices: choices.join(", ").into() }
            }
        }
    }
}

/// The option of `train` with this value; `None` of a flag that is not given.
pub fn option(entry: &str, word: &str) -> Option<String> {
    let name = format!("--{}", entry.replace('_', "-"));
    match FLAGS.contains(&entry) {
        true => (word == "true").then_some(name),
        false => Some(format!("{name}={word}")),
    }
}

/// An entry and its word, from `entry=word`.
pub fn parse(text: &str) -> Result<(&'static str, String), String> {
    let (name, word) = text.split_once('=').ok_or("without =")?;
    let entry = known().into_iter().find(|entry| *entry == name).ok_or("no entry of a study")?;
    Ok((entry, word.into()))
}
