//! `latent-lab sweep`: a study, which is a grid of settings and seeds as independent runs that can be stopped and resumed.

mod columns;
mod entry;
mod grid;
mod processes;
mod report;
mod run;
mod shell;
mod study;
mod table;

use std::path::PathBuf;

use clap::builder::RangedU64ValueParser;
use latent_lab::error::CommandLineError;

use self::processes::run_all;
use self::study::{Study, beside};
use crate::Outcome;
use crate::output::print;

/// Train a grid of settings and seeds that a file describes, and report means and spread (docs/studies.md)
#[derive(clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(clap::Subcommand)]
enum Command {
    Run(Run),
    List(List),
    Report(Report),
    #[command(hide = true)]
    Train(Train),
}

/// Train the runs that have no result yet, as many at a time as processors and memory allow. Stopped and started again, it goes on where it was
#[derive(clap::Args)]
struct Run {
    #[command(flatten)]
    place: Place,
    /// Runs at the same time, each a process of its own [default: as many as fit]
    #[arg(long, value_name = "RUNS", conflicts_with = "only", value_parser = RangedU64ValueParser::<usize>::new().range(1..))]
    jobs: Option<usize>,
    /// Only this run, in this process: its name, or its number from 0
    #[arg(long, value_name = "RUN")]
    only: Option<String>,
}

/// Print a shell command for each run that has no result yet, for GNU parallel and other engines
#[derive(clap::Args)]
struct List {
    #[command(flatten)]
    place: Place,
    /// Every run, in the order of its number
    #[arg(long)]
    all: bool,
}

/// Print mean and standard deviation over the seeds of each configuration, and write them and every run's result as CSV, Parquet and lines of JSON
#[derive(clap::Args)]
struct Report {
    #[command(flatten)]
    place: Place,
}

/// Train one run in this process, apart from its study: what `run` starts
#[derive(clap::Args)]
struct Train {
    #[arg(long)]
    dir: PathBuf,
    #[arg(long)]
    configuration: String,
    #[arg(last = true, value_name = "ENTRY=VALUE", value_parser = entry::parse)]
    entries: Vec<(&'static str, String)>,
}

/// A study and its results.
#[derive(clap::Args)]
struct Place {
    /// The file that describes the study
    study: PathBuf,
    /// The folder of results and weights, which several machines can share [default: beside the study, with its name and .runs]
    #[arg(long)]
    dir: Option<PathBuf>,
}

impl Place {
    fn read(&self) -> Outcome<Study> {
        let dir = self.dir.clone().unwrap_or_else(|| beside(&self.study, "runs"));
        Study::read(&self.study, &dir)
    }
}

pub fn run(args: &Args) -> Outcome {
    match &args.command {
        Command::Run(Run { place, only: Some(only), .. }) => place.read()?.run(only)?.execute(),
        Command::Run(Run { place, jobs, .. }) => run_all(&place.read()?, *jobs),
        Command::List(List { place, all }) => {
            let study = place.read()?;
            let listed = study.runs.iter().filter(|run| *all || !run.is_complete());
            let commands: Vec<_> = listed.map(|run| shell::command(&study, run)).collect();
            if commands.is_empty() { Ok(()) } else { print(commands.join("\n")) }
        }
        Command::Report(Report { place }) => report::report(&place.read()?),
        Command::Train(Train { dir, configuration, entries }) => {
            let mut run = run::Run::new(entries.clone(), dir);
            run.configuration = configuration.clone();
            run.execute()
        }
    }
}

impl Study {
    /// The run of this name or number.
    fn run(&self, name: &str) -> Outcome<&run::Run> {
        let by_number = || self.runs.get(name.parse::<usize>().ok()?);
        let by_name = || self.runs.iter().find(|run| run.name == name);
        let unknown = || CommandLineError::StudyRunUnknown { run: name.into(), last: (self.runs.len() - 1).into() };
        Ok(by_number().or_else(by_name).ok_or_else(unknown)?)
    }
}
