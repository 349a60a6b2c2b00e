//! `latent-lab export`: writes weights in single precision, and a short PyTorch script that loads them.

use std::path::PathBuf;

use latent_lab::error::CommandLineError;
use latent_lab::model::ModelConfig;
use latent_lab::weights::Precision;

use crate::{Outcome, files, weights};

const SCRIPT: &str = include_str!("vae.py");

/// Write the weights of a plain VAE (trained with any beta or corruption), and a PyTorch script that loads them, to a folder
#[derive(clap::Args)]
pub struct Args {
    #[command(flatten)]
    weights: weights::Args,
    /// Folder to write `vae.safetensors` and `vae.py` into
    #[arg(long, default_value = "export")]
    out: PathBuf,
}

pub fn run(args: &Args) -> Outcome {
    let weights = args.weights.load()?;
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
