//! Labels by the segments of digits, and a class that is not trained on.

use latent_lab::Error;
use latent_lab::data::{Corruption, DataInfo, Dataset, LeftOut, PIXELS};
use latent_lab::device::cpu;
use latent_lab::evaluate::{At, Judge, Predictions, SampleStatistics, Scoring, score};
use latent_lab::model::{BodyKind, DIGITS, ModelConfig, PriorKind, SEGMENTS, Vae};
use latent_lab::snapshot::block_on;
use latent_lab::train::{Checkpoint, TrainConfig, Trainer};
use proptest::prelude::*;

use crate::frechet::distance;
use crate::samples::{SMALL, bars, bars_of, idx_images, idx_labels, trainer};
use crate::tensors::{images, tensor, values};

const UNSEEN: ModelConfig = ModelConfig { labelled: true, attributes: true, ..SMALL };

fn without_eight() -> TrainConfig {
    TrainConfig { left_out: LeftOut::Eight, batch: 8, seed: 5, epochs: 100, ..TrainConfig::default() }
}

#[test]
fn digits_have_the_segments_of_a_display() {
    let lit = |digit: usize| DIGITS[digit].iter().map(|&segment| usize::from(segment)).sum::<usize>();
    assert_eq!([0, 1, 2, 3, 4, 5, 6, 7, 8, 9].map(lit), [6, 2, 5, 5, 4, 5, 6, 3, 7, 6]);
    assert_eq!(DIGITS[1], [0, 1, 1, 0, 0, 0, 0], "upper right and lower right");
    let differing =
        |digit: usize| (0..SEGMENTS).filter(move |&at| DIGITS[digit][at] != DIGITS[8][at]).collect::<Vec<_>>();
    assert_eq!(differing(9), [4], "a nine lacks the lower left of an eight");
    assert_eq!(differing(6), [1], "a six lacks the upper right");
    assert_eq!(differing(0), [6], "a zero lacks the middle");
    for (digit, segments) in DIGITS.iter().enumerate() {
        assert!(!DIGITS[..digit].contains(segments), "{digit} has its own segments");
    }
}

/// The label reaches the networks as segments: a mixture of labels with the same segments is the same label.
#[test]
fn labels_with_the_same_segments_give_the_same_picture() {
    for body in BodyKind::ALL {
        let model = Vae::new(&ModelConfig { body, ..UNSEEN }, 3, &cpu());
        let decode = |digits: [usize; 2]| {
            let mut weights = [0.0; 10];
            digits.into_iter().for_each(|digit| weights[digit] = 0.5);
            values(model.decode(tensor(&[0.3, -0.1, 0.8], [1, 3]), Some(tensor(&weights, [1, 10]))).mean())
        };
        let differ = |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
        // Of 8 and 5, and of 9 and 6, one has the lower left, one the upper right, and both have the others.
        let [left, right, other] = [[8, 5], [9, 6], [8, 9]].map(decode);
        assert!(differ(&left, &right) < 1e-5, "{body:?}");
        assert!(differ(&left, &other) > 1e-5, "{body:?}");
    }
}

#[test]
fn segments_need_the_ten_digits() {
    let of = |classes| ModelConfig { classes, ..UNSEEN };
    assert_eq!(of(3).check(), Err(Error::AttributesNeedDigits {}));
    assert_eq!(ModelConfig { labelled: false, ..of(3) }.check(), Ok(()), "without effect in an unconditional model");
    of(10).check().unwrap();
    let mut clothes = bars(20);
    clothes.info = DataInfo { name: "clothes".into(), classes: (0..10).map(|n| format!("garment {n}")).collect() };
    assert_eq!(clothes.check_labels_for(&UNSEEN), Err(Error::AttributesNeedDigits {}));
    clothes.check_labels_for(&ModelConfig { attributes: false, ..UNSEEN }).unwrap();
    bars(20).check_labels_for(&UNSEEN).unwrap();
    assert_eq!((of(10).label_width(), ModelConfig { attributes: false, ..UNSEEN }.label_width()), (7, 10));
}

/// `data` with the images of `class` all white.
fn whitened(data: &Dataset, class: u8) -> Dataset {
    let pixels = |image| {
        let white = data.labels.class(image) == class;
        data.images.pixels(image).map(move |value| if white { 255 } else { (value * 255.0).round() as u8 })
    };
    let pixels: Vec<u8> = (0..data.len()).flat_map(pixels).collect();
    let labels: Vec<u8> = (0..data.len()).map(|image| data.labels.class(image)).collect();
    Dataset::parse("whitened", data.info.clone(), idx_images(&pixels), Some(&idx_labels(&labels))).unwrap()
}

