//! A training run as a part of `latent-lab models`.

use std::path::{Path, PathBuf};

use latent_lab::presets::Preset;
use latent_lab::weights::{Notes, Precision};

use super::Args;

/// The key of the note that says how weights were made.
pub const COMMAND: &str = "command";

/// A run that is one of several.
pub struct Part {
    /// What the notes of the weights say of how they were made.
    pub command: String,
    /// Before the lines that are printed after an epoch, where several runs print at the same time.
    pub prefix: String,
}

impl Args {
    /// The run of these options as a part of `latent-lab models`, which writes to `out`.
    pub fn parse_part(options: &[String], out: PathBuf, part: Part) -> Result<Self, clap::Error> {
        let command = <Self as clap::Args>::augment_args(clap::Command::new("latent-lab").no_binary_name(true));
        let parsed = <Self as clap::FromArgMatches>::from_arg_matches(&command.try_get_matches_from(options)?)?;
        Ok(Self { out, part: Some(part), ..parsed })
    }

    /// Resumes the run from the checkpoint that it left.
    pub fn resumed(self) -> Self {
        Self { resume: true, ..self }
    }

    /// What is trained, and how.
    pub fn preset(&self) -> Preset {
        self.settings.preset()
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
