//! Weights and checkpoints as files: round trips, damaged files, resumed runs.

use latent_lab::device::cpu;
use latent_lab::messages::sentence;
use latent_lab::snapshot::block_on;
use latent_lab::train::{Checkpoint, TrainConfig, Trainer, largest_difference};
use latent_lab::weights::{Loaded, Precision, Weights};
use proptest::prelude::*;
use safetensors::{Dtype, SafeTensors, tensor::TensorView};

use crate::samples::{SMALL, bars, small_trainer};

fn trained(steps: usize) -> Trainer {
    let mut trainer = small_trainer(4);
    block_on(trainer.train(&bars(12), steps)).unwrap();
    trainer
}

fn checkpoint(steps: usize) -> Checkpoint {
    block_on(trained(steps).checkpoint()).unwrap()
}

fn weights(steps: usize) -> Weights {
    block_on(trained(steps).weights()).unwrap()
}

fn refusal(bytes: &[u8]) -> String {
    let refused = Weights::from_bytes(bytes).and_then(|file| file.build(&cpu()));
    sentence(&refused.unwrap_err())
}

/// The file with one tensor replaced, or left out.
fn with_tensor(bytes: &[u8], name: &str, replacement: Option<TensorView>) -> Vec<u8> {
    let file = SafeTensors::deserialize(bytes).unwrap();
    let mut tensors = file.tensors();
    tensors.retain(|(other, _)| other != name);
    tensors.extend(replacement.map(|view| (name.to_string(), view)));
    safetensors::serialize(tensors, None).unwrap()
}

#[test]
fn a_round_trip_keeps_every_bit() {
    let mut file = checkpoint(3);
    file.weights.note_usage(&[0.5, 0.0, 2.0]);
    file.weights.notes.insert("epochs".into(), "3".into());
    let back = Checkpoint::from_bytes(&file.to_bytes()).unwrap();
    let back = back.fit(&small_trainer(4).model()).unwrap();
    assert_eq!(back, file);
    assert_eq!(back.weights.usage(), Some(vec![0.5, 0.0, 2.0]));
}

#[test]
fn half_precision_keeps_three_digits() {
    let file = weights(2);
    let bytes = file.to_bytes(Precision::Half);
    assert!(bytes.len() < file.to_bytes(Precision::Single).len() * 6 / 10);
    let back = Weights::from_bytes(&bytes).unwrap().fit(&small_trainer(4).model()).unwrap();
    for (a, b) in file.parameters.iter().zip(&back.parameters) {
        assert!(a.values.iter().zip(&b.values).all(|(x, y)| (x - y).abs() <= 1e-3 * x.abs() + 1e-7));
    }
}

#[test]
fn weights_beyond_half_precision_are_known() {
    let mut file = weights(0);
    file.parameters[0].values[1] = -65_504.0;
    assert!(file.fit_half_precision());
    file.parameters[0].values[1] = -65_520.0;
    assert!(!file.fit_half_precision());
}

#[test]
fn names_and_layouts_are_those_of_pytorch() {
    let bytes = weights(0).to_bytes(Precision::Single);
    let file = SafeTensors::deserialize(&bytes).unwrap();
    assert_eq!(file.tensor("encoder.hidden.weight").unwrap().shape(), [16, 784]);
    assert_eq!(file.tensor("encoder.log_var.weight").unwrap().shape(), [3, 16]);
    assert_eq!(file.tensor("decoder.logits.bias").unwrap().shape(), [784]);
    assert_eq!(file.names().len(), 10);
}

#[test]
fn a_resumed_run_is_the_same_run() {
    let images = bars(12);
    let mut whole = small_trainer(4);
    block_on(whole.train(&images, 4)).unwrap();
    let bytes = block_on(whole.checkpoint()).unwrap().to_bytes();
    let file = Checkpoint::from_bytes(&bytes).unwrap();
    let config = file.train.clone();
    let mut resumed = Trainer::from_checkpoint(file, config, &cpu()).unwrap();
    assert_eq!(block_on(whole.train(&images, 5)).unwrap(), block_on(resumed.train(&images, 5)).unwrap());
    assert_eq!(block_on(whole.checkpoint()).unwrap(), block_on(resumed.checkpoint()).unwrap());
}

/// The branch has the weights, the next batch and the next noise of the run, so its first loss is the run's; its moments begin anew.
#[test]
fn a_branch_goes_on_where_its_run_was() {
    let images = bars(12);
    let mut whole = small_trainer(4);
    block_on(whole.train(&images, 4)).unwrap();
    let (weights, train) = (block_on(whole.weights()).unwrap(), whole.config().clone());
    let branch = Checkpoint::branch(weights, train.clone(), 4, whole.epochs_done(12), 12);
    let resumed = |file: &Checkpoint| {
        let file = Checkpoint::from_bytes(&file.to_bytes()).unwrap();
        Trainer::from_checkpoint(file, train.clone(), &cpu()).unwrap()
    };

    let mut trainer = resumed(&branch);
    let losses = block_on(trainer.train(&images, 2)).unwrap();
    let [next, _] = block_on(whole.train(&images, 2)).unwrap()[..] else { unreachable!() };
    assert_eq!((losses[0], trainer.step_count()), (next, 6));
    assert_eq!(trainer.epochs_done(12), whole.epochs_done(12));

    let file = block_on(trainer.checkpoint()).unwrap();
    assert_eq!((file.step, file.earlier_steps, file.moments.len()), (6, 4, file.weights.parameters.len()));
    assert_ne!(file.moments, block_on(whole.checkpoint()).unwrap().moments);
    let mut again = resumed(&file);
    assert_eq!(block_on(trainer.train(&images, 3)).unwrap(), block_on(again.train(&images, 3)).unwrap());
}

