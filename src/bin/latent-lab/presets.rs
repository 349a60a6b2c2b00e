//! The option `--preset`.

use clap::builder::{PossibleValue, PossibleValuesParser};
use latent_lab::messages::preset_title;
use latent_lab::presets;

/// The names of all presets, which `--help` lists with their titles.
pub fn parser() -> PossibleValuesParser {
    presets::all().into_iter().map(|preset| PossibleValue::new(preset.name).help(preset_title(preset.name))).into()
}
