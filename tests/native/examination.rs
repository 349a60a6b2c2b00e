//! The slow questions, as the page asks them: piece by piece.

use std::sync::Arc;

use latent_lab::data::{Corruption, Dataset};
use latent_lab::device::cpu;
use latent_lab::evaluate::{
    At, Case, Examination, Extent, Judge, Progress, Reference, Report, Scoring, Subject, class_probabilities,
    negative_log_likelihood, score,
};
use latent_lab::model::{ModelConfig, POSITIONS, PosteriorKind, PriorKind};
use latent_lab::snapshot::now;
use latent_lab::train::TrainConfig;

use crate::samples::{SMALL, bars, trainer};

const SMALL_EXTENT: Extent = Extent { images: 120, samples: 3, draws: 40, seed: 1, binarised: false };

fn subject(config: ModelConfig, steps: usize) -> Subject {
    let mut trainer = trainer(config.clone(), TrainConfig { batch: 20, seed: 7, ..TrainConfig::default() });
    now(trainer.train(&bars(200), steps)).unwrap();
    Subject { model: trainer.model(), config, device: cpu() }
}

fn start(subject: &Subject, test: &Arc<Dataset>, extent: Extent) -> latent_lab::Result<Examination> {
    now(Examination::new(subject.clone(), Judge::new(0, &cpu()), test.clone(), extent))
}

fn examine(subject: &Subject, test: &Arc<Dataset>, extent: Extent) -> Report {
    let mut examination = start(subject, test, extent).unwrap();
    loop {
        if let Some(report) = now(examination.advance()).unwrap().report {
            return report;
        }
    }
}

#[test]
fn an_examination_moves_one_piece_at_a_time_and_then_stays() {
    let subject = subject(SMALL, 1);
    let mut examination = start(&subject, &Arc::new(bars(150)), SMALL_EXTENT).unwrap();
    let all: Vec<Progress> = (0..100).map(|_| now(examination.advance()).unwrap()).collect();
    let of = all[0].of;
    assert!((5..100).contains(&of), "{of}");
    for (at, progress) in all.iter().enumerate() {
        assert_eq!((progress.done, progress.of), ((at + 1).min(of), of));
        assert_eq!(progress.report.is_some(), progress.done == of);
    }
    assert_eq!(all[0].stage, "scoring test images");
    assert_eq!(all[of - 1].report, all[99].report);
}

#[test]
fn a_report_says_what_the_plain_functions_say() {
    let subject = subject(SMALL, 20);
    let test = Arc::new(bars(150));
    let report = examine(&subject, &test, SMALL_EXTENT);
    let Subject { model, config, device } = &subject;
    let scoring = |at| Scoring { at, seed: 1, corruption: Corruption::None };
    let sampled = now(score(model, config, &test, 0..120, scoring(At::Sample), device)).unwrap();
    let at_mean = now(score(model, config, &test, 0..120, scoring(At::Mean), device)).unwrap();
    assert!((report.sampled.total - sampled.total).abs() < 1e-4);
    assert!((report.at_mean.total - at_mean.total).abs() < 1e-4);
    let nats = now(negative_log_likelihood(model, config, &test, 0..120, 3, 1, device)).unwrap();
    assert!((report.log_likelihood.unwrap() + nats).abs() < 1e-4);
    let (information, aggregate) = (report.mutual_information.unwrap(), report.aggregate_kl.unwrap());
    assert!((0.0..=120_f64.ln() + 1e-9).contains(&information), "{information}");
    assert!((information + aggregate - sampled.kl).abs() < 0.5, "{information} + {aggregate} is not {}", sampled.kl);
    assert_eq!(report.activity.len(), SMALL.latent);
    assert_eq!(report.active_units, report.activity.iter().filter(|&&variance| variance > 0.01).count());
    assert_eq!((report.quality.pictures, report.real.pictures), (40, 40));
    assert_eq!((report.quality.accuracy, report.real.accuracy.is_some()), (None, true));
    assert!(report.quality.frechet.is_finite() && report.real.frechet < report.quality.frechet);
}

#[test]
fn the_same_seed_gives_the_same_report_and_another_does_not() {
    let subject = subject(ModelConfig { prior: PriorKind::Mixture, components: 3, ..SMALL }, 3);
    let test = Arc::new(bars(150));
    let report = |seed| examine(&subject, &test, Extent { seed, ..SMALL_EXTENT });
    assert_eq!(report(1), report(1));
    assert_ne!(report(1).quality, report(2).quality);
}

