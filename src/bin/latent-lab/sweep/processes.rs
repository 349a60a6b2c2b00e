//! The runs of a study on this machine, each as a process of its own.

use std::env;
use std::fs::OpenOptions;
use std::io;
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};
use std::sync::Mutex;
use std::thread::available_parallelism;

use latent_lab::error::CommandLineError;
use latent_lab::messages::sentence;
use latent_lab::train::training_bytes;

use super::run::Run;
use super::study::Study;
use crate::known_data::known;
use crate::memory::available_memory;
use crate::output::{PREFIX, say, warn};
use crate::{Outcome, files};

/// Images of a data set whose size is not known before it is read: those of MNIST.
const USUAL_IMAGES: usize = 70_000;
const TEST_IMAGES: usize = 10_000;
/// The images as files and as data set, both in memory while they are read.
const COPIES: usize = 2;
/// Where Linux has this program, also once its file was replaced.
const THIS_PROGRAM: &str = "/proc/self/exe";

/// Trains the runs without a result, `jobs` at a time or as many as fit; an error names those that still have none.
pub fn run_all(study: &Study, jobs: Option<usize>) -> Outcome {
    files::create_folder(&study.dir)?;
    let (ready, left): (Vec<&Run>, Vec<&Run>) = study.runs.iter().partition(|run| run.is_complete());
    ready.iter().filter(|run| run.file("lock").exists()).for_each(|run| tidy(run));
    let jobs = jobs.unwrap_or_else(|| fitting(&left)).min(left.len()).max(1);
    let (all, ready) = (study.runs.len(), ready.len());
    say(format_args!(
        "{all} runs, {ready} of them with a result; {jobs} at a time, results in {}",
        study.dir.display()
    ));
    let failed = run_each(left, jobs);
    // Another process may have trained a run meanwhile that was refused here.
    let failed: Vec<&str> = failed.iter().filter(|run| !run.is_complete()).map(|run| run.name.as_str()).collect();
    match failed.is_empty() {
        true => Ok(()),
        false => Err(CommandLineError::StudyFailed { runs: failed.join(", ").into() }.into()),
    }
}

/// Removes what is left of a run that was stopped after its result was written. Where that fails, the study goes on.
fn tidy(run: &Run) {
    if let Err(error) = run.execute() {
        warn(sentence(&*error));
    }
}

/// How many of these runs fit at the same time: one for each processor, as far as there is memory.
fn fitting(runs: &[&Run]) -> usize {
    let processors = available_parallelism().map_or(1, NonZeroUsize::get);
    let largest = runs.iter().map(|run| bytes(run)).fold(1.0, f64::max);
    let memory = available_memory().map_or(f64::INFINITY, |memory| memory / largest);
    processors.min(memory as usize).max(1)
}

fn bytes(run: &Run) -> f64 {
    let preset = run.train.preset();
    let images = known(run.train.data()).map_or(USUAL_IMAGES, |data| data.train_images + TEST_IMAGES);
    training_bytes(&preset.model, &preset.train, COPIES * images)
}

/// Returns the runs that failed, whose errors are printed.
fn run_each(runs: Vec<&Run>, jobs: usize) -> Vec<&Run> {
    let all = runs.len();
    let threads = available_parallelism().map_or(1, NonZeroUsize::get) / jobs;
    let queue = Mutex::new(runs.into_iter().enumerate());
    let failed = Mutex::new(Vec::new());
    let work = || {
        let next = || queue.lock().expect("no thread panics with it").next();
        while let Some((at, run)) = next() {
            let which = format!("{} of {all}, {}", at + 1, run.title());
            match in_process(run, threads.max(1)) {
                Ok((reached, warnings)) => {
                    warnings.iter().for_each(|warning| warn(format_args!("{which}: {warning}")));
                    say(format_args!("{which}: {reached}"));
                }
                Err(reason) => {
                    warn(format_args!("{which}: {reason}"));
                    failed.lock().expect("no thread panics with it").push(run);
                }
            }
        }
    };
    std::thread::scope(|scope| (0..jobs).for_each(|_| drop(scope.spawn(work))));
    failed.into_inner().expect("all threads have ended")
}

/// Trains a run in a process of its own; returns what it reached and what it warned of, or why it failed.
fn in_process(run: &Run, threads: usize) -> Result<(String, Vec<String>), String> {
    let output = ended(run, threads).map_err(|error| sentence(&error))?;
    match run.result().map_err(|error| sentence(&*error))? {
        None => Err(reason(&output)),
        Some(result) => {
            let reached = format!("test {:.2} nats per image, {:.0} s", result.test.terms.total, result.seconds);
            let said = String::from_utf8_lossy(&output.stderr);
            Ok((reached, said.lines().filter_map(|line| line.strip_prefix(PREFIX)).map(String::from).collect()))
        }
    }
}

/// The process that trains a run, once it has ended.
fn ended(run: &Run, threads: usize) -> Result<Output, CommandLineError> {
    let file = run.file("log");
    let log = OpenOptions::new().create(true).append(true).open(&file);
    let log = log.map_err(|error| files::unwritable(&file, &error))?;
    let program = this_program().map_err(|error| files::unreadable(THIS_PROGRAM.as_ref(), &error))?;
    let mut command = Command::new(&program);
    command.args(run.arguments()).env("RAYON_NUM_THREADS", threads.to_string()).stdout(log).stderr(Stdio::piped());
    command.output().map_err(|error| files::unreadable(&program, &error))
}

fn this_program() -> io::Result<PathBuf> {
    let this = PathBuf::from(THIS_PROGRAM);
    if this.exists() { Ok(this) } else { env::current_exe() }
}

/// What a process said last, or how it ended.
fn reason(output: &Output) -> String {
    let said = String::from_utf8_lossy(&output.stderr);
    let said = said.trim().trim_start_matches(PREFIX);
    if said.is_empty() { output.status.to_string() } else { said.into() }
}
