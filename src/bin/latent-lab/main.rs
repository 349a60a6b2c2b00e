//! The native command line: train a model, score it, take it to PyTorch.

mod bench;
mod evaluate;
mod export;
mod judge;
mod mnist;
mod schema;
mod train;

use std::error::Error;

use clap::{Parser, Subcommand};

/// Tensors of many megabytes come and go with each step: the system's allocator would map and clear their pages anew every time.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Trains, scores and exports the models that Latent Lab's page shows.
#[derive(Parser)]
#[command(version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Train(train::Args),
    Evaluate(evaluate::Args),
    Export(export::Args),
    Judge(judge::Args),
    Bench(bench::Args),
    /// Print the table of settings that the page builds its form from, as JSON
    #[command(hide = true)]
    Schema,
}

/// What a command fails with: a sentence, printed as it is.
type Outcome<T = ()> = Result<T, Box<dyn Error>>;

fn main() -> std::process::ExitCode {
    let outcome = match Cli::parse().command {
        Command::Train(args) => train::run(&args),
        Command::Evaluate(args) => evaluate::run(&args),
        Command::Export(args) => export::run(&args),
        Command::Judge(args) => judge::run(&args),
        Command::Bench(args) => bench::run(&args),
        Command::Schema => schema::run(),
    };
    match outcome {
        Ok(()) => std::process::ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("latent-lab: {error}");
            std::process::ExitCode::FAILURE
        }
    }
}
