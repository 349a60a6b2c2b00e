//! Weights that another program saved: the configuration from names and shapes, and everything that is converted.

use latent_lab::Error;
use latent_lab::device::cpu;
use latent_lab::evaluate::decode;
use latent_lab::messages::{changes, sentence};
use latent_lab::model::{LikelihoodKind, ModelConfig, PosteriorKind, PriorKind, Vae, layout};
use latent_lab::random::{Stream, normals};
use latent_lab::snapshot::{self, block_on};
use latent_lab::weights::{Conversion, Loaded, Notes, Precision, Weights};
use proptest::prelude::*;
use safetensors::Dtype;

use crate::family::any_model;
use crate::foreign_samples::{Raw, bernoulli, refusal, saved_again, saved_with, shipped, shipped_file, tensors};

const SHIPPED: [&str; 23] = [
    "ae", "ae-z2", "beta", "beta-0.1", "beta-20", "conv", "cvae", "denoise", "full", "full-z2", "gan", "iwae",
    "linear", "mixture", "mse", "noise", "pca", "semi", "sigma", "vae-z2", "vae-z20", "vamp", "vq",
];
const EXAMPLE: [(&str, &str); 5] = [
    ("encoder.hidden", "fc1"),
    ("encoder.mean", "fc21"),
    ("encoder.log_var", "fc22"),
    ("decoder.hidden", "fc3"),
    ("decoder.logits", "fc4"),
];

fn named_as_in_the_example(name: &str) -> String {
    let (ours, theirs) = EXAMPLE.iter().find(|(ours, _)| name.starts_with(ours)).unwrap();
    name.replacen(ours, theirs, 1)
}

fn vae() -> Vec<Raw> {
    tensors(&shipped("vae-z20"))
}

/// Model and parameters are those of a shipped file, so all pictures and numbers are.
fn assert_is(loaded: &Loaded, name: &str) {
    let original = Weights::from_bytes(&shipped(name)).unwrap();
    assert_eq!(loaded.weights.model, original.model, "{name}");
    assert_eq!(loaded.weights.parameters, original.parameters, "{name}");
}

#[test]
fn every_shipped_file_without_metadata_is_the_same_model() {
    for name in SHIPPED {
        let original = Weights::from_bytes(&shipped(name)).unwrap();
        let bare = saved_again(&tensors(&shipped(name)));
        let likelihood = original.model.likelihood;
        let loaded = Loaded::from_bytes(&bare, Some(likelihood)).unwrap();
        assert_is(&loaded, name);
        assert!(loaded.converted.contains(&Conversion::Configuration {}) && loaded.unused.is_empty(), "{loaded:?}");
        let unanswered = Loaded::from_bytes(&bare, None);
        match likelihood {
            learned if learned.has_parameters() => assert_is(&unanswered.unwrap(), name),
            _ => assert_eq!(unanswered.unwrap_err(), Error::WeightsLikelihoodUnknown {}, "{name}"),
        }
        let z = normals(1, Stream::Samples, original.model.code_width());
        let z = if original.model.code_length() == z.len() { z } else { vec![1.0; original.model.code_length()] };
        let digit = original.model.labelled.then_some(3);
        let picture = |weights: &Weights| {
            let model = weights.build(&cpu()).unwrap();
            block_on(decode(&model, z.clone(), original.model.code_length(), digit, &cpu())).unwrap()
        };
        assert_eq!(picture(&loaded.weights), picture(&original), "{name}");
    }
}

#[test]
fn a_file_of_ours_is_not_called_converted() {
    for name in SHIPPED {
        let loaded = Loaded::from_bytes(&shipped(name), None).unwrap();
        assert!(loaded.converted.is_empty() && loaded.unused.is_empty(), "{name}: {loaded:?}");
        assert_eq!(loaded.precision, Precision::Half, "the file is in half precision, and so is its copy");
    }
}

#[test]
fn an_answer_that_contradicts_the_file_is_refused() {
    let refused = |name: &str, likelihood| sentence(&Loaded::from_bytes(&shipped(name), Some(likelihood)).unwrap_err());
    let unit = refused("vae-z20", LikelihoodKind::UnitGaussian);
    assert!(unit.contains("Pixel likelihood is bernoulli there, not unit_gaussian"), "{unit}");
    let bare = saved_again(&tensors(&shipped("sigma")));
    assert!(
        Loaded::from_bytes(&bare, Some(LikelihoodKind::Bernoulli)).is_err(),
        "a learned variance is a parameter of its own"
    );
    assert!(Loaded::from_bytes(&saved_again(&vae()), Some(LikelihoodKind::LearnedGaussian)).is_err());
}

