//! `latent-lab export`: writes weights in single precision, and a short PyTorch script that loads them.

use std::path::PathBuf;

use latent_lab::error::CommandLineError;
use latent_lab::model::ModelConfig;
use latent_lab::weights::{Precision, Weights};

use crate::{Outcome, files};

const SCRIPT: &str = include_str!("vae.py");

/// Write the weights of a plain VAE (trained with any beta or corruption), and a PyTorch script that loads them, to a folder
#[derive(clap::Args)]
pub struct Args {
    /// Weights file, safetensors
    weights: PathBuf,
    /// Folder to write `vae.safetensors` and `vae.py` into
    #[arg(long, default_value = "export")]
    out: PathBuf,
}

pub fn run(args: &Args) -> Outcome {
    let weights = Weights::from_bytes(&files::read(&args.weights)?)?;
    let ModelConfig { latent, hidden, .. } = weights.model;
    if weights.model != (ModelConfig { latent, hidden, ..ModelConfig::default() }) {
        return Err(CommandLineError::ExportNotPlainVae {}.into());
    }
    files::create_folder(&args.out)?;
    files::write(&args.out.join("vae.safetensors"), &weights.to_bytes(Precision::Single))?;
    let script = SCRIPT
        .replace("LATENT = 20", &format!("LATENT = {latent}"))
        .replace("HIDDEN = 400", &format!("HIDDEN = {hidden}"));
    files::write(&args.out.join("vae.py"), script.as_bytes())?;
    println!("python {}/vae.py", args.out.display());
    Ok(())
}
