//! The runs of a study on this machine, each as a process of its own.

use std::env;
use std::fs::OpenOptions;
use std::num::NonZeroUsize;
use std::process::{Command, Output};
use std::sync::Mutex;
use std::thread::available_parallelism;

use latent_lab::error::CommandLineError;
use latent_lab::train::training_bytes;

use super::run::Run;
use super::study::Study;
use crate::known_data::known;
use crate::memory::available_memory;
use crate::{Outcome, files};

/// Images of a data set whose size is not known before it is read: those of MNIST.
const USUAL_IMAGES: usize = 70_000;
const TEST_IMAGES: usize = 10_000;
/// The images as files and as data set, both in memory while they are read.
const COPIES: usize = 2;

/// Trains the runs without a result, `jobs` at a time or as many as fit; an error names those that still have none.
pub fn run_all(study: &Study, jobs: Option<NonZeroUsize>) -> Outcome {
    files::create_folder(&study.dir)?;
    for run in study.runs.iter().filter(|run| run.is_complete() && run.file("lock").exists()) {
        run.execute()?; // was stopped after its result was written: removes the rest
    }
    let left: Vec<&Run> = study.runs.iter().filter(|run| !run.is_complete()).collect();
    let jobs = jobs.map_or_else(|| fitting(&left), NonZeroUsize::get).min(left.len()).max(1);
    let (all, ready) = (study.runs.len(), study.runs.len() - left.len());
    println!("{all} runs, {ready} of them with a result; {jobs} at a time, results in {}", study.dir.display());
    let failed = run_each(study, left, jobs);
    match failed.is_empty() {
        true => Ok(()),
        false => Err(CommandLineError::StudyFailed { runs: failed.join(", ").into() }.into()),
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
    let (train, preset) = (run.train(), run.train().preset());
    let images = known(train.data()).map_or(USUAL_IMAGES, |data| data.train_images + TEST_IMAGES);
    training_bytes(&preset.model, &preset.train, COPIES * images)
}

/// Returns the names of the runs that failed, whose errors are printed.
fn run_each(study: &Study, runs: Vec<&Run>, jobs: usize) -> Vec<String> {
    let all = runs.len();
    let threads = available_parallelism().map_or(1, NonZeroUsize::get) / jobs;
    let queue = Mutex::new(runs.into_iter().enumerate());
    let failed = Mutex::new(Vec::new());
    let work = || {
        let next = || queue.lock().expect("no thread panics with it").next();
        while let Some((at, run)) = next() {
            match in_process(study, run, threads.max(1)) {
                Ok(reached) => println!("{} of {all}, {}: {reached}", at + 1, run.title()),
                Err(reason) => {
                    eprintln!("{} of {all}, {}: {reason}", at + 1, run.title());
                    failed.lock().expect("no thread panics with it").push(run.name.clone());
                }
            }
        }
    };
    std::thread::scope(|scope| (0..jobs).for_each(|_| drop(scope.spawn(work))));
    failed.into_inner().expect("all threads have ended")
}

/// Trains a run in a process of its own; returns what it reached, or why it failed.
fn in_process(study: &Study, run: &Run, threads: usize) -> Result<String, String> {
    let log = OpenOptions::new().create(true).append(true).open(run.file("log")).map_err(|error| error.to_string())?;
    let mut command = Command::new(env::current_exe().map_err(|error| error.to_string())?);
    command.args(["sweep", "run"]).arg(&study.file).arg("--dir").arg(&study.dir).args(["--only", &run.name]);
    let output = command.env("RAYON_NUM_THREADS", threads.to_string()).stdout(log).stderr(std::process::Stdio::piped());
    let output = output.spawn().and_then(|child| child.wait_with_output()).map_err(|error| error.to_string())?;
    match run.result() {
        Ok(Some(result)) => Ok(format!("test {:.2} nats per image, {:.0} s", result.test.terms.total, result.seconds)),
        _ => Err(reason(&output)),
    }
}

/// What a process said last, or how it ended.
fn reason(output: &Output) -> String {
    let said = String::from_utf8_lossy(&output.stderr);
    let said = said.trim().trim_start_matches("latent-lab: ");
    if said.is_empty() { output.status.to_string() } else { said.into() }
}