#[test]
fn prefixes_of_wrappers_are_removed() {
    for prefix in ["module.", "_orig_mod.", "model.", "module._orig_mod.", "model.module.", "vae.net."] {
        let renamed: Vec<Raw> = vae().into_iter().map(|raw| raw.renamed(|name| format!("{prefix}{name}"))).collect();
        let loaded = bernoulli(&saved_again(&renamed));
        assert_is(&loaded, "vae-z20");
        assert!(loaded.converted.contains(&Conversion::Prefix { prefix: prefix.into() }), "{:?}", loaded.converted);
    }
    let inner = vae().into_iter().map(|raw| raw.renamed(|name| name.replacen('.', "._orig_mod.", 1)));
    let loaded = bernoulli(&saved_again(&inner.collect::<Vec<_>>()));
    assert_is(&loaded, "vae-z20");
    assert!(loaded.converted.contains(&Conversion::Prefix { prefix: "_orig_mod.".into() }));
}

#[test]
fn the_names_of_pytorch_s_example_are_ours() {
    for prefix in ["", "module."] {
        let renamed =
            vae().into_iter().map(|raw| raw.renamed(|name| format!("{prefix}{}", named_as_in_the_example(name))));
        let loaded = bernoulli(&saved_again(&renamed.collect::<Vec<_>>()));
        assert_is(&loaded, "vae-z20");
        assert!(loaded.converted.contains(&Conversion::PytorchExample {}));
    }
}

#[test]
fn other_float_types_become_single_precision() {
    let single: Vec<Raw> = vae().into_iter().map(|raw| raw.converted(Dtype::F32)).collect();
    let double: Vec<Raw> = vae().into_iter().map(|raw| raw.converted(Dtype::F64)).collect();
    assert_is(&bernoulli(&saved_again(&single)), "vae-z20");
    let loaded = bernoulli(&saved_again(&double));
    assert_is(&loaded, "vae-z20");
    assert!(changes(&loaded).contains(&"F64 was converted to F32.".to_string()));

    let short: Vec<Raw> = vae().into_iter().map(|raw| raw.converted(Dtype::BF16)).collect();
    let rounded = bernoulli(&saved_again(&short)).weights.parameters;
    let exact = Weights::from_bytes(&shipped("vae-z20")).unwrap().parameters;
    let pairs = rounded.iter().zip(&exact).flat_map(|(a, b)| a.values.iter().zip(&b.values));
    assert!(pairs.into_iter().all(|(x, y)| (x - y).abs() <= y.abs() / 128.0));
}

#[test]
fn numbers_beyond_single_precision_are_refused_and_integers_too() {
    let mut huge = vae();
    huge[0] = huge[0].clone().converted(Dtype::F64);
    huge[0].bytes[..8].copy_from_slice(&1e300_f64.to_le_bytes());
    assert!(refusal(&saved_again(&huge)).contains("NaN or infinite"));
    let mut integers = vae();
    let values = integers[0].shape.iter().product::<usize>();
    integers[0] = Raw::new(&integers[0].name, Dtype::I64, &integers[0].shape, vec![0; 8 * values]);
    assert!(refusal(&saved_again(&integers)).contains("has the type I64"));
}

#[test]
fn counts_of_batches_are_ignored_and_other_tensors_are_named() {
    let mut conv = tensors(&shipped("conv"));
    let count = vec![7, 0, 0, 0, 0, 0, 0, 0];
    conv.push(Raw::new("encoder.convolutions.norms.0.num_batches_tracked", Dtype::I64, &[], count.clone()));
    let loaded = bernoulli(&saved_again(&conv));
    assert_is(&loaded, "conv");
    assert!(loaded.unused.is_empty());

    let copies = |prefix: &'static str| vae().into_iter().map(move |raw| raw.renamed(|name| format!("{prefix}{name}")));
    let step = Raw::new("optimizer.step", Dtype::I64, &[], count);
    let nan = Raw::new("scratch", Dtype::F32, &[1], f32::NAN.to_le_bytes().to_vec());
    let all = vae().into_iter().chain(copies("ema.")).chain(copies("exp_avg.")).chain([step, nan]);
    let loaded = bernoulli(&saved_again(&all.collect::<Vec<_>>()));
    assert_is(&loaded, "vae-z20");
    assert_eq!(loaded.unused.len(), 22);
    assert!(loaded.unused.contains(&"ema.encoder.mean.weight".to_string()));
    assert!(changes(&loaded).last().unwrap().contains("optimizer.step"));
}

