//! The columns of a study's tables.

use latent_lab::settings::{Kind, schema, values};
use latent_lab::study::{Configuration, RunResult, Spread};
use serde_json::Value;

use super::report::MEASURES;
use super::run::Run;
use super::study::Study;
use super::table::{Column, Values};

/// A row for each run: what it is, every setting, and what it reached.
pub fn of_runs(rows: &[(&Run, &RunResult)]) -> Vec<Column> {
    let runs = rows.iter().map(|(run, _)| *run);
    let results: Vec<&RunResult> = rows.iter().map(|(_, result)| *result).collect();
    let text = |name: &str, value: fn(&RunResult) -> Option<&str>| {
        column(name, Values::Text(results.iter().map(|result| value(result).map(String::from)).collect()))
    };
    let integer = |name: &str, value: fn(&RunResult) -> Option<u64>| {
        column(name, Values::Integer(results.iter().map(|result| value(result).map(|value| value as i64)).collect()))
    };
    let what = [
        column("run", Values::Text(runs.clone().map(|run| Some(run.name.clone())).collect())),
        text("configuration", |result| Some(&result.configuration)),
        text("preset", |result| Some(&result.preset)),
        text("data", |result| Some(&result.data)),
    ];
    let options = [
        column("binarised", Values::Flag(runs.clone().map(|run| Some(run.train.binarised)).collect())),
        column(
            "validation",
            Values::Integer(runs.clone().map(|run| Some(run.train.validation.validation as i64)).collect()),
        ),
        column("patience", Values::Integer(runs.map(|run| Some(run.train.validation.patience as i64)).collect())),
    ];
    let measures = MEASURES.into_iter().map(|(name, measure)| {
        column(name, Values::Number(results.iter().map(|result| measure(&result.test)).collect()))
    });
    let how = [
        integer("epochs_done", |result| Some(result.curve.last()?.epoch)),
        integer("best_epoch", |result| result.best_epoch),
        column("seconds", Values::Number(results.iter().map(|result| Some(result.seconds)).collect())),
        text("unit", |result| Some(&result.unit)),
        text("data_sha256", |result| Some(&result.data_sha256)),
        text("test_data_sha256", |result| result.test_data_sha256.as_deref()),
        text("latent_lab", |result| Some(&result.latent_lab)),
        text("command", |result| Some(&result.command)),
    ];
    what.into_iter().chain(options).chain(settings(&results)).chain(measures).chain(how).collect()
}

/// A row for each configuration: what varies in it, and mean and standard deviation over its seeds.
pub fn of_configurations(study: &Study, configurations: &[Configuration]) -> Vec<Column> {
    let names = configurations.iter().map(|each| Some(each.name.to_string())).collect();
    let counts = configurations.iter().map(|each| Some(each.runs.len() as i64)).collect();
    let pair = |name: &str, spreads: Vec<Option<Spread>>| {
        let mean = spreads.iter().map(|spread| spread.map(|spread| spread.mean)).collect();
        let deviation = spreads.iter().map(|spread| spread.and_then(|spread| spread.deviation)).collect();
        [
            column(&format!("{name}_mean"), Values::Number(mean)),
            column(&format!("{name}_standard_deviation"), Values::Number(deviation)),
        ]
    };
    let measures = MEASURES
        .into_iter()
        .flat_map(|(name, measure)| pair(name, configurations.iter().map(|each| each.test(measure)).collect()));
    let seconds = pair("seconds", configurations.iter().map(Configuration::seconds).collect());
    let start = [column("configuration", Values::Text(names)), column("n", Values::Integer(counts))];
    start.into_iter().chain(varied(study, configurations)).chain(measures).chain(seconds).collect()
}

/// The columns of what a study varies, with the value of each configuration.
fn varied(study: &Study, configurations: &[Configuration]) -> impl Iterator<Item = Column> {
    let run = |each: &Configuration| study.runs.iter().find(|run| run.configuration == each.name);
    let rows: Vec<_> = configurations.iter().filter_map(|each| Some((run(each)?, each.runs[0]))).collect();
    of_runs(&rows).into_iter().filter(|column| study.varied.contains(&&*column.name))
}

/// A column for each setting.
fn settings(results: &[&RunResult]) -> Vec<Column> {
    let all: Vec<_> = results.iter().map(|result| values(&result.model, &result.train)).collect();
    let of = |key: &str| all.iter().map(|values| values[key].clone()).collect::<Vec<Value>>();
    let column_of = |key: &str, kind: &Kind| match kind {
        Kind::Integer { .. } => Values::Integer(of(key).iter().map(Value::as_i64).collect()),
        Kind::Number { .. } => Values::Number(of(key).iter().map(Value::as_f64).collect()),
        Kind::Flag => Values::Flag(of(key).iter().map(Value::as_bool).collect()),
        Kind::Choice { .. } => Values::Text(of(key).iter().map(|value| value.as_str().map(String::from)).collect()),
    };
    schema().settings.iter().map(|setting| column(setting.key, column_of(setting.key, &setting.kind))).collect()
}

fn column(name: &str, values: Values) -> Column {
    Column { name: name.into(), values }
}
