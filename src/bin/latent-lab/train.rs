//! `latent-lab train`: trains a model as the page does, and prints a table of the losses after each epoch.

mod physical_memory;
mod report;
mod settings;

use std::path::{Path, PathBuf};
use std::time::Instant;

use indicatif::{ProgressBar, ProgressStyle};
use latent_lab::data::Dataset;
use latent_lab::device;
use latent_lab::error::CommandLineError;
use latent_lab::evaluate::{At, Score, Scoring, score};
use latent_lab::model::ModelConfig;
use latent_lab::presets::Preset;
use latent_lab::snapshot::block_on;
use latent_lab::train::{Checkpoint, Loss, TrainConfig, Trainer, check_memory};
use latent_lab::weights::Precision;

use self::physical_memory::physical_memory;
use self::report::EpochTable;
use self::settings::Settings;
use crate::data_set;
use crate::{Outcome, files};

/// Seeds of the static binarisation; that of the test images is the default of `evaluate --binarised`.
const BINARISED_TRAIN: u64 = 1;
const BINARISED_TEST: u64 = 0;
/// Steps per update of the progress bar; they share one upload.
const CHUNK: usize = 16;

/// Train a model on MNIST, or on a data set of the same format; prints nats per image at one sample of z, summed over pixels and components
#[derive(clap::Args)]
pub struct Args {
    #[command(flatten)]
    data: data_set::Args,
    /// Where to write the weights
    #[arg(long, default_value = "model.safetensors")]
    out: PathBuf,
    /// Resume an interrupted run from the checkpoint that it left next to --out
    #[arg(long)]
    resume: bool,
    /// Static binarisation: set each pixel once to 0 or 1, to 1 with the probability of its grey value
    #[arg(long)]
    binarised: bool,
    /// Write the weights in half precision, for the page
    #[arg(long)]
    half: bool,
    /// Also print the losses of the first steps, as many as this, to compare them with another device's
    #[arg(long, value_name = "STEPS", default_value_t = 0)]
    log_steps: u64,
    #[command(flatten)]
    settings: Settings,
}

pub fn run(args: &Args) -> Outcome {
    files::check_writable(&args.out)?;
    let (named_train, named_test) = args.data.load_both()?;
    let notes = named_train.notes(&named_test);
    println!("data: {}", named_train.description());
    let (mut train, mut test) = (named_train.data, named_test.data);
    if args.binarised {
        train.images = train.images.binarised(BINARISED_TRAIN);
    }
    let Preset { mut model, train: settings, .. } = args.settings.preset();
    if model.labelled {
        train.check_has_labels()?;
        model.classes = train.info.classes.len();
    }
    if args.binarised || settings.binarise {
        test.images = test.images.binarised(BINARISED_TEST);
    }
    let unfinished = args.out.with_extension("resume.safetensors");
    check_memory(&model, &settings, train.len() + test.len(), physical_memory().unwrap_or(f64::INFINITY))?;
    let mut trainer = start(args, model, &unfinished)?;
    let steps = if trainer.closed_form() { 1 } else { train.len() / trainer.config().batch };
    if steps == 0 {
        let (batch, images) = (trainer.config().batch.into(), train.len().into());
        return Err(CommandLineError::BatchTooLarge { batch, images }.into());
    }

    let mut epochs = EpochTable::new();
    let mut last = None;
    let first = trainer.epochs_done(train.len()).round() as u64;
    for epoch in first + 1..=trainer.config().epochs {
        let started = Instant::now();
        let mean = one_epoch(&mut trainer, &train, Extent { steps, epoch, logged: args.log_steps })?;
        let test = score_test(&trainer, &test)?;
        println!("{}", report::epoch_line(epoch, &mean, &test));
        epochs.add(epoch, &mean, &test, started.elapsed());
        files::write(&unfinished, &block_on(trainer.checkpoint())?.to_bytes())?;
        last = Some(test);
    }

    println!(
        "\nNats per image, z sampled, sums over pixels and latents; train terms are means over the epoch's steps.\n{epochs}"
    );
    let mut weights = block_on(trainer.weights())?;
    let test = match last {
        Some(score) => score,
        None => score_test(&trainer, &test)?,
    };
    weights.notes.extend(notes);
    report::note(&mut weights, &trainer, &test);
    let precision = if args.half { Precision::Half } else { Precision::Single };
    files::write(&args.out, &weights.to_bytes(precision))?;
    files::remove(&unfinished)?;
    println!("weights: {}", args.out.display());
    Ok(())
}

fn start(args: &Args, model: ModelConfig, unfinished: &Path) -> Outcome<Trainer> {
    let train = args.settings.preset().train;
    if !args.resume {
        return Ok(Trainer::new(model, train, &device::cpu())?);
    }
    let checkpoint = Checkpoint::from_bytes(&files::read(unfinished)?)?;
    if (&checkpoint.weights.model, checkpoint.train.seed) != (&model, train.seed) {
        return Err(CommandLineError::ResumeOtherRun {}.into());
    }
    Ok(Trainer::from_checkpoint(checkpoint, train, &device::cpu())?)
}

/// How many steps the epoch of this number has, and up to which step of the run each loss is printed.
struct Extent {
    steps: usize,
    epoch: u64,
    logged: u64,
}

fn one_epoch(trainer: &mut Trainer, data: &Dataset, Extent { steps, epoch, logged }: Extent) -> Outcome<Loss> {
    let style = ProgressStyle::with_template("epoch {prefix} {wide_bar} {pos}/{len} {msg} {eta}")
        .expect("the template is well formed");
    let bar = ProgressBar::new(steps as u64).with_style(style).with_prefix(epoch.to_string());
    let mut losses = Vec::with_capacity(steps);
    while losses.len() < steps {
        let chunk = block_on(trainer.train(data, CHUNK.min(steps - losses.len())))?;
        if let Some(diverged) = chunk.iter().find(|loss| !loss.is_finite()) {
            return Err(CommandLineError::TrainingDiverged { step: diverged.step.into() }.into());
        }
        let printed = chunk.iter().filter(|loss| loss.step <= logged);
        bar.suspend(|| printed.for_each(|loss| println!("{}", report::step_line(loss))));
        bar.inc(chunk.len() as u64);
        bar.set_message(format!("{:.1} nats", chunk[chunk.len() - 1].total));
        losses.extend(chunk);
    }
    bar.finish_and_clear();
    let mean = |term: fn(&Loss) -> f64| losses.iter().map(term).sum::<f64>() / steps as f64;
    Ok(Loss {
        step: trainer.step_count(),
        reconstruction: mean(|loss| loss.reconstruction),
        kl: mean(|loss| loss.kl),
        total: mean(|loss| loss.total),
    })
}

fn score_test(trainer: &Trainer, test: &Dataset) -> Outcome<Score> {
    let TrainConfig { seed, corruption, .. } = *trainer.config();
    let scoring = Scoring { at: At::Sample, seed, corruption };
    Ok(block_on(score(&trainer.model(), trainer.model_config(), test, 0..test.len(), scoring, &device::cpu()))?)
}
