//! Latent Lab: variational autoencoders on MNIST, trained where you look at them.
//!
//! Goals, in order: the code reads like the maths; the page never waits; every number is true and says what it is;
//! training is fast; few dependencies.
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
//! Axes have letters everywhere: `B` images, `P` pixels, `H` hidden units, `Z` latent components.
//! One source serves the native command line, the CPU module and the WebGPU module of the page; only [`device`] names a
//! backend and only `web` speaks to JavaScript.

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
pub mod train;
pub mod weights;

#[cfg(target_arch = "wasm32")]
mod web;

pub use error::{Error, Result};
