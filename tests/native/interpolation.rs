//! Paths between two codes: their ends, their course, and what the decoder gets.

use latent_lab::data::PIXELS;
use latent_lab::device::cpu;
use latent_lab::evaluate::{
    PathKind, decode, decode_inputs, decoder_input, negative_log_prior, norms, path, reconstruct,
};
use latent_lab::model::{ModelConfig, PosteriorKind, PriorKind};
use latent_lab::random::{Stream, normals};
use latent_lab::snapshot::block_on;
use proptest::prelude::*;

use crate::evaluation::trained;
use crate::samples::{SMALL, bars};

const COUNT: usize = 11;

fn near(found: f32, expected: f32) {
    assert!((found - expected).abs() < 1e-5 * expected.abs().max(1.0), "{found} is not {expected}");
}

/// Shoemake's formula, for ends of norm one.
fn slerp(a: &[f64], b: &[f64], t: f64) -> Vec<f64> {
    let angle = a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>().acos();
    let [of_a, of_b] = [1.0 - t, t].map(|share| (share * angle).sin() / angle.sin());
    a.iter().zip(b).map(|(a, b)| of_a * a + of_b * b).collect()
}

#[test]
fn a_straight_path_has_equal_steps() {
    let found = path(PathKind::Straight, &[0.0, 2.0], &[1.0, -2.0], 5);
    assert_eq!(found.points, [0.0, 2.0, 0.25, 1.0, 0.5, 0.0, 0.75, -1.0, 1.0, -2.0]);
}

#[test]
fn a_spherical_path_is_that_of_shoemake_for_ends_of_norm_one() {
    let unit = |seed| {
        let code: Vec<f64> = normals(seed, Stream::Samples, 6).into_iter().map(f64::from).collect();
        let norm = code.iter().map(|z| z * z).sum::<f64>().sqrt();
        code.iter().map(|z| z / norm).collect::<Vec<f64>>()
    };
    let [a, b] = [unit(1), unit(2)];
    let single = |code: &[f64]| code.iter().map(|&z| z as f32).collect::<Vec<f32>>();
    let found = path(PathKind::Spherical, &single(&a), &single(&b), COUNT);
    assert_eq!(found.kind, PathKind::Spherical);
    for (step, code) in found.points.chunks_exact(6).enumerate() {
        let expected = slerp(&a, &b, step as f64 / (COUNT - 1) as f64);
        for (found, expected) in code.iter().zip(expected) {
            near(*found, expected as f32);
        }
    }
}

proptest! {
    #[test]
    fn the_norm_of_a_spherical_path_changes_linearly(a in code(), b in code()) {
        let found = path(PathKind::Spherical, &a, &b, COUNT);
        prop_assert!(found.points.iter().all(|value| value.is_finite()));
        prop_assert_eq!(&found.points[..a.len()], &a[..]);
        prop_assert_eq!(&found.points[found.points.len() - b.len()..], &b[..]);
        let [first, last] = [&a, &b].map(|end| norms(end, end.len())[0]);
        if found.kind == PathKind::Spherical {
            for (step, norm) in norms(&found.points, a.len()).into_iter().enumerate() {
                let t = step as f32 / (COUNT - 1) as f32;
                let expected = (1.0 - t) * first + t * last;
                prop_assert!((norm - expected).abs() < 1e-4 * expected.max(1.0), "{} is not {}", norm, expected);
            }
        }
    }
}

/// Codes of four components, now and then zero or parallel to others.
fn code() -> impl Strategy<Value = Vec<f32>> {
    prop_oneof![
        4 => prop::collection::vec(-5_f32..5.0, 4),
        1 => (-3_f32..3.0).prop_map(|scale| vec![scale, 2.0 * scale, 0.0, -scale]),
        1 => Just(vec![0.0; 4]),
    ]
}

