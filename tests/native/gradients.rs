//! Gradients of a training step, compared with finite differences of its loss.

use burn::tensor::Tensor;
use latent_lab::data::{Batches, PIXELS, Position};
use latent_lab::device::cpu;
use latent_lab::model::{BodyKind, ModelConfig, PosteriorKind, PriorKind};
use latent_lab::objective::{Batch, Terms};
use latent_lab::random::{Stream, normals};
use latent_lab::snapshot::block_on;
use latent_lab::train::TrainConfig;
use latent_lab::weights::{Notes, Weights};

use crate::samples::{SMALL, bars, trainer};
use crate::tensors::{tensor, values};

const BATCH: usize = 4;
const SEED: u64 = 7;

/// For each parameter at three places, the largest gradient among them; `settings` that do not change in the course of the run.
fn assert_gradients_agree_with_finite_differences(model: ModelConfig, settings: TrainConfig) {
    assert_gradients(model, settings, |_| true);
}

/// Those of the parameters whose name is `checked`.
fn assert_gradients(model: ModelConfig, settings: TrainConfig, checked: impl Fn(&str) -> bool) {
    const SPACING: f32 = 4e-3;
    let settings = TrainConfig { batch: BATCH, seed: SEED, ..settings };
    let mut trainer = trainer(model.clone(), settings.clone());
    let before = block_on(trainer.weights()).unwrap().parameters;
    block_on(trainer.train(&bars(BATCH), 1)).unwrap();
    let moments = block_on(trainer.checkpoint()).unwrap().moments;

    let order = Batches::new(SEED, Position::default()).next(BATCH, BATCH);
    let data = bars(BATCH);
    let pixels: Vec<f32> = order.iter().flat_map(|&index| data.images.pixels(index)).collect();
    let device = cpu().autodiff(); // as in training, where batch normalisation takes the statistics of the batch
    let images = Tensor::from_inner(tensor(&pixels, [BATCH, PIXELS]));
    let width = model.noise_width();
    let noise = Tensor::from_inner(tensor(&normals(SEED, Stream::Noise { step: 0 }, BATCH * width), [BATCH, width]));
    let objective = settings.objective_after(0.0, BATCH, &model);
    let loss = |parameters| -> f64 {
        let weights = Weights { model: model.clone(), parameters, notes: Notes::new() };
        let (images, noise) = (images.clone(), noise.clone());
        let batch = Batch { inputs: images.clone(), images, labels: None, noise, component: None, prior: None };
        let losses = Terms::of(&weights.build(&device).unwrap(), batch, &objective).loss(&objective);
        values(losses.inner()).into_iter().map(f64::from).sum::<f64>() / BATCH as f64
    };
    let compared = before.iter().enumerate().filter(|(_, it)| !it.is_running_statistic() && checked(&it.name));
    for (index, parameter) in compared {
        let gradient = |at: usize| f64::from(moments[index][0][at]) / 0.1;
        let count = parameter.values.len();
        let largest = (0..count).max_by(|&a, &b| gradient(a).abs().total_cmp(&gradient(b).abs())).unwrap();
        for at in [largest, count / 2, count - 1] {
            let moved = |shift: f32| {
                let mut moved = before.clone();
                moved[index].values[at] += shift;
                loss(moved)
            };
            let expected = (moved(SPACING) - moved(-SPACING)) / f64::from(2.0 * SPACING);
            let tolerance = 0.03 * gradient(largest).abs() + 0.02; // rounding of a loss of some hundred nats
            let found = gradient(at);
            assert!((found - expected).abs() < tolerance, "{} [{at}]: {found} is not {expected}", parameter.name);
        }
    }
}

#[test]
fn gradients_of_a_flow_agree_with_finite_differences() {
    for prior in [PriorKind::Standard, PriorKind::Mixture] {
        let model = ModelConfig { posterior: PosteriorKind::Flow, prior, components: 3, ..SMALL };
        assert_gradients_agree_with_finite_differences(model, TrainConfig { beta: 2.0, ..TrainConfig::default() });
    }
}

#[test]
fn gradients_through_relaxed_categorical_samples_agree_with_finite_differences() {
    let model = ModelConfig { posterior: PosteriorKind::Categorical, categories: 4, ..SMALL };
    let settings = TrainConfig { temperature: 0.8, temperature_end: 0.8, ..TrainConfig::default() };
    assert_gradients_agree_with_finite_differences(model, settings);
}

#[test]
fn gradients_of_two_layers_agree_with_finite_differences() {
    for prior in [PriorKind::Standard, PriorKind::Vamp] {
        let model = ModelConfig { posterior: PosteriorKind::TwoLayers, prior, components: 3, ..SMALL };
        assert_gradients_agree_with_finite_differences(model, TrainConfig::default());
    }
}

/// The gradient of the straight-through estimator is none of the loss, so that only what comes after the codes can be compared.
#[test]
fn gradients_after_two_codebooks_agree_with_finite_differences() {
    let posterior = PosteriorKind::TwoCodebooks;
    let model = ModelConfig { body: BodyKind::Conv, posterior, codes: 8, ..SMALL };
    assert_gradients(model, TrainConfig::default(), |name| name.starts_with("decoder."));
}
