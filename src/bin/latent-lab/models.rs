//! `latent-lab models`: makes the weights that come with the page, as far as they are missing or have other options.

mod list;
mod model;

use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::sync::Mutex;

use clap::builder::PossibleValuesParser;
use comfy_table::Table;
use comfy_table::presets::ASCII_MARKDOWN;
use latent_lab::error::CommandLineError;
use latent_lab::messages::sentence;

use self::list::MODELS;
use self::model::{Model, State};
use crate::{Outcome, files};

/// Train the weights that come with the page: those that are missing or were made with other options, the longest last. Stopped and started again, it goes on where it was
#[derive(clap::Args)]
pub struct Args {
    /// The folder of the weights
    #[arg(long, default_value = "www/models")]
    dir: PathBuf,
    /// Only these files, named without their extension
    #[arg(long, value_name = "NAME", num_args = 1.., value_parser = names())]
    only: Vec<String>,
    /// Print what would be done
    #[arg(long)]
    dry_run: bool,
    /// Runs at the same time, which share the processors
    #[arg(long, value_name = "RUNS", default_value = "1")]
    jobs: NonZeroUsize,
    /// Options of `train` for every file, which override its own
    #[arg(last = true, value_name = "OPTIONS")]
    more: Vec<String>,
}

fn names() -> PossibleValuesParser {
    MODELS.iter().map(|(name, _)| *name).into()
}

pub fn run(args: &Args) -> Outcome {
    let chosen = MODELS.iter().filter(|(name, _)| args.only.is_empty() || args.only.iter().any(|only| only == name));
    let several = args.jobs.get() > 1;
    let mut models: Vec<Model> =
        chosen.map(|(name, options)| Model::new(name, options, &args.more, &args.dir, several)).collect();
    models.sort_by(|a, b| a.seconds.total_cmp(&b.seconds));
    if args.dry_run {
        println!("{}", plan(&models));
        return Ok(());
    }
    files::create_folder(&args.dir)?;
    for model in models.iter().filter(|model| model.state == State::UpToDate) {
        files::remove(&model.run.unfinished())?; // left where a run was stopped after its last step
    }
    let failed = train_all(models.iter().filter(|model| model.state != State::UpToDate).collect(), args.jobs.get());
    models.iter().filter_map(Model::row).for_each(|row| println!("{row}"));
    match failed.is_empty() {
        true => Ok(()),
        false => Err(CommandLineError::ModelsFailed { files: failed.join(", ").into() }.into()),
    }
}

/// What would be done, in this order.
fn plan(models: &[Model]) -> Table {
    let mut table = Table::new();
    table.load_style(ASCII_MARKDOWN).set_header(["file", "state", "minutes, about", "options"]);
    for Model { name, options, state, seconds, .. } in models {
        table.add_row([name.to_string(), state.to_string(), format!("{:.0}", seconds / 60.0), options.to_string()]);
    }
    table
}

/// Trains `jobs` models at a time, in their order; returns the names of those that failed, whose errors are printed.
fn train_all(models: Vec<&Model>, jobs: usize) -> Vec<String> {
    let all = models.len();
    let threads = (rayon::current_num_threads() / jobs).max(1);
    let queue = Mutex::new(models.into_iter().enumerate());
    let failed = Mutex::new(Vec::new());
    let work = || {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads can be started");
        let next = || queue.lock().expect("no thread panics with it").next();
        while let Some((at, model)) = next() {
            println!("{} of {all}, {}: latent-lab {}", at + 1, model.name, model.command);
            let made = pool.install(|| match model.make() {
                Ok(()) => true,
                Err(error) => {
                    eprintln!("latent-lab: {}: {}", model.name, sentence(&*error));
                    false
                }
            });
            if !made {
                failed.lock().expect("no thread panics with it").push(model.name.to_string());
            }
        }
    };
    std::thread::scope(|scope| (0..jobs).for_each(|_| drop(scope.spawn(work))));
    failed.into_inner().expect("all threads have ended")
}
