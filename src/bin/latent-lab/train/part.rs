//! A training run as a part of `latent-lab models` or of a study.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use latent_lab::model::ModelConfig;
use latent_lab::presets::Preset;
use latent_lab::study::RunResult;
use latent_lab::train::Checkpoint;
use latent_lab::weights::{Notes, Precision, Weights};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::Args;
use crate::Outcome;

/// The key of the note that says how weights were made.
pub const COMMAND: &str = "command";
/// The key of a checkpoint's note that says of which run it is, however its command was written.
const IDENTITY: &str = "identity";

/// The options of `train`, built once: a study has thousands of runs.
static OPTIONS: LazyLock<clap::Command> = LazyLock::new(|| {
    let mut command = <Args as clap::Args>::augment_args(clap::Command::new("latent-lab").no_binary_name(true));
    command.build();
    command
});

/// A run that is one of several.
#[derive(Clone)]
pub struct Part {
    /// What the notes of the weights say of how they were made.
    pub command: String,
    /// Before the lines that are printed after an epoch, where several runs print at the same time.
    pub prefix: String,
}

impl Args {
    /// The run of these options as a part of several, which writes to `out`.
    pub fn parse_part(options: &[String], out: PathBuf, part: Part) -> Result<Self, clap::Error> {
        let parsed = <Self as clap::FromArgMatches>::from_arg_matches(&OPTIONS.clone().try_get_matches_from(options)?)?;
        Ok(Self { out, part: Some(part), ..parsed })
    }

    /// Resumes the run from the checkpoint that it left.
    pub fn resumed(self) -> Self {
        Self { resume: true, ..self }
    }

    /// The run with its weights and its result in these files.
    pub fn writing(self, out: PathBuf, result: PathBuf) -> Self {
        Self { out, result: Some(result), ..self }
    }

    /// Whether an interrupted run of the same settings and data has left a checkpoint.
    pub fn can_resume(&self) -> bool {
        let left = fs::read(self.unfinished()).ok().and_then(|bytes| Checkpoint::from_bytes(&bytes).ok());
        left.is_some_and(|left| left.weights.notes.get(IDENTITY) == Some(&self.identity()))
    }

    /// What is trained, and how.
    pub fn preset(&self) -> Preset {
        self.settings.preset()
    }

    /// Refuses options that contradict each other, as far as they can be known without the data.
    pub fn check(&self) -> Outcome {
        let Preset { model, train, .. } = self.preset();
        self.validation.check()?;
        model.check()?;
        Ok(train.check(&model)?)
    }

    /// SHA-256, hexadecimal, of all that decides over the result: two runs with the same are one.
    pub fn identity(&self) -> String {
        let Preset { model, train, .. } = self.preset();
        let all = json!([model, train, self.data, self.validation, self.binarised]);
        Sha256::digest(all.to_string()).iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// Which images it is trained and tested on, whatever they are called.
    pub fn images(&self) -> Value {
        json!([self.data.images(), self.validation, self.binarised])
    }

    /// Whether a result is of a run with these settings; its number of classes is the data set's.
    pub fn has_settings_of(&self, result: &RunResult) -> bool {
        let Preset { name, model, train, .. } = self.preset();
        let model = ModelConfig { classes: result.model.classes, ..model };
        (name, &model, &train) == (result.preset.as_str(), &result.model, &result.train)
    }

    /// Notes in a checkpoint which run it is of.
    pub fn note_identity(&self, notes: &mut Notes) {
        notes.insert(IDENTITY.into(), self.identity());
    }

    /// How the weights are stored.
    pub fn precision(&self) -> Precision {
        match (self.half, self.eight_bit) {
            (true, _) => Precision::Half,
            (_, true) => Precision::EightBit,
            _ => Precision::Single,
        }
    }

    /// The data set's name, or where it is.
    pub fn data(&self) -> &str {
        self.data.place()
    }

    /// Where an interrupted run leaves its checkpoint.
    pub fn unfinished(&self) -> PathBuf {
        self.out.with_extension("resume.safetensors")
    }

    /// Where the weights are written.
    pub fn out(&self) -> &Path {
        &self.out
    }

    /// Notes the command of a part.
    pub fn note_command(&self, notes: &mut Notes) {
        notes.extend(self.part.iter().map(|part| (COMMAND.into(), part.command.clone())));
    }
}

/// Whether the weights are of this model; its number of classes is the data set's.
pub fn has_model(weights: &Weights, model: &ModelConfig) -> bool {
    weights.check_model(&ModelConfig { classes: weights.model.classes, ..model.clone() }).is_ok()
}