#[test]
fn a_point_has_activity_but_no_density() {
    let subject = subject(ModelConfig { posterior: PosteriorKind::Point, ..SMALL }, 100);
    let report = examine(&subject, &Arc::new(bars(150)), SMALL_EXTENT);
    assert_eq!((report.log_likelihood, report.mutual_information, report.aggregate_kl), (None, None, None));
    assert!(report.active_units > 0 && report.quality.confidence > 0.0);
}

#[test]
fn a_labelled_model_is_asked_for_every_digit() {
    let subject = subject(ModelConfig { labelled: true, ..SMALL }, 3);
    let report = examine(&subject, &Arc::new(bars(150)), SMALL_EXTENT);
    let accuracy = report.quality.accuracy.unwrap();
    assert!((accuracy * 40.0).fract().abs() < 1e-9, "a share of forty: {accuracy}");
}

#[test]
fn binarised_images_are_scored_and_grey_ones_judged() {
    let subject = subject(SMALL, 5);
    let test = Arc::new(bars(150));
    let (grey, binary) =
        (examine(&subject, &test, SMALL_EXTENT), examine(&subject, &test, Extent { binarised: true, ..SMALL_EXTENT }));
    assert_eq!((&grey.quality, &grey.real), (&binary.quality, &binary.real));
    let binary_data = Dataset { images: test.images.binarised(1), labels: test.labels.clone() };
    let scoring = Scoring { at: At::Sample, seed: 1, corruption: Corruption::None };
    let expected = now(score(&subject.model, &SMALL, &binary_data, 0..120, scoring, &cpu())).unwrap();
    assert!((binary.sampled.total - expected.total).abs() < 1e-4 && binary.sampled != grey.sampled);
}

#[test]
fn an_extent_beyond_the_data_is_refused() {
    let subject = subject(SMALL, 1);
    let refusal = |extent| start(&subject, &Arc::new(bars(20)), extent).unwrap_err().to_string();
    assert!(refusal(Extent { images: 21, ..SMALL_EXTENT }).contains("between 1 and 20"));
    let few = Extent { images: 5, ..SMALL_EXTENT };
    assert!(refusal(Extent { samples: 0, ..few }).contains("importance samples"));
    assert!(refusal(Extent { draws: 0, ..few }).contains("draws"));
}

#[test]
fn a_likelihood_does_not_depend_on_the_company() {
    let subject = subject(SMALL, 5);
    let cases: Vec<_> = (0..7).map(|index| Case::of(&bars(7), index)).collect();
    let together = now(subject.negative_log_likelihoods(&cases, 300, 1)).unwrap();
    for (case, expected) in cases.into_iter().zip(together) {
        let alone = now(subject.negative_log_likelihoods(&[case], 300, 1)).unwrap()[0];
        assert!((alone - expected).abs() < 1e-3, "{alone} is not {expected}");
    }
}

#[test]
fn a_point_costs_its_objective() {
    let config = ModelConfig { posterior: PosteriorKind::Point, ..SMALL };
    let subject = subject(config.clone(), 5);
    let data = bars(3);
    let cost = now(subject.costs(&[Case::of(&data, 2)], 9, 0)).unwrap()[0];
    let scoring = Scoring { at: At::Mean, seed: 0, corruption: Corruption::None };
    let expected = now(score(&subject.model, &config, &data, 2..3, scoring, &cpu())).unwrap();
    assert!((cost - expected.total).abs() < 1e-3);
    assert!(now(subject.negative_log_likelihoods(&[Case::of(&data, 2)], 9, 0)).is_err());
}

#[test]
fn classes_are_the_likelihoods_under_each_label() {
    let data = bars(1);
    assert_eq!(now(subject(SMALL, 1).class_costs(&Case::of(&data, 0), 5, 0)).unwrap(), None);
    let subject = subject(ModelConfig { labelled: true, ..SMALL }, 30);
    let costs = now(subject.class_costs(&Case::of(&data, 0), 60, 0)).unwrap().unwrap();
    for digit in [0, 7] {
        let case = Case { digit, ..Case::of(&data, 0) };
        let alone = now(subject.negative_log_likelihoods(&[case], 60, 0)).unwrap()[0];
        assert!((costs[usize::from(digit)] - alone).abs() < 1e-3, "{digit}");
    }
    let probabilities = class_probabilities(&costs);
    assert!((probabilities.iter().sum::<f64>() - 1.0).abs() < 1e-9);
    let (a, b) = (probabilities[0] / probabilities[7], (costs[7] - costs[0]).exp());
    assert!((a / b - 1.0).abs() < 1e-6, "Bayes: {a} and {b}");
    assert_eq!(class_probabilities(&[1e6, 1e6 + 2000.0])[0], 1.0, "without overflow");
}

