//! The combinations of a grid.

use std::path::Path;

use latent_lab::error::CommandLineError;
use toml::{Table, Value};

use super::entry::{allowed, known};
use crate::Outcome;

/// One value for each entry, as words of the command line.
pub type Combination = Vec<(&'static str, String)>;

/// The values of each entry, in the order of [`known`] with the seed last.
pub struct Grid(Vec<(&'static str, Vec<String>)>);

impl Grid {
    /// The entries of a table: a value, or a list of values to try.
    pub fn read(file: &Path, table: &Table) -> Outcome<Self> {
        let unknown = |entry: &&String| !known().contains(&entry.as_str());
        if let Some(entry) = table.keys().find(unknown) {
            let known = known().join(", ").into();
            return Err(CommandLineError::StudyUnknownEntry {
                file: file.display().to_string().into(),
                entry: entry.as_str().into(),
                known,
            }
            .into());
        }
        let mut entries = known();
        entries.sort_by_key(|entry| *entry == "seed");
        let values = entries.into_iter().filter_map(|entry| Some((entry, table.get(entry)?)));
        Ok(Self(values.map(|(entry, value)| Ok((entry, words(entry, value)?))).collect::<Outcome<_>>()?))
    }

    /// Whether several values of an entry are tried.
    pub fn varies(&self, entry: &str) -> bool {
        self.0.iter().any(|(name, words)| *name == entry && words.len() > 1)
    }

    /// How many combinations there are, or at least the most that can be counted.
    pub fn size(&self) -> usize {
        self.0.iter().fold(1, |size, (_, words)| size.saturating_mul(words.len()))
    }

    /// Every combination; the values of the last entry change first.
    pub fn combinations(&self) -> Vec<Combination> {
        self.0.iter().fold(vec![Vec::new()], |all, (entry, words)| {
            let with = |one: &Combination, word: &String| [one.clone(), vec![(*entry, word.clone())]].concat();
            all.iter().flat_map(|one| words.iter().map(move |word| with(one, word))).collect()
        })
    }
}

/// The values of an entry.
fn words(entry: &'static str, value: &Value) -> Outcome<Vec<String>> {
    let allowed = allowed(entry).expect("the entry is known");
    let one = std::slice::from_ref(value);
    let values = value.as_array().map_or(one, Vec::as_slice);
    let words: Vec<String> = values.iter().map(|value| allowed.word(entry, value)).collect::<Outcome<_>>()?;
    if words.is_empty() {
        return Err(CommandLineError::StudyEmptyList { entry: entry.into() }.into());
    }
    match (1..words.len()).find(|&at| words[..at].contains(&words[at])) {
        Some(at) => {
            let value = words[at].as_str().into();
            Err(CommandLineError::StudyValueTwice { entry: entry.into(), value }.into())
        }
        None => Ok(words),
    }
}
