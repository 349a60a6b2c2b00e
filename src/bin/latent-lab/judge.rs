//! `latent-lab judge`: trains the judge, the small classifier that scores prior samples.

use std::path::PathBuf;

use burn::module::Module;
use burn::tensor::{Device, Tensor, TensorData};
use comfy_table::presets::ASCII_MARKDOWN;
use comfy_table::{CellAlignment, Table};
use latent_lab::data::{Batches, Dataset, PIXELS, Position, SIDE, one_hot};
use latent_lab::device;
use latent_lab::error::CommandLineError;
use latent_lab::evaluate::{Judge, SampleStatistics};
use latent_lab::random::{Stream, generator};
use latent_lab::snapshot::block_on;
use latent_lab::train::Adam;
use latent_lab::weights::{Notes, grouped};
use rand::{Rng, RngExt};

use crate::data_set;
use crate::{Outcome, files};

const BATCH: usize = 128;
const LEARNING_RATE: f64 = 1e-3;

/// Train the classifier that scores prior samples
#[derive(clap::Args)]
pub struct Args {
    #[command(flatten)]
    data: data_set::Args,
    /// Where to write the weights
    #[arg(long, default_value = "www/models/judge.safetensors")]
    out: PathBuf,
    /// Passes over the training images
    #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(u64).range(1..))]
    epochs: u64,
    /// Train only on the images that keep their label in semi-supervised training with this many labels and the same seed;
    /// writes no weights
    #[arg(long, value_parser = clap::value_parser!(u64).range(1..))]
    labels: Option<u64>,
    /// Largest random translation of a training image in each direction, in pixels
    #[arg(long, default_value_t = 2, value_parser = clap::value_parser!(u8).range(..SIDE as i64))]
    shift: u8,
    /// Share of the test images that it must classify correctly, or its weights are not written
    #[arg(long, default_value_t = 0.98)]
    least: f64,
    /// Seed of the weights, the order of images and their translations
    #[arg(long, default_value_t = 0)]
    seed: u64,
}

pub fn run(args: &Args) -> Outcome {
    if args.labels.is_none() {
        files::check_writable(&args.out)?;
    }
    let (train, test) = args.data.load_both()?;
    let (data, data_notes) = (train.description(), train.notes(&test));
    let (train, test) = (train.data, test.data);
    train.check_has_labels()?;
    let mut training = Training::new(args, &train);
    let mut judge = Judge::new(training.data.info.classes.len(), args.seed, &training.device);
    let mut table = Table::new();
    table.load_style(ASCII_MARKDOWN).set_header(["Epoch", "Train cross-entropy, nats", "Test accuracy", "Confidence"]);
    table.column_iter_mut().for_each(|column| column.set_cell_alignment(CellAlignment::Right));
    for epoch in 0..args.epochs {
        let loss;
        (judge, loss) = training.one_epoch(judge, epoch);
        let (accuracy, confidence) = test_accuracy(&judge.valid(), &test)?;
        println!("epoch {}: test accuracy {:.2} %", epoch + 1, 100.0 * accuracy);
        table.add_row([
            (epoch + 1).to_string(),
            format!("{loss:.4}"),
            format!("{:.2} %", 100.0 * accuracy),
            format!("{confidence:.4}"),
        ]);
    }
    println!("\n{table}");
    if args.labels.is_some() {
        return Ok(());
    }
    let (accuracy, _) = test_accuracy(&judge.valid(), &test)?;
    if accuracy < args.least {
        let percent = |share: f64| format!("{:.2}", 100.0 * share).into();
        let (percent, least) = (percent(accuracy), percent(args.least));
        return Err(CommandLineError::JudgeInaccurate { percent, least }.into());
    }
    let notes = [
        ("model", format!("judge, 784-256-64-{}, ReLU", judge.classes())),
        ("data", format!("{data}, shifted by up to {} pixels", args.shift)),
        ("epochs", args.epochs.to_string()),
        ("seed", args.seed.to_string()),
        ("test_accuracy", format!("{accuracy:.4} of {} test images", grouped(test.len()))),
    ];
    let mut all: Notes = data_notes;
    all.extend(notes.map(|(key, value)| (key.to_string(), value)));
    files::write(&args.out, &block_on(judge.to_bytes(all))?)?;
    println!("weights: {}", args.out.display());
    Ok(())
}

