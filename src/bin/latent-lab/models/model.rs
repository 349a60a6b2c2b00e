//! One file of weights: how it is made, and whether it is there.

use std::fmt;
use std::fs;
use std::path::Path;

use latent_lab::train::{TrainConfig, floats_per_image};
use latent_lab::weights::{Loaded, Weights};

use crate::known_data::{Known, known};
use crate::train::{self, COMMAND, Part, has_model};
use crate::{Outcome, files};

/// Options of all files, which their own override.
const COMMON: &str = "--seed 0 --eight-bit";
/// Options that say how the weights are stored, not which they are.
const PRECISIONS: [&str; 2] = ["--half", "--eight-bit"];
/// Training images of a data set without a name.
const USUAL_IMAGES: usize = 60_000;
/// Of `vae` this gives 3 s an epoch, as measured on two busy cores; `conv` took 83 s, `iwae` with 50 samples 97 s (`tests/logs`).
const SECONDS_PER_FLOAT: f64 = 1e-8;

/// Weights that come with the page.
pub struct Model {
    pub name: &'static str,
    /// Its own options of `train`.
    pub options: &'static str,
    /// The whole command but `--out`.
    pub command: String,
    pub run: train::Args,
    pub state: State,
    /// How long it takes to make from the beginning, roughly.
    pub seconds: f64,
}

/// What there is of a file.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum State {
    UpToDate,
    /// The right weights, but stored in another precision.
    OtherPrecision,
    Unfinished,
    Missing,
}

impl fmt::Display for State {
    fn fmt(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        formatter.pad(match self {
            Self::UpToDate => "up to date",
            Self::OtherPrecision => "to store anew",
            Self::Unfinished => "to resume",
            Self::Missing => "to train",
        })
    }
}

impl Model {
    /// The file of this name in `folder`, with `more` options. Options that `train` does not have end the program, with a message. `several`: others are trained at the same time.
    pub fn new(name: &'static str, options: &'static str, more: &[String], folder: &Path, several: bool) -> Self {
        let data = name.split_once('-').and_then(|(key, _)| known(key)).map(|data| format!("--data {}", data.key));
        let own = [COMMON, data.as_deref().unwrap_or(""), options];
        let words = own.into_iter().flat_map(str::split_whitespace).map(String::from);
        let options_given: Vec<String> = words.chain(more.iter().cloned()).collect();
        let command = format!("train {}", options_given.join(" "));
        let prefix = if several { format!("{name}: ") } else { String::new() };
        let part = Part { command: command.clone(), prefix };
        let out = folder.join(format!("{name}.safetensors"));
        let run = train::Args::parse_part(&options_given, out, part).unwrap_or_else(|error| error.exit());
        let state = state(&run, &command, more.is_empty());
        let run = if state == State::Unfinished { run.resumed() } else { run };
        Self { name, options, command, state, seconds: seconds(&run), run }
    }

    /// Trains the weights, or stores those that are there in the precision of these options.
    pub fn make(&self) -> Outcome {
        if self.state != State::OtherPrecision {
            return train::run(&self.run);
        }
        let out = self.run.out();
        let mut weights = Weights::from_bytes(&files::read(out)?)?;
        self.run.note_command(&mut weights.notes);
        files::write(out, &weights.to_bytes(self.run.precision()))
    }

    /// The row of `www/models/README.md`, once the file is there.
    pub fn row(&self) -> Option<String> {
        let notes = weights(self.run.out())?.notes;
        let [total, reconstruction, kl] = ["test_total", "test_reconstruction", "test_kl"]
            .map(|key| notes.get(key).and_then(|nats| nats.parse::<f64>().ok()).unwrap_or(f64::NAN));
        let Self { name, options, .. } = self;
        Some(format!("| `{name}.safetensors` | `{options}` | {total:.2} ({reconstruction:.2} + {kl:.2}) |"))
    }
}

fn seconds(run: &train::Args) -> f64 {
    let preset = run.preset();
    let images = known(run.data()).map_or(USUAL_IMAGES, |data| data.train_images);
    let epochs = if preset.train.solves(&preset.model) { 1 } else { preset.train.epochs };
    SECONDS_PER_FLOAT * floats_per_image(&preset.model, &preset.train) * images as f64 * epochs as f64
}

fn weights(file: &Path) -> Option<Weights> {
    Some(loaded(file)?.weights)
}

fn loaded(file: &Path) -> Option<Loaded> {
    Loaded::from_bytes(&fs::read(file).ok()?, None).ok()
}

/// Whether two commands train the same weights, however they are stored.
fn trains_the_same(command: &str, other: &str) -> bool {
    let [command, other] =
        [command, other].map(|command| command.split_whitespace().filter(|word| !PRECISIONS.contains(word)));
    command.eq(other)
}

/// Files from before they noted their command (`older`) are compared by what else they note. So are the others, because a preset may have changed.
fn state(run: &train::Args, command: &str, older: bool) -> State {
    let is_same = |weights: &Weights| weights.notes.get(COMMAND).map_or(older, |noted| trains_the_same(noted, command));
    if let Some(Loaded { precision, .. }) =
        loaded(run.out()).filter(|Loaded { weights, .. }| is_same(weights) && agrees(run, weights))
    {
        if precision == run.precision() { State::UpToDate } else { State::OtherPrecision }
    } else if run.can_resume() {
        State::Unfinished
    } else {
        State::Missing
    }
}

fn agrees(run: &train::Args, weights: &Weights) -> bool {
    let preset = run.preset();
    let TrainConfig { epochs, batch, learning_rate, beta, seed, .. } = preset.train;
    let expected = [
        ("epochs", epochs.to_string()),
        ("batch", batch.to_string()),
        ("learning_rate", learning_rate.to_string()),
        ("beta", beta.to_string()),
        ("seed", seed.to_string()),
    ];
    let named = |known: &Known| weights.trained_on().is_some_and(|found| found.name == known.name);
    known(run.data()).is_none_or(named)
        && has_model(weights, &preset.model)
        && expected.iter().all(|(key, value)| weights.notes.get(*key) == Some(value))
}
