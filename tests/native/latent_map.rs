//! The map of a latent space: moments and principal axes of codes, projections, the marginal of a mixture prior, and its contours.

use std::f64::consts::TAU;
use std::sync::Arc;

use latent_lab::Error;
use latent_lab::evaluate::{CodeMoments, LatentMap, LatentPlane, LoadedModel, MapAxes, ProjectedPrior};
use latent_lab::model::{Mixture, ModelConfig, PriorKind};
use latent_lab::random::{Stream, normals};
use latent_lab::snapshot::block_on;

use crate::evaluation::trained;
use crate::samples::{SMALL, bars};
use crate::tensors::tensor;

fn near(found: f64, expected: f64, tolerance: f64) {
    assert!((found - expected).abs() < tolerance, "{found} is not {expected}");
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

fn noise(seed: u64, count: usize) -> Vec<f32> {
    normals(seed, Stream::Samples, count)
}

/// 4000 codes in three dimensions: deviations 3, 2 and 0.5 along x + y, x − y and z.
fn stretched() -> Vec<f32> {
    let turned = |n: &[f32]| {
        let [long, middle] = [3.0 * n[0], 2.0 * n[1]].map(|value| value / 2_f32.sqrt());
        [long + middle, long - middle, 0.5 * n[2]]
    };
    noise(1, 12_000).chunks_exact(3).flat_map(turned).collect()
}

#[test]
fn moments_are_those_of_the_plain_formula() {
    let codes = [0.0, 5.0, 1.0, 1.0, -5.0, 1.0];
    let moments = CodeMoments::of(&codes, 3).unwrap();
    assert_eq!(moments.mean(), [0.5, 0.0, 1.0]);
    assert_eq!(moments.variances(), [0.25, 25.0, 0.0]);
}

#[test]
fn principal_axes_are_the_directions_of_largest_variance() {
    let moments = CodeMoments::of(&stretched(), 3).unwrap();
    let plane = moments.principal_plane();
    let half = 0.5_f64.sqrt();
    near(dot(&plane.across, &[half, half, 0.0]).abs(), 1.0, 0.01);
    near(dot(&plane.upwards, &[half, -half, 0.0]).abs(), 1.0, 0.01);
    near(dot(&plane.across, &plane.upwards), 0.0, 1e-12);
    near(moments.share(&plane), (9.0 + 4.0) / 13.25, 0.01);
    let components = LatentPlane::of_components(0, 2, 3);
    near(moments.share(&components), (6.5 + 0.25) / 13.25, 0.02);
    let best = moments.share(&plane);
    assert!((0..50).all(|seed| moments.share(&random_plane(seed)) <= best + 1e-12), "no plane shows more");
}

/// Two random orthonormal directions in three dimensions.
fn random_plane(seed: u64) -> LatentPlane {
    let values: Vec<f64> = noise(seed, 6).into_iter().map(f64::from).collect();
    let unit = |v: Vec<f64>| {
        let length = dot(&v, &v).sqrt();
        v.into_iter().map(|value| value / length).collect::<Vec<_>>()
    };
    let across = unit(values[..3].to_vec());
    let along = dot(&across, &values[3..]);
    let upwards = unit(across.iter().zip(&values[3..]).map(|(a, b)| b - along * a).collect());
    LatentPlane { across, upwards }
}

#[test]
fn codes_that_are_all_equal_have_axes_and_show_nothing_of_a_variance() {
    let moments = CodeMoments::of(&[0.0; 60], 3).unwrap();
    let plane = moments.principal_plane();
    near(dot(&plane.across, &plane.across), 1.0, 1e-9);
    assert_eq!(moments.share(&plane), 0.0);
    assert_eq!(CodeMoments::of(&[1.0, f32::NAN], 2).unwrap_err(), Error::CodesNotFinite {});
}

#[test]
fn an_aligned_plane_is_the_same_plane_and_close_to_the_earlier_one() {
    for seed in 0..20 {
        let plane = random_plane(seed);
        let before = random_plane(seed + 100);
        let aligned = plane.clone().aligned_with(&before);
        near(dot(&aligned.across, &aligned.upwards), 0.0, 1e-12);
        near(dot(&aligned.across, &aligned.across), 1.0, 1e-12);
        for axis in [&aligned.across, &aligned.upwards] {
            let within = dot(axis, &plane.across).hypot(dot(axis, &plane.upwards));
            near(within, 1.0, 1e-12);
        }
        let likeness = |it: &LatentPlane| dot(&it.across, &before.across) + dot(&it.upwards, &before.upwards);
        let best = likeness(&aligned);
        for step in 0..360 {
            let (sin, cos) = (f64::from(step) / 360.0 * TAU).sin_cos();
            let mixed =
                |a: f64, b: f64| plane.across.iter().zip(&plane.upwards).map(move |(x, y)| a * x + b * y).collect();
            for sign in [1.0, -1.0] {
                let turned = LatentPlane { across: mixed(cos, sin), upwards: mixed(-sign * sin, sign * cos) };
                assert!(likeness(&turned) <= best + 1e-9);
            }
        }
    }
}

#[test]
fn a_plane_that_only_changed_signs_or_order_is_aligned_to_the_same_directions() {
    let before = random_plane(3);
    let LatentPlane { across, upwards } = before.clone();
    let negative = |v: &[f64]| v.iter().map(|value| -value).collect::<Vec<_>>();
    let variants =
        [(negative(&across), upwards.clone()), (upwards.clone(), across.clone()), (upwards, negative(&across))];
    for (across, upwards) in variants {
        let aligned = LatentPlane { across, upwards }.aligned_with(&before);
        near(dot(&aligned.across, &before.across), 1.0, 1e-12);
        near(dot(&aligned.upwards, &before.upwards), 1.0, 1e-12);
    }
    let smaller = LatentPlane::of_components(0, 1, 2);
    assert_eq!(before.clone().aligned_with(&smaller), before, "of another size");
}

#[test]
fn places_are_dot_products_with_the_directions() {
    let plane = random_plane(5);
    let codes = noise(9, 30);
    for (place, z) in plane.project(&codes).chunks_exact(2).zip(codes.chunks_exact(3)) {
        let z: Vec<f64> = z.iter().map(|&value| value.into()).collect();
        near(place[0].into(), dot(&plane.across, &z), 1e-5);
        near(place[1].into(), dot(&plane.upwards, &z), 1e-5);
    }
    assert_eq!(LatentPlane::of_components(2, 0, 3).project(&[1.0, 2.0, 3.0]), [3.0, 1.0]);
}

fn mixture() -> Mixture {
    let log_weights = tensor(&[0.25_f32.ln(), 0.75_f32.ln()], [2]);
    let mean = tensor(&[-2.0, 0.5, 1.0, 2.0, 0.0, -1.0], [2, 3]);
    Mixture { log_weights, mean, log_var: tensor(&[0.0, -1.0, 0.5, -0.5, 0.2, -2.0], [2, 3]) }
}

#[test]
fn the_marginal_of_a_mixture_is_its_density_with_the_rest_integrated_out() {
    let prior = block_on(ProjectedPrior::new(mixture(), &LatentPlane::of_components(0, 2, 3))).unwrap();
    for place in [[-2.0, 1.0], [0.0, 0.0], [1.7, -0.8]] {
        let step = 0.01;
        let line: Vec<f32> = (-1000..1000).flat_map(|k| [place[0] as f32, k as f32 * step, place[1] as f32]).collect();
        let log_density = mixture().log_density(tensor(&line, [2000, 3]));
        let densities = block_on(latent_lab::snapshot::read(vec![log_density])).unwrap().remove(0);
        let integral: f64 = densities.iter().map(|&log| f64::from(log).exp() * f64::from(step)).sum();
        near(prior.density(place), integral, 1e-5);
    }
}

#[test]
fn the_marginal_in_a_slanted_plane_integrates_to_one_and_has_the_mean_of_the_mixture() {
    let plane = random_plane(8);
    let prior = block_on(ProjectedPrior::new(mixture(), &plane)).unwrap();
    let step = 0.05;
    let (mut mass, mut mean) = (0.0, [0.0; 2]);
    for (row, column) in (-200..200).flat_map(|row| (-200..200).map(move |column| (row, column))) {
        let place = [f64::from(column) * step, f64::from(row) * step];
        let here = prior.density(place) * step * step;
        mass += here;
        mean[0] += here * place[0];
        mean[1] += here * place[1];
    }
    near(mass, 1.0, 1e-6);
    let expected = plane.place(&[1.0, 0.125, -0.5]); // 0.25 · the first mean + 0.75 · the second
    near(mean[0], expected[0], 1e-5);
    near(mean[1], expected[1], 1e-5);
}

#[test]
fn contours_of_one_gaussian_are_circles_of_one_two_and_three_deviations() {
    let standard = Mixture {
        log_weights: tensor(&[0.0], [1]),
        mean: tensor(&[1.0, -2.0, 0.0], [1, 3]),
        log_var: tensor(&[0.0; 3], [1, 3]),
    };
    let prior = block_on(ProjectedPrior::new(standard, &LatentPlane::of_components(0, 1, 3))).unwrap();
    let contours = prior.contours(&[0.393, 0.865]);
    assert_eq!(contours.len(), 2);
    for (contour, radius) in contours.iter().zip([1.0, 2.0]) {
        assert!(contour.len() > 100);
        let mut length = 0.0;
        for segment in contour.chunks_exact(4) {
            near((f64::from(segment[0]) - 1.0).hypot(f64::from(segment[1]) + 2.0), radius, 0.04);
            length += f64::from(segment[2] - segment[0]).hypot(f64::from(segment[3] - segment[1]));
        }
        near(length, TAU * radius, 0.15);
    }
}

#[test]
fn distant_modes_have_contours_of_their_own() {
    let far = Mixture {
        log_weights: tensor(&[0.5_f32.ln(); 2], [2]),
        mean: tensor(&[-6.0, 0.0, 6.0, 0.0], [2, 2]),
        log_var: tensor(&[0.0; 4], [2, 2]),
    };
    let prior = block_on(ProjectedPrior::new(far, &LatentPlane::of_components(0, 1, 2))).unwrap();
    let contour = prior.contours(&[0.865]).remove(0);
    assert!(contour.chunks_exact(2).all(|place| (place[0].abs() - 6.0).abs() < 2.2));
    assert!(contour.chunks_exact(2).any(|place| place[0] < 0.0) && contour.chunks_exact(2).any(|place| place[0] > 0.0));
}

fn map(model: &LoadedModel, count: usize) -> LatentMap {
    let mut map = LatentMap::new(model.clone(), Arc::new(bars(700)));
    while let (done, of) = block_on(map.encode_next(count)).unwrap()
        && done < of
    {}
    map
}

#[test]
fn a_map_has_the_codes_of_the_model_at_their_places() {
    let model = trained(SMALL, 20);
    let map = map(&model, 600);
    let view = block_on(map.view(MapAxes::Components([2, 0]))).unwrap();
    assert_eq!((view.places.len(), view.labels.len(), view.variances.len()), (1200, 600, 3));
    assert_eq!(view.labels[..12], [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1]);
    let example = latent_lab::evaluate::Example::of(&bars(700), 555);
    let code = block_on(model.codes(&[example])).unwrap();
    near(view.places[1110].into(), code[2].into(), 1e-4);
    near(view.places[1111].into(), code[0].into(), 1e-4);
    assert!(view.contours.is_none(), "N(0, I) has circles");
    assert!(matches!(block_on(map.view(MapAxes::Components([0, 3]))), Err(Error::QuantityRange { .. })));
}

#[test]
fn images_are_encoded_step_by_step_and_a_later_map_keeps_the_directions() {
    let mut first = LatentMap::new(trained(SMALL, 20), Arc::new(bars(700)));
    assert!(block_on(first.view(MapAxes::Principal(None))).is_err(), "nothing is encoded yet");
    let steps: Vec<_> = (0..3).map(|_| block_on(first.encode_next(5000)).unwrap()).collect();
    assert_eq!(steps, [(500, 700), (700, 700), (700, 700)]);
    let before = block_on(first.view(MapAxes::Principal(None))).unwrap();
    let later = map(&trained(SMALL, 22), 700);
    let after = block_on(later.view(MapAxes::Principal(Some(before.plane.clone())))).unwrap();
    assert!(dot(&after.plane.across, &before.plane.across) > 0.9);
    assert!(dot(&after.plane.upwards, &before.plane.upwards) > 0.9);
    let best = block_on(later.view(MapAxes::Principal(None))).unwrap();
    near(after.share, best.share, 1e-9);
}

#[test]
fn a_map_of_fewer_images_drops_the_others() {
    let mut map = map(&trained(SMALL, 20), 600);
    assert_eq!(block_on(map.encode_next(20)).unwrap(), (20, 20));
    let view = block_on(map.view(MapAxes::Components([0, 1]))).unwrap();
    assert_eq!((view.places.len(), view.labels.len()), (40, 20));
}

#[test]
fn a_vamp_prior_has_contours() {
    let model = trained(ModelConfig { prior: PriorKind::Vamp, components: 10, ..SMALL }, 5);
    let view = block_on(map(&model, 100).view(MapAxes::Components([0, 1]))).unwrap();
    let contours = view.contours.unwrap();
    assert_eq!(contours.len(), 3);
    assert!(contours.iter().all(|it| !it.is_empty() && it.iter().all(|value| value.is_finite())));
}

#[test]
fn a_single_component_has_a_row_for_each_digit() {
    let model = trained(ModelConfig { latent: 1, ..SMALL }, 20);
    let data = Arc::new(bars(20));
    let mut map = LatentMap::new(model, data);
    while let (done, of) = block_on(map.encode_next(20)).unwrap()
        && done < of
    {}
    for axes in [MapAxes::Single, MapAxes::Principal(None)] {
        let view = block_on(map.view(axes)).unwrap();
        assert_eq!(view.plane, LatentPlane { across: vec![1.0], upwards: vec![0.0] });
        for (place, &digit) in view.places.chunks_exact(2).zip(&view.labels) {
            near(f64::from(place[1]), 0.6 * (4.5 - f64::from(digit)), 1e-6);
        }
        assert_eq!(view.share, 1.0);
    }
}
