//! Full evaluations of small models, work item by work item.

use std::sync::Arc;

use latent_lab::data::{Corruption, Dataset, Labels};
use latent_lab::device::cpu;
use latent_lab::evaluate::{
    At, ClusterScore, Estimate, Evaluation, Example, Extent, Judge, LatentMap, LoadedModel, MapAxes, Progress, Report,
    Scoring, Stage, decode, negative_log_likelihood, sample_prior, score,
};
use latent_lab::messages::sentence;
use latent_lab::model::{BodyKind, LikelihoodKind, ModelConfig, PosteriorKind, PriorKind, Vae};
use latent_lab::snapshot::block_on;
use latent_lab::train::TrainConfig;

use proptest::prelude::*;
use serde_json::json;

use crate::family::any_model;
use crate::samples::{SMALL, bars, bars_of, trainer};

const SMALL_EXTENT: Extent =
    Extent { images: 120, importance_samples: 3, prior_samples: 40, seed: 1, binarised: false };

/// A model after `steps` steps of training on the bars.
pub fn trained(config: ModelConfig, steps: usize) -> LoadedModel {
    let mut trainer = trainer(config.clone(), TrainConfig { batch: 20, seed: 7, ..TrainConfig::default() });
    block_on(trainer.train(&bars(200), steps)).unwrap();
    LoadedModel { model: trainer.model(), config, device: cpu() }
}

fn start(model: &LoadedModel, test: &Arc<Dataset>, extent: Extent) -> latent_lab::Result<Evaluation> {
    block_on(Evaluation::new(model.clone(), Some(Judge::new(10, 0, &cpu())), test.clone(), extent))
}

fn evaluate(model: &LoadedModel, test: &Arc<Dataset>, extent: Extent) -> Report {
    let mut evaluation = start(model, test, extent).unwrap();
    loop {
        if let Some(report) = block_on(evaluation.advance()).unwrap().report {
            return report;
        }
    }
}

#[test]
fn each_call_does_one_work_item_until_the_report_is_complete() {
    let model = trained(SMALL, 1);
    let mut evaluation = start(&model, &Arc::new(bars(150)), SMALL_EXTENT).unwrap();
    let all: Vec<Progress> = (0..100).map(|_| block_on(evaluation.advance()).unwrap()).collect();
    let of = all[0].of;
    assert!((5..100).contains(&of), "{of}");
    for (at, progress) in all.iter().enumerate() {
        assert_eq!((progress.done, progress.of), ((at + 1).min(of), of));
        assert_eq!(progress.report.is_some(), progress.done == of);
    }
    assert_eq!(all[0].stage, Stage::Score);
    assert_eq!(all[of - 1].report, all[99].report);
}

#[test]
fn stages_and_extents_have_the_names_that_the_page_uses() {
    let stages = [
        Stage::Score,
        Stage::Likelihood,
        Stage::AggregatePosterior,
        Stage::RealImages,
        Stage::PriorSamples,
        Stage::Distances,
    ];
    let names = ["score", "likelihood", "aggregate_posterior", "real_images", "prior_samples", "distances"];
    assert_eq!(serde_json::to_value(stages).unwrap(), serde_json::json!(names));
    let extent = serde_json::json!({"images": 120, "importance_samples": 3, "prior_samples": 40, "seed": 1});
    assert_eq!(serde_json::from_value::<Extent>(extent).unwrap(), SMALL_EXTENT);
}

/// By the paths that `www/evaluation/report-rows.js` reads.
#[test]
fn a_report_in_json_has_the_fields_that_the_page_reads() {
    let report = evaluate(&trained(SMALL, 5), &Arc::new(bars(120)), SMALL_EXTENT);
    let json = serde_json::to_value(report).unwrap();
    let estimates = [
        "/sampled/total",
        "/at_mean/reconstruction",
        "/nll",
        "/mmd",
        "/kl_parts/mutual_information",
        "/kl_parts/total_correlation",
        "/kl_parts/dimension_kl",
        "/kl_parts/aggregate_kl",
        "/quality/frechet",
        "/quality/precision",
        "/quality/recall",
        "/real/frechet",
        "/real/precision",
        "/real/recall",
    ];
    for path in estimates {
        for field in ["mean", "standard_error"] {
            assert!(
                json.pointer(&format!("{path}/{field}")).is_some_and(|it| it.is_number()),
                "{path}/{field}: {json}"
            );
        }
    }
    let numbers =
        ["/collapsed/units", "/collapsed/components", "/quality/frechet/pictures", "/quality/frechet/reference"];
    assert!(numbers.iter().all(|path| json.pointer(path).is_some_and(|it| it.is_u64())), "{json}");
    assert_eq!(json["collapsed"]["images"].as_array().map(Vec::len), Some(SMALL.latent));
    assert_eq!(
        (&json["bits_per_dimension"], &json["cluster_accuracy"], &json["binarised"]),
        (&json!(null), &json!(null), &json!(false))
    );
    let mixture = ModelConfig { prior: PriorKind::Mixture, components: 4, ..SMALL };
    let report = evaluate(&trained(mixture, 1), &Arc::new(bars(120)), Extent { binarised: true, ..SMALL_EXTENT });
    let json = serde_json::to_value(report).unwrap();
    assert_eq!((&json["cluster_accuracy"]["kind"], &json["binarised"]), (&json!("accuracy"), &json!(true)));
    assert!(
        json.pointer("/cluster_accuracy/share/mean").is_some() && json.pointer("/bits_per_dimension/mean").is_some()
    );
}

