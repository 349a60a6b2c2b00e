//! `latent-lab evaluate`: evaluates a weights file on the MNIST test images.

use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

use comfy_table::presets::ASCII_MARKDOWN;
use comfy_table::{CellAlignment, Table};
use indicatif::{ProgressBar, ProgressStyle};
use latent_lab::checkpoint::Checkpoint;
use latent_lab::data::{Corruption, Dataset, PIXELS};
use latent_lab::device;
use latent_lab::evaluate::{
    ACTIVE, At, Evaluation, Example, Extent, Judge, LoadedModel, ReconstructionError, Report, SampleQuality, Score,
    Scoring, Stage, class_probabilities, score,
};
use latent_lab::snapshot::now;

use crate::{Outcome, mnist};

/// Evaluate a weights file: ELBO terms and reconstruction error on all test images, the rest on --images of them
#[derive(clap::Args)]
pub struct Args {
    /// Weights file, safetensors
    weights: PathBuf,
    /// Folder with MNIST's four files
    #[arg(long, default_value = "www/data")]
    data: PathBuf,
    /// Weights of the classifier that scores prior samples
    #[arg(long, default_value = "www/models/judge.safetensors")]
    judge: PathBuf,
    /// Binarise the test images once, each pixel with its intensity as probability
    #[arg(long)]
    binarised: bool,
    /// Test images for -log p(x), active units, mutual information and KL(q(z) || p(z))
    #[arg(long, default_value_t = Extent::default().images)]
    images: usize,
    /// Importance samples per image for -log p(x)
    #[arg(long, visible_alias = "samples", default_value_t = Extent::default().importance_samples)]
    importance_samples: usize,
    /// Prior samples, decoded and classified by the judge
    #[arg(long, visible_alias = "draws", default_value_t = Extent::default().prior_samples)]
    prior_samples: usize,
    /// Also classify this many test images by p(y | x) of a conditional model
    #[arg(long)]
    classify: Option<usize>,
    /// Corruption of the images before reconstruction: none, noise, mask or salt-and-pepper
    #[arg(long, value_parser = corruption, default_value = "none")]
    corruption: Corruption,
    /// Seed of all noise
    #[arg(long, default_value_t = 0)]
    seed: u64,
}

pub fn run(args: &Args) -> Outcome {
    let grey = mnist::load(&args.data, "t10k")?;
    let mut test = grey.clone();
    if args.binarised {
        test.images = test.images.binarised(args.seed);
    }
    let device = device::cpu();
    let file = Checkpoint::from_bytes(&fs::read(&args.weights)?)?;
    let model = LoadedModel { model: file.build(&device)?, config: file.model, device: device.clone() };
    let judge = fs::read(&args.judge).map_err(|error| format!("{} cannot be read: {error}", args.judge.display()))?;
    let judge = Judge::from_bytes(&judge, &device)?;

    let &Args { images, importance_samples, prior_samples, seed, binarised, corruption, .. } = args;
    let [sampled, at_mean] = [At::Sample, At::Mean].map(|at| elbo_terms(&model, &test, at, seed));
    let (sampled, at_mean) = (sampled?, at_mean?);
    let extent = Extent { images, importance_samples, prior_samples, seed, binarised };
    let report = evaluate(model.clone(), judge, grey, extent)?;
    print_elbo_terms(&sampled, &at_mean);
    print_codes(&report);
    print_pictures(&report);
    let error = now(ReconstructionError::of(&model, &test, 0..test.len(), corruption, seed))?;
    print_reconstruction_error(&error, corruption);
    if let Some(count) = args.classify {
        classify(&model, &test, count.clamp(1, test.len()), importance_samples, seed)?;
    }
    Ok(())
}

fn corruption(name: &str) -> Result<Corruption, String> {
    serde_json::from_value(name.replace('-', "_").into())
        .map_err(|_| "choose none, noise, mask or salt-and-pepper".into())
}

fn elbo_terms(model: &LoadedModel, test: &Dataset, at: At, seed: u64) -> Outcome<Score> {
    let LoadedModel { model, config, device } = model;
    let scoring = Scoring { at, seed, corruption: Corruption::None };
    Ok(now(score(model, config, test, 0..test.len(), scoring, device))?)
}

fn evaluate(model: LoadedModel, judge: Judge, test: Dataset, extent: Extent) -> Outcome<Report> {
    let mut evaluation = now(Evaluation::new(model, judge, Arc::new(test), extent))?;
    let style = ProgressStyle::with_template("{wide_bar} {msg} {eta}").expect("the template is well formed");
    let bar = ProgressBar::new(1).with_style(style);
    loop {
        let progress = now(evaluation.advance())?;
        bar.set_length(progress.of as u64);
        bar.set_position(progress.done as u64);
        bar.set_message(in_words(progress.stage));
        if let Some(report) = progress.report {
            bar.finish_and_clear();
            return Ok(report);
        }
    }
}

