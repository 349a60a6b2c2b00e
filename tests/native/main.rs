//! Native tests on the CPU, one module per subject.

mod aggregate_posterior;
mod batches;
mod checkpoint;
mod components;
mod config;
mod cpu_kernels;
mod critic;
mod distributions;
mod encoded_images;
mod evaluation;
mod export;
mod family;
mod framing;
mod idx;
mod importance_sampling;
mod kernels;
mod messages;
mod mnist;
mod objective;
mod parts;
mod sample_quality;
mod samples;
mod scoring;
mod settings;
mod shipped;
mod training;