#[test]
fn a_report_agrees_with_the_plain_functions() {
    let model = trained(SMALL, 20);
    let test = Arc::new(bars(150));
    let report = evaluate(&model, &test, SMALL_EXTENT);
    let LoadedModel { model, config, device } = &model;
    let scoring = |at| Scoring { at, seed: 1, corruption: Corruption::None };
    let sampled = block_on(score(model, config, &test, 0..120, scoring(At::Sample), device)).unwrap();
    let at_mean = block_on(score(model, config, &test, 0..120, scoring(At::Mean), device)).unwrap();
    assert!((report.sampled.total.mean - sampled.total).abs() < 1e-4);
    assert!((report.at_mean.total.mean - at_mean.total).abs() < 1e-4);
    let (found, expected) =
        (report.nll.unwrap(), block_on(negative_log_likelihood(model, config, &test, 0..120, 3, 1, device)).unwrap());
    assert!((found.mean - expected.mean).abs() < 1e-4);
    assert!((found.standard_error - expected.standard_error).abs() < 1e-4);
    let parts = report.kl_parts.unwrap();
    let (information, aggregate) = (parts.mutual_information.mean, parts.aggregate_kl.mean);
    let correlated = parts.total_correlation.mean + parts.dimension_kl.unwrap().mean;
    assert!((correlated - aggregate).abs() < 1e-9, "{correlated} is not {aggregate}");
    assert!((0.0..=120_f64.ln() + 1e-9).contains(&information), "{information}");
    assert!((information + aggregate - sampled.kl).abs() < 0.5, "{information} + {aggregate} is not {}", sampled.kl);
    assert_eq!(report.activity.len(), SMALL.latent);
    assert_eq!(report.active_units, report.activity.iter().filter(|&&variance| variance > 0.01).count());
    let (quality, real) = (report.quality.unwrap(), report.real.unwrap());
    assert_eq!((quality.pictures, real.pictures), (40, 40));
    assert_eq!((quality.accuracy, real.accuracy.is_some()), (None, true));
    let [samples, real_images] = [&quality, &real].map(|it| it.frechet.distance);
    assert!(samples.standard_error > 0.0 && real_images.mean < samples.mean, "{quality:?} {real:?}");
    assert_eq!((quality.frechet.pictures, quality.frechet.reference), (40, 75));
    assert!(real.precision.unwrap().mean > quality.precision.unwrap().mean, "{quality:?} {real:?}");
}

/// Each image by itself, and the variance of the numbers by its definition.
#[test]
fn standard_errors_are_those_of_means_over_images() {
    let model = trained(SMALL, 20);
    let test = Arc::new(bars(120));
    let report = evaluate(&model, &test, SMALL_EXTENT);
    let examples: Vec<_> = (0..120).map(|index| Example::of(&test, index)).collect();
    let nlls = block_on(model.nlls(&examples, 3, 1)).unwrap();
    let scores = [At::Sample, At::Mean].map(|at| {
        let scoring = Scoring { at, seed: 1, corruption: Corruption::None };
        let of =
            |image| block_on(score(&model.model, &model.config, &test, image..image + 1, scoring, &cpu())).unwrap();
        (0..120).map(of).collect::<Vec<_>>()
    });
    for (terms, scores) in [report.sampled, report.at_mean].into_iter().zip(&scores) {
        agrees(terms.reconstruction, scores.iter().map(|score| score.reconstruction).collect());
        agrees(terms.kl, scores.iter().map(|score| score.kl).collect());
        agrees(terms.total, scores.iter().map(|score| score.total).collect());
    }
    agrees(report.nll.unwrap(), nlls);
}

