//! Latent Lab: variational autoencoders on small grey pictures, trained and explored in the browser.
//!
//! A preset, a hundred training steps on generated pictures, and one component of a latent code moved:
//!
//! ```
//! use latent_lab::{data::{DataInfo, Dataset}, device, evaluate, presets, snapshot::block_on, train::Trainer};
//!
//! // 140 pictures of a horizontal bar at one of seven heights, in MNIST's format.
//! let pixels = (0..140 * 28 * 28).map(|at| if at / 28 % 28 / 4 == at / 784 % 7 { 255 } else { 0 });
//! let images = [0x803, 140, 28, 28].map(u32::to_be_bytes).concat().into_iter().chain(pixels).collect();
//! let labels = [[0x801, 140].map(u32::to_be_bytes).concat(), vec![0; 140]].concat();
//! let data = Dataset::parse("bars", DataInfo::digits("bars"), images, Some(&labels))?;
//!
//! let preset = presets::named("vae").expect("one of the presets");
//! let mut trainer = Trainer::new(preset.model, preset.train, &device::cpu())?;
//! let losses = block_on(trainer.train(&data, 100))?; // nats per image
//! assert!(losses[99].total < 0.2 * losses[0].total);
//!
//! let (model, image) = (trainer.model(), data.images.pixels(0).collect());
//! let mut z = block_on(evaluate::infer(&model, image, None, vec![0.0; 20], &device::cpu()))?.mean; // [Z]
//! z[3] += 2.0;
//! let picture = block_on(evaluate::decode(&model, z, 20, None, &device::cpu()))?; // [P], pixels in 0..=1
//! assert_eq!(picture.len(), 28 * 28);
//! # Ok::<(), latent_lab::Error>(())
//! ```
//!
//! The whole family is one formula (see [`objective`]):
//!
//! ```text
//! loss(x) = reconstruction(x | z)  +  beta * divergence(posterior(z | x), prior(z))
//! ```
//!
//! Data flows through the modules in this order:
//!
//! ```text
//! IDX bytes -> data -> Tensor [B, P] -> model -> objective -> train -> snapshot -> weights
//! ```
//!
//! Axes have letters everywhere: `B` images, `P` pixels, `H` hidden units, `Z` latent components, `Y` classes. Losses are in nats per image.
//! The same source builds the native command line and the page's CPU and WebGPU modules; only [`device`] and [`kernels`] name
//! a backend, and only `web` has an interface to JavaScript.
//!
//! Goals, in this order: code that reads like the maths; a page that always responds; numbers that are correct and say what
//! they measure; fast training; few dependencies.

#![warn(missing_docs)]

#[cfg(feature = "cpu")]
pub mod archive;
pub mod data;
pub mod device;
pub mod error;
pub mod evaluate;
pub mod kernels;
pub mod layers;
#[cfg(feature = "cli")]
pub mod messages;
pub mod model;
pub mod objective;
pub mod presets;
pub mod random;
pub mod settings;
pub mod snapshot;
#[cfg(feature = "cpu")]
pub mod study;
pub mod train;
pub mod weights;

#[cfg(target_arch = "wasm32")]
mod web;

pub use error::{Error, Result};
