//! The convolutions, running statistics and codebook of a model.

use latent_lab::data::Dataset;
use latent_lab::model::{BodyKind, ModelConfig, POSITIONS, Posterior, PosteriorKind};
use latent_lab::objective::{Objective, Terms};
use latent_lab::snapshot::block_on;
use latent_lab::train::{TrainConfig, Trainer};

use crate::samples::{SMALL, bars, trained_on_bars, trainer};
use crate::tensors::{batch, images, tensor, values};

#[test]
fn a_codebook_takes_the_nearest_vector() {
    let config = ModelConfig { posterior: PosteriorKind::Codebook, codes: 6, latent: 2, ..SMALL };
    let model = trained_on_bars(config.clone(), 5);
    let Posterior::Codebook(codes) = model.encode(images(&bars(2)), None) else { panic!("a codebook gives codes") };
    let numbers: Vec<f32> = (0..6 * POSITIONS).map(|at| (at / POSITIONS) as f32).collect();
    let book = values(model.codebook().unwrap().embed(tensor(&numbers, [6, POSITIONS])));
    let vector = |code: usize| &book[code * POSITIONS * 2..][..2];
    let distance = |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(x, y)| (x - y).powi(2)).sum::<f32>();
    let (encoded, chosen) = (values(codes.levels[0].encoded.clone()), values(codes.indices()));
    for (point, &code) in encoded.chunks(2).zip(&chosen) {
        let nearest = (0..6).map(|other| distance(point, vector(other))).fold(f32::INFINITY, f32::min);
        assert!(distance(point, vector(code as usize)) <= nearest + 1e-6);
    }
    let decoded = values(codes.straight_through());
    assert!(distance(&decoded, &values(codes.levels[0].quantised.clone())) < 1e-9, "the decoder's input is quantised");

    let shares = values(model.codebook().unwrap().log_prior().exp().sum_dim(1));
    assert!(shares.iter().all(|sum| (sum - 1.0).abs() < 1e-4), "the prior of each position sums to one");
}

#[test]
fn unused_codes_are_reset() {
    let config = ModelConfig { posterior: PosteriorKind::Codebook, codes: 64, latent: 2, ..SMALL };
    let used = |steps| {
        let terms = Terms::of(&trained_on_bars(config.clone(), steps), batch(&bars(16), &[0.0; 32]), &Objective::BOUND);
        values(terms.codes.unwrap().levels[0].counts()).into_iter().filter(|&count| count > 0.0).count()
    };
    let (before, after) = (used(1), used(600));
    assert!(after > before && after > 48, "of 64 codes {before} were used after one step and {after} after 600");
}

#[test]
fn at_inference_convolutions_treat_each_image_alone() {
    let model = trained_on_bars(ModelConfig { body: BodyKind::Conv, ..SMALL }, 3);
    let data = bars(5);
    let together = values(model.encode(images(&data), None).mean());
    let alone = values(model.encode(images(&data).narrow(0, 3, 1), None).mean());
    for (alone, together) in alone.iter().zip(&together[3 * SMALL.latent..]) {
        assert!((alone - together).abs() < 1e-3, "{alone} alone, {together} among others");
    }
}

/// Mean and unbiased variance of each channel of the first convolution over all images, in plain loops.
fn convolution_statistics(data: &Dataset, weight: &[f32]) -> Vec<[f64; 2]> {
    const MARGIN: usize = 3; // two pixels around the image, one that the convolution adds
    const PADDED: usize = 28 + 2 * MARGIN;
    let pad = |image| {
        let mut padded = vec![0.0; PADDED * PADDED];
        for (pixel, grey) in data.images.pixels(image).enumerate() {
            padded[(pixel / 28 + MARGIN) * PADDED + pixel % 28 + MARGIN] = f64::from(grey);
        }
        padded
    };
    let images: Vec<Vec<f64>> = (0..data.len()).map(pad).collect();
    let of_channel = |kernel: &[f32]| {
        let output = |image: &[f64], y: usize, x: usize| -> f64 {
            (0..9).map(|tap| f64::from(kernel[tap]) * image[(y + tap / 3) * PADDED + x + tap % 3]).sum()
        };
        let mut outputs = Vec::new();
        for image in &images {
            outputs.extend((0..32 * 32).map(|at| output(image, at / 32, at % 32)));
        }
        let mean = outputs.iter().sum::<f64>() / outputs.len() as f64;
        let squares = outputs.iter().map(|output| (output - mean).powi(2)).sum::<f64>();
        [mean, squares / (outputs.len() - 1) as f64]
    };
    weight.chunks_exact(9).map(of_channel).collect()
}

#[test]
fn running_statistics_are_moving_averages_of_the_batches() {
    const MOMENTUM: f64 = 0.1; // PyTorch's default
    let data = bars(8);
    let mut trainer =
        trainer(ModelConfig { body: BodyKind::Conv, ..SMALL }, TrainConfig { batch: 8, ..TrainConfig::default() });
    let parameter = |trainer: &Trainer, name: &str| {
        let name = format!("encoder.convolutions.{name}");
        let weights = block_on(trainer.weights()).unwrap();
        weights.parameters.into_iter().find(|it| it.name == name).expect("the model has it").values
    };
    let mut expected = vec![[0.0, 1.0]; 32];
    for step in 0..3 {
        let found = ["norms.0.running_mean", "norms.0.running_var"].map(|name| parameter(&trainer, name));
        for (channel, expected) in expected.iter().enumerate() {
            for (found, expected) in found.iter().zip(expected) {
                let found = f64::from(found[channel]);
                assert!((found - expected).abs() < 1e-5, "step {step}, channel {channel}: {found} is not {expected}");
            }
        }
        let batch = convolution_statistics(&data, &parameter(&trainer, "convolutions.0.weight"));
        for (running, batch) in expected.iter_mut().flatten().zip(batch.iter().flatten()) {
            *running += (batch - *running) * MOMENTUM;
        }
        block_on(trainer.train(&data, 1)).unwrap();
    }
}
