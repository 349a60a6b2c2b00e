//! A codebook to look at: its vectors in a plane, and the counts of its codes.

use std::sync::Arc;

use latent_lab::error::InCatalogue;
use latent_lab::evaluate::{CodeMoments, CodeUsage, CodebookPlane, LatentMap};
use latent_lab::model::{ModelConfig, POSITIONS, PosteriorKind};
use latent_lab::snapshot::{block_on, read};

use crate::evaluation::trained;
use crate::samples::{SMALL, bars};

const CODES: usize = 16;

fn config() -> ModelConfig {
    ModelConfig { posterior: PosteriorKind::Codebook, codes: CODES, latent: 5, ..SMALL }
}

#[test]
fn places_are_the_vectors_along_their_principal_axes_in_units_of_two_deviations() {
    let model = trained(config(), 5).model;
    let codebook = model.codebook().unwrap();
    let CodebookPlane { plane, places, share } = block_on(CodebookPlane::of(codebook, None)).unwrap();
    let vectors = block_on(read(vec![codebook.vectors()])).unwrap().remove(0);
    let moments = CodeMoments::of(&vectors, 5).unwrap();
    assert_eq!(plane, moments.principal_plane());
    assert_eq!(share, moments.share(&plane));
    let raw = plane.project(&vectors);
    for k in 0..2 {
        let along: Vec<f64> = (0..CODES).map(|code| f64::from(raw[2 * code + k])).collect();
        let mean = along.iter().sum::<f64>() / CODES as f64;
        let deviation = (along.iter().map(|it| (it - mean).powi(2)).sum::<f64>() / CODES as f64).sqrt();
        for (code, value) in along.iter().enumerate() {
            let expected = ((value - mean) / (2.0 * deviation)).clamp(-1.0, 1.0);
            assert!((f64::from(places[2 * code + k]) - expected).abs() < 1e-5);
        }
    }
}

#[test]
fn a_later_codebook_of_the_run_keeps_its_directions() {
    let [early, late] = [5, 9].map(|steps| trained(config(), steps).model);
    let before = block_on(CodebookPlane::of(early.codebook().unwrap(), None)).unwrap().plane;
    let after = block_on(CodebookPlane::of(late.codebook().unwrap(), Some(&before))).unwrap().plane;
    let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
    assert!(dot(&after.across, &before.across) > 0.0 && dot(&after.upwards, &before.upwards) > 0.0);
}

#[test]
fn counts_are_those_of_the_images_and_their_perplexity_that_of_the_shares() {
    let mut map = LatentMap::new(trained(config(), 5), Arc::new(bars(150)));
    while let (done, of) = block_on(map.encode_next(60)).unwrap()
        && done < of
    {}
    let CodeUsage { counts, perplexity } = map.code_usage().unwrap().remove(0);
    let (codes, _) = map.codes();
    assert_eq!(counts.iter().sum::<u32>() as usize, 60 * POSITIONS);
    for (code, &count) in counts.iter().enumerate() {
        assert_eq!(codes.iter().filter(|&&it| it == code as f32).count(), count as usize);
    }
    assert!((1.0..=CODES as f64).contains(&perplexity));
    assert!(LatentMap::new(trained(SMALL, 1), Arc::new(bars(10))).code_usage().unwrap().is_empty());
}

#[test]
fn equal_shares_have_the_perplexity_of_their_number_and_one_code_that_of_one() {
    let perplexity = |codes: &[f32]| CodeUsage::of(codes, 8).unwrap().perplexity;
    assert!((perplexity(&[0.0, 3.0, 5.0, 7.0]) - 4.0).abs() < 1e-12);
    assert_eq!(perplexity(&[3.0; 9]), 1.0);
    assert_eq!(CodeUsage::of(&[0.0, 3.0, 3.0], 4).unwrap().counts, [1, 0, 0, 2]);
    for wrong in [-1.0, 8.0, f32::NAN] {
        assert_eq!(CodeUsage::of(&[wrong], 8).unwrap_err().kind(), "quantity_range");
    }
}
