//! What can go wrong, in sentences a person at the page can act on.

/// Everything this crate refuses. Broken invariants panic instead.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum Error {
    /// A data file that is not what MNIST's format says.
    #[error("{file}: {reason}")]
    Data { file: String, reason: String },
    /// A setting outside its limits.
    #[error("{name} must be {limits}, not {value}")]
    Config { name: &'static str, limits: String, value: String },
    /// Settings that make no sense together.
    #[error("{0}")]
    Combination(String),
    /// A weights file that cannot be used.
    #[error("These weights cannot be used: {0}")]
    Checkpoint(String),
    /// An argument of the wrong length, from a caller outside this crate.
    #[error("{what} needs {expected} numbers, not {found}")]
    Length { what: &'static str, expected: String, found: usize },
    /// No device, or a device that stopped answering.
    #[error("{0}")]
    Device(String),
}

pub type Result<T> = std::result::Result<T, Error>;
