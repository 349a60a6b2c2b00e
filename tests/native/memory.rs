//! The estimate of what training takes: how it grows, and what is said where it does not fit. The browser tests compare it with
//! the memory of the module.

use latent_lab::Error;
use latent_lab::error::Value;
use latent_lab::messages::sentence;
use latent_lab::model::{BodyKind, ModelConfig, PosteriorKind, PriorKind};
use latent_lab::presets;
use latent_lab::train::{TrainConfig, check_memory, training_bytes};

const IMAGES: usize = 70_000;

fn bytes(model: &ModelConfig, train: &TrainConfig) -> f64 {
    training_bytes(model, train, IMAGES)
}

fn conv() -> ModelConfig {
    ModelConfig { body: BodyKind::Conv, ..ModelConfig::default() }
}

#[test]
fn every_preset_fits_into_a_quarter_of_a_gigabyte() {
    for preset in presets::all() {
        let bytes = bytes(&preset.model, &preset.train);
        assert!((60e6..268e6).contains(&bytes), "{}: {bytes:e}", preset.name);
    }
}

#[test]
fn it_grows_with_everything_that_is_held() {
    let model = ModelConfig { body: BodyKind::Conv, posterior: PosteriorKind::Full, ..ModelConfig::default() };
    let train = TrainConfig { batch: 256, samples: 8, ..TrainConfig::default() };
    let base = bytes(&model, &train);
    let larger = [
        (model.clone(), TrainConfig { batch: 512, ..train.clone() }),
        (model.clone(), TrainConfig { samples: 16, ..train.clone() }),
        (ModelConfig { latent: 40, ..model.clone() }, train.clone()),
        (ModelConfig { critic: true, ..model.clone() }, TrainConfig { samples: 1, batch: 2048, ..train.clone() }),
    ];
    for (model, train) in larger {
        assert!(bytes(&model, &train) > base, "{model:?} {train:?}");
    }
    let mlp = ModelConfig { posterior: PosteriorKind::Full, ..ModelConfig::default() };
    assert!(bytes(&mlp, &train) < base, "convolutions hold most");
    assert!(training_bytes(&model, &train, 2 * IMAGES) > base);
}

#[test]
fn a_batch_that_fits_is_named() {
    let train = TrainConfig { batch: 1024, samples: 64, ..TrainConfig::default() };
    let error = check_memory(&conv(), &train, IMAGES, 3.6e9).unwrap_err();
    let Error::MemoryBatch { batch: Value::Number(batch), .. } = &error else { panic!("{error}") };
    let fitting = TrainConfig { batch: *batch as usize, ..train.clone() };
    assert_eq!(check_memory(&conv(), &fitting, IMAGES, 3.6e9), Ok(()));
    let twice = TrainConfig { batch: 2 * fitting.batch, ..train };
    assert!(check_memory(&conv(), &twice, IMAGES, 3.6e9).is_err(), "it is the largest power of two");
    assert!(sentence(&error).contains("GB") && sentence(&error).contains(&format!("A batch of {batch} would fit")));
}

#[test]
fn where_not_even_one_image_fits_the_costliest_setting_is_named() {
    let setting = |model: ModelConfig, samples| {
        let train = TrainConfig { samples, ..TrainConfig::default() };
        let error = check_memory(&model, &train, IMAGES, 80e6).unwrap_err();
        let Error::MemorySetting { setting: Value::Text(setting), .. } = &error else { panic!("{error}") };
        assert!(!sentence(&error).contains('{'), "{}", sentence(&error));
        setting.clone()
    };
    assert_eq!(setting(conv(), 64), "samples");
    assert_eq!(setting(ModelConfig { prior: PriorKind::Vamp, components: 500, ..conv() }, 1), "components");
    assert_eq!(setting(conv(), 1), "body");
    assert_eq!(setting(ModelConfig { hidden: 1024, ..ModelConfig::default() }, 1), "hidden");
}

#[test]
fn settings_outside_their_limits_are_refused_as_ever() {
    let train = TrainConfig { batch: 0, ..TrainConfig::default() };
    assert!(matches!(check_memory(&conv(), &train, IMAGES, 4e9), Err(Error::SettingRange { .. })));
}
