//! `latent-lab evaluate`: what a weights file is worth on the test images.

use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

use comfy_table::presets::ASCII_MARKDOWN;
use comfy_table::{CellAlignment, Table};
use indicatif::{ProgressBar, ProgressStyle};
use latent_lab::data::{Corruption, Dataset, PIXELS};
use latent_lab::device;
use latent_lab::evaluate::{
    At, Case, Copies, Examination, Extent, Judge, Quality, Report, Score, Scoring, Subject, class_probabilities, score,
};
use latent_lab::snapshot::now;
use latent_lab::weights::Weights;

use crate::{Outcome, mnist};

/// Score a weights file: the bound on all test images, the rest on as many as asked
#[derive(clap::Args)]
pub struct Args {
    weights: PathBuf,
    /// Folder with MNIST's four files
    #[arg(long, default_value = "www/data")]
    data: PathBuf,
    /// The classifier that judges samples
    #[arg(long, default_value = "www/models/judge.safetensors")]
    judge: PathBuf,
    /// Turn each pixel on or off for good, with the probability of its grey
    #[arg(long)]
    binarised: bool,
    /// Test images for the likelihood and what codes say (the bound takes all)
    #[arg(long, default_value_t = Extent::default().images)]
    images: usize,
    /// Importance-weighted draws an image for the likelihood
    #[arg(long, default_value_t = Extent::default().samples)]
    samples: usize,
    /// Pictures drawn from the prior
    #[arg(long, default_value_t = Extent::default().draws)]
    draws: usize,
    /// Also tell which digit this many test images show by a labelled model's likelihoods
    #[arg(long)]
    classify: Option<usize>,
    /// What the images suffer before they are copied: noise, mask or salt-and-pepper
    #[arg(long, value_parser = corruption, default_value = "none")]
    corruption: Corruption,
    /// Seed of the noise
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
    let file = Weights::from_bytes(&fs::read(&args.weights)?)?;
    let subject = Subject { model: file.build(&device)?, config: file.model, device: device.clone() };
    let judge = fs::read(&args.judge).map_err(|error| format!("{} cannot be read: {error}", args.judge.display()))?;
    let judge = Judge::from_bytes(&judge, &device)?;

    let sampled = bound(&subject, &test, At::Sample, args.seed)?;
    let at_mean = bound(&subject, &test, At::Mean, args.seed)?;
    let &Args { images, samples, draws, seed, binarised, .. } = args;
    let extent = Extent { images, samples, draws, seed, binarised };
    let report = examine(subject.clone(), judge, grey, extent)?;
    print(&sampled, &at_mean, &report);
    let copies = now(Copies::of(&subject, &test, 0..test.len(), args.corruption, seed))?;
    println!(
        "\nCopies of {} test images at the mean: squared error {:.2} an image ({:.4} a pixel), greyness {:.2} nats",
        copies.images,
        copies.after,
        copies.after / PIXELS as f64,
        copies.greyness
    );
    if args.corruption != Corruption::None {
        println!("of images whose squared error was {:.2}", copies.before);
    }
    if let Some(count) = args.classify {
        classify(&subject, &test, count.clamp(1, test.len()), samples, seed)?;
    }
    Ok(())
}

fn corruption(name: &str) -> Result<Corruption, String> {
    serde_json::from_value(name.replace('-', "_").into())
        .map_err(|_| "choose none, noise, mask or salt-and-pepper".into())
}

fn bound(subject: &Subject, test: &Dataset, at: At, seed: u64) -> Outcome<Score> {
    let Subject { model, config, device } = subject;
    let scoring = Scoring { at, seed, corruption: Corruption::None };
    Ok(now(score(model, config, test, 0..test.len(), scoring, device))?)
}

