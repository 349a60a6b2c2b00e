//! The command that makes the weights that come with the page.

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

use latent_lab::weights::{Precision, Weights};
use tempfile::TempDir;

use crate::command_line::{DASHED, folder, path, text};

/// Two small systems on 40 generated images.
const TWO: [&str; 3] = ["--only", "vae-z2", "ae-z2"];

fn models(more: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_latent-lab"));
    command.current_dir(env!("CARGO_MANIFEST_DIR")).arg("models").args(more);
    command
}

fn printed(mut command: Command) -> String {
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}", text(&output.stderr));
    text(&output.stdout)
}

/// The cells of a Markdown table's rows, without its head.
fn rows(table: &str) -> Vec<Vec<String>> {
    let cells = |line: &str| line.trim_matches('|').split('|').map(|cell| cell.trim().to_string()).collect();
    table.lines().filter(|line| line.starts_with("| ")).skip(1).map(cells).collect()
}

/// The state of each file by its name.
fn states(more: &[&str]) -> BTreeMap<String, String> {
    let planned = rows(&printed(models(&[&["--dry-run"], more].concat())));
    planned.into_iter().map(|cells| (cells[0].clone(), cells[1].clone())).collect()
}

/// File, options and loss of each row of `www/models/README.md` that has a file of weights.
fn documented() -> BTreeMap<String, (String, String)> {
    let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("www/models/README.md")).unwrap();
    let quoted = |cell: &str| Some(cell.split('`').nth(1)?.to_string());
    let row = |line: &str| {
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        let name = quoted(cells.get(1)?)?.strip_suffix(".safetensors")?.to_string();
        Some((name, (quoted(cells.get(2)?)?, cells.get(3)?.to_string())))
    };
    text.lines().filter(|line| line.starts_with("| `")).filter_map(row).collect()
}

#[test]
fn the_documented_options_are_those_of_the_command() {
    let planned = rows(&printed(models(&["--dry-run"])));
    let planned: BTreeMap<_, _> = planned.into_iter().map(|cells| (cells[0].clone(), cells[3].clone())).collect();
    let documented = documented().into_iter().map(|(name, (options, _))| (name, options)).collect();
    assert_eq!(planned, documented);
}

#[test]
fn the_documented_losses_are_those_of_the_files() {
    for (name, (_, loss)) in documented() {
        let file = format!("{}/www/models/{name}.safetensors", env!("CARGO_MANIFEST_DIR"));
        let notes = Weights::from_bytes(&fs::read(file).unwrap()).unwrap().notes;
        let found: f64 = loss.split_whitespace().next().unwrap().parse().unwrap();
        let noted: f64 = notes["test_total"].parse().unwrap();
        assert!((found - noted).abs() < 0.0051, "{name}: {loss}, but {noted}");
    }
}

#[test]
fn the_weights_of_the_page_are_up_to_date_and_the_longest_is_last() {
    assert!(states(&[]).values().all(|state| state == "up to date"), "{:?}", states(&[]));
    let minutes = rows(&printed(models(&["--dry-run"]))).into_iter().map(|cells| cells[2].parse().unwrap());
    assert!(minutes.collect::<Vec<u32>>().is_sorted());
}

#[test]
fn other_options_make_a_file_anew() {
    let only = |more: &[&str]| states(&[&["--only", "pca", "--"], more].concat())["pca"].clone();
    assert_eq!((only(&[]).as_str(), only(&["--latent", "3"]).as_str()), ("up to date", "to train"));
    assert_eq!(only(&["--seed", "1"]), "to train");
    let unknown = models(&["--dry-run", "--", "--latents", "3"]).output().unwrap();
    assert!(!unknown.status.success() && text(&unknown.stderr).contains("--latents"));
}

/// Small systems whose printed losses fill the pipe long before they end, so that they are killed before their end on every machine.
fn small<'a>(dir: &'a str, data: &'a str) -> Vec<&'a str> {
    let more = ["--", "--data", data, "--hidden", "16", "--batch", "1", "--epochs", "60", "--log-steps", "1000000"];
    [&["--dir", dir], &TWO[..], &more].concat()
}

