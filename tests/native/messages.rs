//! The message catalogue against the code that names its messages.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use latent_lab::data::Images;
use latent_lab::error::{CommandLineError, Error};
use latent_lab::messages::{preset_title, sentence};
use latent_lab::presets;
use latent_lab::settings::{Kind, schema};
use serde_json::Value;

fn catalogue() -> Value {
    serde_json::from_str(include_str!("../../www/messages/en.json")).unwrap()
}

/// All files under a folder with this extension, one after the other.
fn sources(folder: &str, extension: &str) -> String {
    fn collect(path: &Path, extension: &str) -> String {
        if path.is_dir() {
            return fs::read_dir(path).unwrap().map(|entry| collect(&entry.unwrap().path(), extension)).collect();
        }
        match path.extension().is_some_and(|found| found == extension) {
            true => fs::read_to_string(path).unwrap(),
            false => String::new(),
        }
    }
    collect(&Path::new(env!("CARGO_MANIFEST_DIR")).join(folder), extension)
}

fn placeholders(sentence: &str) -> BTreeSet<&str> {
    sentence.split('{').skip(1).map(|rest| rest.split('}').next().unwrap()).collect()
}

#[test]
fn every_kind_of_error_has_a_sentence_with_exactly_its_values() {
    let catalogue = catalogue();
    for (kind, values) in Error::KINDS.iter().chain(CommandLineError::KINDS) {
        let sentence = catalogue["errors"][kind].as_str().unwrap_or_else(|| panic!("{kind} has no sentence"));
        assert_eq!(placeholders(sentence), values.iter().copied().collect(), "{kind}: {sentence}");
    }
}

/// The sentences of errors that only the page has are named in its scripts.
#[test]
fn no_sentence_is_unused() {
    let page = sources("www", "js");
    for kind in catalogue()["errors"].as_object().unwrap().keys() {
        let in_rust = Error::KINDS.iter().chain(CommandLineError::KINDS).any(|(known, _)| known == kind);
        let in_page = [format!("\"{kind}\""), format!("errors.{kind}"), format!("`{kind}.${{")];
        assert!(in_rust || in_page.iter().any(|name| page.contains(name)), "{kind}");
    }
}

#[test]
fn quantities_and_settings_have_names() {
    let catalogue = catalogue();
    for setting in schema().settings {
        let words = &catalogue["settings"][setting.key];
        let choices = match setting.kind {
            Kind::Choice { choices } => choices.iter().map(|choice| choice.as_str().unwrap().to_string()).collect(),
            Kind::Flag => vec!["false".to_string(), "true".to_string()],
            Kind::Integer { .. } | Kind::Number { .. } => Vec::new(),
        };
        assert!(words["label"].is_string(), "www/messages/en.json lacks settings.{}.label", setting.key);
        for choice in choices {
            let missing = format!("www/messages/en.json lacks settings.{}.choices.{choice}", setting.key);
            assert!(words["choices"][&choice].is_string(), "{missing}");
        }
    }
    let rust = sources("src", "rs");
    for quantity in catalogue["quantities"].as_object().unwrap().keys() {
        assert!(rust.contains(&format!("\"{quantity}\"")), "{quantity} is unused");
    }
}

#[test]
fn every_preset_has_its_texts_and_no_text_is_without_preset() {
    let catalogue = catalogue();
    let texts = catalogue["presets"].as_object().unwrap();
    let named: BTreeSet<_> = texts.keys().map(String::as_str).collect();
    let all = presets::all().iter().map(|preset| preset.name).collect();
    assert_eq!(named, all, "presets.* of www/messages/en.json against src/presets.rs");
    for (name, preset) in texts {
        for key in ["title", "idea", "look_for", "reconstruction", "divergence", "source"] {
            assert!(preset[key].is_string(), "{name}: {key}");
        }
    }
    assert_eq!(preset_title("vamp"), "VampPrior");
}

#[test]
fn a_sentence_names_its_values() {
    let error = Images::parse("train images", vec![0; 10]).unwrap_err();
    assert!(sentence(&error).starts_with("train images: the file ends after 10 bytes, inside its header."));
}
