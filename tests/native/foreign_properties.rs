//! Whatever bytes a weights file has, the result is an error or a model, never a panic.
//!
//! `CASES` of each property, a thousand by default; CONTRIBUTING says how to run a million.

use std::sync::LazyLock;

use latent_lab::device::cpu;
use latent_lab::model::{LikelihoodKind, ModelConfig, Vae};
use latent_lab::snapshot::{self, block_on};
use latent_lab::train::Checkpoint;
use latent_lab::weights::{Loaded, Notes, Precision, Weights};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::samples::SMALL;

static FILE: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let parameters = block_on(snapshot::parameters(&Vae::new(&SMALL, 1, &cpu()))).unwrap();
    Weights { model: SMALL, parameters, notes: Notes::default() }.to_bytes(Precision::EightBit)
});

/// Beginnings of known formats, before random bytes.
const BEGINNINGS: [&[u8]; 12] = [
    b"",
    b"PK\x03\x04",
    b"PK\x05\x06",
    b"PK\x03\x04\0\0\0\0PK\x01\x02\0\0PK\x05\x06",
    b"\x80\x02",
    b"\x1f\x8b",
    b"\x93NUMPY",
    b"<html>",
    b"{",
    b"\x08\x07\x12",
    b"\x20\0\0\0\0\0\0\0{",
    b"version https://git-lfs.github.com/spec/v1",
];

pub fn cases() -> ProptestConfig {
    let cases = std::env::var("CASES").ok().and_then(|cases| cases.parse().ok());
    ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(cases.unwrap_or(1000)) }
}

/// Reads the bytes with and without an answer; what is a model can be built and saved.
fn an_error_or_a_model(bytes: &[u8]) -> Result<bool, TestCaseError> {
    let _ = Checkpoint::from_bytes(bytes);
    let loaded =
        Loaded::from_bytes(bytes, None).or_else(|_| Loaded::from_bytes(bytes, Some(LikelihoodKind::Bernoulli)));
    let Ok(loaded) = loaded else { return Ok(false) };
    prop_assert!(loaded.weights.build(&cpu()).is_ok());
    let back = Loaded::from_bytes(&loaded.weights.to_bytes(Precision::Single), None).unwrap();
    prop_assert_eq!(back.weights.parameters, loaded.weights.parameters);
    Ok(true)
}

fn header_length() -> usize {
    u64::from_le_bytes(*FILE.first_chunk().unwrap()) as usize
}

/// The file with another header, whose length is stated as it is.
fn with_header(header: &[u8]) -> Vec<u8> {
    let data = &FILE[8 + header_length()..];
    [&(header.len() as u64).to_le_bytes(), header, data].concat()
}

fn header() -> Value {
    serde_json::from_slice(&FILE[8..8 + header_length()]).unwrap()
}

/// Metadata nested deeply, or a key twice.
fn odd_header() -> impl Strategy<Value = String> {
    let text = || String::from_utf8(FILE[8..8 + header_length()].to_vec()).unwrap();
    prop_oneof![
        (1_usize..3000).prop_map(|depth| format!("{{\"a\":{}{}}}", "[".repeat(depth), "]".repeat(depth))),
        (1_usize..3000).prop_map(|depth| "{\"a\":".repeat(depth)),
        Just(()).prop_map(move |()| {
            let text = text();
            format!("{},{}", text.trim_end().trim_end_matches('}'), &text[1..])
        }),
        Just("{}".to_string()),
        Just("{\"__metadata__\":{}}".to_string()),
        Just("null".to_string()),
    ]
}

/// Any place in a file, with the interesting ones often.
fn any_length() -> impl Strategy<Value = usize> {
    let (start, end) = (8 + header_length(), FILE.len());
    prop_oneof![0..16_usize, 8..start, start - 8..start + 8, start..end, end - 16..end]
}

