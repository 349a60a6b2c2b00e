//! Native tests, a module a subject; all on the CPU.

mod batches;
mod checkpoint;
mod components;
mod config;
mod cpu_kernels;
mod evaluate;
mod examination;
mod export;
mod family;
mod framing;
mod idx;
mod information;
mod kernels;
mod messages;
mod mnist;
mod objective;
mod parts;
mod quality;
mod samples;
mod settings;
mod shipped;
mod training;
