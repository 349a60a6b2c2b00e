//! `latent-lab evaluate`: what a weights file is worth on the test images.

use std::fs;
use std::path::PathBuf;

use latent_lab::checkpoint::Checkpoint;
use latent_lab::device;
use latent_lab::evaluate::{At, score};
use latent_lab::snapshot::now;

use crate::{Outcome, mnist};

/// Latent components below this carry nothing (mean KL in nats).
const UNUSED: f64 = 0.05;

/// Score a weights file on the 10,000 test images.
#[derive(clap::Args)]
pub struct Args {
    weights: PathBuf,
    /// Folder with MNIST's four files
    #[arg(long, default_value = "www/data")]
    data: PathBuf,
    /// Seed of the noise
    #[arg(long, default_value_t = 0)]
    seed: u64,
}

pub fn run(args: &Args) -> Outcome {
    let test = mnist::load(&args.data, "t10k")?;
    let file = Checkpoint::from_bytes(&fs::read(&args.weights)?)?;
    let device = device::cpu();
    let model = file.build(&device);
    println!("nats per image, {} test images      reconstruction     KL  total", test.len());
    for (name, at) in [("z sampled", At::Sample { seed: args.seed }), ("z = mean (no bound)", At::Mean)] {
        let all = 0..test.len();
        let it = now(score(&model, file.model.latent, &test.images, all, at, &device))?;
        println!("{name:<38}{:>14.2} {:>6.2} {:>6.2}", it.reconstruction, it.kl, it.total);
        if at == At::Mean {
            let used = it.usage.iter().filter(|&&kl| kl > UNUSED).count();
            println!("{used} of {} components carry more than {UNUSED} nats", it.usage.len());
        }
    }
    Ok(())
}
