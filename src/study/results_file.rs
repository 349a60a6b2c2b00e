//! The results of a study as a file: a line of JSON for each run.

use super::RunResult;
use crate::{Error, Result};

/// Bytes of a file, at most: about ten thousand runs of a hundred epochs.
const LARGEST: usize = 200 << 20;
const MEGABYTE: usize = 1 << 20;
/// JavaScript counts no further.
const MOST_STEPS: u64 = (1 << 53) - 1;

/// The file of these results.
pub fn write_results(results: &[RunResult]) -> String {
    let line = |result| serde_json::to_string(result).expect("a result is plain data") + "\n";
    results.iter().map(line).collect()
}

/// The results in a file.
///
/// # Errors
/// When the file is none of results, or a line of it is damaged.
pub fn read_results(bytes: &[u8]) -> Result<Vec<RunResult>> {
    if bytes.len() > LARGEST {
        let (megabytes, most) = (bytes.len().div_ceil(MEGABYTE), LARGEST / MEGABYTE);
        return Err(Error::StudyTooLarge { megabytes: megabytes.into(), most: most.into() });
    }
    if !is_results(bytes) {
        return Err(Error::StudyForeign {});
    }
    let lines = bytes.split(|&byte| byte == b'\n').enumerate();
    lines.filter(|(_, line)| !line.trim_ascii().is_empty()).map(|(at, line)| read_line(at + 1, line)).collect()
}

/// Whether a file begins as one of results does, damaged or not.
pub fn is_results(bytes: &[u8]) -> bool {
    bytes.trim_ascii_start().starts_with(b"{\"latent_lab\":")
}

fn read_line(line: usize, text: &[u8]) -> Result<RunResult> {
    let damaged = |detail: String| Error::StudyDamaged { line: line.into(), detail: detail.into() };
    let result: RunResult = serde_json::from_slice(text).map_err(|error| damaged(error.to_string()))?;
    let steps = result.curve.iter().map(|point| point.step);
    match steps.clone().all(|step| step <= MOST_STEPS) && steps.is_sorted_by(|before, after| before < after) {
        true => Ok(result),
        false => Err(damaged("steps".into())),
    }
}
