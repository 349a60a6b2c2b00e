//! Damaged IDX files and checkpoints: an error or the whole value, never a panic, and never memory of a declared size.

use std::sync::LazyLock;

use latent_lab::data::{DataInfo, Dataset, Images, Labels, PIXELS};
use latent_lab::device::cpu;
use latent_lab::error::Error;
use latent_lab::snapshot::block_on;
use latent_lab::train::{Checkpoint, TrainConfig, Trainer, largest_difference};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::foreign_properties::cases;
use crate::samples::{bars, idx_images, idx_labels, small_trainer};

/// A change to the bytes of a file.
#[derive(Debug, Clone)]
pub enum Damage {
    Byte(prop::sample::Index, u8),
    Word(prop::sample::Index, u32),
    Cut(prop::sample::Index),
    Longer(Vec<u8>),
    Twice(prop::sample::Index, usize),
}

pub fn damage() -> impl Strategy<Value = Damage> {
    use prop::sample::Index;
    let words = prop_oneof![Just(0), Just(1), Just(u32::MAX), Just(1 << 31), Just(0x0803), 0_u32..100, any::<u32>()];
    prop_oneof![
        3 => (any::<Index>(), any::<u8>()).prop_map(|(at, byte)| Damage::Byte(at, byte)),
        3 => (any::<Index>(), words).prop_map(|(at, word)| Damage::Word(at, word)),
        2 => any::<Index>().prop_map(Damage::Cut),
        1 => proptest::collection::vec(any::<u8>(), 1..900).prop_map(Damage::Longer),
        1 => (any::<Index>(), 1_usize..64).prop_map(|(at, length)| Damage::Twice(at, length)),
    ]
}

/// The file with this damage; words are big-endian and most often in the first `header` bytes.
pub fn damaged(file: &[u8], damage: &Damage, header: usize) -> Vec<u8> {
    let mut bytes = file.to_vec();
    if bytes.is_empty() {
        return bytes;
    }
    match damage {
        Damage::Byte(at, byte) => bytes[at.index(file.len())] = *byte,
        Damage::Word(at, word) => {
            let start = at.index(header.min(file.len()).div_ceil(4)) * 4;
            let places = bytes[start..].iter_mut().zip(word.to_be_bytes());
            places.for_each(|(place, byte)| *place = byte);
        }
        Damage::Cut(at) => bytes.truncate(at.index(file.len())),
        Damage::Longer(more) => bytes.extend(more),
        Damage::Twice(at, length) => {
            let start = at.index(file.len());
            let again = bytes[start..file.len().min(start + length)].to_vec();
            bytes.splice(start..start, again);
        }
    }
    bytes
}

/// Parsed images hold what the file holds; everything else is a kind of damaged data.
fn images_or_an_error(bytes: Vec<u8>) -> Result<(), TestCaseError> {
    let length = bytes.len();
    match Images::parse("x", bytes) {
        Ok(images) => {
            prop_assert_eq!(16 + images.len() * PIXELS, length);
            prop_assert!(
                !images.is_empty() && images.pixels(images.len() - 1).all(|pixel| (0.0..=1.0).contains(&pixel))
            );
        }
        Err(error) => is_of_data(&error)?,
    }
    Ok(())
}

fn is_of_data(error: &Error) -> Result<(), TestCaseError> {
    use latent_lab::error::InCatalogue;
    prop_assert!(error.kind().starts_with("data_"), "{error}");
    Ok(())
}

static CHECKPOINT: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let mut trainer = small_trainer(4);
    block_on(trainer.train(&bars(12), 3)).unwrap();
    block_on(trainer.checkpoint()).unwrap().to_bytes()
});

fn header_length(file: &[u8]) -> usize {
    u64::from_le_bytes(*file.first_chunk().unwrap()) as usize
}

/// A checkpoint that is read can be resumed, and takes a step.
fn a_run_or_an_error(bytes: &[u8]) -> Result<(), TestCaseError> {
    let Ok(checkpoint) = Checkpoint::from_bytes(bytes) else { return Ok(()) };
    let step = checkpoint.step;
    let train = TrainConfig { batch: 4, ..TrainConfig::default() };
    let Ok(mut trainer) = Trainer::from_checkpoint(checkpoint, train, &cpu()) else { return Ok(()) };
    let losses = block_on(trainer.train(&bars(12), 1)).unwrap();
    prop_assert_eq!(losses[0].step, step + 1);
    prop_assert!(trainer.epochs_done(12) >= 0.0);
    Ok(())
}

/// The checkpoint with another header.
fn with_header(header: &Value) -> Vec<u8> {
    let text = header.to_string();
    let data = &CHECKPOINT[8 + header_length(&CHECKPOINT)..];
    [&(text.len() as u64).to_le_bytes(), text.as_bytes(), data].concat()
}

