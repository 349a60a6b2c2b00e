//! Independent categorical variables as a posterior, sampled by the Gumbel-max trick and relaxed while training (Gumbel-softmax, Jang et al.
//! 2017; Concrete, Maddison et al. 2017).

use burn::tensor::activation::{log_softmax, softmax};
use burn::tensor::{Int, Tensor};

use super::one_hot;

/// The relaxation of categorical samples, so that gradients flow through them (Jang et al. 2017; Maddison et al. 2017).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Relaxation {
    /// Temperature of the softmax: towards 0 samples become one-hot.
    pub temperature: f64,
    /// Whether the decoder gets exact samples, with the gradient of the relaxed ones.
    pub straight_through: bool,
}

/// `N` variables with `A` values each, for each image of a batch. A code is `N` one-hot vectors, `[B, N * A]`.
#[derive(Debug, Clone)]
pub struct Categorical {
    /// `[B, N * A]`, the values of a variable adjacent.
    pub logits: Tensor<2>,
    /// `A`.
    pub categories: usize,
    /// How samples are relaxed; `None` for exact ones.
    pub relaxation: Option<Relaxation>,
}

impl Categorical {
    /// A sample `[B, N * A]` from N(0, 1) noise `[B, N * A]`: one-hot, or relaxed (eq. 2 of Jang et al. 2017).
    pub fn sample(&self, noise: Tensor<2>) -> Tensor<2> {
        let Some(Relaxation { temperature, straight_through }) = self.relaxation else {
            return one_hot_of(self.logits.clone() + gumbel(noise), self.categories);
        };
        let perturbed = self.logits.clone() + gumbel(noise);
        let [rows, width] = perturbed.dims();
        let relaxed = softmax(self.by_variable(perturbed.clone() / temperature), 2).reshape([rows, width]);
        if !straight_through {
            return relaxed;
        }
        relaxed.clone() + (one_hot_of(perturbed, self.categories) - relaxed).detach()
    }

    /// The most probable code, one-hot `[B, N * A]`: the sample that noise zero gives.
    pub fn mode(&self) -> Tensor<2> {
        one_hot_of(self.logits.clone(), self.categories)
    }

    /// Probability of each value, `[B, N * A]`: the mean of the one-hot codes.
    pub fn probabilities(&self) -> Tensor<2> {
        self.log_probabilities().exp().reshape(self.logits.dims())
    }

    /// log q(z | x) in nats of the exact sample that `noise` `[B, N * A]` gives, `[B]`: a probability, at most 0.
    pub fn log_probability(&self, noise: Tensor<2>) -> Tensor<1> {
        let sample = one_hot_of(self.logits.clone() + gumbel(noise), self.categories);
        (self.by_variable(sample) * self.log_probabilities()).sum_dim(2).squeeze_dim::<2>(2).sum_dim(1).squeeze_dim(1)
    }

    /// `sum_a q_a log q_a + log A` of each variable in nats, `[B, N]`: the KL to the uniform prior.
    pub fn kl_to_uniform(&self) -> Tensor<2> {
        let log_q = self.log_probabilities();
        let negative_entropy: Tensor<2> = (log_q.clone().exp() * log_q).sum_dim(2).squeeze_dim(2);
        negative_entropy + (self.categories as f64).ln()
    }

    fn log_probabilities(&self) -> Tensor<3> {
        log_softmax(self.by_variable(self.logits.clone()), 2)
    }

    /// `[B, N * A]` as `[B, N, A]`.
    fn by_variable(&self, values: Tensor<2>) -> Tensor<3> {
        let [rows, width] = values.dims();
        values.reshape([rows, width / self.categories, self.categories])
    }
}

/// Codes of which each variable has the value with the largest of these `scores` `[B, N * A]`, one-hot. With N(0, 1) noise as scores they are
/// uniform.
pub(super) fn one_hot_of(scores: Tensor<2>, categories: usize) -> Tensor<2> {
    let [rows, width] = scores.dims();
    one_hot(largest(scores, categories), categories).reshape([rows, width])
}

/// The index of the largest of each variable's scores, whole numbers `[B, N]`: of a one-hot code its values.
pub(super) fn indices(scores: Tensor<2>, categories: usize) -> Tensor<2> {
    let [rows, width] = scores.dims();
    largest(scores, categories).reshape([rows, width / categories]).float()
}

/// `[B, N * A]` to `[B * N, 1]`.
fn largest(scores: Tensor<2>, categories: usize) -> Tensor<2, Int> {
    let [rows, width] = scores.dims();
    scores.reshape([rows * width / categories, categories]).argmax(1)
}

/// N(0, 1) numbers as Gumbel ones, `-log(-log Phi(n))`. Where the normal distribution function is within 1e-7 of 0 or 1, which single
/// precision cannot tell apart, it is held, so that all are finite.
fn gumbel(normal: Tensor<2>) -> Tensor<2> {
    const LEAST: f64 = 1e-7;
    let uniform = ((normal * std::f64::consts::FRAC_1_SQRT_2).erf() + 1.0) * 0.5;
    -(-uniform.clamp(LEAST, 1.0 - LEAST).log()).log()
}
