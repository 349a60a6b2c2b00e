//! Cross-entropies that a loss on MNIST can be compared with.

use serde::Serialize;

use self::ReferenceKind::{Floor, MeanImage, PrincipalComponents};

/// What simple reconstructions of the 10,000 test images have, the lowest first. The table is recomputed by
/// `cargo test --release every_reference -- --nocapture`.
pub const REFERENCES: [Reference; 7] = [
    Reference { kind: Floor, components: None, nats: 45.53 },
    Reference { kind: PrincipalComponents, components: Some(50), nats: 78.65 },
    Reference { kind: PrincipalComponents, components: Some(20), nats: 106.34 },
    Reference { kind: PrincipalComponents, components: Some(10), nats: 131.09 },
    Reference { kind: PrincipalComponents, components: Some(5), nats: 155.14 },
    Reference { kind: PrincipalComponents, components: Some(2), nats: 179.46 },
    Reference { kind: MeanImage, components: None, nats: 205.65 },
];

/// The cross-entropy between grey test images and simple reconstructions of them.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Reference {
    /// How the images are reconstructed.
    pub kind: ReferenceKind,
    /// `k`: the number of principal components, where these reconstruct.
    pub components: Option<usize>,
    /// Mean over the test images of the cross-entropy, summed over pixels: nats per image.
    pub nats: f64,
}

/// How the images are reconstructed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ReferenceKind {
    /// Every output equals its input: no reconstruction has less, because a grey pixel has an entropy as a probability of ink.
    Floor,
    /// Principal components of the 60,000 training images; outputs are clipped to 1e-4..=1-1e-4, since they can leave 0..=1.
    PrincipalComponents,
    /// Every output is the mean of the test images: no constant has less.
    MeanImage,
}