#[test]
fn averages_and_moments_do_not_take_the_model_s_place() {
    let copies = |prefix: &'static str| vae().into_iter().map(move |raw| raw.renamed(|name| format!("{prefix}{name}")));
    let zeros = |raw: Raw| Raw { bytes: vec![0; raw.bytes.len()], ..raw };
    let all = copies("model.").chain(copies("ema.").map(zeros)).chain(copies("adam.first.").map(zeros));
    assert_is(&bernoulli(&saved_again(&all.collect::<Vec<_>>())), "vae-z20");
    assert!(refusal(&saved_again(&copies("exp_avg.").collect::<Vec<_>>())).contains("which model it holds"));
}

#[test]
fn metadata_that_contradict_the_tensors_are_refused() {
    for (name, model, words) in [
        ("vae-z20", r#"{"latent": 8}"#, "Latent size Z is 8, but its tensors are those of a model where it is 20"),
        ("vae-z20", r#"{"hidden": 100}"#, "Hidden units is 100"),
        ("vamp", r#"{"latent": 20}"#, "Prior is standard, but its tensors are those of a model where it is vamp"),
        ("full", "{}", "Posterior is diagonal"),
        ("sigma", "{}", "Pixel likelihood is bernoulli"),
        ("semi", r#"{"hidden": 300}"#, "Classifier for missing labels is false"),
        ("gan", "{}", "Adversarial critic is false"),
        ("vae-z20", r#"{"likelihood": "learned_gaussian"}"#, "decoder.log_sigma is missing"),
        ("vae-z20", r#"{"latent": 200}"#, "between 1 and 64"),
        ("vae-z20", r#"{"colour": 1}"#, "“model” cannot be read"),
        ("vae-z20", "a VAE", "“model” cannot be read"),
    ] {
        let message = refusal(&saved_with(&tensors(&shipped(name)), Some(model)));
        assert!(message.contains(words), "{name} {model}: {message}");
    }
}

#[test]
fn another_network_is_refused_with_some_of_its_names() {
    let zeros = |name: &str| Raw::new(name, Dtype::F32, &[2, 2], vec![0; 16]);
    let message = refusal(&saved_again(&[zeros("wte.weight"), zeros("h.0.attn.weight")]));
    assert!(message.contains("which model it holds") && message.contains("h.0.attn.weight, wte.weight"), "{message}");
    assert!(refusal(&saved_again(&tensors(&shipped_file("judge")))).contains("which model it holds"));
    assert!(refusal(&saved_again(&[])).contains("which model it holds"));
}

#[test]
fn saved_again_here_a_file_has_our_names_and_metadata() {
    let foreign: Vec<Raw> = vae()
        .into_iter()
        .map(|raw| raw.converted(Dtype::F64).renamed(|name| format!("module.{}", named_as_in_the_example(name))))
        .collect();
    let loaded = bernoulli(&saved_again(&foreign));
    let back = Loaded::from_bytes(&loaded.weights.to_bytes(loaded.precision), None).unwrap();
    assert_eq!(back.weights, loaded.weights);
    assert!(back.converted.is_empty() && back.unused.is_empty());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]
    #[test]
    fn the_layout_is_that_of_the_model_and_tells_its_configuration(config in any_model()) {
        // Of categorical variables the tensors give the product of their number and that of their values alone.
        let config = ModelConfig { categories: ModelConfig::default().categories, ..config };
        let model = Vae::new(&config, 1, &cpu());
        prop_assert_eq!(layout(&config), snapshot::layout(&model));
        let parameters = block_on(snapshot::parameters(&model)).unwrap();
        let weights = Weights { model: config.clone(), parameters, notes: Notes::default() };
        let file = weights.to_bytes(Precision::Single);
        if config.labelled && config.attributes && config.prior != PriorKind::Vamp && !config.classifier {
            // Without metadata the label is one of seven classes.
            prop_assert_eq!(Weights::from_bytes(&file).unwrap().model, config);
            return Ok(());
        }
        let bare = saved_again(&tensors(&file));
        let found = Loaded::from_bytes(&bare, Some(config.likelihood)).unwrap().weights;
        prop_assert_eq!(layout(&found.model), layout(&config));
        prop_assert_eq!(&found.parameters, &weights.parameters);
        // Sizes that no tensor may depend on; the classes only of a model that is conditional on the label.
        let ModelConfig { hidden, codes, components, attributes, .. } = config;
        let flow_steps = if config.posterior == PosteriorKind::Flow { found.model.flow_steps } else { config.flow_steps };
        let attributes = if config.labelled { found.model.attributes } else { attributes };
        let classes = if config.labelled { found.model.classes } else { config.classes };
        let same = ModelConfig { hidden, codes, components, flow_steps, classes, attributes, ..found.model };
        prop_assert_eq!(same, config);
    }
}
