//! The flow posterior: its density, its Jacobian, and that the networks are autoregressive.

use burn::tensor::Tensor;
use latent_lab::data::PIXELS;
use latent_lab::model::{Flow, ModelConfig, Posterior, PosteriorKind};
use latent_lab::random::{Stream, normals};
use nalgebra::DMatrix;

use crate::samples::{SMALL, bars, trained_on_bars};
use crate::tensors::{images, tensor, values};

/// The flow of one image, `rows` times.
fn flow(latent: usize, flow_steps: usize, rows: usize) -> Flow {
    let model = trained_on_bars(ModelConfig { posterior: PosteriorKind::Flow, latent, flow_steps, ..SMALL }, 30);
    match model.encode(images(&bars(1)), None).repeat(rows) {
        Posterior::Flow(flow) => flow,
        other => panic!("{other:?} is no flow"),
    }
}

#[test]
fn the_density_of_a_flow_integrates_to_one() {
    // The cells of a lattice of noise become quadrilaterals of codes, whose areas are computed from their corners.
    const SIDE: usize = 161;
    const REACH: f32 = 5.5;
    let at = |k: usize| REACH * (2.0 * k as f32 / (SIDE - 1) as f32 - 1.0);
    let noise: Vec<f32> = (0..SIDE * SIDE).flat_map(|k| [at(k / SIDE), at(k % SIDE)]).collect();
    let (z, log_q) = flow(2, 3, SIDE * SIDE).sample_and_log_density(tensor(&noise, [SIDE * SIDE, 2]));
    let (z, log_q) = (values(z), values(log_q));
    let corner = |k: usize| [f64::from(z[2 * k]), f64::from(z[2 * k + 1])];
    let mut mass = 0.0;
    for cell in (0..SIDE * SIDE).filter(|cell| cell / SIDE < SIDE - 1 && cell % SIDE < SIDE - 1) {
        let corners = [cell, cell + 1, cell + SIDE + 1, cell + SIDE];
        let cross = |k: usize| {
            let ([ax, ay], [bx, by]) = (corner(corners[k]), corner(corners[(k + 1) % 4]));
            ax * by - bx * ay
        };
        let area = 0.5 * (0..4).map(cross).sum::<f64>().abs();
        mass += area * corners.map(|k| f64::from(log_q[k]).exp()).iter().sum::<f64>() / 4.0;
    }
    assert!((mass - 1.0).abs() < 2e-3, "{mass}");
}

#[test]
fn the_log_determinant_is_that_of_a_finite_difference_jacobian() {
    const SPACING: f32 = 1e-3;
    const Z: usize = 4;
    let sample = |noise: &[f32]| values(flow(Z, 3, 1).sample_and_log_density(tensor(noise, [1, Z])).0);
    for seed in 0..4 {
        let noise = normals(seed, Stream::Samples, Z);
        let moved = |k: usize, by: f32| {
            let mut moved = noise.clone();
            moved[k] += by;
            sample(&moved)
        };
        let derivative = |d: usize, k: usize| -> f64 {
            f64::from(moved(d, SPACING)[k] - moved(d, -SPACING)[k]) / f64::from(2.0 * SPACING)
        };
        let differences = DMatrix::from_fn(Z, Z, derivative);
        let flow = flow(Z, 3, 1);
        let jacobian = values(flow.jacobian(tensor(&noise, [1, Z])));
        for (at, found) in jacobian.into_iter().enumerate() {
            let expected = differences[(at / Z, at % Z)];
            assert!((f64::from(found) - expected).abs() < 5e-3, "{at}: {found} is not {expected}");
        }
        let log_q = f64::from(values(flow.sample_and_log_density(tensor(&noise, [1, Z])).1)[0]);
        let square: f64 = noise.iter().map(|&e| f64::from(e).powi(2)).sum();
        let log_determinant = -0.5 * (square + Z as f64 * std::f64::consts::TAU.ln()) - log_q;
        let expected = differences.determinant().abs().ln();
        assert!((log_determinant - expected).abs() < 2e-2, "{log_determinant} is not {expected}");
    }
}

#[test]
fn a_step_is_autoregressive_and_the_next_one_has_the_reverse_order() {
    const Z: usize = 5;
    let one = values(flow(Z, 1, 1).jacobian(tensor(&[0.3; Z], [1, Z])));
    let two = values(flow(Z, 2, 1).jacobian(tensor(&[0.3; Z], [1, Z])));
    for (at, &derivative) in one.iter().enumerate() {
        let (noise, component) = (at / Z, at % Z);
        assert_eq!(derivative == 0.0, component < noise, "component {component} by the noise of {noise}");
    }
    assert!(two.iter().all(|&derivative| derivative != 0.0), "every component depends on all others: {two:?}");
}

#[test]
fn a_code_depends_on_its_own_image_alone() {
    let model = trained_on_bars(ModelConfig { posterior: PosteriorKind::Flow, ..SMALL }, 5);
    let noise =
        |rows| tensor(&normals(1, Stream::Samples, 3 * SMALL.latent)[..rows * SMALL.latent], [rows, SMALL.latent]);
    let all: Tensor<2> = images(&bars(3));
    let together = values(model.encode(all.clone(), None).sample(noise(3)));
    let alone = values(model.encode(all.slice([0..1, 0..PIXELS]), None).sample(noise(1)));
    for (alone, together) in alone.iter().zip(&together) {
        assert!((alone - together).abs() < 1e-4, "{alone} alone, {together} among others");
    }
}
