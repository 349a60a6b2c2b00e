//! The table of settings against the code that decides.

use std::process::Command;

use latent_lab::data::Corruption;
use latent_lab::device::cpu;
use latent_lab::evaluate::LoadedModel;
use latent_lab::model::{BodyKind, LikelihoodKind, ModelConfig, PosteriorKind, PriorKind, Vae};
use latent_lab::settings::{Kind, Part, schema};
use latent_lab::train::{TrainConfig, Trainer};
use serde_json::{Map, Value, json};

use crate::samples::SMALL;

#[test]
fn the_file_that_javascript_tests_read_is_the_schema() {
    let path = format!("{}/tests/www/schema.json", env!("CARGO_MANIFEST_DIR"));
    let stored: Option<Value> = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).ok();
    assert!(stored == Some(json!(schema())), "tests/www/schema.json is not what the code says: run ./build.sh schema");
}

/// Every combination of parts, refused ones included.
fn combinations() -> Vec<(ModelConfig, TrainConfig)> {
    let mut all = vec![(SMALL, TrainConfig::default())];
    let mut vary = |set: &dyn Fn(&mut ModelConfig, &mut TrainConfig, usize), choices: usize| {
        let each = |(model, train): &(ModelConfig, TrainConfig)| {
            let (model, train) = (model.clone(), train.clone());
            (0..choices).map(move |choice| {
                let (mut model, mut train) = (model.clone(), train.clone());
                set(&mut model, &mut train, choice);
                (model, train)
            })
        };
        all = all.iter().flat_map(each).collect();
    };
    vary(&|model, _, n| model.body = BodyKind::ALL[n], BodyKind::ALL.len());
    vary(&|model, _, n| model.posterior = PosteriorKind::ALL[n], PosteriorKind::ALL.len());
    vary(&|model, _, n| model.prior = PriorKind::ALL[n], PriorKind::ALL.len());
    vary(&|model, _, n| model.likelihood = LikelihoodKind::ALL[n], LikelihoodKind::ALL.len());
    vary(&|model, _, n| model.labelled = n == 1, 2);
    vary(&|model, _, n| model.classifier = n == 1, 2);
    vary(&|model, _, n| model.critic = n == 1, 2);
    vary(&|_, train, n| train.corruption = Corruption::ALL[n], Corruption::ALL.len());
    vary(&|_, train, n| train.closed_form = n == 1, 2);
    all
}

#[test]
fn the_conditions_hold_where_the_code_decides_so() {
    let schema = schema();
    let when = |key| &schema.settings.iter().find(|setting| setting.key == key).unwrap().when;
    let (iterative, has_closed_form) = (when("seed"), when("closed_form"));
    let (mut closed_forms, mut densities) = (0, 0);
    for (model, train) in combinations() {
        let known = model.has_closed_form() && train.corruption == Corruption::None;
        assert_eq!(has_closed_form.holds(&model, &train), known, "{model:?} {train:?}");
        let closed_form = known && train.closed_form;
        assert_eq!(train.solves(&model), closed_form, "{model:?} {train:?}");
        assert_eq!(schema.closed_form.holds(&model, &train), closed_form, "{model:?} {train:?}");
        assert_ne!(iterative.holds(&model, &train), closed_form, "{model:?} {train:?}");
        closed_forms += usize::from(closed_form);
        if model.classifier || model.critic {
            continue; // importance samples are refused for another reason
        }
        let samples = TrainConfig { samples: 2, ..train.clone() }.check(&model).is_ok();
        assert_eq!(when("samples").holds(&model, &train), samples, "{model:?}");
        let categorical = model.posterior == PosteriorKind::Categorical;
        let has_density = schema.has_density.holds(&model, &train);
        assert_eq!(has_density, samples || categorical, "relaxed samples have none: {model:?}");
        densities += usize::from(has_density);
    }
    assert!(closed_forms > 0 && densities > 0);
}

#[test]
fn the_conditions_on_the_posterior_are_those_of_a_loaded_model() {
    let schema = schema();
    for posterior in PosteriorKind::ALL {
        let config = ModelConfig { posterior, ..SMALL };
        let model = LoadedModel { model: Vae::new(&config, 0, &cpu()), config: config.clone(), device: cpu() };
        let train = TrainConfig::default();
        assert_eq!(schema.has_density.holds(&config, &train), model.has_density(), "{posterior:?}");
        assert_eq!(schema.gaussian.holds(&config, &train), model.is_gaussian(), "{posterior:?}");
    }
}

