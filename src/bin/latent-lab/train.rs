//! `latent-lab train`: the page's training run, natively, with a table of what each epoch reached.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

use clap::builder::PossibleValuesParser;
use comfy_table::presets::ASCII_MARKDOWN;
use comfy_table::{CellAlignment, Table};
use indicatif::{ProgressBar, ProgressStyle};
use latent_lab::data::Dataset;
use latent_lab::device;
use latent_lab::evaluate::{At, Score, Scoring, score};
use latent_lab::presets::{self, Preset};
use latent_lab::snapshot::now;
use latent_lab::train::{Checkpoint, Loss, TrainConfig, Trainer};
use latent_lab::weights::{Precision, Weights};

use crate::{Outcome, mnist};

/// Seeds of the fixed binarisation; that of the test images is what `evaluate --binarised` takes by default.
const BINARISED_TRAIN: u64 = 1;
const BINARISED_TEST: u64 = 0;
/// Steps between two movements of the progress bar, sharing one upload.
const CHUNK: usize = 16;

/// Train a model on MNIST; prints nats per image, z sampled, sums over pixels and latents.
#[derive(clap::Args)]
pub struct Args {
    /// Folder with MNIST's four files
    #[arg(long, default_value = "www/data")]
    data: PathBuf,
    /// Where to write the weights
    #[arg(long, default_value = "model.safetensors")]
    out: PathBuf,
    /// Go on from the checkpoint that an interrupted run left beside --out
    #[arg(long)]
    resume: bool,
    /// Turn each pixel on or off for good, with the probability of its grey
    #[arg(long)]
    binarised: bool,
    /// Write the weights in half precision, for the page
    #[arg(long)]
    half: bool,
    /// The system to train; what follows changes one of its settings
    #[arg(long, default_value = "vae", value_parser = PossibleValuesParser::new(presets::all().iter().map(|it| it.name)))]
    preset: String,
    #[arg(long)]
    latent: Option<usize>,
    #[arg(long)]
    hidden: Option<usize>,
    #[arg(long)]
    epochs: Option<u64>,
    #[arg(long)]
    batch: Option<usize>,
    #[arg(long)]
    learning_rate: Option<f64>,
    /// Weight of the KL term
    #[arg(long)]
    beta: Option<f64>,
    /// Epochs over which beta grows from zero
    #[arg(long)]
    warm_up: Option<f64>,
    /// Epochs at the end over which the learning rate falls to zero
    #[arg(long)]
    cool_down: Option<f64>,
    /// Parts of a learned prior
    #[arg(long)]
    components: Option<usize>,
    /// Vectors in a codebook
    #[arg(long)]
    codes: Option<usize>,
    /// Draws of z an image that share its bound
    #[arg(long)]
    samples: Option<usize>,
    /// Weight of what a critic says
    #[arg(long)]
    critic_weight: Option<f64>,
    /// Images that keep their label, for a classifier; 0 for all
    #[arg(long)]
    labels: Option<usize>,
    /// Redraw each pixel on or off every time it is seen
    #[arg(long)]
    binarise: bool,
    #[arg(long)]
    seed: Option<u64>,
}

impl Args {
    fn settings(&self) -> Preset {
        let mut preset = presets::named(&self.preset).expect("the argument parser knows the names");
        let Preset { model, train, .. } = &mut preset;
        set(&mut model.latent, self.latent);
        set(&mut model.hidden, self.hidden);
        set(&mut train.epochs, self.epochs);
        set(&mut train.batch, self.batch);
        set(&mut train.learning_rate, self.learning_rate);
        set(&mut train.beta, self.beta);
        set(&mut train.warm_up, self.warm_up);
        set(&mut train.cool_down, self.cool_down);
        set(&mut model.components, self.components);
        set(&mut model.codes, self.codes);
        set(&mut train.samples, self.samples);
        set(&mut train.critic_weight, self.critic_weight);
        set(&mut train.labels, self.labels);
        train.binarise |= self.binarise;
        set(&mut train.seed, self.seed);
        preset
    }
}

fn set<T>(setting: &mut T, value: Option<T>) {
    if let Some(value) = value {
        *setting = value;
    }
}