/// A run is the same whatever the images of the class look like, so none of them enters a batch.
#[test]
fn images_of_a_class_left_out_never_enter_a_batch() {
    let data = bars(60);
    let other = whitened(&data, 8);
    for model in [UNSEEN, ModelConfig { attributes: false, ..UNSEEN }, ModelConfig { critic: true, ..UNSEEN }] {
        let run = |train: TrainConfig, data: &Dataset| {
            let mut trainer = trainer(model.clone(), train);
            let losses = block_on(trainer.train(data, 20)).unwrap();
            (losses, trainer.epochs_done(60), block_on(trainer.weights()).unwrap())
        };
        let [(losses, epochs, weights), (expected, ..)] = [&data, &other].map(|data| run(without_eight(), data));
        assert_eq!(losses, expected);
        assert_eq!(weights.left_out(), Some(8));
        assert!((epochs - 20.0 / 7.0).abs() < 1e-9, "seven steps an epoch, as with all classes");
        let with_all = TrainConfig { left_out: LeftOut::None, ..without_eight() };
        let [(losses, _, weights), (expected, ..)] = [&data, &other].map(|data| run(with_all.clone(), data));
        assert_ne!(losses, expected);
        assert_eq!(weights.left_out(), None);
    }
}

#[test]
fn a_run_without_a_class_resumes_exactly() {
    let data = bars(60);
    let mut whole = trainer(UNSEEN, without_eight());
    let mut losses = block_on(whole.train(&data, 5)).unwrap();
    let checkpoint = Checkpoint::from_bytes(&block_on(whole.checkpoint()).unwrap().to_bytes()).unwrap();
    let train = checkpoint.train.clone();
    assert_eq!(train.left_out, LeftOut::Eight);
    let mut resumed = Trainer::from_checkpoint(checkpoint, train, &cpu()).unwrap();
    losses.extend(block_on(whole.train(&data, 10)).unwrap());
    assert_eq!(losses[5..], block_on(resumed.train(&data, 10)).unwrap());
}

#[test]
fn a_class_that_is_not_there_or_that_is_all_there_is_is_refused() {
    let of = |classes| ModelConfig { labelled: true, classes, ..SMALL };
    let unknown = Err(Error::LeftOutUnknown { class: 8_usize.into() });
    assert_eq!(without_eight().check(&of(8)), unknown);
    without_eight().check(&of(9)).unwrap();
    without_eight().check(&ModelConfig { labelled: false, ..of(3) }).unwrap();
    let only = TrainConfig { left_out: LeftOut::Zero, ..without_eight() };
    let refused = block_on(trainer(of(1), only).train(&bars_of(10, 1), 1)).unwrap_err();
    assert_eq!(refused, Error::LeftOutAll { class: 0_usize.into() });
}

#[test]
fn a_left_out_class_has_no_labelled_images_either() {
    let data = bars(60);
    let chosen = data.labelled_subset(20, 3, Some(8));
    assert!(chosen.iter().all(|&image| data.labels.class(image) != 8));
    assert_eq!(data.labelled_subset(1, 3, Some(8)).len(), 1);
    let semi = ModelConfig { classifier: true, ..UNSEEN };
    let mut trainer = trainer(semi, TrainConfig { labels: 10, ..without_eight() });
    assert!(block_on(trainer.train(&data, 3)).unwrap().iter().all(|loss| loss.is_finite()));
}

#[test]
fn a_vamp_prior_s_pseudo_labels_become_segments() {
    let model = ModelConfig { prior: PriorKind::Vamp, components: 3, ..UNSEEN };
    let mut trainer = trainer(model.clone(), without_eight());
    block_on(trainer.train(&bars(60), 3)).unwrap();
    let scoring = Scoring { at: At::Sample, seed: 0, corruption: Corruption::None };
    let score = block_on(score(&trainer.model(), &model, &bars(60), 0..60, scoring, &cpu())).unwrap();
    assert!(score.total.is_finite());
    let labels: Vec<f32> = (0..60).flat_map(|n| (0..10).map(move |c| f32::from(n % 10 == c))).collect();
    let posterior = trainer.model().encode(images(&bars(60)), Some(tensor(&labels, [60, 10])));
    assert_eq!(posterior.mean().dims(), [60, 3]);
}

proptest! {
    #[test]
    fn accuracy_by_class_averages_to_the_accuracy(pairs in proptest::collection::vec((0_u8..4, 0_u8..4), 1..40)) {
        let labels: Vec<u8> = pairs.iter().map(|pair| pair.0).collect();
        let probabilities = pairs.iter().flat_map(|pair| (0..4).map(move |class| f32::from(class == pair.1))).collect();
        let features = vec![0.0; pairs.len() * Judge::FEATURES];
        let mut statistics = SampleStatistics::default();
        statistics.add(&vec![0.0; pairs.len() * PIXELS], &Predictions { features, probabilities, classes: 4 }, Some(&labels));
        let quality = statistics.quality(distance(statistics.moments(), statistics.moments()), None);
        let by_class = quality.accuracy_by_class.unwrap();
        let count = |class: usize| labels.iter().filter(|&&label| usize::from(label) == class).count();
        let sum: f64 = by_class.iter().enumerate().map(|(class, share)| share.unwrap_or(0.0) * count(class) as f64).sum();
        prop_assert!((quality.accuracy.unwrap() - sum / pairs.len() as f64).abs() < 1e-12);
        prop_assert!(by_class.iter().enumerate().all(|(class, share)| share.is_none() == (count(class) == 0)));
    }
}
