//! The constants that the CPU kernels, the WGSL shaders, the layers and the optimiser share.

/// Decay rate of Adam's first moments (Kingma & Ba 2015, section 2).
pub const ADAM_BETA_1: f64 = 0.9;
/// Decay rate of Adam's second moments.
pub const ADAM_BETA_2: f64 = 0.999;
/// Added to the square root of Adam's second moments.
pub const ADAM_EPSILON: f64 = 1e-8;

/// Added to the variance in a batch norm (Ioffe & Szegedy 2015, algorithm 1), as in PyTorch.
pub const BATCH_NORM_EPSILON: f64 = 1e-5;
/// The weight of a new batch in the running mean and variance, as in PyTorch.
pub const BATCH_NORM_MOMENTUM: f64 = 0.1;
