//! The operations that training spends its time in, written by hand.

pub mod cpu;
