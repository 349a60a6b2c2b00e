//! `latent-lab evaluate`: what a weights file is worth on the test images.

use std::fs;
use std::path::PathBuf;

use latent_lab::checkpoint::Checkpoint;
use latent_lab::data::Corruption;
use latent_lab::device;
use latent_lab::evaluate::{At, Scoring, negative_log_likelihood, score};
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
    /// Turn each pixel on or off for good, with the probability of its grey
    #[arg(long)]
    binarised: bool,
    /// Estimate -log p(x) with this many importance-weighted draws an image
    #[arg(long)]
    samples: Option<usize>,
    /// Seed of the noise
    #[arg(long, default_value_t = 0)]
    seed: u64,
}

pub fn run(args: &Args) -> Outcome {
    let mut test = mnist::load(&args.data, "t10k")?;
    if args.binarised {
        test.images = test.images.binarised(args.seed);
    }
    let file = Checkpoint::from_bytes(&fs::read(&args.weights)?)?;
    let device = device::cpu();
    let model = file.build(&device)?;
    println!("nats per image, {} test images      reconstruction     KL  total", test.len());
    for (name, at) in [("z sampled", At::Sample), ("z = mean (no bound)", At::Mean)] {
        let all = 0..test.len();
        let scoring = Scoring { at, seed: args.seed, corruption: Corruption::None };
        let it = now(score(&model, &file.model, &test, all, scoring, &device))?;
        println!("{name:<38}{:>14.2} {:>6.2} {:>6.2}", it.reconstruction, it.kl, it.total);
        if at == At::Mean {
            let used = it.usage.iter().filter(|&&kl| kl > UNUSED).count();
            println!("{used} of {} components carry more than {UNUSED} nats", it.usage.len());
        }
    }
    if let Some(samples) = args.samples {
        let all = 0..test.len();
        let nats = now(negative_log_likelihood(&model, &file.model, &test, all, samples, args.seed, &device))?;
        println!("-log p(x), {samples} importance-weighted draws: {nats:.2} nats");
    }
    Ok(())
}