#[test]
fn a_checkpoint_of_more_earlier_steps_than_steps_is_refused() {
    let mut file = checkpoint(3);
    file.earlier_steps = 4;
    let refused = Checkpoint::from_bytes(&file.to_bytes()).unwrap_err();
    assert!(sentence(&refused).contains("earlier_steps"), "{}", sentence(&refused));
}

#[test]
fn weights_alone_start_a_new_run() {
    let file = weights(4);
    let trainer = Trainer::from_weights(file.clone(), TrainConfig::default(), &cpu()).unwrap();
    assert_eq!(trainer.step_count(), 0);
    assert_eq!(block_on(trainer.weights()).unwrap().parameters, file.parameters);
}

#[test]
fn sizes_are_inferred_without_metadata() {
    let bytes = weights(1).to_bytes(Precision::Single);
    let file = SafeTensors::deserialize(&bytes).unwrap();
    let bare = safetensors::serialize(file.tensors(), None).unwrap();
    assert_eq!(Loaded::from_bytes(&bare, Some(SMALL.likelihood)).unwrap().weights.model, SMALL);
}

#[test]
fn a_damaged_file_is_refused_with_the_reason() {
    let bytes = weights(1).to_bytes(Precision::Single);
    assert!(refusal(b"no safetensors file").contains("Not a valid safetensors file"));
    assert!(refusal(&bytes[..bytes.len() - 1]).contains("incomplete or damaged"));
    assert!(refusal(&[]).contains("The file is empty"));
    assert!(refusal(&vec![0; 64_000_001]).contains("has 65 MB; models here have at most 64 MB"));

    let name = "encoder.mean.bias";
    assert!(refusal(&with_tensor(&bytes, name, None)).contains("The tensor encoder.mean.bias is missing"));
    let four = 0_f32.to_le_bytes().repeat(4);
    let longer = TensorView::new(Dtype::F32, vec![4], &four).unwrap();
    assert!(refusal(&with_tensor(&bytes, name, Some(longer))).contains("has the shape 4; it must be 3"));
    let nan = f32::NAN.to_le_bytes().repeat(3);
    let not_finite = TensorView::new(Dtype::F32, vec![3], &nan).unwrap();
    assert!(refusal(&with_tensor(&bytes, name, Some(not_finite))).contains("NaN or infinite"));
    let integers = TensorView::new(Dtype::I32, vec![3], &nan).unwrap();
    assert!(refusal(&with_tensor(&bytes, name, Some(integers))).contains("I32"));
}

#[test]
fn a_model_beyond_the_limits_is_refused() {
    let zeros = 0_f32.to_le_bytes().repeat(65);
    let view = TensorView::new(Dtype::F32, vec![1, 65], &zeros).unwrap();
    let bytes = safetensors::serialize([("decoder.hidden.weight", view)], None).unwrap();
    assert!(refusal(&bytes).contains("Latent size"));
}

#[test]
fn the_largest_difference_is_zero_for_the_same_run_and_positive_for_another() {
    let bytes = |steps| checkpoint(steps).to_bytes();
    assert_eq!(largest_difference(&bytes(1), &bytes(1)).unwrap().1, 0.0);
    assert!(largest_difference(&bytes(1), &bytes(2)).unwrap().1 > 0.1);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]
    #[test]
    fn damaged_bytes_never_panic(at in 0_usize..2000, flip in 1_u8.., cut in 0_usize..2000) {
        let mut bytes = checkpoint(1).to_bytes();
        bytes[at] ^= flip;
        bytes.truncate(bytes.len() - cut);
        let (weights, checkpoint) = (Weights::from_bytes(&bytes), Checkpoint::from_bytes(&bytes));
        if cut > 0 {
            prop_assert!(weights.is_err() && checkpoint.is_err());
        }
    }
}

#[test]
fn a_checkpoint_gives_its_weights_alone() {
    let trainer = trained(2);
    let bytes = block_on(trainer.checkpoint()).unwrap().to_bytes();
    let alone = Weights::from_bytes(&bytes).unwrap().fit(&trainer.model()).unwrap();
    assert_eq!(alone, block_on(trainer.weights()).unwrap());
    assert!(Checkpoint::from_bytes(&alone.to_bytes(Precision::Single)).is_err(), "and weights alone resume nothing");
}