/// Supervised training with Adam; the learning rate falls linearly to zero.
struct Training<'a> {
    args: &'a Args,
    data: &'a Dataset,
    labelled: Vec<usize>, // indices of the images trained on
    batches: Batches,
    adam: Adam,
    device: Device,
}

impl<'a> Training<'a> {
    fn new(args: &'a Args, data: &'a Dataset) -> Self {
        let labelled = args
            .labels
            .map_or_else(|| (0..data.len()).collect(), |labels| data.labelled_subset(labels as usize, args.seed, None));
        let batches = Batches::new(args.seed, Position::default());
        Self { args, data, labelled, batches, adam: Adam::default(), device: device::cpu().autodiff() }
    }

    /// Trains one epoch; returns the mean cross-entropy in nats per image.
    fn one_epoch(&mut self, mut judge: Judge, epoch: u64) -> (Judge, f64) {
        let steps = (self.labelled.len() / BATCH).max(1) as u64;
        let mut loss = 0.0;
        for step in epoch * steps..(epoch + 1) * steps {
            let (images, labels) = self.batch(step);
            let cross_entropy = judge.cross_entropy(images, labels);
            let rate = LEARNING_RATE * (1.0 - step as f64 / (self.args.epochs * steps) as f64);
            let rates = self.adam.rates(&[rate], 1)[0];
            judge = self.adam.update(judge, cross_entropy.clone().backward(), rates);
            loss += f64::from(cross_entropy.inner().into_scalar::<f32>()) / steps as f64;
        }
        (judge, loss)
    }

    /// Images `[B, P]`, randomly shifted, and one-hot labels `[B, Y]`.
    fn batch(&mut self, step: u64) -> (Tensor<2>, Tensor<2>) {
        let random = &mut generator(self.args.seed, Stream::Corruption { step });
        let classes = self.data.info.classes.len();
        let [mut pixels, mut labels] = [const { Vec::new() }; 2];
        for index in self.batches.next(self.labelled.len(), BATCH) {
            let index = self.labelled[index];
            let image: Vec<f32> = self.data.images.pixels(index).collect();
            pixels.extend(shifted(&image, self.args.shift.into(), random));
            labels.extend(one_hot(self.data.labels.class(index), classes));
        }
        let tensor = |values, columns| Tensor::from_data(TensorData::new(values, [BATCH, columns]), &self.device);
        (tensor(pixels, PIXELS), tensor(labels, classes))
    }
}

/// Accuracy in 0..=1 and mean confidence.
fn test_accuracy(judge: &Judge, data: &Dataset) -> Outcome<(f64, f64)> {
    let mut statistics = SampleStatistics::default();
    for start in (0..data.len()).step_by(500) {
        let chunk = start..data.len().min(start + 500);
        let labels: Vec<u8> = chunk.clone().map(|index| data.labels.class(index)).collect();
        let pictures: Vec<f32> = chunk.flat_map(|index| data.images.pixels(index)).collect();
        let predictions = block_on(judge.classify(pictures.clone(), &device::cpu()))?;
        statistics.add(&pictures, &predictions, Some(&labels));
    }
    Ok((statistics.accuracy().expect("labels were given"), statistics.confidence()))
}

/// The image translated by up to `shift` pixels each way; pixels shifted in are 0.
fn shifted(image: &[f32], shift: i32, random: &mut impl Rng) -> Vec<f32> {
    let [right, down] = [(); 2].map(|()| random.random_range(-shift..=shift));
    let side = SIDE as i32;
    let pixel = |at: i32| {
        let (x, y) = (at % side - right, at / side - down);
        let inside = (0..side).contains(&x) && (0..side).contains(&y);
        if inside { image[(y * side + x) as usize] } else { 0.0 }
    };
    (0..side * side).map(pixel).collect()
}
