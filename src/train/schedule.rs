//! What changes in the course of a run: the weight of the KL, its capacity, the learning rate and the temperature.

use super::{DivergenceKind, TrainConfig};
use crate::model::{ModelConfig, PosteriorKind};
use crate::objective::{Objective, Penalty, Relaxation};

/// Share of a cycle of KL annealing in which beta grows (R of Fu et al. 2019).
const GROWING: f64 = 0.5;

impl TrainConfig {
    /// Weight of the divergence after `epochs` epochs. It grows in cycles where there are any, else over the warm-up; with a capacity it is
    /// the capacity that grows.
    pub fn beta_after(&self, epochs: f64) -> f64 {
        if self.cycles > 0 {
            let cycle = self.epochs as f64 / self.cycles as f64;
            return self.beta * (epochs % cycle / (GROWING * cycle)).min(1.0);
        }
        if self.capacity > 0.0 { self.beta } else { self.beta * self.warm_up_after(epochs) }
    }

    /// Whether the steps before `epochs` epochs had the full weight of the divergence: after the warm-up, or in the second half of a cycle.
    pub fn beta_is_full_after(&self, epochs: f64) -> bool {
        if self.cycles > 0 {
            let cycle = self.epochs as f64 / self.cycles as f64;
            let within = epochs % cycle;
            return epochs > 0.0 && (within == 0.0 || within >= GROWING * cycle);
        }
        epochs >= self.warm_up
    }

    /// Nats per image that the KL is kept at after `epochs` epochs.
    pub fn capacity_after(&self, epochs: f64) -> f64 {
        self.capacity * self.warm_up_after(epochs)
    }

    /// The learning rate after `epochs` epochs.
    pub fn learning_rate_after(&self, epochs: f64) -> f64 {
        let left = self.epochs as f64 - epochs;
        if left < self.cool_down && self.cool_down > 0.0 {
            self.learning_rate * left.max(0.0) / self.cool_down
        } else {
            self.learning_rate
        }
    }

    /// Temperature of relaxed categorical samples after `epochs` epochs: from the first to the last one, exponentially.
    pub fn temperature_after(&self, epochs: f64) -> f64 {
        let share = (epochs / self.epochs as f64).min(1.0);
        self.temperature * (self.temperature_end / self.temperature).powf(share)
    }

    /// What a step after `epochs` epochs of `images` images minimises.
    pub fn objective_after(&self, epochs: f64, images: usize, model: &ModelConfig) -> Objective {
        let penalty = match self.divergence {
            DivergenceKind::Kl if self.free_bits > 0.0 => Penalty::FreeBits { nats: self.free_bits },
            DivergenceKind::Kl if self.capacity > 0.0 => Penalty::Capacity { nats: self.capacity_after(epochs) },
            DivergenceKind::Kl => Penalty::Kl,
            DivergenceKind::Decomposed => {
                Penalty::Parts { weights: [self.mi_weight, self.tc_weight, self.dimension_weight], images }
            }
            DivergenceKind::Mmd => Penalty::Mmd,
        };
        let relaxation = (model.posterior == PosteriorKind::Categorical).then(|| Relaxation {
            temperature: self.temperature_after(epochs),
            straight_through: self.straight_through,
        });
        let beta = self.beta_after(epochs);
        Objective { samples: self.samples, penalty, beta, critic: self.critic_weight, relaxation }
    }

    fn warm_up_after(&self, epochs: f64) -> f64 {
        if epochs < self.warm_up { epochs / self.warm_up } else { 1.0 }
    }
}
