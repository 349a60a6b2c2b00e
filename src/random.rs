//! Every random number, from one seed: each purpose has a stream of its own, so that the order of asking never matters
//! and a run can be resumed from its position alone.

use rand::{SeedableRng, rngs::ChaCha8Rng};
use rand_distr::{Distribution, StandardNormal};

/// What random numbers are drawn for.
#[derive(Debug, Clone, Copy)]
pub enum Stream {
    /// The weights a new model starts from.
    Weights,
    /// The order of the training images in one epoch.
    Shuffle { epoch: u64 },
    /// The reparameterisation noise of one training step.
    Noise { step: u64 },
    /// The reparameterisation noise of the test image with this index.
    Test { image: u64 },
    /// The damage done to the images of one training step.
    Damage { step: u64 },
    /// The damage done to the test image with this index.
    TestDamage { image: u64 },
    /// The coins that turn grey pixels on or off for good.
    Binarise,
    /// The coins that turn the grey pixels of one training step on or off.
    Coins { step: u64 },
    /// Which training images keep their labels.
    Labels,
    /// Which of those a training step looks at.
    Labelled { step: u64 },
    /// The component of a learned prior for each prior sample of one training step.
    PriorComponent { step: u64 },
    /// The draws by which the likelihood of the test image with this index is estimated.
    Importance { image: u64 },
    /// Draws a person asked for: samples of the prior or the posterior.
    Draw,
    /// Which part of a learned prior each draw of a person comes from.
    Part,
}

/// The generator of one stream; the same seed and stream give the same numbers on every device.
pub fn generator(seed: u64, stream: Stream) -> ChaCha8Rng {
    let (purpose, index) = match stream {
        Stream::Weights => (0, 0),
        Stream::Shuffle { epoch } => (1, epoch),
        Stream::Noise { step } => (2, step),
        Stream::Test { image } => (3, image),
        Stream::Draw => (4, 0),
        Stream::Damage { step } => (5, step),
        Stream::TestDamage { image } => (6, image),
        Stream::Part => (7, 0),
        Stream::Binarise => (8, 0),
        Stream::Importance { image } => (9, image),
        Stream::Coins { step } => (10, step),
        Stream::Labels => (11, 0),
        Stream::Labelled { step } => (12, step),
        Stream::PriorComponent { step } => (13, step),
    };
    let mut key = [0; 32];
    key[..8].copy_from_slice(&seed.to_le_bytes());
    key[8..16].copy_from_slice(&u64::to_le_bytes(purpose));
    key[16..24].copy_from_slice(&u64::to_le_bytes(index));
    ChaCha8Rng::from_seed(key)
}

/// `count` draws from N(0, 1).
pub fn normals(seed: u64, stream: Stream, count: usize) -> Vec<f32> {
    StandardNormal.sample_iter(generator(seed, stream)).take(count).collect()
}