fn weights(folder: &TempDir, dir: &str, name: &str) -> Weights {
    let file = folder.path().join(dir).join(format!("{name}.safetensors"));
    Weights::from_bytes(&fs::read(file).unwrap()).unwrap()
}

#[test]
fn a_command_that_was_killed_goes_on_where_it_was() {
    let folder = folder(DASHED, <[u8]>::to_vec);
    let (data, cut, whole) = (path(&folder, "shapes"), path(&folder, "cut"), path(&folder, "whole"));
    let mut child = models(&small(&cut, &data)).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map(Result::unwrap);
    assert!(lines.any(|line| line.starts_with("2 of 2, ")) && lines.any(|line| line.starts_with("epoch 4:")));
    child.kill().unwrap();
    child.wait().unwrap();
    let left: Vec<String> = states(&small(&cut, &data)).into_values().collect();
    assert!(left.contains(&"up to date".into()) && left.contains(&"to resume".into()), "{left:?}");

    let rest = printed(models(&small(&cut, &data)));
    assert!(rest.contains("1 of 1, ") && !rest.contains("epoch 3:") && rest.contains("epoch 60:"), "{rest}");
    let made = rows(&format!("| head |\n{}", rest.split("weights: ").last().unwrap()));
    assert_eq!(made.len(), 2, "the row of each file");
    let again = printed(models(&small(&cut, &data)));
    assert!(!again.contains("latent-lab train") && !again.contains("epoch 60:"), "{again}");

    let both = printed(models(&[&["--jobs", "2"], &small(&whole, &data)[..]].concat()));
    assert!(both.contains("vae-z2: epoch 60: ") && both.contains("ae-z2: epoch 60: "));
    for name in ["vae-z2", "ae-z2"] {
        let [cut, whole] = ["cut", "whole"].map(|dir| weights(&folder, dir, name));
        assert_eq!(cut, whole);
        assert!(cut.notes["command"].starts_with("train --seed 0 --eight-bit "), "{}", cut.notes["command"]);
    }
    assert_eq!(fs::read_dir(folder.path().join("cut")).unwrap().count(), 2, "nothing else is left");
}

#[test]
fn a_file_in_another_precision_is_stored_anew_without_training() {
    let folder = tempfile::tempdir().unwrap();
    let shipped = format!("{}/www/models/pca.safetensors", env!("CARGO_MANIFEST_DIR"));
    let bytes = fs::read(shipped).unwrap();
    let file = folder.path().join("pca.safetensors");
    fs::write(&file, Weights::from_bytes(&bytes).unwrap().to_bytes(Precision::Half)).unwrap();
    let dir = folder.path().to_str().unwrap();
    assert_eq!(states(&["--dir", dir, "--only", "pca"])["pca"], "to store anew");
    printed(models(&["--dir", dir, "--only", "pca"]));
    assert_eq!(states(&["--dir", dir, "--only", "pca"])["pca"], "up to date");
    let [stored, shipped] = [fs::read(file).unwrap(), bytes].map(|bytes| Weights::from_bytes(&bytes).unwrap());
    assert_eq!((&stored.model, &stored.notes["epochs"]), (&shipped.model, &shipped.notes["epochs"]));
    for (a, b) in stored.parameters.iter().zip(&shipped.parameters) {
        assert!(a.values.iter().zip(&b.values).all(|(x, y)| (x - y).abs() <= 2e-3 * y.abs()), "{}", a.name);
    }
}

#[test]
fn a_run_that_fails_is_named_and_does_not_stop_the_others() {
    let folder = folder(DASHED, <[u8]>::to_vec);
    let (data, dir) = (path(&folder, "shapes"), path(&folder, "made"));
    fs::create_dir_all(folder.path().join("made/ae-z2.safetensors")).unwrap(); // a folder in its place
    let output = models(&small(&dir, &data)).output().unwrap();
    let refusal = text(&output.stderr);
    assert!(!output.status.success() && refusal.contains("Not made: ae-z2."), "{refusal}");
    assert!(refusal.contains("cannot be written"), "{refusal}");
    assert_eq!(weights(&folder, "made", "vae-z2").model.latent, 2);
}
