//! `latent-lab train`: trains a model as the page does, and prints a table of the losses after each epoch.

mod curve;
mod epoch;
mod part;
mod progress;
mod report;
mod result;
mod scores;
mod settings;
mod validation;

use std::path::PathBuf;
use std::time::Instant;

use burn::tensor::Device;
use latent_lab::data::Dataset;
use latent_lab::error::CommandLineError;
use latent_lab::model::ModelConfig;
use latent_lab::presets::Preset;
use latent_lab::snapshot::block_on;
use latent_lab::study::{RunResult, TestLosses, write_results};
use latent_lab::train::{Checkpoint, Trainer, check_memory};
use latent_lab::weights::Weights;

pub use self::part::{COMMAND, Part, has_model};
pub use self::settings::Settings;

use self::curve::Curve;
use self::epoch::{Extent, one_epoch};
use self::progress::Progress;
use self::report::EpochTable;
use self::scores::{Losses, score_test, score_validation};
use self::validation::Validation;
use crate::data_set;
use crate::output::say;
use crate::{Outcome, device, files};

/// Seeds of the static binarisation; that of the test images is the default of `evaluate --binarised`.
const BINARISED_TRAIN: u64 = 1;
const BINARISED_TEST: u64 = 0;

/// Train a model on MNIST, or on a data set of the same format; prints nats per image at one sample of z, summed over pixels and components
#[derive(clap::Args, Clone)]
#[command(args_override_self = true)] // of an option given twice, the last counts
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
    pub binarised: bool,
    /// Write the weights in half precision
    #[arg(long, overrides_with = "eight_bit")]
    half: bool,
    /// Write the weights in 8 bits, for the page: matrices as integers with a scale for each row
    #[arg(long, overrides_with = "half")]
    eight_bit: bool,
    /// Also write settings and losses of the run to this file, as a line of JSON
    #[arg(long, value_name = "FILE")]
    result: Option<PathBuf>,
    /// Also print the losses of the first steps, as many as this, to compare them with another device's
    #[arg(long, value_name = "STEPS", default_value_t = 0)]
    log_steps: u64,
    #[command(flatten)]
    device: device::Args,
    #[command(flatten)]
    pub validation: validation::Args,
    #[command(flatten)]
    settings: Settings,
    /// Set by `latent-lab models` and `latent-lab sweep`.
    #[arg(skip)]
    part: Option<Part>,
}

pub fn run(args: &Args) -> Outcome {
    args.validation.check()?;
    files::check_writable(&args.out)?;
    args.result.as_deref().map_or(Ok(()), files::check_writable)?;
    let (named_train, named_test) = args.data.load_both()?;
    let data = named_train.notes(&named_test);
    say(format_args!("data: {}", named_train.description()));
    let (mut train, mut test) = (named_train.data, named_test.data);
    if args.binarised {
        train.images = train.images.binarised(BINARISED_TRAIN);
    }
    let Preset { model, train: settings, .. } = args.settings.preset_for(&train)?;
    if args.binarised || settings.binarise {
        test.images = test.images.binarised(BINARISED_TEST);
    }
    check_memory(&model, &settings, train.len() + test.len(), args.device.memory())?;
    let (train, validation) = args.validation.hold_out(train, &settings, &args.out)?;
    let device = args.device.open()?;
    let mut progress = Progress { data, validation, curve: Curve::default() };
    let mut trainer = start(args, model, &device, &mut progress)?;
    let steps = if trainer.closed_form() { 1 } else { train.len() / trainer.config().batch };
    if steps == 0 {
        return Err(no_batch(train.len(), trainer.config().batch, progress.validation.as_ref()).into());
    }
    report::warn_of_warm_up(&trainer);

    let (done, last) = train_epochs(args, &mut trainer, &device, steps, (&train, &test), &mut progress)?;
    let Progress { data, validation, curve } = progress;
    let mut weights = match &validation {
        None => block_on(trainer.weights())?,
        Some(validation) => validation.result(&trainer, done)?,
    };
    let test = match last {
        Some(Losses::Test(score)) => score,
        _ => score_test(&weights.build(&device)?, &weights.model, trainer.config(), &test, &device)?,
    };
    if validation.is_some() {
        say(report::test_line(&test));
    }
    weights.notes.extend(data);
    report::note(&mut weights, &trainer, &test);
    args.note_command(&mut weights.notes);
    let result = result::of_run(args, &trainer, &weights, TestLosses::from(&test), curve);
    finish(args, &weights, &result, validation.as_ref())
}

