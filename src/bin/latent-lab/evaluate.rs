//! `latent-lab evaluate`: evaluates a weights file on the test images of MNIST or another data set.

mod print;

use std::path::PathBuf;
use std::sync::Arc;

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use indicatif::{ProgressBar, ProgressStyle};
use latent_lab::Error;
use latent_lab::data::{Corruption, Dataset};
use latent_lab::error::CommandLineError;
use latent_lab::evaluate::{
    At, Evaluation, Example, Extent, Judge, LoadedModel, ReconstructionError, RedrawnLevels, Report,
    ResidualCorrelation, RunningScore, Scoring, class_probabilities,
};
use latent_lab::snapshot::block_on;

use crate::data_set::{self, Split};
use crate::{Outcome, device, files, weights};

/// Evaluate a weights file: ELBO terms and reconstruction error on all test images, other measures on the first --images of them
#[derive(clap::Args)]
pub struct Args {
    #[command(flatten)]
    weights: weights::Args,
    #[command(flatten)]
    data: data_set::Args,
    #[command(flatten)]
    device: device::Args,
    /// Weights of the classifier that scores prior samples [default: that of a data set with a name; there is none for other files]
    #[arg(long)]
    judge: Option<PathBuf>,
    /// Static binarisation: set each pixel of the test images once to 0 or 1, to 1 with the probability of its grey value
    #[arg(long)]
    binarised: bool,
    /// Test images for -log p(x), active units, the parts of the KL and other measures of the codes
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
    /// Corruption of the images before reconstruction
    #[arg(long, value_parser = corruption(), default_value = "none")]
    corruption: Corruption,
    /// Seed of all noise
    #[arg(long, default_value_t = 0)]
    seed: u64,
}

pub fn run(args: &Args) -> Outcome {
    let &Args { images, importance_samples, prior_samples, seed, binarised, corruption, .. } = args;
    let extent = Extent { images, importance_samples, prior_samples, seed, binarised };
    let file = args.weights.load()?;
    let named = args.data.load(Split::Test)?;
    extent.check(&named.data)?;
    if let Some(count) = args.classify {
        Error::check_quantity("test_images", count, 1..=named.data.len())?;
    }
    println!("data: {}", named.description());
    if let Some(other) = named.trained_on_other(&file.notes) {
        println!("The model was trained on another data set: {other}.");
    }
    let (left_out, classes) = (file.left_out(), named.data.info.classes.clone());
    let grey = named.data;
    let mut test = grey.clone();
    if binarised {
        test.images = test.images.binarised(seed);
    }
    let device = args.device.open()?;
    let model = LoadedModel { model: file.build(&device)?, config: file.model, device: device.clone() };
    let judge = args.judge.clone().or_else(|| args.data.judge().map(PathBuf::from));
    let judge = judge.map(|file| Outcome::Ok(Judge::from_bytes(&files::read(&file)?, &device)?)).transpose()?;

    let [sampled, at_mean] = [At::Sample, At::Mean].map(|at| scored(&model, &test, at, seed));
    let (sampled, at_mean) = (sampled?, at_mean?);
    let score = block_on(sampled.score(&model))?;
    let report = evaluate(model.clone(), judge.clone(), grey.clone(), extent)?;
    print::elbo_terms(&score, sampled.losses(), at_mean.losses());
    print::codes(&report);
    print::factors(&report);
    print::pictures(&report);
    print::by_class(&report, &classes, left_out);
    if let Some(judge) = &judge
        && let Some(redrawn) = block_on(RedrawnLevels::of(&model, judge, &grey, 0..images, seed))?
    {
        print::redrawn_levels(redrawn, images);
    }
    let error = block_on(ReconstructionError::of(&model, &test, 0..test.len(), corruption, seed))?;
    print::reconstruction_error(&error, corruption);
    if let Some(correlation) = block_on(ResidualCorrelation::of(&model, &test, 0..images, seed))? {
        print::residuals(&correlation);
    }
    if let Some(count) = args.classify {
        classify(&model, &test, count, importance_samples, seed)?;
    }
    Ok(())
}

fn corruption() -> impl TypedValueParser<Value = Corruption> {
    let names = [
        PossibleValue::new("none"),
        PossibleValue::new("noise"),
        PossibleValue::new("mask"),
        PossibleValue::new("salt-and-pepper").alias("salt_and_pepper"),
    ];
    PossibleValuesParser::new(names)
        .map(|name| serde_json::from_value(name.replace('-', "_").into()).expect("the names are those of the variants"))
}

fn scored(model: &LoadedModel, test: &Dataset, at: At, seed: u64) -> Outcome<RunningScore> {
    let mut score = RunningScore::default();
    let scoring = Scoring { at, seed, corruption: Corruption::None };
    block_on(score.add(model, test, 0..test.len(), scoring))?;
    Ok(score)
}

fn evaluate(model: LoadedModel, judge: Option<Judge>, test: Dataset, extent: Extent) -> Outcome<Report> {
    let mut evaluation = block_on(Evaluation::new(model, judge, Arc::new(test), extent))?;
    let style = ProgressStyle::with_template("{wide_bar} {msg} {eta}").expect("the template is well formed");
    let bar = ProgressBar::new(1).with_style(style);
    loop {
        let progress = block_on(evaluation.advance())?;
        bar.set_length(progress.of as u64);
        bar.set_position(progress.done as u64);
        bar.set_message(print::in_words(progress.stage));
        if let Some(report) = progress.report {
            bar.finish_and_clear();
            return Ok(report);
        }
    }
}

/// Accuracy of a conditional model as a generative classifier.
fn classify(model: &LoadedModel, test: &Dataset, count: usize, samples: usize, seed: u64) -> Outcome {
    let mut correct = 0;
    for index in 0..count {
        let example = Example::of(test, index);
        let Some(nlls) = block_on(model.class_nlls(&example, samples, seed))? else {
            return Err(CommandLineError::ClassifyNeedsLabels {}.into());
        };
        let probabilities = class_probabilities(&nlls);
        let best = probabilities.iter().enumerate().max_by(|(_, a), (_, b)| a.total_cmp(b));
        correct += usize::from(best.is_some_and(|(label, _)| label == usize::from(example.label)));
    }
    println!(
        "\nAccuracy of p(y | x) by Bayes' rule, {samples} importance samples: {:.1} % of {count} test images",
        100.0 * correct as f64 / count as f64
    );
    Ok(())
}
