//! The report of a study: mean and spread over seeds, printed and written as files.

use std::collections::HashMap;

use comfy_table::presets::ASCII_MARKDOWN;
use comfy_table::{CellAlignment, Table};
use latent_lab::error::CommandLineError;
use latent_lab::messages::sentence;
use latent_lab::study::{Configuration, RunResult, Spread, TestLosses, configurations, write_results};

use super::columns::{of_configurations, of_runs};
use super::run::Run;
use super::study::{Study, beside};
use super::table::{csv, parquet};
use crate::output::print;
use crate::{Outcome, files};

/// What is measured on the test images; `None` of a model that does not have it.
pub type Measure = fn(&TestLosses) -> Option<f64>;

/// What is said of a configuration, by the name of its columns.
pub const MEASURES: [(&str, Measure); 5] = [
    ("test_total", |test| Some(test.terms.total)),
    ("test_reconstruction", |test| Some(test.terms.reconstruction)),
    ("test_kl", |test| Some(test.terms.kl)),
    ("test_accuracy", |test| test.accuracy),
    ("code_perplexity", |test| test.perplexity),
];

/// What there is of a study's runs.
#[derive(Default)]
struct Found<'a> {
    runs: Vec<&'a Run>,
    /// Of each of `runs`.
    results: Vec<RunResult>,
    /// What is said of each run without a result that can be used.
    missing: Vec<String>,
    /// Names of those whose result cannot be used.
    damaged: Vec<&'a str>,
}

/// Prints the table of configurations, says which runs have no result, and writes the files.
pub fn report(study: &Study) -> Outcome {
    let found = found(study);
    check_images(study, &found)?;
    let (configurations, results) = (configurations(&found.results), &found.results);
    if let Some(first) = results.first() {
        print(format_args!("{}\n\n{}", unit(first, results), table(&configurations)))?;
        print("± is the standard deviation over n seeds.")?;
    }
    if !found.missing.is_empty() {
        let (missing, all) = (found.missing.len(), study.runs.len());
        print(format_args!("\n{missing} of {all} runs have no result:\n  {}", found.missing.join("\n  ")))?;
    }
    match results.is_empty() {
        true => return Err(CommandLineError::StudyNoResults { folder: study.dir.display().to_string().into() }.into()),
        false => write(study, &found, &configurations)?,
    }
    match found.damaged.is_empty() {
        true => Ok(()),
        false => Err(CommandLineError::StudyDamagedResults { runs: found.damaged.join(", ").into() }.into()),
    }
}

fn found(study: &Study) -> Found<'_> {
    let mut found = Found::default();
    for run in &study.runs {
        match run.result() {
            Ok(Some(result)) => {
                found.runs.push(run);
                found.results.push(result);
            }
            Ok(None) => {
                let state = || if run.train.can_resume() { "to resume" } else { "to train" }.into();
                found.missing.push(format!("{}: {}", run.title(), run.failure().unwrap_or_else(state)));
            }
            Err(error) => {
                found.missing.push(format!("{}: {}", run.title(), sentence(&*error)));
                found.damaged.push(&run.name);
            }
        }
    }
    found
}

/// Writes the files beside the study, and prints their names.
fn write(study: &Study, found: &Found, configurations: &[Configuration]) -> Outcome {
    let rows: Vec<_> = found.runs.iter().copied().zip(&found.results).collect();
    let (runs, summary) = (of_runs(&rows), of_configurations(study, configurations));
    let contents = [
        ("results.jsonl", write_results(&found.results).into_bytes()),
        ("results.csv", csv(&runs)),
        ("results.parquet", parquet(&runs)),
        ("summary.csv", csv(&summary)),
        ("summary.parquet", parquet(&summary)),
    ];
    for (kind, bytes) in &contents {
        let file = beside(&study.file, kind);
        files::write_among_others(&file, bytes)?;
        print(file.display())?;
    }
    Ok(())
}

/// Refuses results whose data set was changed in between.
fn check_images(study: &Study, found: &Found) -> Outcome {
    let mut firsts = HashMap::new();
    let mut others = Vec::new();
    for (run, result) in found.runs.iter().zip(&found.results) {
        let data = run.train.data().to_string();
        if !firsts.entry(data.clone()).or_insert(result).has_images_of(result) {
            others.push((data, format!("  {}: {}", run.title(), run.name)));
        }
    }
    let Some((data, _)) = others.first().cloned() else { return Ok(()) };
    let runs = others.into_iter().filter(|(other, _)| *other == data).map(|(_, run)| run).collect::<Vec<_>>();
    let folder = study.dir.display().to_string().into();
    Err(CommandLineError::StudyDataChanged { data: data.into(), runs: runs.join("\n").into(), folder }.into())
}

/// What the losses are; of several data sets without the number of images.
fn unit(first: &RunResult, results: &[RunResult]) -> String {
    let unit = match results.iter().all(|result| result.unit == first.unit && result.data == first.data) {
        true => format!("{}; {}", first.unit, first.data),
        false => "nats per image, test images, z sampled".into(),
    };
    match results.iter().all(|result| result.model.likelihood == first.model.likelihood) {
        true => unit,
        false => unit + "\nThe configurations have different likelihoods, whose losses are not comparable.",
    }
}

/// The configurations with the measures that one of them has.
fn table(configurations: &[Configuration]) -> Table {
    let has = |measure: Measure| configurations.iter().any(|each| each.test(measure).is_some());
    let measures: Vec<_> = MEASURES.into_iter().filter(|(_, measure)| has(*measure)).collect();
    let mut table = Table::new();
    let names = measures.iter().map(|(name, _)| name.trim_start_matches("test_").replace('_', " "));
    let header = ["configuration".to_string(), "n".into()].into_iter().chain(names).chain(["s".into()]);
    table.load_style(ASCII_MARKDOWN).set_header(header);
    for each in configurations {
        let values = measures.iter().map(|(_, measure)| in_nats(each.test(measure), 2));
        let start = [each.name.to_string(), each.runs.len().to_string()];
        table.add_row(start.into_iter().chain(values).chain([in_nats(each.seconds(), 1)]));
    }
    table.column_iter_mut().skip(1).for_each(|column| column.set_cell_alignment(CellAlignment::Right));
    table
}

/// "104.23 ± 0.41".
fn in_nats(spread: Option<Spread>, digits: usize) -> String {
    match spread {
        None => String::new(),
        Some(Spread { mean, deviation: None, .. }) => format!("{mean:.digits$}"),
        Some(Spread { mean, deviation: Some(deviation), .. }) => format!("{mean:.digits$} ± {deviation:.digits$}"),
    }
}
