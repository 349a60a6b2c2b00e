//! Native tests, a module a subject; all on the CPU.

mod batches;
mod checkpoint;
mod config;
mod evaluate;
mod export;
mod family;
mod framing;
mod idx;
mod mnist;
mod objective;
mod samples;
mod training;
