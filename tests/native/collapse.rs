//! Posterior collapse and the discrepancy to the prior, for posteriors with known answers.

use latent_lab::device::cpu;
use latent_lab::evaluate::{CollapseSums, PriorDiscrepancy};
use latent_lab::model::{Diagonal, Full, Posterior, Triangle};
use latent_lab::random::{Stream, normals};
use latent_lab::snapshot::block_on;

use crate::tensors::tensor;

/// The first component is the prior, the second differs from it for every fourth image, the third always.
#[test]
fn components_at_the_prior_are_collapsed() {
    let means: Vec<f32> = (0..40).flat_map(|image| [0.0, if image % 4 == 0 { 1.0 } else { 0.05 }, 2.0]).collect();
    let posterior = Posterior::Diagonal(Diagonal {
        mean: tensor(&means, [40, 3]),
        log_var: tensor(&[0.0, 0.0, -2.0].repeat(40), [40, 3]),
    });
    let mut sums = CollapseSums::default();
    block_on(sums.add(&posterior)).unwrap();
    block_on(sums.add(&posterior)).unwrap();
    let found = sums.collapse();
    assert_eq!((found.units, found.components), (1, 3));
    assert_eq!(found.images, [1.0, 0.75, 0.0]);
}

/// With correlated components each one's own distribution may still be the prior.
#[test]
fn a_full_covariance_collapses_by_its_marginals() {
    let r = 0.8_f32;
    let posterior = Posterior::Full(Full {
        mean: tensor(&[0.0; 20], [10, 2]),
        log_diagonal: tensor(&[0.0, (1.0 - r * r).sqrt().ln()].repeat(10), [10, 2]),
        below: tensor(&[r; 10], [10, 1]),
        triangle: Triangle::new(2, &cpu()),
    });
    let mut sums = CollapseSums::default();
    block_on(sums.add(&posterior)).unwrap();
    assert_eq!(sums.collapse().units, 2);
}

fn discrepancy(codes: &[f32], images: usize) -> PriorDiscrepancy {
    let latent = codes.len() / images;
    let prior = normals(77, Stream::Samples, codes.len());
    let mut discrepancy = PriorDiscrepancy::default();
    discrepancy.add_codes(codes);
    for block in PriorDiscrepancy::blocks(images) {
        let prior = prior[block.start * latent..block.end * latent].to_vec();
        block_on(discrepancy.compare(block, prior, &cpu())).unwrap();
    }
    discrepancy
}

#[test]
fn codes_from_the_prior_have_no_discrepancy_within_its_standard_error() {
    let codes = normals(5, Stream::Samples, 1000 * 4);
    let found = discrepancy(&codes, 1000).mmd().unwrap();
    assert!(found.mean.abs() < 3.0 * found.standard_error, "{found:?}");
    let moved: Vec<f32> = codes.iter().map(|z| z + 0.3).collect();
    let found = discrepancy(&moved, 1000).mmd().unwrap();
    assert!(found.mean > 5.0 * found.standard_error, "{found:?}");
}

#[test]
fn blocks_are_of_one_length_and_a_few_images_have_four() {
    let blocks = |images| PriorDiscrepancy::blocks(images).collect::<Vec<_>>();
    assert!(blocks(1).is_empty());
    assert_eq!(blocks(3).len(), 1);
    assert_eq!(blocks(250), [0..62, 62..124, 124..186, 186..248]);
    assert_eq!(blocks(1009).len(), 10);
    assert_eq!(discrepancy(&[0.5], 1).mmd(), None);
    assert!(discrepancy(&normals(1, Stream::Samples, 30), 30).mmd().unwrap().standard_error > 0.0);
    assert!(discrepancy(&normals(1, Stream::Samples, 3), 3).mmd().unwrap().standard_error.is_nan(), "of one block");
}
