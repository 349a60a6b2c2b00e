//! Settings that are refused, with their sentences; KL annealing and learning-rate decay.

use latent_lab::device::cpu;
use latent_lab::messages::sentence;
use latent_lab::model::{BodyKind, ModelConfig, PosteriorKind, PriorKind};
use latent_lab::train::{TrainConfig, Trainer};

use crate::samples::SMALL;

fn refusal(model: ModelConfig, train: TrainConfig) -> String {
    sentence(&Trainer::new(model, train, &cpu()).unwrap_err())
}

#[test]
fn sizes_outside_their_limits_are_refused_with_a_sentence() {
    let default = TrainConfig::default;
    for latent in [0, 65, usize::MAX] {
        let message = refusal(ModelConfig { latent, ..SMALL }, default());
        assert!(message.contains("Latent size Z must be between 1 and 64"), "{message}");
    }
    assert!(refusal(ModelConfig { hidden: 1025, ..SMALL }, default()).contains("Hidden units"));
}

#[test]
fn incompatible_parts_are_refused_with_a_sentence() {
    use PosteriorKind::{Categorical, Codebook, Diagonal, Flow, Full, Point, TwoCodebooks, TwoLayers};
    use PriorKind::{Fitted, Mixture, Standard, Vamp};
    let learned = |prior, posterior| refusal(ModelConfig { prior, posterior, ..SMALL }, TrainConfig::default());
    assert!(learned(Mixture, Point).contains("a single point has none"));
    assert!(learned(Mixture, Codebook).contains("has its own prior"));
    assert!(learned(Mixture, Categorical).contains("uniform"));
    assert!(learned(Vamp, Full).contains("axis-aligned"));
    assert!(learned(Vamp, Flow).contains("axis-aligned"));
    assert!(learned(Mixture, TwoCodebooks).contains("has its own prior"));
    assert!(learned(Fitted, TwoLayers).contains("one layer of codes"));
    assert!(learned(Standard, TwoCodebooks).contains("which only convolutions have"));
    let classifier = ModelConfig { classifier: true, ..SMALL };
    assert!(refusal(classifier.clone(), TrainConfig::default()).contains("choose both or neither"));
    let both = ModelConfig { labelled: true, critic: true, ..classifier.clone() };
    assert!(refusal(both, TrainConfig::default()).contains("choose one of the two"));

    let weighted = || TrainConfig { samples: 5, ..TrainConfig::default() };
    for posterior in [Point, Codebook, Categorical] {
        assert!(refusal(ModelConfig { posterior, ..SMALL }, weighted()).contains("need a posterior with a density"));
    }
    assert!(
        refusal(ModelConfig { labelled: true, ..classifier }, weighted())
            .contains("does not work with a classifier or a critic")
    );

    let everything = ModelConfig { body: BodyKind::Conv, prior: Vamp, posterior: Diagonal, labelled: true, ..SMALL };
    assert!(Trainer::new(everything, weighted(), &cpu()).is_ok());
}

#[test]
fn training_settings_outside_their_limits_are_refused_with_a_sentence() {
    let default = TrainConfig::default;
    let refused = |train| refusal(SMALL, train);
    assert!(refused(TrainConfig { batch: 0, ..default() }).contains("Batch size"));
    assert!(refused(TrainConfig { epochs: 1001, ..default() }).contains("Epochs"));
    assert!(refused(TrainConfig { seed: 1 << 53, ..default() }).contains("Seed"));
    for learning_rate in [0.0, -1.0, 10.1, f64::NAN, f64::INFINITY] {
        assert!(refused(TrainConfig { learning_rate, ..default() }).contains("Learning rate"));
    }
    for beta in [-0.1, 1000.5, f64::NAN] {
        assert!(refused(TrainConfig { beta, ..default() }).contains("KL weight β"));
    }
}

#[test]
fn a_refused_change_leaves_the_settings() {
    let mut trainer = Trainer::new(SMALL, TrainConfig::default(), &cpu()).unwrap();
    assert!(trainer.configure(TrainConfig { beta: -1.0, ..TrainConfig::default() }).is_err());
    assert_eq!(trainer.config(), &TrainConfig::default());
}

#[test]
fn an_unknown_setting_is_refused() {
    let error = serde_json::from_str::<TrainConfig>(r#"{"learning_rte": 1}"#).unwrap_err();
    assert!(error.to_string().contains("learning_rte"));
    assert!(serde_json::from_str::<ModelConfig>(r#"{"latent": 2.5}"#).is_err());
    assert_eq!(serde_json::from_str::<ModelConfig>("{}").unwrap(), ModelConfig::default());
}

/// As in a checkpoint of before there was the setting.
#[test]
fn a_setting_that_a_file_lacks_has_its_default() {
    let serde_json::Value::Object(mut older) = serde_json::json!(TrainConfig { batch: 7, ..TrainConfig::default() })
    else {
        unreachable!("a configuration is a record")
    };
    older.remove("closed_form").unwrap();
    let read: TrainConfig = serde_json::from_value(older.into()).unwrap();
    assert_eq!(read, TrainConfig { batch: 7, closed_form: true, ..TrainConfig::default() });
}

#[test]
fn the_learning_rate_decays_to_zero() {
    let config = TrainConfig { epochs: 10, cool_down: 4.0, learning_rate: 0.01, ..TrainConfig::default() };
    let rates = [0.0, 6.0, 8.0, 10.0, 12.0].map(|epochs| config.learning_rate_after(epochs));
    assert_eq!(rates, [0.01, 0.01, 0.005, 0.0, 0.0]);
    assert_eq!(TrainConfig::default().learning_rate_after(99.0), 1e-3);
}

#[test]
fn kl_annealing_raises_beta_linearly_and_then_keeps_it() {
    let config = TrainConfig { beta: 4.0, warm_up: 2.0, ..TrainConfig::default() };
    assert_eq!([0.0, 0.5, 1.0, 2.0, 9.0].map(|epochs| config.beta_after(epochs)), [0.0, 1.0, 2.0, 4.0, 4.0]);
    assert_eq!(TrainConfig::default().beta_after(0.0), 1.0);
}