#[test]
fn a_trainer_takes_one_step_exactly_where_the_condition_says_so() {
    let schema = schema();
    for preset in &schema.presets {
        let trainer = Trainer::new(preset.model.clone(), preset.train.clone(), &cpu()).unwrap();
        assert_eq!(trainer.closed_form(), schema.closed_form.holds(&preset.model, &preset.train), "{}", preset.name);
    }
}

#[test]
fn every_field_of_both_configurations_is_a_setting_with_its_default() {
    for (part, default) in [(Part::Model, json!(ModelConfig::default())), (Part::Train, json!(TrainConfig::default()))]
    {
        let settings = schema().settings.into_iter().filter(|setting| setting.part == part);
        let settings: Map<_, _> = settings.map(|setting| (setting.key.to_string(), setting.default)).collect();
        let mut default = default;
        default.as_object_mut().unwrap().remove("classes"); // follows from the data set
        assert_eq!(json!(settings), default, "src/settings/mod.rs has a row for each field");
    }
}

/// An enum lists its variants when it refuses one.
#[test]
fn choices_are_all_variants_of_their_enum() {
    for setting in schema().settings {
        let Kind::Choice { choices } = setting.kind else { continue };
        let unknown = json!({ setting.key: "?" });
        let error = match setting.part {
            Part::Model => serde_json::from_value::<ModelConfig>(unknown).unwrap_err(),
            Part::Train => serde_json::from_value::<TrainConfig>(unknown).unwrap_err(),
        };
        let listed: Vec<String> = choices.iter().map(|choice| format!("`{}`", choice.as_str().unwrap())).collect();
        let offered = format!("expected one of {}", listed.join(", "));
        assert!(error.to_string().ends_with(&offered), "{}: ALL of the enum is not all of it: {error}", setting.key);
    }
}

#[test]
fn settings_are_options_of_the_command_line() {
    let help = Command::new(env!("CARGO_BIN_EXE_latent-lab")).args(["train", "--help"]).output().unwrap();
    let help = String::from_utf8(help.stdout).unwrap();
    for setting in schema().settings {
        let option = format!("--{}", setting.key.replace('_', "-"));
        let is_listed = help.split_whitespace().any(|word| word == option);
        assert!(is_listed, "{option} is missing in src/bin/latent-lab/train/settings.rs");
    }
}

#[test]
fn limits_are_those_that_the_checks_enforce() {
    let check = |values: Value| {
        let pick = |part| {
            let of_part = schema().settings.into_iter().filter(|setting| setting.part == part);
            of_part.map(|setting| (setting.key.to_string(), values[setting.key].clone())).collect::<Value>()
        };
        let model: ModelConfig = serde_json::from_value(pick(Part::Model)).unwrap();
        let train: TrainConfig = serde_json::from_value(pick(Part::Train)).unwrap();
        model.check().and_then(|()| train.check(&model)).is_ok()
    };
    let defaults: Value =
        schema().settings.into_iter().map(|setting| (setting.key.to_string(), setting.default)).collect();
    let with = |key: &str, value: Value| {
        let mut values = defaults.clone();
        values[key] = value;
        check(values)
    };
    for setting in schema().settings {
        match setting.kind {
            Kind::Integer { min, max } => {
                assert!(with(setting.key, json!(min)) && with(setting.key, json!(max)), "{}", setting.key);
                assert!(!with(setting.key, json!(max + 1)), "{}", setting.key);
                assert!(min == 0 || !with(setting.key, json!(min - 1)), "{}", setting.key);
            }
            Kind::Number { min, max } => {
                assert!(with(setting.key, json!(min)) && with(setting.key, json!(max)), "{}", setting.key);
                assert!(!with(setting.key, json!(max * 1.001)), "{}", setting.key);
                assert!(!with(setting.key, json!(min - 1e-7)), "{}", setting.key);
            }
            Kind::Choice { .. } | Kind::Flag => {}
        }
    }
}
