//! Unsupervised accuracy: the best assignment against all of them, and clusters that are known.

use latent_lab::evaluate::{ClusterScore, Clusters, best_assignment};
use latent_lab::model::Mixture;
use latent_lab::random::{Stream, normals};
use latent_lab::snapshot::block_on;

use crate::tensors::{tensor, values};

/// The largest sum over all ways to give each row a column of its own.
fn best_by_trying(scores: &[Vec<f64>], taken: &mut Vec<usize>) -> f64 {
    let Some(row) = scores.get(taken.len()) else { return 0.0 };
    let mut best = f64::NEG_INFINITY;
    for (column, score) in row.iter().enumerate() {
        if !taken.contains(&column) {
            taken.push(column);
            best = best.max(score + best_by_trying(scores, taken));
            taken.pop();
        }
    }
    best
}

#[test]
fn the_best_assignment_is_the_best_of_all() {
    for seed in 0..200 {
        let (rows, columns) = (1 + seed as usize % 5, 5 + seed as usize % 2);
        let scores: Vec<Vec<f64>> = normals(seed, Stream::Samples, rows * columns)
            .chunks(columns)
            .map(|row| row.iter().map(|value| f64::from((3.0 * value).round())).collect())
            .collect();
        let assigned = best_assignment(&scores);
        let mut different = assigned.clone();
        different.sort_unstable();
        different.dedup();
        assert_eq!(different.len(), rows, "every row has a column of its own: {assigned:?}");
        let found: f64 = scores.iter().zip(&assigned).map(|(row, &column)| row[column]).sum();
        assert_eq!(found, best_by_trying(&scores, &mut Vec::new()), "{scores:?}");
    }
    assert_eq!(best_assignment(&[]), Vec::<usize>::new());
}

/// `K` narrow components on a line, ten apart.
fn prior(components: usize) -> Mixture {
    let places: Vec<f32> = (0..components).map(|c| 10.0 * c as f32).collect();
    Mixture {
        log_weights: tensor(&vec![-(components as f32).ln(); components], [components]),
        mean: tensor(&places, [components, 1]),
        log_var: tensor(&vec![0.0; components], [components, 1]),
    }
}

fn clusters(components: usize, of: &[(f32, u8)], classes: usize) -> Clusters {
    let mut clusters = Clusters::default();
    for images in of.chunks(3) {
        let (z, labels): (Vec<f32>, Vec<u8>) = images.iter().copied().unzip();
        block_on(clusters.add(&prior(components), tensor(&z, [z.len(), 1]), &labels, classes)).unwrap();
    }
    clusters
}

/// 40 images near the four components; the class is a permutation of the component, but every tenth is another one.
fn images(permutation: [u8; 4]) -> Vec<(f32, u8)> {
    (0..40)
        .map(|image| {
            let component = image % 4;
            let class = if image % 10 == 9 { (component + 1) % 4 } else { component };
            (10.0 * component as f32 + 0.3, permutation[class])
        })
        .collect()
}

#[test]
fn accuracy_does_not_depend_on_what_the_classes_are_called() {
    for permutation in [[0, 1, 2, 3], [2, 0, 3, 1], [3, 2, 1, 0]] {
        let found = clusters(4, &images(permutation), 4).accuracy().unwrap();
        assert_eq!((found.kind, found.components, found.used), (ClusterScore::Accuracy, 4, 4));
        assert!((found.share.mean - 0.9).abs() < 1e-12, "{found:?}");
        assert!((found.share.standard_error - (0.1 * 0.9 / 40.0_f64).sqrt()).abs() < 0.01, "{found:?}");
    }
}

#[test]
fn one_class_does_not_count_for_two_components_unless_there_are_more_components_than_classes() {
    let split: Vec<(f32, u8)> = (0..40).map(|image| (10.0 * (image % 2) as f32, 0)).collect();
    assert_eq!(clusters(2, &split, 2).accuracy().unwrap().share.mean, 0.5);
    let found = clusters(3, &split, 2).accuracy().unwrap();
    assert_eq!((found.kind, found.share.mean, found.used), (ClusterScore::Purity, 1.0, 2));
}

#[test]
fn fewer_components_than_classes_leave_classes_without_one() {
    let all: Vec<(f32, u8)> = (0..40).map(|image| (10.0 * (image % 4 / 2) as f32, (image % 4) as u8)).collect();
    let found = clusters(2, &all, 4).accuracy().unwrap();
    assert_eq!((found.kind, found.share.mean), (ClusterScore::Accuracy, 0.5));
}

#[test]
fn without_images_there_is_no_accuracy() {
    assert_eq!(Clusters::default().accuracy(), None);
}

#[test]
fn responsibilities_are_the_densities_of_the_components_over_their_sum() {
    let mixture = Mixture {
        log_weights: tensor(&[0.2_f32.ln(), 0.8_f32.ln()], [2]),
        mean: tensor(&[0.0, 1.0, -1.0, 0.5], [2, 2]),
        log_var: tensor(&[0.0, 0.4, -0.3, 0.1], [2, 2]),
    };
    let z = [0.3_f32, -0.2, 1.5, 2.0, -40.0, 40.0];
    let found = values(mixture.log_responsibilities(tensor(&z, [3, 2])));
    let log_density = values(mixture.log_density(tensor(&z, [3, 2])));
    let (weights, means, log_vars) = ([0.2_f64, 0.8], [[0.0, 1.0], [-1.0, 0.5]], [[0.0, 0.4], [-0.3, 0.1_f64]]);
    for (row, z) in z.chunks(2).enumerate() {
        for c in 0..2 {
            let log_normal: f64 = (0..2)
                .map(|k| {
                    let square = (f64::from(z[k]) - means[c][k]).powi(2) / log_vars[c][k].exp();
                    -0.5 * (square + log_vars[c][k] + std::f64::consts::TAU.ln())
                })
                .sum();
            let expected = weights[c].ln() + log_normal - f64::from(log_density[row]);
            let found = f64::from(found[2 * row + c]);
            assert!((found - expected).abs() < 1e-3 * (1.0 + expected.abs()), "{found} is not {expected}");
        }
    }
}
