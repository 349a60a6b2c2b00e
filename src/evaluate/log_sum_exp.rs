//! The logarithm of a sum of exponentials, accumulated term by term.

/// log of a sum of exp(term), without overflow or underflow: the largest term so far is factored out.
#[derive(Debug, Clone)]
pub(super) struct LogSumExp {
    largest: f64,
    sum: f64, // of exp(term - largest)
}

impl Default for LogSumExp {
    fn default() -> Self {
        Self { largest: f64::NEG_INFINITY, sum: 0.0 }
    }
}

impl LogSumExp {
    pub fn add(&mut self, term: f64) {
        if term > self.largest {
            self.sum *= (self.largest - term).exp();
            self.largest = term;
        }
        self.sum += (term - self.largest).exp();
    }

    pub fn log(&self) -> f64 {
        self.largest + self.sum.ln()
    }
}

impl FromIterator<f64> for LogSumExp {
    fn from_iter<I: IntoIterator<Item = f64>>(terms: I) -> Self {
        let mut sum = Self::default();
        terms.into_iter().for_each(|term| sum.add(term));
        sum
    }
}
