//! The native command line: train a model, a study or all that come with the page, evaluate it, export it to PyTorch, list a saved lab.

mod archive;
mod bench;
mod data;
mod data_files;
mod data_set;
mod device;
mod evaluate;
mod export;
mod files;
mod judge;
mod known_data;
mod memory;
mod models;
mod output;
mod presets;
mod schema;
mod sweep;
mod train;
mod weights;

use clap::{Parser, Subcommand};
use latent_lab::error::InCatalogue;
use latent_lab::messages::sentence;

/// mimalloc keeps freed memory. Each step allocates and frees tensors of many megabytes, whose pages the system's allocator
/// would map and clear every time.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Train, evaluate and export the models of Latent Lab's page
#[derive(Parser)]
#[command(version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Train(Box<train::Args>),
    Models(models::Args),
    Sweep(sweep::Args),
    Evaluate(evaluate::Args),
    Export(export::Args),
    Judge(judge::Args),
    Archive(archive::Args),
    Bench(Box<bench::Args>),
    Data(data::Args),
    /// Print the table of settings that the page builds its form from, as JSON
    #[command(hide = true)]
    Schema,
}

/// The result of a command. Its error is printed as a sentence of the catalogue.
type Outcome<T = ()> = Result<T, Box<dyn InCatalogue>>;

fn main() -> std::process::ExitCode {
    let outcome = match Cli::parse().command {
        Command::Train(args) => train::run(&args),
        Command::Models(args) => models::run(&args),
        Command::Sweep(args) => sweep::run(&args),
        Command::Evaluate(args) => evaluate::run(&args),
        Command::Export(args) => export::run(&args),
        Command::Judge(args) => judge::run(&args),
        Command::Archive(args) => archive::run(&args),
        Command::Bench(args) => bench::run(&args),
        Command::Data(args) => data::run(&args),
        Command::Schema => schema::run(),
    };
    match outcome {
        Ok(()) => std::process::ExitCode::SUCCESS,
        Err(error) => {
            output::warn(sentence(&*error));
            std::process::ExitCode::FAILURE
        }
    }
}
