//! `latent-lab export`: weights in single precision, and a short PyTorch script that loads them.

use std::fs;
use std::path::PathBuf;

use latent_lab::model::ModelConfig;
use latent_lab::weights::Precision;

use crate::{Outcome, weights};

const SCRIPT: &str = include_str!("vae.py");

/// Write a plain VAE's weights (any beta or corruption) and a PyTorch script that loads them into a folder.
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
        return Err(
            "The script is for the plain VAE, and these weights are of another model. The file itself can be loaded \
                    with safetensors: its names and layouts are PyTorch's."
                .into(),
        );
    }
    fs::create_dir_all(&args.out)?;
    fs::write(args.out.join("vae.safetensors"), weights.to_bytes(Precision::Single))?;
    let script = SCRIPT
        .replace("LATENT = 20", &format!("LATENT = {latent}"))
        .replace("HIDDEN = 400", &format!("HIDDEN = {hidden}"));
    fs::write(args.out.join("vae.py"), script)?;
    println!("python {}/vae.py", args.out.display());
    Ok(())
}