/// Trains to the end of the run, epochs of `steps` steps, or until the validation loss has not improved for too long. Prints the losses, and writes after each epoch what resumes the run. Returns the epochs
/// done, and the losses after the last, unless there was none.
fn train_epochs(
    args: &Args,
    trainer: &mut Trainer,
    device: &Device,
    steps: usize,
    (train, test): (&Dataset, &Dataset),
    progress: &mut Progress,
) -> Outcome<(u64, Option<Losses>)> {
    let prefix = args.part.as_ref().map_or("", |part| &part.prefix);
    let mut table = EpochTable::new(progress.validation.is_some());
    let mut last = None;
    let mut done = trainer.epochs_done(train.len()).round() as u64;
    while done < trainer.config().epochs && !progress.is_over(done) {
        let (epoch, started) = (done + 1, Instant::now());
        let extent = Extent { steps, epoch, logged: args.log_steps, quiet: !prefix.is_empty() };
        let mean = one_epoch(trainer, train, extent)?;
        let losses = match &mut progress.validation {
            None => Losses::Test(score_test(&trainer.model(), trainer.model_config(), trainer.config(), test, device)?),
            Some(validation) => {
                let losses = score_validation(trainer, &validation.images, device)?;
                let best = validation.add(trainer, epoch, &losses)?;
                Losses::Validation { losses, best }
            }
        };
        say(format_args!("{prefix}{}", report::epoch_line(epoch, &mean, &losses)));
        let time = started.elapsed();
        table.add(epoch, &mean, &losses, time);
        if args.result.is_some() {
            progress.curve.add(epoch, &mean, &losses, time)?;
        }
        let mut checkpoint = block_on(trainer.checkpoint())?;
        progress.note(&mut checkpoint.weights.notes);
        args.note_identity(&mut checkpoint.weights.notes);
        files::write(&args.unfinished(), &checkpoint.to_bytes())?;
        (done, last) = (epoch, Some(losses));
    }
    say(format_args!(
        "\nNats per image, z sampled, sums over pixels and latents; train terms are means over the epoch's steps.\n{table}"
    ));
    Ok((done, last))
}

/// Writes weights and result, and only then removes what would resume the run.
fn finish(args: &Args, weights: &Weights, result: &RunResult, validation: Option<&Validation>) -> Outcome {
    files::write(&args.out, &weights.to_bytes(args.precision()))?;
    if let Some(file) = &args.result {
        files::write(file, write_results(std::slice::from_ref(result)).as_bytes())?;
    }
    files::remove(&args.unfinished())?;
    if let Some(validation) = validation {
        validation.remove_file()?;
    }
    say(format_args!("weights: {}", args.out.display()));
    Ok(())
}

/// The trainer, new or from the checkpoint with the progress that it notes.
fn start(args: &Args, model: ModelConfig, device: &Device, progress: &mut Progress) -> Outcome<Trainer> {
    let (train, unfinished) = (args.settings.preset().train, args.unfinished());
    if !args.resume {
        if let Some(validation) = &progress.validation {
            validation.remove_file()?; // another run's, to which its checkpoint belongs
            files::remove(&unfinished)?;
        }
        return Ok(Trainer::new(model, train, device)?);
    }
    let checkpoint = Checkpoint::from_bytes(&files::read(&unfinished)?)?;
    if (&checkpoint.weights.model, checkpoint.train.seed) != (&model, train.seed) {
        return Err(CommandLineError::ResumeOtherRun {}.into());
    }
    progress.resume(&unfinished, &checkpoint.weights.notes, args.data())?;
    Ok(Trainer::from_checkpoint(checkpoint, train, device)?)
}

/// Why these images do not fill a batch.
fn no_batch(images: usize, batch: usize, validation: Option<&Validation>) -> CommandLineError {
    match validation {
        None => CommandLineError::BatchTooLarge { batch: batch.into(), images: images.into() },
        Some(Validation { images: held_out, .. }) => CommandLineError::ValidationLeavesNoBatch {
            validation: held_out.len().into(),
            left: images.into(),
            batch: batch.into(),
        },
    }
}
