//! The search for the smallest change of a code, against a search of every point.

use latent_lab::Error;
use latent_lab::device::cpu;
use latent_lab::evaluate::{Change, Judge, LoadedModel, SearchStage, SmallestChange, decode};
use latent_lab::model::{ModelConfig, PosteriorKind};
use latent_lab::random::{Stream, normals};
use latent_lab::snapshot::block_on;

use crate::evaluation::trained;
use crate::samples::SMALL;

/// Trained so that codes matter, and judged by random weights, whose digits change often.
fn model() -> LoadedModel {
    trained(SMALL, 150)
}

fn judge(seed: u64) -> Judge {
    Judge::new(10, seed, &cpu())
}

fn code(seed: u64) -> Vec<f32> {
    normals(seed, Stream::Samples, SMALL.latent)
}

fn begin(model: &LoadedModel, judge: &Judge, z: Vec<f32>, target: Option<u8>) -> SmallestChange {
    let components = (0..SMALL.latent).collect();
    SmallestChange::new(model.clone(), judge.clone(), z, None, components, target).unwrap()
}

fn search(model: &LoadedModel, judge: &Judge, z: &[f32], target: Option<u8>) -> SmallestChange {
    let mut search = begin(model, judge, z.to_vec(), target);
    for _ in 0..100_000 {
        if block_on(search.advance()).unwrap() == SearchStage::Done {
            return search;
        }
    }
    panic!("the search does not end");
}

fn read(model: &LoadedModel, judge: &Judge, codes: Vec<f32>) -> Vec<u8> {
    let pictures = block_on(decode(&model.model, codes, SMALL.latent, None, &cpu())).unwrap();
    block_on(judge.classify(pictures, &cpu())).unwrap().most_likely().map(|(digit, _)| digit).collect()
}

/// The smallest change of one component over every hundredth, and whether it lies in a stretch at least a step long.
fn brute_force(model: &LoadedModel, judge: &Judge, z: &[f32], target: Option<u8>, component: usize) -> Option<i32> {
    let own = read(model, judge, z.to_vec())[0];
    let reach = z.iter().fold(4.0_f32, |most, value| most.max(value.abs().ceil()));
    let wanted = |digit: u8| target.map_or(digit != own, |target| digit == target);
    [1, -1]
        .into_iter()
        .filter_map(|sign| {
            let inside = |&at: &i32| (z[component] + (sign * at) as f32 / 100.0).abs() <= reach + 1e-5;
            let steps: Vec<i32> = (1..=1600).take_while(inside).collect();
            let codes = steps.iter().flat_map(|at| {
                let mut moved = z.to_vec();
                moved[component] += (sign * at) as f32 / 100.0;
                moved
            });
            let digits = read(model, judge, codes.collect());
            // A stretch that is narrower than a step may lie between two of the search.
            let first = |&at: &usize| digits[at..digits.len().min(at + 10)].iter().all(|&digit| wanted(digit));
            let at = (0..digits.len()).find(first)?;
            Some(sign * steps[at])
        })
        .min_by_key(|at| at.abs())
}

#[test]
fn a_single_component_moves_as_little_as_a_search_of_every_point_finds() {
    let model = model();
    let mut compared = 0;
    for seed in 0..6 {
        let (judge, z) = (judge(seed), code(seed));
        for target in [None, Some(3), Some(7)] {
            let search = search(&model, &judge, &z, target);
            let own = read(&model, &judge, z.clone())[0];
            assert_eq!(search.reading().unwrap().label, own);
            if target == Some(own) {
                assert!(search.singles().is_empty() && search.pairs().is_empty());
                continue;
            }
            for component in 0..SMALL.latent {
                let found = search.singles().iter().find(|change| change.moves[0].0 == component);
                let expected = brute_force(&model, &judge, &z, target, component);
                match (found, expected) {
                    (Some(change), Some(expected)) => {
                        let found = change.moves[0].1 * 100.0;
                        assert!(found.abs() <= expected.abs() as f32 + 1.01, "{found} is more than {expected}");
                        compared += 1;
                    }
                    (None, Some(expected)) => panic!("component {component} moves by {expected}"),
                    _ => {} // a narrow stretch that only the search met, or none
                }
            }
        }
    }
    assert!(compared > 10, "{compared}");
}

