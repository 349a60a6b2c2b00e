//! Weights stored in 8 bits: how near they are, what is read back, and damaged files.

use latent_lab::device::cpu;
use latent_lab::messages::sentence;
use latent_lab::model::{ModelConfig, Vae};
use latent_lab::snapshot::{self, block_on};
use latent_lab::weights::{Loaded, Notes, Precision, Weights};
use safetensors::{Dtype, SafeTensors, tensor::TensorView};

fn weights() -> Weights {
    let model = ModelConfig { hidden: 28, latent: 4, ..ModelConfig::default() };
    let parameters = block_on(snapshot::parameters(&Vae::new(&model, 5, &cpu()))).unwrap();
    Weights { model, parameters, notes: Notes::default() }
}

/// The file with the scales of the first matrix replaced, or left out.
fn with_scales(replacement: Option<&[f32]>) -> Vec<u8> {
    const SCALES: &str = "encoder.hidden.weight.scale";
    let bytes = weights().to_bytes(Precision::EightBit);
    let file = SafeTensors::deserialize(&bytes).unwrap();
    let mut tensors = file.tensors();
    tensors.retain(|(name, _)| name != SCALES);
    let data: Vec<u8> = replacement.unwrap_or_default().iter().flat_map(|scale| scale.to_le_bytes()).collect();
    if let Some(scales) = replacement {
        tensors.push((SCALES.into(), TensorView::new(Dtype::F32, vec![scales.len()], &data).unwrap()));
    }
    let metadata = SafeTensors::read_metadata(&bytes).unwrap().1.metadata().clone();
    safetensors::serialize(tensors, metadata).unwrap()
}

#[test]
fn each_weight_is_within_a_254th_of_the_largest_of_its_row() {
    let file = weights();
    let bytes = file.to_bytes(Precision::EightBit);
    assert!(bytes.len() < file.to_bytes(Precision::Half).len() * 6 / 10);
    let back = Weights::from_bytes(&bytes).unwrap();
    for (a, b) in file.parameters.iter().zip(&back.parameters) {
        let row = a.values.len() / a.shape[0];
        for (a, b) in a.values.chunks(row).zip(b.values.chunks(row)) {
            let largest = a.iter().fold(0.0, |largest: f32, value| largest.max(value.abs()));
            assert!(a.iter().zip(b).all(|(x, y)| (x - y).abs() <= largest / 253.0), "{largest}");
        }
    }
}

#[test]
fn vectors_are_in_half_precision() {
    let file = weights();
    let [eight_bit, half] =
        [Precision::EightBit, Precision::Half].map(|precision| Weights::from_bytes(&file.to_bytes(precision)).unwrap());
    for (a, b) in eight_bit.parameters.iter().zip(&half.parameters) {
        assert_eq!(a == b, a.shape.len() == 1, "{}", a.name);
    }
}

#[test]
fn what_was_read_is_a_file_of_ours_and_is_written_as_it_was() {
    let mut file = weights();
    file.parameters[0].values[..784].fill(0.0); // a row without a scale
    let bytes = file.to_bytes(Precision::EightBit);
    let Loaded { weights, precision, converted, unused } = Loaded::from_bytes(&bytes, None).unwrap();
    assert_eq!((precision, converted, unused), (Precision::EightBit, vec![], vec![]));
    assert!(weights.parameters[0].values[..784].iter().all(|&value| value == 0.0));
    let again = weights.to_bytes(Precision::EightBit);
    let header = 8 + u64::from_le_bytes(bytes[..8].try_into().unwrap()) as usize; // its entries come in any order
    assert!(again[header..] == bytes[header..], "the numbers are stored as they were");
    assert_eq!(Weights::from_bytes(&again).unwrap(), weights);
}

#[test]
fn integers_without_the_scale_of_each_row_are_refused() {
    let refusal = |replacement| sentence(&Loaded::from_bytes(&with_scales(replacement), None).unwrap_err());
    assert!(Loaded::from_bytes(&with_scales(Some(&[0.01; 28])), None).is_ok());
    let without = refusal(None);
    assert!(without.contains("encoder.hidden.weight") && without.contains("I8"), "{without}");
    let few = refusal(Some(&[0.01; 27]));
    assert!(few.contains("encoder.hidden.weight.scale") && few.contains("27") && few.contains("28"), "{few}");
    let infinite = refusal(Some(&[f32::INFINITY; 28]));
    assert!(infinite.contains("encoder.hidden.weight"), "{infinite}");
}