fn agrees(found: Estimate, values: Vec<f64>) {
    let count = values.len() as f64;
    let mean = values.iter().sum::<f64>() / count;
    let variance = values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / (count - 1.0);
    let standard_error = (variance / count).sqrt();
    assert!((found.mean - mean).abs() < 1e-3, "{found:?} is not {mean}");
    assert!((found.standard_error / standard_error - 1.0).abs() < 1e-3, "{found:?} is not ± {standard_error}");
}

#[test]
fn one_image_has_no_standard_error() {
    let report = evaluate(&trained(SMALL, 1), &Arc::new(bars(20)), Extent { images: 1, ..SMALL_EXTENT });
    assert!(report.sampled.total.mean.is_finite() && report.sampled.total.standard_error.is_nan());
}

#[test]
fn the_same_seed_gives_the_same_report_and_another_does_not() {
    let model = trained(ModelConfig { prior: PriorKind::Mixture, components: 3, ..SMALL }, 3);
    let test = Arc::new(bars(150));
    let report = |seed| evaluate(&model, &test, Extent { seed, ..SMALL_EXTENT });
    assert_eq!(report(1), report(1));
    assert_ne!(report(1).quality, report(2).quality);
}

#[test]
fn a_point_posterior_has_activity_but_no_density() {
    let model = trained(ModelConfig { posterior: PosteriorKind::Point, ..SMALL }, 100);
    let report = evaluate(&model, &Arc::new(bars(150)), SMALL_EXTENT);
    assert_eq!((report.nll, report.bits_per_dimension, report.kl_parts, report.collapsed), (None, None, None, None));
    assert!(report.active_units > 0 && report.quality.unwrap().confidence > 0.0);
    assert!(report.mmd.unwrap().mean > 0.0, "its codes are far from N(0, I): {:?}", report.mmd);
}

#[test]
fn every_posterior_is_measured_with_every_prior() {
    let test = Arc::new(bars(40));
    let extent = Extent { images: 20, importance_samples: 2, prior_samples: 20, ..SMALL_EXTENT };
    for posterior in PosteriorKind::ALL {
        let body = if posterior == PosteriorKind::TwoCodebooks { BodyKind::Conv } else { SMALL.body };
        for prior in PriorKind::ALL {
            let config = ModelConfig { posterior, body, prior, codes: 8, components: 4, ..SMALL };
            if config.check().is_err() {
                continue;
            }
            let report = evaluate(&trained(config.clone(), 1), &test, extent);
            assert!(report.sampled.total.mean.is_finite(), "{config:?}");
            assert_eq!(report.mmd.is_some(), config.index_values().is_none(), "{config:?}");
            assert_eq!(report.cluster_accuracy.is_some(), prior != PriorKind::Standard, "{config:?}");
        }
    }
}

#[test]
fn a_codebook_has_no_distances_between_codes() {
    let model = trained(ModelConfig { posterior: PosteriorKind::Codebook, codes: 8, ..SMALL }, 1);
    let report = evaluate(&model, &Arc::new(bars(40)), Extent { images: 20, ..SMALL_EXTENT });
    assert_eq!((report.mmd, report.collapsed, report.cluster_accuracy), (None, None, None));
}

/// Of -log p(x) in nats per image, where pixels have a probability or a density.
#[test]
fn bits_per_dimension_are_those_of_binary_pixels_or_of_a_density() {
    let test = Arc::new(bars(30));
    let extent = Extent { images: 20, ..SMALL_EXTENT };
    let bernoulli = trained(SMALL, 3);
    assert_eq!(evaluate(&bernoulli, &test, extent).bits_per_dimension, None, "grey pixels have no probability");
    let gaussian = trained(ModelConfig { likelihood: LikelihoodKind::UnitGaussian, ..SMALL }, 3);
    for report in
        [evaluate(&bernoulli, &test, Extent { binarised: true, ..extent }), evaluate(&gaussian, &test, extent)]
    {
        let (nll, bits) = (report.nll.unwrap(), report.bits_per_dimension.unwrap());
        let nats_of_a_bit = 784.0 * 2_f64.ln();
        assert!((bits.mean * nats_of_a_bit / nll.mean - 1.0).abs() < 1e-9, "{bits:?} of {nll:?}");
        assert!((bits.standard_error * nats_of_a_bit / nll.standard_error - 1.0).abs() < 1e-9);
    }
}

