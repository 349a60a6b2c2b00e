//! Random numbers: all derive from one seed, and each purpose has its own stream. So results do not depend on the order of
//! calls, and a run can be resumed from its position.

use rand::{SeedableRng, rngs::ChaCha8Rng};
use rand_distr::{Distribution, StandardNormal};

/// What random numbers are drawn for.
#[derive(Debug, Clone, Copy)]
#[allow(missing_docs, reason = "the variants say what they are indexed by")]
pub enum Stream {
    /// The initial weights of a model.
    Weights,
    /// The order of the training images in one epoch.
    Shuffle { epoch: u64 },
    /// The reparameterisation noise of one training step.
    Noise { step: u64 },
    /// The reparameterisation noise of the test image with this index.
    TestNoise { image: u64 },
    /// The corruption of the images of one training step.
    Corruption { step: u64 },
    /// The corruption of the test image with this index.
    TestCorruption { image: u64 },
    /// The static binarisation of a data set.
    StaticBinarisation,
    /// The dynamic binarisation of the images of one training step.
    DynamicBinarisation { step: u64 },
    /// The training images that keep their label in semi-supervised training.
    LabelledSubset,
    /// The labelled images of one semi-supervised training step.
    LabelledBatch { step: u64 },
    /// The component of a learned prior for each prior sample of one training step.
    PriorComponent { step: u64 },
    /// The samples of N(0, I) that the codes of one training step are compared with.
    PriorNoise { step: u64 },
    /// The images that take the places of a class that is left out, in one training step.
    LeftOut { step: u64 },
    /// The residuals of a sample of p(x | z) for the test image with this index; 0 for a drawing.
    Residuals { image: u64 },
    /// The importance samples of the test image with this index.
    ImportanceSamples { image: u64 },
    /// Which images of a data set are for testing.
    TestSplit,
    /// The shift, rotation and scale of each copy of a data set's images.
    Augmentation,
    /// Which images of two data sets are mixed.
    Mixture,
    /// The factors of drawn sprites.
    Sprites,
    /// Which training images are held out for validation.
    ValidationSplit,
    /// Prior samples, and the noise and corruption that the page asks for.
    Samples,
    /// The component of a learned prior, or the codes of a codebook, for each of these prior samples.
    SampleComponents,
}

/// The generator of one stream; the same seed and stream give the same numbers on every device.
pub fn generator(seed: u64, stream: Stream) -> ChaCha8Rng {
    let (purpose, index) = match stream {
        Stream::Weights => (0, 0),
        Stream::Shuffle { epoch } => (1, epoch),
        Stream::Noise { step } => (2, step),
        Stream::TestNoise { image } => (3, image),
        Stream::Samples => (4, 0),
        Stream::Corruption { step } => (5, step),
        Stream::TestCorruption { image } => (6, image),
        Stream::SampleComponents => (7, 0),
        Stream::StaticBinarisation => (8, 0),
        Stream::ImportanceSamples { image } => (9, image),
        Stream::DynamicBinarisation { step } => (10, step),
        Stream::LabelledSubset => (11, 0),
        Stream::LabelledBatch { step } => (12, step),
        Stream::PriorComponent { step } => (13, step),
        Stream::TestSplit => (14, 0),
        Stream::Augmentation => (15, 0),
        Stream::Mixture => (16, 0),
        Stream::Sprites => (17, 0),
        Stream::PriorNoise { step } => (19, step),
        Stream::ValidationSplit => (18, 0),
        Stream::Residuals { image } => (21, image),
        Stream::LeftOut { step } => (22, step),
    };
    let mut key = [0; 32];
    key[..8].copy_from_slice(&seed.to_le_bytes());
    key[8..16].copy_from_slice(&u64::to_le_bytes(purpose));
    key[16..24].copy_from_slice(&u64::to_le_bytes(index));
    ChaCha8Rng::from_seed(key)
}

/// `count` samples of N(0, 1).
pub fn normals(seed: u64, stream: Stream, count: usize) -> Vec<f32> {
    StandardNormal.sample_iter(generator(seed, stream)).take(count).collect()
}
