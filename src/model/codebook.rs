//! The codebook of a VQ-VAE (van den Oord et al. 2017) and the prior over its codes.

use burn::module::{Module, Param};
use burn::tensor::{Device, Tensor, TensorData};
use rand::rngs::ChaCha8Rng;
use rand_distr::{Distribution, StandardNormal};

use super::body::GRID;
use super::{ModelConfig, one_hot, rows_at_even_steps};
use crate::layers::{product, product_with_transposed};

/// `N`: positions of an image's latent grid, each with its own code; of the top one where there are two.
pub const POSITIONS: usize = GRID * GRID;

/// Weight of the commitment loss (beta in eq. 3).
const COMMITMENT: f64 = 0.25;
/// Weight of the newest batch in the exponential moving average of the code frequencies.
const NEWEST: f64 = 0.01;
/// Share of each position's prior that is spread over all codes, so that no code has probability zero.
const SMOOTHING: f64 = 0.01;
/// A code is unused when its frequency falls below this share of `1 / C`.
const UNUSED: f64 = 0.05;

/// `C` vectors, and the frequency of each code at each position.
#[derive(Module, Debug)]
pub struct Codebook {
    vectors: Param<Tensor<2>>, // [C, Z]
    counts: Param<Tensor<2>>,  // [N, C], exponential moving averages of frequencies; not trained by gradients
}

/// The codes of a batch, level by level: of one codebook, or of the top one and the bottom one. `N` counts the positions of both.
#[derive(Debug, Clone)]
pub struct Codes {
    /// The top first.
    pub levels: Vec<Quantised>,
}

/// A batch of encoder outputs, quantised by one codebook.
#[derive(Debug, Clone)]
pub struct Quantised {
    /// The encoder's output z_e, `[B, N * Z]`.
    pub encoded: Tensor<2>,
    /// The nearest codebook vectors z_q, `[B, N * Z]`; gradients flow to the codebook.
    pub quantised: Tensor<2>,
    /// The index of each code, one-hot `[B * N, C]`.
    pub assignments: Tensor<2>,
    /// -log p of each code at its position, in nats: `[B, N]`.
    pub negative_log_prior: Tensor<2>,
}

impl Codebook {
    /// A codebook with random vectors and uniform frequencies at each of the `positions`.
    pub fn new(config: &ModelConfig, positions: usize, random: &mut ChaCha8Rng, device: &Device) -> Self {
        let ModelConfig { latent, codes, .. } = *config;
        let normals = StandardNormal.sample_iter(random).take(codes * latent);
        let vectors: Vec<f32> = normals.map(|normal: f32| 0.5 * normal).collect();
        let counts = Tensor::full([positions, codes], 1.0 / codes as f32, device);
        Self {
            vectors: Param::from_data(TensorData::new(vectors, [codes, latent]), device),
            counts: Param::from_tensor(counts).set_require_grad(false),
        }
    }

    /// `N`: its positions in an image.
    pub fn positions(&self) -> usize {
        self.counts.dims()[0]
    }

    /// The vectors, `[C, Z]`.
    pub fn vectors(&self) -> Tensor<2> {
        self.vectors.val().detach()
    }

    /// The nearest vector at each position, by Euclidean distance (eq. 1 and 2).
    ///
    /// # Shapes
    /// Encoder outputs `[B, N * Z]` to [`Quantised`].
    pub fn quantise(&self, encoded: Tensor<2>) -> Quantised {
        let [rows, width] = encoded.dims();
        let vectors = self.vectors.val();
        let [codes, latent] = vectors.dims();
        let positions = self.positions();
        assert_eq!(width, positions * latent, "the encoder gives a vector for each position");
        let points = encoded.clone().detach().reshape([rows * positions, latent]);
        // |z - e|^2 without |z|^2, which is the same for every code.
        let lengths: Tensor<1> = vectors.clone().detach().square().sum_dim(1).squeeze_dim(1);
        let distances = lengths.unsqueeze() - product_with_transposed(points, vectors.clone().detach()) * 2.0;
        let assignments = one_hot(distances.argmin(1), codes);
        let nll = assignments.clone().reshape([rows, positions, codes]) * -self.log_prior().unsqueeze::<3>();
        Quantised {
            quantised: product(assignments.clone(), vectors).reshape([rows, width]),
            encoded,
            assignments,
            negative_log_prior: nll.sum_dim(2).squeeze_dim(2),
        }
    }