fn in_words(stage: Stage) -> &'static str {
    match stage {
        Stage::Score => "ELBO terms of test images",
        Stage::Likelihood => "-log p(x) by importance sampling",
        Stage::AggregatePosterior => "mutual information and KL(q(z) || p(z))",
        Stage::RealDigits => "classifying test images",
        Stage::PriorSamples => "classifying prior samples",
    }
}

fn print_elbo_terms(sampled: &Score, at_mean: &Score) {
    let row = |name: &str, score: &Score| {
        [name.into(), nats(score.reconstruction), nats(score.kl), nats(score.total)].to_vec()
    };
    println!(
        "ELBO terms, nats per image, {} test images\n{}",
        sampled.images,
        table(
            ["", "Reconstruction", "KL", "Total"],
            [row("z sampled: total is -ELBO", sampled), row("z = posterior mean: total is no bound", at_mean)],
        )
    );
    if let Some(perplexity) = sampled.perplexity {
        println!("Code perplexity: {perplexity:.1}");
    }
    if let Some(accuracy) = sampled.accuracy {
        println!("Classifier accuracy: {:.2} %", 100.0 * accuracy);
    }
    if let Some(sigma) = sampled.pixel_sigma {
        println!("Learned standard deviation of a pixel: {sigma:.4}");
    }
}

fn print_codes(report: &Report) {
    let Report { images, importance_samples, activity, .. } = report;
    let or_none = |value: Option<f64>| value.map_or("n/a: no density".into(), nats);
    let rows = [
        (format!("-log p(x), {importance_samples} importance samples"), or_none(report.log_likelihood.map(|it| -it))),
        (
            format!("Active units (variance of the posterior mean above {ACTIVE})"),
            format!("{} of {}", report.active_units, activity.len()),
        ),
        (
            format!("Mutual information I(x; z), at most log {images} = {:.2}", (*images as f64).ln()),
            or_none(report.mutual_information),
        ),
        ("KL(q(z) || p(z)) of the aggregate posterior".into(), or_none(report.aggregate_kl)),
    ];
    let rows = rows.map(|(name, value)| vec![name, value]);
    println!("\nNats per image, the first {images} test images\n{}", table(["", ""], rows));
}

fn print_pictures(report: &Report) {
    let row = |name: String, it: &SampleQuality| {
        let accuracy = it.accuracy.map_or("n/a".into(), |share| format!("{:.1} %", 100.0 * share));
        vec![
            name,
            format!("{:.3}", it.confidence),
            accuracy,
            nats(it.frechet),
            nats(it.pixel_entropy),
            format!("{:?}", it.histogram),
        ]
    };
    println!(
        "\nPictures classified by the judge, comparable within this project only\n{}",
        table(
            [
                "",
                "Confidence",
                "Conditional accuracy",
                "Fréchet distance",
                "Pixel entropy, nats",
                "Classified as 0 to 9"
            ],
            [
                row(format!("{} prior samples", report.prior_samples), &report.quality),
                row(format!("{} test images", report.real.pictures), &report.real)
            ],
        )
    );
    println!("For test images the accuracy is the judge's own.");
}

fn print_reconstruction_error(error: &ReconstructionError, corruption: Corruption) {
    println!(
        "\nReconstructions of {} test images at the posterior mean: squared error {:.2} per image ({:.4} per pixel), \
         pixel entropy {:.2} nats",
        error.images,
        error.squared_error,
        error.squared_error / PIXELS as f64,
        error.pixel_entropy
    );
    if corruption != Corruption::None {
        println!("Squared error of the corrupted images: {:.2} per image", error.input_squared_error);
    }
}

fn nats(value: f64) -> String {
    format!("{value:.2}")
}

fn table<const N: usize>(header: [&str; N], rows: impl IntoIterator<Item = Vec<String>>) -> Table {
    let mut table = Table::new();
    table.load_style(ASCII_MARKDOWN).set_header(header).add_rows(rows);
    table.column_iter_mut().skip(1).for_each(|column| column.set_cell_alignment(CellAlignment::Right));
    table
}

/// Accuracy of a conditional model as a generative classifier.
fn classify(model: &LoadedModel, test: &Dataset, count: usize, samples: usize, seed: u64) -> Outcome {
    let mut correct = 0;
    for index in 0..count {
        let example = Example::of(test, index);
        let Some(nlls) = now(model.class_nlls(&example, samples, seed))? else {
            return Err("--classify needs a model that is conditional on the label".into());
        };
        let probabilities = class_probabilities(&nlls);
        let best = probabilities.iter().enumerate().max_by(|(_, a), (_, b)| a.total_cmp(b));
        correct += usize::from(best.is_some_and(|(digit, _)| digit == usize::from(example.digit)));
    }
    println!(
        "\nAccuracy of p(y | x) by Bayes' rule, {samples} importance samples: {:.1} % of {count} test images",
        100.0 * correct as f64 / count as f64
    );
    Ok(())
}
