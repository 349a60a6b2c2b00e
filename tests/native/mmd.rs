//! The maximum mean discrepancy, compared with plain loops and with distributions that are known to be equal or not.

use burn::tensor::{Tensor, TensorData};
use latent_lab::device::cpu;
use latent_lab::objective::mmd;
use latent_lab::random::{Stream, normals};

use crate::tensors::{tensor, values};

const Z: usize = 4;

fn found(codes: &[f32], prior: &[f32]) -> f64 {
    f64::from(values(mmd(tensor(codes, [codes.len() / Z, Z]), tensor(prior, [prior.len() / Z, Z])))[0])
}

/// By its definition, in double precision.
fn plain(codes: &[f32], prior: &[f32]) -> f64 {
    let kernel = |a: &[f32], b: &[f32]| {
        let distance: f64 = a.iter().zip(b).map(|(a, b)| f64::from(a - b).powi(2)).sum();
        let of_scale = |scale: f64| 2.0 * Z as f64 * scale / (2.0 * Z as f64 * scale + distance);
        [0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0].map(of_scale).into_iter().sum::<f64>()
    };
    let rows = |of: &[f32]| of.chunks(Z).map(<[f32]>::to_vec).collect::<Vec<_>>();
    let (codes, prior) = (rows(codes), rows(prior));
    let within = |of: &[Vec<f32>]| {
        let pairs = (0..of.len()).flat_map(|i| (0..of.len()).map(move |j| (i, j))).filter(|(i, j)| i != j);
        pairs.map(|(i, j)| kernel(&of[i], &of[j])).sum::<f64>() / (of.len() * (of.len() - 1)) as f64
    };
    let across: f64 = codes.iter().flat_map(|a| prior.iter().map(move |b| kernel(a, b))).sum();
    within(&codes) + within(&prior) - 2.0 * across / (codes.len() * prior.len()) as f64
}

#[test]
fn the_mmd_agrees_with_its_definition_for_unequal_numbers_of_rows() {
    let codes: Vec<f32> = normals(1, Stream::Samples, 30 * Z).iter().map(|z| 0.5 * z + 0.3).collect();
    let prior = normals(2, Stream::Samples, 20 * Z);
    let (found, expected) = (found(&codes, &prior), plain(&codes, &prior));
    assert!((found - expected).abs() < 1e-5, "{found} is not {expected}");
}

#[test]
fn the_mmd_of_equal_distributions_is_zero_on_average_and_takes_both_signs() {
    const SEEDS: u64 = 60;
    let of_seed =
        |seed| found(&normals(seed, Stream::Samples, 100 * Z), &normals(seed + 1000, Stream::Samples, 100 * Z));
    let all: Vec<f64> = (0..SEEDS).map(of_seed).collect();
    let mean = all.iter().sum::<f64>() / SEEDS as f64;
    let variance = all.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / (SEEDS - 1) as f64;
    let standard_error = (variance / SEEDS as f64).sqrt();
    assert!(mean.abs() < 3.0 * standard_error, "{mean} ± {standard_error}");
    assert!(all.iter().any(|&value| value < 0.0) && all.iter().any(|&value| value > 0.0), "{all:?}");
}

#[test]
fn the_mmd_of_different_distributions_is_positive_and_grows_with_the_difference() {
    for seed in 0..10 {
        let prior = normals(seed + 1000, Stream::Samples, 100 * Z);
        let moved = |by: f32| normals(seed, Stream::Samples, 100 * Z).iter().map(|z| z + by).collect::<Vec<_>>();
        let (near, far) = (found(&moved(0.5), &prior), found(&moved(1.0), &prior));
        assert!(near > 0.0 && far > 2.0 * near, "{near} and {far}");
        let narrow: Vec<f32> = normals(seed, Stream::Samples, 100 * Z).iter().map(|z| 0.3 * z).collect();
        assert!(found(&narrow, &prior) > 0.0);
    }
}

#[test]
fn gradients_of_the_mmd_agree_with_finite_differences() {
    let codes: Vec<f32> = normals(3, Stream::Samples, 5 * Z).iter().map(|z| 2.0 * z - 0.5).collect();
    let prior = normals(4, Stream::Samples, 6 * Z);
    let device = cpu().autodiff();
    let on_device =
        |values: &[f32]| Tensor::<2>::from_data(TensorData::new(values.to_vec(), [values.len() / Z, Z]), &device);
    let leaf = on_device(&codes).require_grad();
    let gradients = mmd(leaf.clone(), on_device(&prior)).backward();
    let found = values(leaf.grad(&gradients).expect("the codes have a gradient"));
    for k in 0..codes.len() {
        let at = |step: f32| {
            let mut moved = codes.clone();
            moved[k] += step;
            plain(&moved, &prior)
        };
        let expected = (at(1e-2) - at(-1e-2)) / 2e-2;
        assert!((f64::from(found[k]) - expected).abs() < 1e-3, "{} is not {expected}", found[k]);
    }
}
