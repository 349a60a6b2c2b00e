//! Native tests, a module a subject; all on the CPU.

mod batches;
mod checkpoint;
mod components;
mod config;
mod cpu_kernels;
mod critic;
mod distributions;
mod evaluate;
mod examination;
mod export;
mod family;
mod framing;
mod idx;
mod information;
mod kernels;
mod mnist;
mod objective;
mod parts;
mod quality;
mod samples;
mod shipped;
mod training;
