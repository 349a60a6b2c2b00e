//! The command line on data sets of other names, and what it refuses before it begins to work.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Output};

use flate2::Compression;
use flate2::write::GzEncoder;
use latent_lab::data::{Images, PIXELS};
use latent_lab::weights::Weights;
use tempfile::TempDir;

use crate::samples::{bars, idx_images, idx_labels};

pub fn latent_lab(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_latent-lab")).args(arguments).output().unwrap()
}

pub fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// The images and labels of `bars(count)` as IDX files.
pub fn files(count: usize) -> [Vec<u8>; 2] {
    let data = bars(count);
    let pixels: Vec<u8> =
        (0..count).flat_map(|at| data.images.pixels(at).map(|pixel| (pixel * 255.0).round() as u8)).collect();
    let labels: Vec<u8> = (0..count).map(|at| data.labels.class(at)).collect();
    [idx_images(&pixels), idx_labels(&labels)]
}

fn gzipped(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// A folder "shapes" with 40 training and 20 test images under these names: training images, their labels, and the same for testing.
pub fn folder(names: [&str; 4], pack: fn(&[u8]) -> Vec<u8>) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("shapes")).unwrap();
    let contents = [files(40), files(20)].concat();
    for (name, bytes) in names.iter().zip(contents) {
        fs::write(folder.path().join("shapes").join(name), pack(&bytes)).unwrap();
    }
    folder
}

pub const DASHED: [&str; 4] =
    ["train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"];
const DOTTED: [&str; 4] =
    ["train-images.idx3-ubyte", "train-labels.idx1-ubyte", "t10k-images.idx3-ubyte", "t10k-labels.idx1-ubyte"];
const EMNIST: [&str; 4] = [
    "emnist-digits-train-images-idx3-ubyte.gz",
    "emnist-digits-train-labels-idx1-ubyte.gz",
    "emnist-digits-test-images-idx3-ubyte.gz",
    "emnist-digits-test-labels-idx1-ubyte.gz",
];

pub fn path(folder: &TempDir, name: &str) -> String {
    folder.path().join(name).display().to_string()
}

/// Trains a small model on the folder's data.
fn train(folder: &TempDir, more: &[&str]) -> Output {
    let (data, out) = (path(folder, "shapes"), path(folder, "model.safetensors"));
    let settings = ["--epochs", "1", "--hidden", "16", "--latent", "2", "--batch", "20"];
    latent_lab(&[&["train", "--data", &data, "--out", &out], &settings[..], more].concat())
}

fn notes(folder: &TempDir) -> latent_lab::weights::Notes {
    Weights::from_bytes(&fs::read(folder.path().join("model.safetensors")).unwrap()).unwrap().notes
}

#[test]
fn files_are_found_by_every_name_in_use() {
    let plain = |bytes: &[u8]| bytes.to_vec();
    let packed: fn(&[u8]) -> Vec<u8> = gzipped;
    for (names, pack) in [(DASHED, plain as fn(&[u8]) -> Vec<u8>), (DOTTED, plain), (DOTTED, packed), (EMNIST, packed)]
    {
        let folder = folder(names, pack);
        let output = train(&folder, &[]);
        assert!(output.status.success(), "{names:?}: {}", text(&output.stderr));
        assert!(text(&output.stdout).starts_with("data: shapes, 40 training images"), "{}", text(&output.stdout));
    }
    let folder = folder(DOTTED.map(|name| &*Box::leak(format!("{name}.gz").into_boxed_str())), gzipped);
    assert!(train(&folder, &[]).status.success());
}

#[test]
fn the_losses_of_the_first_steps_are_printed_on_demand() {
    let folder = folder(DOTTED, <[u8]>::to_vec);
    let losses = |more: &[&str]| -> Vec<String> {
        let printed = text(&train(&folder, more).stdout);
        printed.lines().filter(|line| line.starts_with("step ")).map(String::from).collect()
    };
    assert!(losses(&[]).is_empty());
    assert_eq!(losses(&["--log-steps", "1"]).len(), 1);
    let both = losses(&["--log-steps", "9"]);
    assert_eq!(both.len(), 2, "all that there are");
    assert!(both[1].starts_with("step 2: reconstruction ") && both[1].ends_with(" nats per image"), "{}", both[1]);
}