#[test]
fn a_mixture_has_clusters_and_no_part_of_the_kl_by_component() {
    let mixture = |components| trained(ModelConfig { prior: PriorKind::Mixture, components, ..SMALL }, 1);
    for (components, kind) in [(10, ClusterScore::Accuracy), (11, ClusterScore::Purity)] {
        let report = evaluate(&mixture(components), &Arc::new(bars(120)), SMALL_EXTENT);
        let found = report.cluster_accuracy.unwrap();
        assert_eq!((found.components, found.kind), (components, kind));
        assert!(found.share.mean >= 0.1, "one component alone agrees with a tenth of the images: {found:?}");
        assert_eq!((report.kl_parts.unwrap().dimension_kl, report.collapsed), (None, None));
        assert!(report.mmd.unwrap().mean.is_finite());
    }
    let unlabelled = Dataset { labels: Labels::unknown(), ..bars(120) };
    assert_eq!(evaluate(&mixture(10), &Arc::new(unlabelled), SMALL_EXTENT).cluster_accuracy, None);
    let vamp = ModelConfig { prior: PriorKind::Vamp, components: 4, labelled: true, ..SMALL };
    let report = evaluate(&trained(vamp, 1), &Arc::new(bars(120)), SMALL_EXTENT);
    assert_eq!(report.cluster_accuracy, None, "the encoder is given the class");
}

#[test]
fn a_conditional_model_samples_every_digit() {
    let model = trained(ModelConfig { labelled: true, ..SMALL }, 3);
    let report = evaluate(&model, &Arc::new(bars(150)), SMALL_EXTENT);

    let judge = Judge::new(10, 0, &cpu());
    let codes = block_on(sample_prior(&model.model, SMALL.latent, 40, SMALL_EXTENT.seed)).unwrap();
    let mut histogram = [0; 10];
    let mut correct = 0;
    for (digit, codes) in (0..10).zip(codes.chunks(4 * SMALL.latent)) {
        let pictures = block_on(decode(&model.model, codes.to_vec(), SMALL.latent, Some(digit), &cpu())).unwrap();
        for (found, _) in block_on(judge.classify(pictures, &cpu())).unwrap().most_likely() {
            histogram[usize::from(found)] += 1;
            correct += usize::from(found == digit);
        }
    }
    let quality = report.quality.unwrap();
    assert_eq!(quality.histogram, histogram);
    assert_eq!(quality.accuracy, Some(correct as f64 / 40.0));
}

#[test]
fn binarised_images_are_scored_and_grey_ones_classified() {
    let model = trained(SMALL, 5);
    let test = Arc::new(bars(150));
    let (grey, binary) =
        (evaluate(&model, &test, SMALL_EXTENT), evaluate(&model, &test, Extent { binarised: true, ..SMALL_EXTENT }));
    assert_eq!((&grey.quality, &grey.real), (&binary.quality, &binary.real));
    let binary_data = Dataset { images: test.images.binarised(1), ..(*test).clone() };
    let scoring = Scoring { at: At::Sample, seed: 1, corruption: Corruption::None };
    let expected = block_on(score(&model.model, &SMALL, &binary_data, 0..120, scoring, &cpu())).unwrap();
    assert!((binary.sampled.total.mean - expected.total).abs() < 1e-4 && binary.sampled != grey.sampled);
}

#[test]
fn an_extent_beyond_the_data_is_refused() {
    let model = trained(SMALL, 1);
    let refusal = |extent| sentence(&start(&model, &Arc::new(bars(20)), extent).unwrap_err());
    assert!(refusal(Extent { images: 21, ..SMALL_EXTENT }).contains("between 1 and 20"));
    let few = Extent { images: 5, ..SMALL_EXTENT };
    assert!(refusal(Extent { importance_samples: 0, ..few }).contains("importance samples"));
    assert!(refusal(Extent { prior_samples: 0, ..few }).contains("prior samples"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn every_combination_of_parts_can_be_evaluated_and_mapped(config in any_model()) {
        let data = Arc::new(bars_of(12, config.classes));
        let model = LoadedModel { model: Vae::new(&config, 1, &cpu()), config: config.clone(), device: cpu() };
        let extent = Extent { images: 10, importance_samples: 2, prior_samples: 10.max(config.classes), ..SMALL_EXTENT };
        let judge = Judge::new(config.classes, 0, &cpu());
        let mut evaluation = block_on(Evaluation::new(model.clone(), Some(judge), data.clone(), extent)).unwrap();
        let report = loop {
            if let Some(report) = block_on(evaluation.advance()).unwrap().report {
                break report;
            }
        };
        prop_assert!(report.sampled.total.mean.is_finite(), "{report:?}");
        prop_assert_eq!(report.nll.is_some(), model.has_density());
        prop_assert_eq!(report.activity.len(), config.code_length());
        if config.index_values().is_none() {
            let mut map = LatentMap::new(model, data);
            while block_on(map.encode_next(10)).unwrap().0 < 10 {}
            let view = block_on(map.view(MapAxes::Principal(None))).unwrap();
            prop_assert!(view.places.iter().all(|place| place.is_finite()));
        }
    }
}