#[test]
fn a_guessed_label_is_averaged_over() {
    let subject = subject(ModelConfig { labelled: true, classifier: true, ..SMALL }, 5);
    let case = Case::of(&bars(1), 0);
    let costs = now(subject.class_costs(&case, 20, 0)).unwrap().unwrap();
    let expected = -(costs.iter().map(|cost| (-(cost - costs[0])).exp()).sum::<f64>() / 10.0).ln() + costs[0];
    let found = now(subject.negative_log_likelihoods(&[case], 20, 0)).unwrap()[0];
    assert!((found - expected).abs() < 1e-3, "{found} is not {expected}");
}

#[test]
fn a_codebook_has_places_instead_of_components() {
    let subject = subject(ModelConfig { posterior: PosteriorKind::Codebook, ..SMALL }, 20);
    let mut reference = prepared(&subject, 60);
    assert_eq!(reference.codes().len(), 60 * POSITIONS);
    assert!(reference.codes().iter().all(|code| code.fract() == 0.0 && (0.0..SMALL.codes as f32).contains(code)));
    let found = now(reference.nearest(bars(150).images.pixels(3).collect(), 3, 60)).unwrap();
    assert!(found.iter().any(|it| (it.index, it.distance) == (3, 0.0)), "it is at no distance from itself");
    assert!(found.iter().all(|it| it.distance.fract() == 0.0 && it.distance <= POSITIONS as f64));
    let rarity = now(reference.rarity(bars(1).images.pixels(0).collect(), 0, 9, 0)).unwrap();
    assert!(rarity.nats.is_finite() && rarity.of == 60);
    assert_eq!(now(reference.prepare(60)).unwrap(), (60, 60));
}

fn prepared(subject: &Subject, count: usize) -> Reference {
    let mut reference = Reference::new(subject.clone(), Arc::new(bars(150)));
    while let (done, of) = now(reference.prepare(count)).unwrap()
        && done < of
    {}
    reference
}

#[test]
fn test_images_are_prepared_bit_by_bit() {
    let mut reference = Reference::new(subject(SMALL, 1), Arc::new(bars(150)));
    let steps: Vec<_> = (0..4).map(|_| now(reference.prepare(500)).unwrap()).collect();
    assert_eq!(steps, [(50, 150), (100, 150), (150, 150), (150, 150)]);
    assert_eq!((reference.codes().len(), reference.digits().len()), (150 * SMALL.latent, 150));
    assert_eq!(reference.digits()[..12], [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1]);
}

#[test]
fn a_test_image_is_its_own_nearest_neighbour() {
    let reference = prepared(&subject(SMALL, 5), 60);
    let pixels = bars(150).images.pixels(13).collect();
    let found = now(reference.nearest(pixels, 3, 5)).unwrap();
    assert_eq!((found.len(), found[0].index, found[0].digit), (5, 13, 3));
    assert!(found[0].distance < 1e-9 && found.is_sorted_by(|a, b| a.distance <= b.distance));
    let code = |index: usize| &reference.codes()[3 * index..][..3];
    let distance: f32 = code(13).iter().zip(code(found[4].index)).map(|(a, b)| (a - b).powi(2)).sum();
    assert!((found[4].distance - f64::from(distance)).abs() < 1e-4);
}

#[test]
fn noise_is_rarer_than_what_was_learned() {
    let reference = prepared(&subject(SMALL, 60), 100);
    let rarity = |pixels| now(reference.rarity(pixels, 0, 30, 1)).unwrap();
    let strange = rarity((0..784).map(|pixel| (pixel * 37 % 101) as f32 / 100.0).collect());
    assert_eq!((strange.percentile, strange.of), (100.0, 100));
    let usual: f64 =
        (0..20).map(|index| rarity(bars(150).images.pixels(index).collect()).percentile).sum::<f64>() / 20.0;
    assert!((20.0..80.0).contains(&usual), "{usual}");
}
