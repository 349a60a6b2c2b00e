//! What the images of a data set were drawn from, where it is known.

/// The most intervals into which the values of a factor are sorted.
const MOST_INTERVALS: usize = 8;

/// Factors of images, such as a place or an angle, sorted into a few intervals each: in a test set of a thousand images every interval
/// has more than a hundred.
#[derive(Debug, Clone, PartialEq)]
pub struct Factors {
    /// Their names.
    pub names: Vec<String>,
    /// For each factor the interval of each image, `[F][n]`.
    pub intervals: Vec<Vec<u8>>,
}

impl Factors {
    /// Of values `[n * F]`: each factor has its different values in intervals, as evenly as they can be.
    pub fn new(names: Vec<String>, values: &[f32]) -> Self {
        let intervals = (0..names.len()).map(|at| intervals(values[at..].iter().step_by(names.len()))).collect();
        Self { names, intervals }
    }

    /// The entropy of each factor's interval over the first `count` images, in nats.
    pub fn entropies(&self, count: usize) -> Vec<f64> {
        let entropy = |of: &Vec<u8>| {
            let mut counts = [0_usize; MOST_INTERVALS];
            of[..count].iter().for_each(|&interval| counts[usize::from(interval)] += 1);
            let shares = counts.iter().filter(|&&found| found > 0).map(|&found| found as f64 / count as f64);
            shares.map(|share| -share * share.ln()).sum()
        };
        self.intervals.iter().map(entropy).collect()
    }
}

fn intervals<'a>(values: impl Iterator<Item = &'a f32> + Clone) -> Vec<u8> {
    let mut different: Vec<f32> = values.clone().copied().collect();
    different.sort_by(f32::total_cmp);
    different.dedup();
    let count = different.len().min(MOST_INTERVALS);
    let interval = |value: &f32| {
        let rank = different.partition_point(|other| other < value);
        (rank * count / different.len()) as u8
    };
    values.map(interval).collect()
}
