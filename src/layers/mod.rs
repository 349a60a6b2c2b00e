//! The few blocks every model is built from, and the door to faster versions of them.

mod dense;

pub use dense::Dense;
