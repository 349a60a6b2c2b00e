//! Studies: what the runs of a grid of settings and seeds leave behind, and the mean and spread of each configuration.

mod configuration;
mod results_file;
mod run_result;
mod spread;

pub use configuration::{Configuration, DrawnConfiguration, DrawnCurve, configurations};
pub use results_file::{is_results, read_results, write_results};
pub use run_result::{EpochLosses, RunResult, ScoredOn, Terms, TestLosses};
pub use spread::Spread;
