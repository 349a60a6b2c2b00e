//! Evaluation of a model, in nats per image, and inference on single images and codes.
//!
//! | result | function or type |
//! |---|---|
//! | reconstruction and KL of test images | [`score`], [`Score`]; with standard errors [`RunningScore`], [`LossTerms`] |
//! | losses of different likelihoods on one scale | [`LossComparison`] |
//! | -log p(x) | [`negative_log_likelihood`], [`LoadedModel::nlls`] |
//! | p(z given x) on a grid, and what q(z given x) lacks of it | [`ExactPosterior`] |
//! | p(y given x) of a model that is conditional on the label | [`LoadedModel::class_nlls`], [`class_probabilities`] |
//! | correlation of neighbouring residuals, and samples of p(x given z) | [`ResidualCorrelation`], [`sample_residual`] |
//! | squared error and blur of reconstructions | [`ReconstructionError`] |
//! | what the mean image and principal components reach | [`REFERENCES`] |
//! | active units | [`Activity`] |
//! | components at the prior | [`CollapseSums`], [`Collapse`] |
//! | mutual information, total correlation and KL(q(z) ‖ p(z)) | [`Posteriors`], [`KlDecomposition`], [`KlParts`] |
//! | maximum mean discrepancy between codes and prior | [`PriorDiscrepancy`] |
//! | the factor of the data that each component depends on | [`Disentanglement`] |
//! | classes that a mixture prior finds without labels | [`Clusters`], [`best_assignment`] |
//! | quality of prior samples | [`Judge`], [`SampleStatistics`] |
//! | Fréchet distance of prior samples | [`FrechetDistance`], [`GroupedMoments`], [`FeatureMoments`] |
//! | precision and recall of prior samples | [`Manifold`], [`Coverage`] |
//! | all of the above, in short work items | [`Evaluation`] |
//! | nearest test images, rank of an image's -log p(x) | [`EncodedImages`] |
//! | test images and prior in a plane of latent space | [`LatentMap`], [`LatentPlane`], [`CodeMoments`], [`ProjectedPrior`] |
//! | a codebook's vectors in a plane, and how often each is used | [`CodebookPlane`], [`CodeUsage`] |
//! | which class is read after the codes of one level are drawn from the prior | [`RedrawnLevels`] |
//! | codes between two codes, straight and spherical | [`path`], [`PathKind`] |
//! | the smallest change of components after which another class is read | [`SmallestChange`] |
//! | posterior and reconstruction of one image, pictures of codes | [`infer`], [`decode`], [`sample_prior`], [`sample_box`] |

mod activity;
mod aggregate_posterior;
mod assignment;
mod clusters;
mod code_moments;
mod code_ray;
mod codebook_view;
mod collapse;
mod contours;
mod disentanglement;
mod encoded_images;
mod estimate;
mod evaluation;
mod exact_posterior;
mod example;
mod feature_moments;
mod frechet;
mod generative_classifier;
mod importance_sampling;
mod inference;
mod interpolation;
mod joint_density;
mod judge;
mod kl_decomposition;
mod latent_map;
mod latent_plane;
mod lattice;
mod loaded_model;
mod log_sum_exp;
mod loss_comparison;
mod manifold;
mod plane_gaussian;
mod posterior_numbers;
mod posterior_view;
mod prior_discrepancy;
mod prior_samples;
mod projected_prior;
mod reconstruction_error;
mod redrawn_levels;
mod reference;
mod residuals;
mod sample_quality;
mod scoring;
mod smallest_change;

pub use activity::{ACTIVE, Activity};
pub use aggregate_posterior::{Marginal, Posteriors};
pub use assignment::best_assignment;
pub use clusters::{ClusterAccuracy, ClusterScore, Clusters};
pub use code_moments::CodeMoments;
pub use codebook_view::{CodeUsage, CodebookPlane};
pub use collapse::{COLLAPSED, Collapse, CollapseSums};
pub use disentanglement::{Disentanglement, FactorInformation};
pub use encoded_images::{EncodedImages, Neighbour, RankedNll};
pub use estimate::Estimate;
pub use evaluation::{Evaluation, Extent, Progress, Report, Stage};
pub use exact_posterior::{ExactPosterior, binarised};
pub use example::Example;
pub use feature_moments::FeatureMoments;
pub use frechet::{FrechetDistance, FrechetJackknife, GROUPS, GroupedMoments};
pub use generative_classifier::class_probabilities;
pub use importance_sampling::negative_log_likelihood;
pub use inference::{DecodedCode, Inference, decode, infer, reconstruct, usage};
pub use interpolation::{
    CodePath, PATH_POINTS, PathKind, decode_inputs, decoder_input, negative_log_prior, norms, path,
};
pub use judge::{Judge, Predictions};
pub use kl_decomposition::{CodeDensities, KlDecomposition, KlParts};
pub use latent_map::{LatentMap, MapAxes, MapView};
pub use latent_plane::LatentPlane;
pub use lattice::Square;
pub use loaded_model::LoadedModel;
pub use loss_comparison::{ComparedLosses, LossComparison};
pub use manifold::{Coverage, CoverageCounts, Manifold};
pub use plane_gaussian::PlaneGaussian;
pub use posterior_numbers::{ImportanceEstimates, Integral, PosteriorNumbers};
pub use posterior_view::PosteriorView;
pub use prior_discrepancy::PriorDiscrepancy;
pub use prior_samples::{BOX_REACH, sample_box, sample_prior};
pub use projected_prior::ProjectedPrior;
pub use reconstruction_error::ReconstructionError;
pub use redrawn_levels::RedrawnLevels;
pub use reference::{REFERENCES, Reference, ReferenceKind};
pub use residuals::{ResidualCorrelation, sample_residual};
pub use sample_quality::{SampleQuality, SampleStatistics, bernoulli_entropy};
pub use scoring::{At, LossTerms, RunningScore, Score, Scoring, score};
pub use smallest_change::{Change, Reading, SearchStage, SmallestChange};

use std::ops::Range;

use burn::tensor::{Device, Tensor, TensorData};

use crate::data::one_hot;

/// Rows per pass over a model: enough to fill a device, few enough for a phone's memory.
const CHUNK: usize = 256;

/// `range` in parts of `length`; the last one may be shorter.
fn chunks(range: Range<usize>, length: usize) -> impl Iterator<Item = Range<usize>> {
    let length = length.max(1);
    range.clone().step_by(length).map(move |start| start..range.end.min(start + length))
}

/// The class with the largest score.
fn most_likely_class(scores: &[f32]) -> u8 {
    let largest = scores.iter().enumerate().max_by(|(_, a), (_, b)| a.total_cmp(b));
    largest.map_or(0, |(class, _)| class as u8)
}

/// Values on the host as a tensor of this shape.
fn upload(values: Vec<f32>, shape: [usize; 2], device: &Device) -> Tensor<2> {
    Tensor::from_data(TensorData::new(values, shape), device)
}

/// Labels `[B]` as one-hot vectors `[B, Y]`.
fn upload_labels(labels: &[u8], classes: usize, device: &Device) -> Tensor<2> {
    let values = labels.iter().flat_map(|&label| one_hot(label, classes)).collect();
    upload(values, [labels.len(), classes], device)
}
