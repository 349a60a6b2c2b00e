//! Weights files on the command line: read with the answer to what they may not tell.

use std::path::PathBuf;

use latent_lab::Error;
use latent_lab::error::CommandLineError;
use latent_lab::messages::changes;
use latent_lab::model::LikelihoodKind;
use latent_lab::weights::{Loaded, Weights};

use crate::{Outcome, files};

/// A weights file, ours or another program's.
#[derive(clap::Args)]
#[group(skip)] // each command has a group of this name
pub struct Args {
    /// Weights file, safetensors
    #[arg(id = "weights", value_name = "WEIGHTS")]
    path: PathBuf,
    /// Likelihood of the pixels, where the file does not tell it: bernoulli, unit-gaussian or learned-gaussian
    #[arg(long, value_parser = likelihood)]
    likelihood: Option<LikelihoodKind>,
}

impl Args {
    /// The weights; prints what was converted or left out.
    pub fn load(&self) -> Outcome<Weights> {
        let bytes = files::read(&self.path)?;
        let loaded = match Loaded::from_bytes(&bytes, self.likelihood) {
            Err(Error::WeightsLikelihoodUnknown {}) => return Err(CommandLineError::LikelihoodNeeded {}.into()),
            loaded => loaded?,
        };
        changes(&loaded).iter().for_each(|change| eprintln!("{}: {change}", self.path.display()));
        Ok(loaded.weights)
    }
}

fn likelihood(name: &str) -> Result<LikelihoodKind, String> {
    serde_json::from_value(name.replace('-', "_").into())
        .map_err(|_| "choose bernoulli, unit-gaussian or learned-gaussian".into())
}
