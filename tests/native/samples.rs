//! Small synthetic data sets and small models, for the other tests.

use latent_lab::data::{DataInfo, Dataset, PIXELS};
use latent_lab::device::cpu;
use latent_lab::model::{BodyKind, LikelihoodKind, ModelConfig, PosteriorKind, PriorKind, Vae};
use latent_lab::snapshot::block_on;
use latent_lab::train::{TrainConfig, Trainer};

pub fn idx_images(pixels: &[u8]) -> Vec<u8> {
    let count = (pixels.len() / PIXELS) as u32;
    let header = [0x803, count, 28, 28].map(u32::to_be_bytes).concat();
    [&header, pixels].concat()
}

pub fn idx_labels(labels: &[u8]) -> Vec<u8> {
    let header = [0x801, labels.len() as u32].map(u32::to_be_bytes).concat();
    [&header, labels].concat()
}

/// `count` blurred bars at different places and angles, with the labels 0 to 9 in turn.
pub fn bars(count: usize) -> Dataset {
    bars_of(count, 10)
}

/// The same with so many `classes`.
pub fn bars_of(count: usize, classes: usize) -> Dataset {
    let pixels: Vec<u8> = (0..count)
        .flat_map(|image| {
            let (sin, cos) = (image as f64 * 0.7).sin_cos();
            let offset = (image % 5) as f64 - 2.0;
            (0..PIXELS).map(move |pixel| {
                let (x, y) = ((pixel % 28) as f64 - 13.5, (pixel / 28) as f64 - 13.5);
                let (across, along) = (x * sin - y * cos - offset, x * cos + y * sin);
                let inside = (-(across * across) / 4.0 - (along / 9.0).powi(4)).exp();
                (255.0 * inside) as u8
            })
        })
        .collect();
    let labels: Vec<u8> = (0..count).map(|image| (image % classes) as u8).collect();
    let info = DataInfo { name: "bars".into(), classes: (0..classes).map(|class| class.to_string()).collect() };
    let (images, labels) = (idx_images(&pixels), idx_labels(&labels));
    Dataset::parse("bars", info, images, Some(&labels)).expect("the files are well formed")
}

pub const SMALL: ModelConfig = ModelConfig {
    body: BodyKind::Mlp,
    latent: 3,
    hidden: 16,
    posterior: PosteriorKind::Diagonal,
    codes: 128,
    flow_steps: 2,
    categories: 10,
    prior: PriorKind::Standard,
    components: 50,
    likelihood: LikelihoodKind::Bernoulli,
    labelled: false,
    classes: 10,
    attributes: false,
    classifier: false,
    critic: false,
};

pub fn trainer(model: ModelConfig, train: TrainConfig) -> Trainer {
    Trainer::new(model, train, &cpu()).expect("the settings are within limits")
}

pub fn small_trainer(batch: usize) -> Trainer {
    trainer(SMALL, TrainConfig { batch, seed: 7, ..TrainConfig::default() })
}

/// A model after `steps` steps on 16 bars.
pub fn trained_on_bars(model: ModelConfig, steps: usize) -> Vae {
    let mut trainer = trainer(model, TrainConfig { batch: 8, epochs: 1000, ..TrainConfig::default() });
    block_on(trainer.train(&bars(16), steps)).unwrap();
    trainer.model()
}
