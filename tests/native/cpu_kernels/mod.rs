//! The hand-written CPU kernels compared with simple loops in double precision, for odd shapes: outputs, and gradients as
//! the adjoint.

mod convolutions;
mod losses;
mod normalisation;
mod team;

use latent_lab::kernels::cpu::tile::{self, Tile};
use latent_lab::kernels::cpu::{adam, dense};
use proptest::prelude::*;

/// Numbers in `-1..1`, the same for the same seed.
fn numbers(len: usize, seed: u64) -> Vec<f32> {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 40) as f32 / (1 << 23) as f32 - 1.0
    };
    (0..len).map(|_| next()).collect()
}

#[track_caller]
fn assert_close(found: &[f32], expected: &[f64], tolerance: f64) {
    assert_eq!(found.len(), expected.len());
    for (at, (&found, &expected)) in found.iter().zip(expected).enumerate() {
        let difference = (f64::from(found) - expected).abs();
        assert!(difference <= tolerance * (1.0 + expected.abs()), "at {at}: {found} instead of {expected}");
    }
}

fn dot(a: &[f32], b: &[f32]) -> f64 {
    assert_eq!(a.len(), b.len());
    a.iter().zip(b).map(|(&a, &b)| f64::from(a) * f64::from(b)).sum()
}

#[test]
fn every_tile_of_this_processor_computes_the_matrix_product() {
    let differences = tile::trial::differences();
    assert!(!differences.is_empty() && differences.iter().all(|&difference| difference < 1e-5), "{differences:?}");
}

#[test]
fn every_tile_of_this_processor_multiplies_a_sparse_row_as_if_it_were_whole() {
    for tile in Tile::all() {
        let (depth, columns) = (50, tile.gathered);
        let (at, values) = ([0, 3, 4, 17, 49], numbers(5, 1));
        let panel = numbers((depth + 1) * columns, 2);
        for relu in [false, true] {
            let mut out = vec![0.0; columns];
            // SAFETY: the columns are below the depth, and the output has the tile's length.
            unsafe { tile.gather(&at, &values, &panel, out.as_mut_ptr(), relu) };
            let sum = |column: usize| {
                let terms =
                    at.iter().zip(&values).map(|(&at, &value)| product(value, panel[at as usize * columns + column]));
                terms.sum::<f64>() + f64::from(panel[depth * columns + column])
            };
            let expected: Vec<f64> = (0..columns).map(|at| if relu { sum(at).max(0.0) } else { sum(at) }).collect();
            assert_close(&out, &expected, 1e-5);
        }
    }
}

fn simple_dense(x: &[f32], w: &[f32], b: &[f32], dims: dense::Dims, relu: bool) -> Vec<f64> {
    let rows = x.chunks_exact(dims.inputs);
    rows.flat_map(|x| w.chunks_exact(dims.inputs).zip(b).map(move |(w, &b)| dot(x, w) + f64::from(b)))
        .map(|value| if relu { value.max(0.0) } else { value })
        .collect()
}

/// `len` sums of the values that `terms` adds at their indices.
fn sums(len: usize, terms: impl FnOnce(&mut dyn FnMut(usize, f64))) -> Vec<f64> {
    let mut sums = vec![0.0; len];
    terms(&mut |at, value| sums[at] += value);
    sums
}

fn product(a: f32, b: f32) -> f64 {
    f64::from(a) * f64::from(b)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_dense_layer_is_the_formula_and_its_gradients(batch in 1..40_usize, inputs in 1..150_usize, outputs in 1..90_usize, relu: bool, rectified: bool, sparse: bool, seed: u64) {
        let dims = dense::Dims { batch, inputs, outputs };
        let (mut x, w, b) = (numbers(batch * inputs, seed), numbers(outputs * inputs, seed ^ 1), numbers(outputs, seed ^ 2));
        if sparse {
            x.iter_mut().zip(numbers(batch * inputs, seed ^ 4)).filter(|(_, random)| *random < 0.6).for_each(|(x, _)| *x = 0.0);
        }
        let y = dense::forward(&x, &w, &b, dims, relu);
        assert_close(&y, &simple_dense(&x, &w, &b, dims, relu), 1e-4);

        let dy = numbers(batch * outputs, seed ^ 3);
        let (dx, parameters) = dense::backward(&x, rectified, &w, &dy, dims, [true, true]);
        let (dw, db) = parameters.unwrap();
        let mut expected = (vec![0.0; x.len()], vec![0.0; w.len()], vec![0.0; outputs]);
        for (image, output) in (0..batch).flat_map(|image| (0..outputs).map(move |output| (image, output))) {
            let dy = dy[image * outputs + output];
            for input in 0..inputs {
                expected.0[image * inputs + input] += product(dy, w[output * inputs + input]);
                expected.1[output * inputs + input] += product(dy, x[image * inputs + input]);
            }
            expected.2[output] += f64::from(dy);
        }
        if rectified {
            expected.0.iter_mut().zip(&x).filter(|(_, x)| **x <= 0.0).for_each(|(dx, _)| *dx = 0.0);
        }
        assert_close(&dx.unwrap(), &expected.0, 1e-4);
        assert_close(&dw, &expected.1, 1e-4);
        assert_close(&db, &expected.2, 1e-4);
        prop_assert!(dense::backward(&x, rectified, &w, &dy, dims, [false, false]) == (None, None));
    }

    #[test]
    fn adam_is_algorithm_1(len in 1..10_000_usize, seed: u64) {
        let (mut value, gradient) = (numbers(len, seed), numbers(len, seed ^ 1));
        let mut first = numbers(len, seed ^ 2);
        let mut second: Vec<f32> = numbers(len, seed ^ 3).iter().map(|x| x.abs()).collect();
        let (step_size, epsilon) = (1e-2, 1e-7);
        let expected: Vec<[f64; 3]> = (0..len)
            .map(|at| {
                let [v, g, m, s] = [value[at], gradient[at], first[at], second[at]].map(f64::from);
                let (m, s) = (0.9 * m + 0.1 * g, 0.999 * s + 0.001 * g * g);
                [v - f64::from(step_size) * m / (s.sqrt() + f64::from(epsilon)), m, s]
            })
            .collect();
        adam::update(&mut value, &gradient, &mut first, &mut second, [step_size, epsilon, 1.0]);
        for (part, found) in [value, first, second].iter().enumerate() {
            assert_close(found, &expected.iter().map(|values| values[part]).collect::<Vec<_>>(), 1e-5);
        }
    }
}