pub fn run(args: &Args) -> Outcome {
    let mut train = mnist::load(&args.data, "train")?;
    let mut test = mnist::load(&args.data, "t10k")?;
    if args.binarised {
        train.images = train.images.binarised(BINARISED_TRAIN);
    }
    if args.binarised || args.binarise {
        test.images = test.images.binarised(BINARISED_TEST);
    }
    let unfinished = args.out.with_extension("resume.safetensors");
    let mut trainer = start(args, &unfinished)?;
    let steps = if trainer.closed_form() { 1 } else { train.len() / trainer.config().batch };
    if steps == 0 {
        return Err("the batch is larger than the data set".into());
    }

    let mut table = Table::new();
    table.load_style(ASCII_MARKDOWN).set_header([
        "epoch",
        "train rec.",
        "train KL",
        "train",
        "test rec.",
        "test KL",
        "test",
        "s",
    ]);
    for column in table.column_iter_mut() {
        column.set_cell_alignment(CellAlignment::Right);
    }
    let mut last = None;
    let first = trainer.epochs_done(train.len()).round() as u64;
    for epoch in first + 1..=trainer.config().epochs {
        let started = Instant::now();
        let mean = one_epoch(&mut trainer, &train, steps, epoch)?;
        let test = score_test(&trainer, &test)?;
        table.add_row(
            [epoch.to_string()]
                .into_iter()
                .chain(
                    [mean.reconstruction, mean.kl, mean.total, test.reconstruction, test.kl, test.total]
                        .map(|nats| format!("{nats:.2}")),
                )
                .chain([format!("{:.1}", started.elapsed().as_secs_f64())]),
        );
        println!(
            "epoch {epoch}: train {:.2}, test {:.2} nats per image, z sampled{}",
            mean.total,
            test.total,
            beside(&test)
        );
        write(&unfinished, &now(trainer.checkpoint())?.to_bytes())?;
        last = Some(test);
    }

    println!("\nNats per image, z sampled, sums over pixels and latents; train terms are running means.\n{table}");
    let mut weights = now(trainer.weights())?;
    let test = match last {
        Some(score) => score,
        None => score_test(&trainer, &test)?,
    };
    note(&mut weights, &trainer, &test);
    let precision = if args.half { Precision::Half } else { Precision::Single };
    write(&args.out, &weights.to_bytes(precision))?;
    fs::remove_file(&unfinished).or_else(|error| match error.kind() {
        std::io::ErrorKind::NotFound => Ok(()),
        _ => Err(error),
    })?;
    println!("weights: {}", args.out.display());
    Ok(())
}

/// What a score says besides the terms.
fn beside(score: &Score) -> String {
    let perplexity = score.perplexity.map(|perplexity| format!("; code perplexity {perplexity:.1}"));
    let accuracy = score.accuracy.map(|accuracy| format!("; {:.2} % of digits guessed", 100.0 * accuracy));
    [perplexity, accuracy].into_iter().flatten().collect()
}

fn start(args: &Args, unfinished: &Path) -> Outcome<Trainer> {
    let Preset { model, train, .. } = args.settings();
    if !args.resume {
        return Ok(Trainer::new(model, train, &device::cpu())?);
    }
    let bytes = fs::read(unfinished).map_err(|error| format!("{} cannot be resumed: {error}", unfinished.display()))?;
    let checkpoint = Checkpoint::from_bytes(&bytes)?;
    if (&checkpoint.weights.model, checkpoint.train.seed) != (&model, train.seed) {
        return Err("the interrupted run had another model or seed: give the same ones, or leave --resume out".into());
    }
    Ok(Trainer::from_checkpoint(checkpoint, train, &device::cpu())?)
}

fn one_epoch(trainer: &mut Trainer, data: &Dataset, steps: usize, epoch: u64) -> Outcome<Loss> {
    let style = ProgressStyle::with_template("epoch {prefix} {wide_bar} {pos}/{len} {msg} {eta}")
        .expect("the template is well formed");
    let bar = ProgressBar::new(steps as u64).with_style(style).with_prefix(epoch.to_string());
    let mut losses = Vec::with_capacity(steps);
    while losses.len() < steps {
        let chunk = now(trainer.train(data, CHUNK.min(steps - losses.len())))?;
        if let Some(spoilt) = chunk.iter().find(|loss| !loss.is_finite()) {
            return Err(format!("the loss is no number after step {}: try a smaller learning rate", spoilt.step).into());
        }
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
    Ok(now(score(&trainer.model(), trainer.model_config(), test, 0..test.len(), scoring, &device::cpu()))?)
}

/// Notes how the weights were trained and how they score.
fn note(weights: &mut Weights, trainer: &Trainer, test: &Score) {
    let config = trainer.config();
    weights.note_usage(&test.usage);
    let notes = [
        ("data", "MNIST, 60,000 training images".to_string()),
        ("epochs", config.epochs.to_string()),
        ("batch", config.batch.to_string()),
        ("learning_rate", config.learning_rate.to_string()),
        ("beta", config.beta.to_string()),
        ("seed", config.seed.to_string()),
        ("test_reconstruction", format!("{:.3}", test.reconstruction)),
        ("test_kl", format!("{:.3}", test.kl)),
        ("test_total", format!("{:.3}", test.total)),
        ("unit", "nats per image, 10,000 test images, z sampled".to_string()),
    ];
    weights.notes.extend(notes.map(|(key, value)| (key.to_string(), value)));
}

/// Writes a file whole or not at all.
fn write(path: &Path, bytes: &[u8]) -> Outcome {
    let unfinished = path.with_extension("part");
    fs::write(&unfinished, bytes)
        .and_then(|()| fs::rename(&unfinished, path))
        .map_err(|error| format!("{} cannot be written: {error}", path.display()))?;
    Ok(())
}
