//! The codebook of a VQ-VAE (van den Oord et al. 2017) and the prior over its codes.

use burn::module::{Module, Param};
use burn::tensor::{Device, Int, Tensor, TensorData};
use rand::rngs::ChaCha8Rng;
use rand_distr::{Distribution, StandardNormal};

use super::ModelConfig;
use super::body::GRID;

/// `N`: codes of an image.
pub const PLACES: usize = GRID * GRID;

/// Weight of the pull of the encoder towards its code.
const COMMITMENT: f64 = 0.25;
/// How much of its counts a place forgets with each batch.
const FORGETTING: f64 = 0.01;
/// The share of each place's prior that is spread over all codes, so that none is impossible.
const SMOOTHING: f64 = 0.01;
/// A code used less than this often, as a share of an even use, is dead.
const DEAD: f64 = 0.05;

/// `C` vectors, and how often each place of an image takes each of them.
#[derive(Module, Debug)]
pub struct Codebook {
    vectors: Param<Tensor<2>>, // [C, Z]
    counts: Param<Tensor<2>>,  // [N, C], moving shares; no gradient moves them
}

/// The codes of some images.
#[derive(Debug, Clone)]
pub struct Codes {
    /// What the encoder said, `[B, N * Z]`.
    pub encoded: Tensor<2>,
    /// The nearest vectors, `[B, N * Z]`; their gradient goes to the codebook.
    pub vectors: Tensor<2>,
    /// Which those are, one-hot `[B * N, C]`.
    pub choice: Tensor<2>,
    /// -log p of each code at its place, in nats: `[B, N]`.
    pub surprise: Tensor<2>,
}

impl Codebook {
    pub fn new(config: &ModelConfig, random: &mut ChaCha8Rng, device: &Device) -> Self {
        let ModelConfig { latent, codes, .. } = *config;
        let draws = StandardNormal.sample_iter(random).take(codes * latent);
        let vectors: Vec<f32> = draws.map(|draw: f32| 0.5 * draw).collect();
        let counts = Tensor::full([PLACES, codes], 1.0 / codes as f32, device);
        Self {
            vectors: Param::from_data(TensorData::new(vectors, [codes, latent]), device),
            counts: Param::from_tensor(counts).set_require_grad(false),
        }
    }

    /// Each place's nearest vector: points `[B, N * Z]` to codes.
    pub fn look_up(&self, encoded: Tensor<2>) -> Codes {
        let rows = encoded.dims()[0];
        let vectors = self.vectors.val();
        let [codes, latent] = vectors.dims();
        let places = encoded.clone().detach().reshape([rows * PLACES, latent]);
        let lengths: Tensor<1> = vectors.clone().detach().square().sum_dim(1).squeeze_dim(1);
        let distances = lengths.unsqueeze() - places.matmul(vectors.clone().detach().transpose()) * 2.0;
        let choice = one_hot(distances.argmin(1), codes);
        let surprise = choice.clone().reshape([rows, PLACES, codes]) * -self.log_prior().unsqueeze::<3>();
        Codes {
            vectors: choice.clone().matmul(vectors).reshape([rows, PLACES * latent]),
            encoded,
            choice,
            surprise: surprise.sum_dim(2).squeeze_dim(2),
        }
    }

    /// The vectors of codes given by number, `[B, N]` whole numbers to `[B, N * Z]`.
    pub fn vectors_of(&self, indices: Tensor<2>) -> Tensor<2> {
        let vectors = self.vectors.val();
        let [codes, latent] = vectors.dims();
        let [rows, places] = indices.dims();
        one_hot(indices.int().reshape([rows * places, 1]), codes).matmul(vectors).reshape([rows, places * latent])
    }

    /// log p of each code at each place, `[N, C]`: the places are counted one by one, as if they knew nothing of each other.
    pub fn log_prior(&self) -> Tensor<2> {
        let counts = self.counts.val();
        let codes = counts.dims()[1] as f64;
        let shares = counts.clone() / counts.sum_dim(1);
        (shares * (1.0 - SMOOTHING) + SMOOTHING / codes).log()
    }

    /// This codebook after a batch of training: its counts moved on, and each dead code put where the encoder of late was.
    pub fn learned(self, seen: &Codes) -> Self {
        let choice = seen.choice.clone().inner();
        let [entries, codes] = choice.dims();
        let latent = self.vectors.val().dims()[1];
        let share: Tensor<2> = choice.reshape([entries / PLACES, PLACES, codes]).mean_dim(0).squeeze_dim(0);
        let counts = self.counts.val().inner() * (1.0 - FORGETTING) + share * FORGETTING;

        let even = 1.0 / codes as f64;
        let dead = counts.clone().mean_dim(0).lower_elem(DEAD * even); // [1, C]
        let encoded = seen.encoded.clone().inner().reshape([entries, latent]);
        let spread: Vec<i32> = (0..codes).map(|code| (code * entries / codes) as i32).collect();
        let places = encoded.clone().select(0, Tensor::from_data(spread.as_slice(), &encoded.device()));
        let revived = dead.clone().transpose().expand([codes, latent]);
        let counts = counts.mask_fill(dead.expand([PLACES, codes]), 0.5 * even);
        Self {
            vectors: self
                .vectors
                .map(|vectors| Tensor::from_inner(vectors.inner().mask_where(revived, places)).require_grad()),
            counts: self.counts.map(|_| Tensor::from_inner(counts)),
        }
    }
}

impl Codes {
    /// The vectors for the decoder, whose gradient goes to the encoder as if it had said them itself (straight-through).
    pub fn straight_through(&self) -> Tensor<2> {
        self.encoded.clone() + (self.vectors.clone() - self.encoded.clone()).detach()
    }

    /// Which codes, `[B, N]` whole numbers.
    pub fn indices(&self) -> Tensor<2> {
        let [entries, _] = self.choice.dims();
        self.choice.clone().argmax(1).reshape([entries / PLACES, PLACES]).float()
    }

    /// What draws codes to encodings and encodings to codes (eq. 3), for each image: `[B]`.
    pub fn pull(&self) -> Tensor<1> {
        let between =
            |a: &Tensor<2>, b: &Tensor<2>| (a.clone() - b.clone().detach()).square().sum_dim(1).squeeze_dim(1);
        let towards_encodings: Tensor<1> = between(&self.vectors, &self.encoded);
        towards_encodings + between(&self.encoded, &self.vectors) * COMMITMENT
    }

    /// How many images took each code at any place: `[C]`.
    pub fn tally(&self) -> Tensor<1> {
        self.choice.clone().sum_dim(0).squeeze_dim(0)
    }
}

/// `[R, 1]` whole numbers to `[R, classes]`.
fn one_hot(indices: Tensor<2, Int>, classes: usize) -> Tensor<2> {
    let range = Tensor::<1, Int>::arange(0..classes as i64, &indices.device());
    let rows = indices.dims()[0];
    indices.expand([rows, classes]).equal(range.unsqueeze::<2>().expand([rows, classes])).float()
}