    /// The vectors with these indices.
    ///
    /// # Shapes
    /// Indices `[B, N]`, whole numbers in `0..C`, to vectors `[B, N * Z]`.
    pub fn embed(&self, indices: Tensor<2>) -> Tensor<2> {
        let vectors = self.vectors.val();
        let [codes, latent] = vectors.dims();
        let [rows, positions] = indices.dims();
        let assignments = one_hot(indices.int().reshape([rows * positions, 1]), codes);
        product(assignments, vectors).reshape([rows, positions * latent])
    }

    /// log p of each code at each position in nats, `[N, C]`, from its frequency there. The positions are independent.
    pub fn log_prior(&self) -> Tensor<2> {
        let counts = self.counts.val();
        let codes = counts.dims()[1] as f64;
        let shares = counts.clone() / counts.sum_dim(1);
        (shares * (1.0 - SMOOTHING) + SMOOTHING / codes).log()
    }

    /// The codebook after a training step: the moving averages take in the batch, and unused codes are reset to encoder outputs
    /// of the batch (as Dhariwal et al. 2020 do).
    pub fn update(self, batch: &Quantised) -> Self {
        let positions = self.positions();
        let assignments = batch.assignments.clone().inner();
        let [entries, codes] = assignments.dims();
        let latent = self.vectors.val().dims()[1];
        let frequencies: Tensor<2> =
            assignments.reshape([entries / positions, positions, codes]).mean_dim(0).squeeze_dim(0);
        let counts = self.counts.val().inner() * (1.0 - NEWEST) + frequencies * NEWEST;

        let uniform = 1.0 / codes as f64;
        let unused = counts.clone().mean_dim(0).lower_elem(UNUSED * uniform); // [1, C]
        let encoded = batch.encoded.clone().inner().reshape([entries, latent]);
        let replacements = rows_at_even_steps(encoded, codes);
        let reset = unused.clone().transpose().expand([codes, latent]);
        let counts = counts.mask_fill(unused.expand([positions, codes]), 0.5 * uniform);
        Self {
            vectors: self
                .vectors
                .map(|vectors| Tensor::from_inner(vectors.inner().mask_where(reset, replacements)).require_grad()),
            counts: self.counts.map(|_| Tensor::from_inner(counts)),
        }
    }
}

impl Codes {
    fn beside(&self, of: impl Fn(&Quantised) -> Tensor<2>) -> Tensor<2> {
        Tensor::cat(self.levels.iter().map(of).collect(), 1)
    }

    /// The decoder's input z_q, `[B, N * Z]`; its gradient is copied to the encoder's output (straight-through estimator).
    pub fn straight_through(&self) -> Tensor<2> {
        self.beside(Quantised::straight_through)
    }

    /// Index of each code, whole numbers `[B, N]`.
    pub fn indices(&self) -> Tensor<2> {
        self.beside(Quantised::indices)
    }

    /// -log p of each code at its position, in nats: `[B, N]`.
    pub fn negative_log_prior(&self) -> Tensor<2> {
        self.beside(|level| level.negative_log_prior.clone())
    }

    /// Codebook loss and commitment loss of each image, the last two terms of eq. 3, of all levels: `[B]`.
    pub fn quantisation_loss(&self) -> Tensor<1> {
        self.levels.iter().map(Quantised::quantisation_loss).reduce(|sum, loss| sum + loss).expect("there is a level")
    }
}

impl Quantised {
    /// The decoder's input z_q, `[B, N * Z]`; its gradient is copied to the encoder's output (straight-through estimator).
    pub fn straight_through(&self) -> Tensor<2> {
        self.encoded.clone() + (self.quantised.clone() - self.encoded.clone()).detach()
    }

    /// Index of each code, whole numbers `[B, N]`.
    pub fn indices(&self) -> Tensor<2> {
        let shape = self.negative_log_prior.dims();
        self.assignments.clone().argmax(1).reshape(shape).float()
    }

    /// Codebook loss and commitment loss of each image, the last two terms of eq. 3: `[B]`.
    pub fn quantisation_loss(&self) -> Tensor<1> {
        let squared_distance =
            |a: &Tensor<2>, b: &Tensor<2>| (a.clone() - b.clone().detach()).square().sum_dim(1).squeeze_dim(1);
        let codebook: Tensor<1> = squared_distance(&self.quantised, &self.encoded);
        codebook + squared_distance(&self.encoded, &self.quantised) * COMMITMENT
    }

    /// How often each code was used, over all images and positions: `[C]`.
    pub fn counts(&self) -> Tensor<1> {
        self.assignments.clone().sum_dim(0).squeeze_dim(0)
    }
}