fn any_value() -> impl Strategy<Value = Value> {
    let numbers = prop_oneof![
        Just(0_u64),
        Just(1),
        Just(u64::from(u32::MAX)),
        Just(1 << 61),
        Just(u64::MAX),
        0_u64..2000,
        any::<u64>()
    ];
    let words =
        ["", "conv", "linear", "point", "full", "codebook", "vamp", "mixture", "unit_gaussian", "F64", "I64", "BF16"];
    prop_oneof![
        4 => numbers.clone().prop_map(|number| json!(number)),
        2 => proptest::collection::vec(numbers, 0..4).prop_map(|numbers| json!(numbers)),
        2 => proptest::sample::select(words.to_vec()).prop_map(|word| json!(word)),
        1 => Just(Value::Null),
        1 => any::<bool>().prop_map(|flag| json!(flag)),
        1 => (-1e9_f64..1e9).prop_map(|number| json!(number)),
        1 => Just(json!({})),
    ]
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn random_bytes(beginning in proptest::sample::select(BEGINNINGS.to_vec()), rest in proptest::collection::vec(any::<u8>(), 0..600)) {
        prop_assert!(!an_error_or_a_model(&[beginning, &rest].concat())?);
    }

    #[test]
    fn truncations(length in any_length()) {
        prop_assert!(!an_error_or_a_model(&FILE[..length])?);
    }

    #[test]
    fn flipped_bytes(changes in proptest::collection::vec((any_length(), any::<u8>()), 1..5)) {
        let mut bytes = FILE.clone();
        changes.into_iter().for_each(|(at, byte)| bytes[at.min(FILE.len() - 1)] = byte);
        an_error_or_a_model(&bytes)?;
    }

    #[test]
    fn headers_with_other_text(at in 0..header_length(), removed in 0_usize..12, text in "[ -~]{0,12}") {
        let header = &FILE[8..8 + header_length()];
        let rest = &header[(at + removed).min(header.len())..];
        an_error_or_a_model(&with_header(&[&header[..at], text.as_bytes(), rest].concat()))?;
    }

    #[test]
    fn headers_of_odd_structure(header in odd_header(), spaces in 0_usize..9) {
        an_error_or_a_model(&with_header(format!("{header}{}", " ".repeat(spaces)).as_bytes()))?;
    }

    #[test]
    fn a_longer_file_is_an_error(more in proptest::collection::vec(any::<u8>(), 1..64)) {
        prop_assert!(!an_error_or_a_model(&[&FILE[..], &more].concat())?);
    }

    #[test]
    fn a_declared_length_allocates_nothing(length in prop_oneof![any::<u64>(), (0_u32..64).prop_map(|bit| 1 << bit)]) {
        let mut bytes = FILE.clone();
        bytes[..8].copy_from_slice(&length.to_le_bytes());
        prop_assert_eq!(an_error_or_a_model(&bytes)?, length == header_length() as u64);
    }

    #[test]
    fn headers_with_other_values(tensor in any::<prop::sample::Index>(), field in 0_usize..4, value in any_value()) {
        let mut header = header();
        let names: Vec<String> = header.as_object().unwrap().keys().filter(|name| *name != "__metadata__").cloned().collect();
        let name = &names[tensor.index(names.len())];
        match field {
            0 => header[name]["shape"] = value,
            1 => header[name]["dtype"] = value,
            2 => header[name]["data_offsets"] = value,
            _ => {
                let moved = header.as_object_mut().unwrap().remove(name).unwrap();
                header[value.to_string()] = moved;
            }
        }
        an_error_or_a_model(&with_header(header.to_string().as_bytes()))?;
    }

    #[test]
    fn other_metadata(fields in proptest::collection::vec((any::<prop::sample::Index>(), any_value()), 0..3), whole in proptest::option::weighted(0.2, any_value())) {
        let mut model = json!(SMALL);
        let keys: Vec<String> = model.as_object().unwrap().keys().cloned().collect();
        for (key, value) in fields {
            model[&keys[key.index(keys.len())]] = value;
        }
        let stated = whole.unwrap_or(model);
        let mut header = header();
        header["__metadata__"]["model"] = stated.to_string().into();
        let bytes = with_header(header.to_string().as_bytes());
        an_error_or_a_model(&bytes)?;
        if let Ok(loaded) = Loaded::from_bytes(&bytes, None) {
            let stated: ModelConfig = serde_json::from_value(stated).unwrap();
            prop_assert_eq!(loaded.weights.model, stated);
        }
    }
}
