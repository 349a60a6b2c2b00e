//! The memory of this machine.

use std::fs;

/// Bytes, where the operating system says so in `/proc/meminfo`.
pub fn physical_memory() -> Option<f64> {
    meminfo("MemTotal:")
}

/// Bytes of it that new processes can use without swapping.
pub fn available_memory() -> Option<f64> {
    meminfo("MemAvailable:")
}

fn meminfo(entry: &str) -> Option<f64> {
    let text = fs::read_to_string("/proc/meminfo").ok()?;
    let line = text.lines().find(|line| line.starts_with(entry))?;
    let kibibytes: f64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kibibytes * 1024.0)
}
