//! `latent-lab judge`: trains the small classifier that sample quality is measured with.

use std::fs;
use std::path::PathBuf;

use burn::module::Module;
use burn::tensor::{Tensor, TensorData};
use comfy_table::presets::ASCII_MARKDOWN;
use comfy_table::{CellAlignment, Table};
use latent_lab::data::{Batches, DIGITS, Dataset, PIXELS, Position, SIDE, one_hot};
use latent_lab::device;
use latent_lab::evaluate::{Crowd, Judge, Moments};
use latent_lab::random::{Stream, generator};
use latent_lab::snapshot::now;
use latent_lab::train::Adam;
use latent_lab::weights::Notes;
use rand::{Rng, RngExt};

use crate::{Outcome, mnist};

const BATCH: usize = 128;
const LEARNING_RATE: f64 = 1e-3;
/// A judge that gets fewer of the test images right than this is none.
const ENOUGH: f64 = 0.98;

/// Train the classifier that judges samples
#[derive(clap::Args)]
pub struct Args {
    /// Folder with MNIST's four files
    #[arg(long, default_value = "www/data")]
    data: PathBuf,
    /// Where to write the weights
    #[arg(long, default_value = "www/models/judge.safetensors")]
    out: PathBuf,
    #[arg(long, default_value_t = 20)]
    epochs: u64,
    /// Train on this many labelled images alone, the ones a semi-supervised model of this seed is given; the weights are not kept
    #[arg(long)]
    labels: Option<usize>,
    /// The furthest a training image is moved, in pixels
    #[arg(long, default_value_t = 2)]
    shift: u8,
    #[arg(long, default_value_t = 0)]
    seed: u64,
}

pub fn run(args: &Args) -> Outcome {
    let train = mnist::load(&args.data, "train")?;
    let test = mnist::load(&args.data, "t10k")?;
    let device = device::cpu().autodiff();
    let mut judge = Judge::new(args.seed, &device);
    let mut adam = Adam::default();
    let mut batches = Batches::new(args.seed, Position::default());
    let few = args.labels.map_or_else(|| (0..train.len()).collect(), |labels| train.few(labels, args.seed));
    let steps = (few.len() / BATCH).max(1) as u64;
    let mut table = Table::new();
    table.load_style(ASCII_MARKDOWN).set_header(["epoch", "train, nats", "test right", "confidence"]);
    table.column_iter_mut().for_each(|column| column.set_cell_alignment(CellAlignment::Right));
    for epoch in 0..args.epochs {
        let mut loss = 0.0;
        for step in epoch * steps..(epoch + 1) * steps {
            let random = &mut generator(args.seed, Stream::Damage { step });
            let [mut pixels, mut labels] = [const { Vec::new() }; 2];
            for index in batches.next(few.len(), BATCH) {
                let index = few[index];
                let image: Vec<f32> = train.images.pixels(index).collect();
                pixels.extend(shifted(&image, args.shift.into(), random));
                labels.extend(one_hot(train.labels.digit(index)));
            }
            let tensor = |values, columns| Tensor::from_data(TensorData::new(values, [BATCH, columns]), &device);
            let cost = judge.cost(tensor(pixels, PIXELS), tensor(labels, DIGITS));
            // Falls in a straight line to zero.
            let rate = LEARNING_RATE * (1.0 - step as f64 / (args.epochs * steps) as f64);
            judge = adam.update(judge, cost.clone().backward(), &adam.rates(&[rate], 1, &device), 0);
            loss += f64::from(cost.inner().into_scalar::<f32>()) / steps as f64;
        }
        let (right, confidence) = examined(&judge.valid(), &test)?;
        println!("epoch {}: {:.2} % of the test images right", epoch + 1, 100.0 * right);
        table.add_row([
            (epoch + 1).to_string(),
            format!("{loss:.4}"),
            format!("{:.2} %", 100.0 * right),
            format!("{confidence:.4}"),
        ]);
    }
    println!("\n{table}");
    if args.labels.is_some() {
        return Ok(());
    }
    let (right, _) = examined(&judge.valid(), &test)?;
    if right < ENOUGH {
        return Err(format!("{:.2} % right is not enough to judge by: train longer", 100.0 * right).into());
    }
    let notes = [
        ("model", "judge, 784-256-64-10, rectified".to_string()),
        ("data", format!("MNIST, 60,000 training images, shifted by up to {} pixels", args.shift)),
        ("epochs", args.epochs.to_string()),
        ("seed", args.seed.to_string()),
        ("test_accuracy", format!("{right:.4} of 10,000 test images")),
    ];
    let notes: Notes = notes.map(|(key, value)| (key.to_string(), value)).into();
    fs::write(&args.out, now(judge.to_bytes(notes))?)?;
    println!("weights: {}", args.out.display());
    Ok(())
}

/// Share of the images judged right, and the mean confidence.
fn examined(judge: &Judge, data: &Dataset) -> Outcome<(f64, f64)> {
    let mut crowd = Crowd::default();
    for start in (0..data.len()).step_by(500) {
        let chunk = start..data.len().min(start + 500);
        let digits: Vec<u8> = chunk.clone().map(|index| data.labels.digit(index)).collect();
        let pictures: Vec<f32> = chunk.flat_map(|index| data.images.pixels(index)).collect();
        crowd.add(&pictures, &now(judge.look(pictures.clone(), &device::cpu()))?, Some(&digits));
    }
    let quality = crowd.quality(&Moments::default());
    Ok((quality.accuracy.expect("digits were given"), quality.confidence))
}

/// The image moved by up to `shift` pixels each way, with paper where it was not.
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
