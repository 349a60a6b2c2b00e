//! `latent-lab export`: the weights in single precision, and a short PyTorch script whose model loads them.

use std::fs;
use std::path::PathBuf;

use latent_lab::checkpoint::{Checkpoint, Precision};

use crate::Outcome;

const SCRIPT: &str = include_str!("vae.py");

/// Write weights and a PyTorch script that loads them into a folder.
#[derive(clap::Args)]
pub struct Args {
    weights: PathBuf,
    /// Folder to write `vae.safetensors` and `vae.py` into
    #[arg(long, default_value = "export")]
    out: PathBuf,
}

pub fn run(args: &Args) -> Outcome {
    let file = Checkpoint::from_bytes(&fs::read(&args.weights)?)?;
    let weights = Checkpoint { progress: None, ..file };
    fs::create_dir_all(&args.out)?;
    fs::write(args.out.join("vae.safetensors"), weights.to_bytes(Precision::Single))?;
    let script = SCRIPT
        .replace("LATENT = 20", &format!("LATENT = {}", weights.model.latent))
        .replace("HIDDEN = 400", &format!("HIDDEN = {}", weights.model.hidden));
    fs::write(args.out.join("vae.py"), script)?;
    println!("python {}/vae.py", args.out.display());
    Ok(())
}
