//! `latent-lab bench`: how long a training step takes, and what another program needs to take the very same steps.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

use latent_lab::data::{Batches, Dataset, Position};
use latent_lab::device;
use latent_lab::presets::{self, Preset};
use latent_lab::random::{Stream, normals};
use latent_lab::snapshot::now;
use latent_lab::train::Trainer;
use latent_lab::weights::Precision;
use serde::Serialize;

use crate::{Outcome, mnist};

/// Time training steps; prints `{ "times": [ms a step], "losses": [nats per image] }`.
#[derive(clap::Args)]
pub struct Args {
    /// Folder with MNIST's four files
    #[arg(long, default_value = "www/data")]
    data: PathBuf,
    #[arg(long, default_value = "vae", value_parser = crate::presets::parser())]
    preset: String,
    #[arg(long, default_value_t = 128)]
    batch: usize,
    #[arg(long, default_value_t = 50)]
    steps: usize,
    /// Steps that share an upload and a reading
    #[arg(long, default_value_t = 1)]
    every: usize,
    /// Folder for the first weights, and for images and noise of each step as rows of 32-bit floats
    #[arg(long)]
    rehearsal: Option<PathBuf>,
}

#[derive(Serialize)]
struct Report {
    times: Vec<f64>,
    losses: Vec<f64>,
}

pub fn run(args: &Args) -> Outcome {
    let data = mnist::load(&args.data, "train")?;
    let mut preset = presets::named(&args.preset).expect("the argument parser knows the names");
    preset.train.batch = args.batch;
    let mut trainer = Trainer::new(preset.model.clone(), preset.train.clone(), &device::cpu())?;
    if let Some(folder) = &args.rehearsal {
        fs::create_dir_all(folder)?;
        fs::write(folder.join("start.safetensors"), now(trainer.weights())?.to_bytes(Precision::Single))?;
        rehearse(&preset, &data, args.steps, folder)?;
    }
    let every = args.every.max(1);
    let mut report = Report { times: Vec::new(), losses: Vec::new() };
    while report.losses.len() < args.steps {
        let steps = every.min(args.steps - report.losses.len());
        let started = Instant::now();
        let losses = now(trainer.train(&data, steps))?;
        report.times.push(started.elapsed().as_secs_f64() * 1e3 / steps as f64);
        report.losses.extend(losses.iter().map(|loss| loss.total));
    }
    println!("{}", serde_json::to_string(&report)?);
    Ok(())
}

/// Writes what plain training looks at: `images.f32` `[steps * B, P]` and `noise.f32` `[steps * B, Z]`.
fn rehearse(preset: &Preset, data: &Dataset, steps: usize, folder: &Path) -> Outcome {
    let Preset { model, train, .. } = preset;
    let mut batches = Batches::new(train.seed, Position::default());
    let [mut images, mut noise] = [Vec::new(), Vec::new()];
    for step in 0..steps as u64 {
        let indices = batches.next(data.len(), train.batch);
        images.extend(indices.into_iter().flat_map(|index| data.images.pixels(index)).flat_map(f32::to_le_bytes));
        let draws = normals(train.seed, Stream::Noise { step }, train.batch * model.latent);
        noise.extend(draws.into_iter().flat_map(f32::to_le_bytes));
    }
    fs::write(folder.join("images.f32"), images)?;
    fs::write(folder.join("noise.f32"), noise)?;
    Ok(())
}
