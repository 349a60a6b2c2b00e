//! A conditional model as a classifier: p(y | x) from p(x | y) by Bayes' rule.

use super::log_sum_exp::LogSumExp;
use super::{Example, LoadedModel};
use crate::Result;

impl LoadedModel {
    /// -log p(x | y) of each label y in nats, `[Y]`, by importance sampling; the loss at the posterior mean where the
    /// posterior has no density. The noise is the same for every label. `None` for a model that is not conditional on the
    /// label.
    ///
    /// # Errors
    /// When the device is lost.
    pub async fn class_nlls(&self, example: &Example, samples: usize, seed: u64) -> Result<Option<Vec<f64>>> {
        if !self.config.labelled {
            return Ok(None);
        }
        let examples: Vec<_> = example.under_each_label(self.config.classes).collect();
        match self.has_density() {
            true => Ok(Some(self.conditional_nlls(&examples, samples, seed).await?)),
            false => Ok(Some(self.losses_at_mean(&examples).await?)),
        }
    }
}

/// p(y | x), `[n]`, from -log p(x | y) in nats, `[n]`, by Bayes' rule with equal class priors.
pub fn class_probabilities(nlls: &[f64]) -> Vec<f64> {
    let log_evidence = nlls.iter().map(|nll| -nll).collect::<LogSumExp>().log();
    nlls.iter().map(|nll| (-nll - log_evidence).exp()).collect()
}