fn examine(subject: Subject, judge: Judge, test: Dataset, extent: Extent) -> Outcome<Report> {
    let mut examination = now(Examination::new(subject, judge, Arc::new(test), extent))?;
    let style = ProgressStyle::with_template("{wide_bar} {msg} {eta}").expect("the template is well formed");
    let bar = ProgressBar::new(1).with_style(style);
    loop {
        let progress = now(examination.advance())?;
        bar.set_length(progress.of as u64);
        bar.set_position(progress.done as u64);
        bar.set_message(progress.stage);
        if let Some(report) = progress.report {
            bar.finish_and_clear();
            return Ok(report);
        }
    }
}

fn print(sampled: &Score, at_mean: &Score, report: &Report) {
    let nats = |value: f64| format!("{value:.2}");
    let row = |name: &str, score: &Score| {
        [name.into(), nats(score.reconstruction), nats(score.kl), nats(score.total)].to_vec()
    };
    println!(
        "Nats per image, {} test images\n{}",
        sampled.images,
        table(
            ["", "reconstruction", "KL", "total"],
            [row("z sampled: the bound", sampled), row("z = mean: no bound", at_mean)],
        )
    );

    if let Some(perplexity) = sampled.perplexity {
        println!("code perplexity {perplexity:.1}");
    }
    if let Some(accuracy) = sampled.accuracy {
        println!("{:.2} % of digits guessed", 100.0 * accuracy);
    }

    if let Some(sigma) = sampled.pixel_sigma {
        println!("a pixel's standard deviation, learned: {sigma:.4}");
    }

    let Report { images, samples, draws, activity, .. } = report;
    let or_none = |value: Option<f64>| value.map_or("none: no density".into(), nats);
    println!(
        "\nCodes of {images} test images\n{}",
        table(
            ["", ""],
            [
                vec![
                    format!("-log p(x), {samples} importance-weighted draws"),
                    or_none(report.log_likelihood.map(|it| -it))
                ],
                vec![
                    "active components (variance of the mean above 0.01)".into(),
                    format!("{} of {}", report.active_units, activity.len())
                ],
                vec![
                    format!("I(x; z), at most log {images} = {:.2}", (*images as f64).ln()),
                    or_none(report.mutual_information)
                ],
                vec!["KL(q(z) || p(z)) of the aggregate posterior".into(), or_none(report.aggregate_kl)],
            ]
        )
    );

    let row = |name: String, it: &Quality| {
        let accuracy = it.accuracy.map_or("not asked".into(), |share| format!("{:.1} %", 100.0 * share));
        vec![
            name,
            format!("{:.3}", it.confidence),
            accuracy,
            nats(it.frechet),
            nats(it.greyness),
            format!("{:?}", it.histogram),
        ]
    };
    println!(
        "\nPictures, by our own judge: comparable within this project only\n{}",
        table(
            ["", "confidence", "as asked", "Fréchet", "greyness", "judged 0 to 9"],
            [
                row(format!("{draws} from the prior"), &report.quality),
                row(format!("{} test images", report.real.pictures), &report.real)
            ],
        )
    );
}

fn table<const N: usize>(header: [&str; N], rows: impl IntoIterator<Item = Vec<String>>) -> Table {
    let mut table = Table::new();
    table.load_style(ASCII_MARKDOWN).set_header(header).add_rows(rows);
    table.column_iter_mut().skip(1).for_each(|column| column.set_cell_alignment(CellAlignment::Right));
    table
}

/// The accuracy of a labelled model as a generative classifier.
fn classify(subject: &Subject, test: &Dataset, count: usize, samples: usize, seed: u64) -> Outcome {
    let mut hits = 0;
    for index in 0..count {
        let case = Case::of(test, index);
        let Some(costs) = now(subject.class_costs(&case, samples, seed))? else {
            return Err("Only a labelled model can classify by likelihood.".into());
        };
        let probabilities = class_probabilities(&costs);
        let best = probabilities.iter().enumerate().max_by(|(_, a), (_, b)| a.total_cmp(b));
        hits += usize::from(best.is_some_and(|(digit, _)| digit == usize::from(case.digit)));
    }
    println!(
        "\nclassified by p(x | y), {samples} draws: {:.1} % of {count} test images right",
        100.0 * hits as f64 / count as f64
    );
    Ok(())
}