#[test]
fn a_choice_or_flag_of_the_preset_can_be_changed() {
    let folder = folder(DOTTED, <[u8]>::to_vec);
    let output = train(&folder, &["--likelihood", "unit_gaussian", "--corruption", "mask", "--binarise"]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    let unknown = train(&folder, &["--body", "cnn"]);
    assert!(!unknown.status.success());
    let refusal = text(&unknown.stderr);
    assert!(refusal.contains("expected one of `linear`, `mlp`, `conv`"), "{refusal}");
}

#[test]
fn the_notes_say_what_the_data_were() {
    let folder = folder(DOTTED, <[u8]>::to_vec);
    assert!(train(&folder, &[]).status.success());
    let plain = notes(&folder);
    assert_eq!(plain["data"], "shapes, 40 training images");
    assert_eq!(plain["unit"], "nats per image, 20 test images, z sampled");
    assert_eq!((plain["data_sha256"].len(), plain["test_data_sha256"].len()), (64, 64));
    assert!(train(&folder, &["--data-name", "Bars", "--transpose"]).status.success());
    let named = notes(&folder);
    assert_eq!(named["data"], "Bars, transposed, 40 training images");
    assert_eq!(named["data_sha256"], plain["data_sha256"], "of the file, not of what is made of it");
}

#[test]
fn evaluation_says_which_data_it_speaks_of() {
    let folder = folder(DOTTED, <[u8]>::to_vec);
    assert!(train(&folder, &[]).status.success());
    let (data, model) = (path(&folder, "shapes"), path(&folder, "model.safetensors"));
    let judge = format!("{}/www/models/judge.safetensors", env!("CARGO_MANIFEST_DIR"));
    let evaluate = |more: &[&str]| {
        let extent = ["--images", "20", "--importance-samples", "2", "--prior-samples", "10"];
        latent_lab(&[&["evaluate", &model, "--data", &data, "--judge", &judge], &extent[..], more].concat())
    };
    let same = evaluate(&[]);
    assert!(same.status.success(), "{}", text(&same.stderr));
    assert!(text(&same.stdout).starts_with("data: shapes, 20 test images\n"));
    assert!(!text(&same.stdout).contains("another data set"));
    let other = text(&evaluate(&["--transpose"]).stdout);
    assert!(other.contains("The model was trained on another data set: shapes, 40 training images."), "{other}");
    let renamed = text(&evaluate(&["--data-name", "Bars"]).stdout);
    assert!(!renamed.contains("another data set"), "the same files under another name: {renamed}");
    assert!(train(&folder, &["--transpose"]).status.success());
    let upright = text(&evaluate(&[]).stdout);
    assert!(upright.contains("another data set: shapes, transposed, 40 training images."), "{upright}");
}

/// The output of a command that must fail without having trained or scored anything.
pub fn refusal(arguments: &[&str]) -> String {
    let output = latent_lab(arguments);
    assert!(!output.status.success());
    let printed = text(&output.stdout);
    assert!(!printed.contains("epoch") && !printed.contains("nats"), "{printed}");
    text(&output.stderr)
}

#[test]
fn what_cannot_work_is_refused_at_once() {
    let folder = folder(DASHED, <[u8]>::to_vec);
    let data = path(&folder, "shapes");
    let train = |out: &str| refusal(&["train", "--data", &data, "--out", out]);
    assert!(train(&path(&folder, "no/such/folder/model.safetensors")).contains("cannot be written"));
    assert!(train(&data).contains("cannot be written"), "a folder");
    assert!(refusal(&["train", "--data", &path(&folder, "nowhere")]).contains("cannot be read"));
    let model = format!("{}/www/models/vae-z2.safetensors", env!("CARGO_MANIFEST_DIR"));
    for images in ["0", "21"] {
        let message = refusal(&["evaluate", &model, "--data", &data, "--images", images]);
        assert!(message.contains("1 to 20") || message.contains("20"), "{message}");
    }
    for (option, value) in
        [("--importance-samples", "0"), ("--prior-samples", "9"), ("--classify", "0"), ("--classify", "21")]
    {
        let arguments = ["evaluate", &model, "--data", &data, "--images", "20", option, value];
        assert!(!refusal(&arguments).is_empty(), "{option} {value}");
    }
    for (option, value) in [("--epochs", "0"), ("--labels", "0"), ("--shift", "28")] {
        assert!(refusal(&["judge", "--data", &data, option, value]).contains(option), "{option}");
    }
}

#[test]
fn a_missing_or_ambiguous_file_is_named() {
    let folder = folder(EMNIST, gzipped);
    let data = folder.path().join("shapes");
    let train =
        || refusal(&["train", "--data", &data.display().to_string(), "--out", &path(&folder, "model.safetensors")]);
    let second = data.join("emnist-letters-train-images-idx3-ubyte.gz");
    fs::copy(data.join(EMNIST[0]), &second).unwrap();
    let message = train();
    assert!(
        message.contains("emnist-digits-train-images") && message.contains("emnist-letters-train-images"),
        "{message}"
    );
    fs::remove_file(second).unwrap();
    fs::remove_file(data.join(EMNIST[3])).unwrap();
    assert!(train().contains("has no file t10k-labels-idx1-ubyte"), "{}", train());
}

#[test]
fn the_files_of_mnist_are_known_by_their_content() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("anything");
    fs::create_dir(&data).unwrap();
    for entry in fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("www/data")).unwrap() {
        let entry = entry.unwrap();
        if entry.path().is_dir() {
            continue; // another data set
        }
        fs::copy(entry.path(), data.join(entry.file_name())).unwrap();
    }
    let output = latent_lab(&[
        "train",
        "--data",
        &data.display().to_string(),
        "--out",
        &path(&folder, "m.safetensors"),
        "--preset",
        "pca",
    ]);
    assert!(text(&output.stdout).starts_with("data: MNIST, 60,000 training images"), "{}", text(&output.stderr));
}

#[test]
fn transposed_images_have_rows_and_columns_exchanged() {
    let pixels: Vec<u8> = (0..2 * PIXELS).map(|at| (at % 251) as u8).collect();
    let images = Images::parse("x", idx_images(&pixels)).unwrap();
    let transposed = images.transposed();
    for image in 0..2 {
        let (there, back): (Vec<f32>, Vec<f32>) = (images.pixels(image).collect(), transposed.pixels(image).collect());
        assert!((0..PIXELS).all(|at| back[at] == there[at % 28 * 28 + at / 28]));
    }
    assert!(transposed.transposed().pixels(1).eq(images.pixels(1)));
}
