//! `latent-lab bench`: the time of a training step, and the inputs with which another program takes the same steps.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::Instant;

use latent_lab::data::Images;
use latent_lab::presets::Preset;
use latent_lab::snapshot::block_on;
use latent_lab::train::{Replay, Trainer};
use latent_lab::weights::Precision;
use serde::Serialize;

use crate::data_set::{self, Split};
use crate::train::Settings;
use crate::{Outcome, device, files};

/// Time training steps; prints `{ "times": [ms per step], "losses": [nats per image] }`.
#[derive(clap::Args)]
pub struct Args {
    #[command(flatten)]
    data: data_set::Args,
    #[command(flatten)]
    device: device::Args,
    /// Steps to time
    #[arg(long, default_value_t = 50)]
    steps: usize,
    /// Steps that share an upload and a readback
    #[arg(long, default_value_t = 1)]
    every: usize,
    /// Also write the initial weights, and the images and noise of each step as rows of 32-bit floats, to this folder
    #[arg(long)]
    replay: Option<PathBuf>,
    #[command(flatten)]
    settings: Settings,
}

#[derive(Serialize)]
struct Report {
    times: Vec<f64>,
    losses: Vec<f64>,
}

pub fn run(args: &Args) -> Outcome {
    let data = args.data.load(Split::Train)?.data;
    let preset = args.settings.preset_for(&data)?;
    let mut trainer = Trainer::new(preset.model.clone(), preset.train.clone(), &args.device.open()?)?;
    if let Some(folder) = &args.replay {
        files::create_folder(folder)?;
        let weights = block_on(trainer.weights())?.to_bytes(Precision::Single);
        files::write(&folder.join("start.safetensors"), &weights)?;
        write_replay(preset, &data.images, args.steps, folder)?;
    }
    let every = args.every.max(1);
    let mut report = Report { times: Vec::new(), losses: Vec::new() };
    while report.losses.len() < args.steps {
        let steps = every.min(args.steps - report.losses.len());
        let started = Instant::now();
        let losses = block_on(trainer.train(&data, steps))?;
        report.times.push(started.elapsed().as_secs_f64() * 1e3 / losses.len() as f64);
        report.losses.extend(losses.iter().map(|loss| loss.total));
    }
    println!("{}", serde_json::to_string(&report).expect("a report is plain data"));
    Ok(())
}

/// Writes the steps' inputs: `images.f32` `[steps * B, P]` and `noise.f32` `[steps * B, Z]`.
fn write_replay(Preset { model, train, .. }: Preset, images: &Images, steps: usize, folder: &Path) -> Outcome {
    let mut replay = Replay::new(model, train)?;
    let (mut images_file, mut noise_file) =
        (files::create(&folder.join("images.f32"))?, files::create(&folder.join("noise.f32"))?);
    let mut write = || {
        for _ in 0..steps {
            let minibatch = replay.next(images);
            write_floats(&mut images_file, &minibatch.images)?;
            write_floats(&mut noise_file, &minibatch.noise)?;
        }
        images_file.flush()?;
        noise_file.flush()
    };
    Ok(write().map_err(|error| files::unwritable(folder, &error))?)
}

fn write_floats(file: &mut impl Write, values: &[f32]) -> std::io::Result<()> {
    values.iter().try_for_each(|value| file.write_all(&value.to_le_bytes()))
}