#[test]
fn every_change_is_read_as_it_says_and_not_a_step_before() {
    let model = model();
    for seed in 0..4 {
        let (judge, z) = (judge(seed), code(seed));
        let search = search(&model, &judge, &z, None);
        let own = search.reading().unwrap().label;
        for change in search.singles().iter().chain(search.pairs()) {
            let at = |share: f32| {
                let mut moved = z.clone();
                change.moves.iter().for_each(|&(component, by)| moved[component] += share * by);
                read(&model, &judge, moved)[0]
            };
            assert_eq!(at(1.0), change.reading.label);
            assert_ne!(change.reading.label, own);
            let before = (change.distance - 0.01) / change.distance;
            assert!(change.distance < 0.015 || at(before) == own, "a hundredth less is enough");
            let norm = change.moves.iter().map(|(_, by)| by * by).sum::<f32>().sqrt();
            assert!((norm - change.distance).abs() < 1e-4);
            let first = block_on(decode(&model.model, z.clone(), 3, None, &cpu())).unwrap();
            let same = first.iter().zip(&change.pictures).all(|(a, b)| (a - b).abs() < 1e-5);
            assert!(same, "the pictures begin at the code");
        }
        for list in [search.singles(), search.pairs()] {
            assert!(list.windows(2).all(|pair| pair[0].distance <= pair[1].distance), "the smallest comes first");
        }
    }
}

#[test]
fn pairs_are_those_that_need_less_than_any_single_component() {
    let model = model();
    let mut found = 0;
    for seed in 0..8 {
        let (judge, z) = (judge(seed), code(seed));
        let search = search(&model, &judge, &z, None);
        let best = search.singles().first().map_or(f32::INFINITY, |change| change.distance);
        assert!(search.pairs().iter().all(|change| change.moves.len() == 2 && change.distance < best));
        found += search.pairs().len();
        let smallest = smallest_on_grid(&model, &judge, &z);
        let smaller = search.pairs().first().map_or(best, |change: &Change| change.distance);
        assert!(smaller <= smallest + 0.011, "{smaller} is more than {smallest}");
    }
    assert!(found > 0);
}

/// The smallest move in the same directions at the steps of the search, over all pairs.
fn smallest_on_grid(model: &LoadedModel, judge: &Judge, z: &[f32]) -> f32 {
    let own = read(model, judge, z.to_vec())[0];
    let reach = z.iter().fold(4.0_f32, |most, value| most.max(value.abs().ceil()));
    let mut smallest = f32::INFINITY;
    for (a, b) in [(0, 1), (0, 2), (1, 2)] {
        for direction in 0..SmallestChange::DIRECTIONS {
            let (sine, cosine) =
                (std::f32::consts::TAU * direction as f32 / SmallestChange::DIRECTIONS as f32).sin_cos();
            for step in 1..30 {
                let radius = 0.2 * step as f32;
                let mut moved = z.to_vec();
                moved[a] += radius * cosine;
                moved[b] += radius * sine;
                if moved.iter().all(|value| value.abs() <= reach) && read(model, judge, moved)[0] != own {
                    smallest = smallest.min(radius);
                    break;
                }
            }
        }
    }
    smallest
}

#[test]
fn only_the_components_asked_for_move() {
    let model = model();
    let mut search = SmallestChange::new(model, judge(1), code(1), None, vec![2], None).unwrap();
    while block_on(search.advance()).unwrap() != SearchStage::Done {}
    assert!(search.singles().iter().all(|change| change.moves[0].0 == 2));
    assert!(search.pairs().is_empty());
}

#[test]
fn a_search_shows_how_far_it_is() {
    let mut search = begin(&model(), &judge(2), code(2), None);
    assert_eq!(search.reading(), None);
    let stages: Vec<_> = (0..4).map(|_| block_on(search.advance()).unwrap()).collect();
    assert_eq!(stages[..3], [0, 1, 2].map(SearchStage::Singles));
    assert_eq!(stages[3], SearchStage::Pairs(0));
}

#[test]
fn a_codebook_and_codes_that_are_not_finite_are_refused() {
    let codebook = trained(ModelConfig { posterior: PosteriorKind::Codebook, codes: 8, ..SMALL }, 1);
    let refused = SmallestChange::new(codebook, judge(0), vec![0.0; 49], None, vec![0], None);
    assert_eq!(refused.unwrap_err(), Error::ChangeNeedsComponents {});
    let refused = SmallestChange::new(model(), judge(0), vec![f32::NAN; 3], None, vec![0], None);
    assert_eq!(refused.unwrap_err(), Error::CodesNotFinite {});
}