#[test]
fn where_no_great_circle_is_determined_the_path_is_straight() {
    for (a, b) in
        [([1.0, 2.0], [2.0, 4.0]), ([1.0, 2.0], [-1.0, -2.0]), ([0.0, 0.0], [1.0, 1.0]), ([1.0, 1.0], [0.0; 2])]
    {
        let found = path(PathKind::Spherical, &a, &b, COUNT);
        assert_eq!(found, path(PathKind::Straight, &a, &b, COUNT));
    }
}

#[test]
fn between_codes_of_the_prior_a_straight_path_has_smaller_norms() {
    let [a, b] = [1, 2].map(|seed| normals(seed, Stream::Samples, 100));
    let middle = |kind| norms(&path(kind, &a, &b, 3).points, 100)[1];
    let ends = [&a, &b].map(|end| norms(end, 100)[0]);
    near(middle(PathKind::Spherical), (ends[0] + ends[1]) / 2.0);
    assert!(middle(PathKind::Straight) < 0.8 * ends[0].min(ends[1]));
}

#[test]
fn prior_densities_along_a_path_are_those_of_the_formula() {
    let model = trained(SMALL, 1);
    let codes = path(PathKind::Straight, &[0.0, 3.0, 1.0], &[1.0, 0.0, -1.0], COUNT).points;
    let found = block_on(negative_log_prior(&model.model, codes.clone(), 3, &cpu())).unwrap();
    for (nats, norm) in found.into_iter().zip(norms(&codes, 3)) {
        near(nats, 0.5 * norm * norm + 1.5 * std::f32::consts::TAU.ln());
    }
    let learned = trained(ModelConfig { prior: PriorKind::Mixture, components: 3, ..SMALL }, 1);
    let found = block_on(negative_log_prior(&learned.model, codes, 3, &cpu())).unwrap();
    assert_eq!(found.len(), COUNT);
    assert!(found.iter().all(|nats| nats.is_finite()));
}

#[test]
fn the_ends_of_a_codebook_path_are_the_reconstructions_and_the_middle_is_neither() {
    let config = ModelConfig { posterior: PosteriorKind::Codebook, codes: 8, ..SMALL };
    let model = trained(config, 20);
    let data = bars(2);
    let images: Vec<f32> = (0..2).flat_map(|image| data.images.pixels(image)).collect();
    let examples: Vec<_> = (0..2).map(|index| latent_lab::evaluate::Example::of(&data, index)).collect();
    let indices = block_on(model.codes(&examples)).unwrap();
    let (a, b) = indices.split_at(indices.len() / 2);
    let vectors = |code: &[f32]| block_on(decoder_input(&model.model, code.to_vec(), &cpu())).unwrap();
    let [from, to] = [vectors(a), vectors(b)];
    let points = path(PathKind::Straight, &from, &to, 3).points;
    let found = block_on(decode_inputs(&model.model, points, from.len(), None, &cpu())).unwrap();
    let expected = block_on(reconstruct(&model.model, images, None, &cpu())).unwrap();
    let [first, middle, last] = [0, 1, 2].map(|at| &found[at * PIXELS..(at + 1) * PIXELS]);
    for (end, expected) in [first, last].into_iter().zip(expected.chunks_exact(PIXELS)) {
        end.iter().zip(expected).for_each(|(found, expected)| near(*found, *expected));
    }
    assert!(middle.iter().all(|pixel| (0.0..=1.0).contains(pixel)));
}

#[test]
fn without_a_codebook_the_decoder_gets_the_code_itself() {
    let model = trained(SMALL, 5);
    let code = vec![0.5, -1.0, 2.0];
    let input = block_on(decoder_input(&model.model, code.clone(), &cpu())).unwrap();
    assert_eq!(input, code);
    let pictures = block_on(decode_inputs(&model.model, code.clone(), 3, None, &cpu())).unwrap();
    assert_eq!(pictures, block_on(decode(&model.model, code, 3, None, &cpu())).unwrap());
}
