//! The adversarial losses of a VAE-GAN (Larsen et al. 2016).

use burn::module::Module;
use burn::tensor::Tensor;
use burn::tensor::activation::softplus;

use crate::model::Critic;

/// Weights of the feature distance and of the non-saturating loss relative to a reconstruction in nats, found by trial.
const FEATURE_DISTANCE: f64 = 20.0;
const NON_SATURATING: f64 = 3.0;

/// What critic and generator minimise against each other, for each image of a batch.
pub struct AdversarialLosses {
    /// The critic's loss in nats, `[B]`: without gradients for the images.
    pub critic: Tensor<1>,
    /// The loss of encoder, decoder and learned prior, `[B]`: without gradients for the critic.
    pub generator: Tensor<1>,
}

impl AdversarialLosses {
    /// # Shapes
    /// Training images, and their reconstructions and decoded prior samples, `[B, P]` each, in 0..=1; their labels `[B, Y]`, for a model
    /// that is conditional on the label (CVAE-GAN, Bao et al. 2017).
    pub fn new(critic: &Critic, images: Tensor<2>, decoded: [Tensor<2>; 2], labels: Option<Tensor<2>>) -> Self {
        let losses = Self::critic_loss(critic, images.clone(), decoded.clone(), labels.clone());
        Self { critic: losses, generator: Self::generator_loss(critic, images, decoded, labels) }
    }

    /// Binary cross-entropy of the critic in nats, `[B]`. Reconstructions and generated images count half each, where the paper
    /// counts both fully, so that training images weigh as much as decoded ones.
    fn critic_loss(
        critic: &Critic,
        images: Tensor<2>,
        decoded: [Tensor<2>; 2],
        labels: Option<Tensor<2>>,
    ) -> Tensor<1> {
        let logit = |images: Tensor<2>| critic.forward(images, labels.clone()).logit;
        let [reconstructed, generated] = decoded.map(|images| softplus(logit(images.detach()), 1.0));
        softplus(-logit(images), 1.0) + (reconstructed + generated) * 0.5
    }

    /// The distance between the critic's features of a reconstruction and of its image (eq. 6), and the non-saturating loss of
    /// reconstructions and generated images (Goodfellow et al. 2014), `[B]`. The distance is relative to the mean square of the
    /// images' features: the critic cannot raise it by scaling its features.
    fn generator_loss(
        critic: &Critic,
        images: Tensor<2>,
        decoded: [Tensor<2>; 2],
        labels: Option<Tensor<2>>,
    ) -> Tensor<1> {
        let critic = critic.clone().no_grad();
        let target = critic.forward(images, labels.clone()).features;
        let [reconstructed, generated] = decoded.map(|images| critic.forward(images, labels.clone()));
        let mean_square = target.clone().square().sum_dim(1).mean_dim(0);
        let distance: Tensor<1> = ((reconstructed.features - target).square().sum_dim(1) / mean_square).squeeze_dim(1);
        let non_saturating = |logit: Tensor<1>| softplus(-logit, 1.0);
        let adversarial = non_saturating(reconstructed.logit) + non_saturating(generated.logit);
        distance * FEATURE_DISTANCE + adversarial * NON_SATURATING
    }
}