fn any_metadata() -> impl Strategy<Value = String> {
    prop_oneof![
        Just("18446744073709551615".to_string()),
        Just("-1".to_string()),
        Just("1e400".to_string()),
        Just("{\"epoch\":18446744073709551615,\"image\":18446744073709551615}".to_string()),
        Just("{\"epoch\":1,\"image\":18446744073709551615}".to_string()),
        Just("{\"epoch\":1}".to_string()),
        Just("[".repeat(2000)),
        any::<u64>().prop_map(|number| number.to_string()),
        (any::<u64>(), any::<u64>()).prop_map(|(epoch, image)| json!({ "epoch": epoch, "image": image }).to_string()),
        "[ -~]{0,20}",
    ]
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn images(count in 0_usize..4, damages in proptest::collection::vec(damage(), 0..4)) {
        let file = idx_images(&vec![7; count * PIXELS]);
        images_or_an_error(damages.iter().fold(file, |file, each| damaged(&file, each, 16)))?;
    }

    #[test]
    fn labels(digits in proptest::collection::vec(0_u8..12, 0..20), damages in proptest::collection::vec(damage(), 0..4)) {
        let file = damages.iter().fold(idx_labels(&digits), |file, each| damaged(&file, each, 8));
        match Labels::parse("x", &file, 10) {
            Ok(labels) => {
                prop_assert_eq!(8 + labels.len(), file.len());
                prop_assert!((0..labels.len()).all(|at| labels.class(at) < 10));
            }
            Err(error) => is_of_data(&error)?,
        }
    }

    #[test]
    fn counts_that_differ(images in 1_usize..4, labels in 1_usize..4) {
        let (images_file, labels_file) = (idx_images(&vec![0; images * PIXELS]), idx_labels(&vec![1; labels]));
        let parsed = Dataset::parse("x", DataInfo::digits("x"), images_file, Some(&labels_file));
        prop_assert_eq!(parsed.is_ok(), images == labels);
    }

    #[test]
    fn checkpoints(damages in proptest::collection::vec(damage(), 1..4)) {
        let header = 8 + header_length(&CHECKPOINT);
        a_run_or_an_error(&damages.iter().fold(CHECKPOINT.clone(), |file, each| damaged(&file, each, header)))?;
    }

    #[test]
    fn the_state_of_a_run(entry in prop::sample::select(vec!["step", "position", "train", "model"]), text in any_metadata()) {
        let header = &CHECKPOINT[8..8 + header_length(&CHECKPOINT)];
        let mut header: Value = serde_json::from_slice(header).unwrap();
        header["__metadata__"][entry] = text.into();
        a_run_or_an_error(&with_header(&header))?;
    }

    #[test]
    fn weights_that_are_not_finite(at in any::<prop::sample::Index>(), value in prop::sample::select(vec![f32::NAN, f32::INFINITY, f32::NEG_INFINITY])) {
        let start = 8 + header_length(&CHECKPOINT);
        let mut bytes = CHECKPOINT.clone();
        let place = start + 4 * at.index((bytes.len() - start) / 4);
        bytes[place..place + 4].copy_from_slice(&value.to_le_bytes());
        let refused = matches!(Checkpoint::from_bytes(&bytes), Err(Error::TensorNotFinite { .. }));
        prop_assert!(refused);
        prop_assert!(largest_difference(&CHECKPOINT, &bytes).is_err());
    }
}

/// A header may claim 2^32 images: its length is refused before anything of that size is allocated.
#[test]
fn huge_counts_are_refused_by_length() {
    let mut images = idx_images(&[0; PIXELS]);
    images[4..8].copy_from_slice(&u32::MAX.to_be_bytes());
    assert!(matches!(Images::parse("x", images), Err(Error::DataLength { .. })));
    let mut labels = idx_labels(&[1]);
    labels[4..8].copy_from_slice(&u32::MAX.to_be_bytes());
    assert!(matches!(Labels::parse("x", &labels, 10), Err(Error::DataLength { .. })));
}

#[test]
fn sizes_and_labels_of_other_data_sets() {
    let of = |count: u32, side: u32| [0x803, count, side, side].map(u32::to_be_bytes).concat();
    assert!(matches!(Images::parse("x", of(0, 28)), Err(Error::DataEmpty { .. })));
    assert!(matches!(Images::parse("x", [of(1, 32), vec![0; 1024]].concat()), Err(Error::DataImageSize { .. })));
    assert_eq!(Images::parse("x", idx_images(&[0; PIXELS])).unwrap().len(), 1);
    assert!(matches!(Labels::parse("x", &idx_labels(&[0, 26]), 26), Err(Error::DataLabel { .. })));
}
