//! Training images that are held out for validation: the best epoch, early stopping, and interrupted runs.

use std::collections::BTreeSet;
use std::fs;
use std::io::{BufRead, BufReader};
use std::process::{Command, Output, Stdio};

use latent_lab::data::{Dataset, hold_out};
use latent_lab::train::{Best, Selection, TrainConfig};
use latent_lab::weights::{Notes, Weights};
use proptest::prelude::*;
use tempfile::TempDir;

use crate::command_line::{DASHED, folder, latent_lab, path, refusal, text};
use crate::samples::{bars, idx_images};

/// The images of a data set, each with its label.
fn images(data: &Dataset) -> BTreeSet<(Vec<u8>, u8)> {
    let image = |at| data.images.pixels(at).map(|pixel| (255.0 * pixel) as u8).collect();
    (0..data.len()).map(|at| (image(at), data.labels.class(at))).collect()
}

proptest! {
    #[test]
    fn every_image_is_either_trained_on_or_held_out(count in 2_usize..60, part in 0.0..1.0, seed in 0_u64..1000) {
        let data = bars(count);
        let wanted = 1 + (part * (count - 2) as f64) as usize;
        let [train, validation] = hold_out(&data, wanted, seed);
        prop_assert_eq!((train.len(), validation.len()), (count - wanted, wanted));
        let (train, validation) = (images(&train), images(&validation));
        prop_assert!(train.is_disjoint(&validation));
        prop_assert_eq!(&train | &validation, images(&data));
    }
}

#[test]
fn the_held_out_images_depend_only_on_the_seed() {
    let held_out = |seed| images(&hold_out(&bars(60), 20, seed)[1]);
    assert_eq!(held_out(3), held_out(3));
    assert_ne!(held_out(3), held_out(4));
}

#[test]
fn the_best_epoch_waits_for_the_full_beta() {
    let train = TrainConfig { warm_up: 2.0, ..TrainConfig::default() };
    let mut selection = Selection::new(0, None);
    assert!(!selection.add(1, 10.0, &train), "beta is half its value");
    assert_eq!(selection.best(), None);
    assert!(selection.add(2, 90.0, &train));
    assert!(!selection.add(3, 91.0, &train) && !selection.add(4, 90.0, &train) && !selection.add(5, f64::NAN, &train));
    assert!(selection.add(6, 89.0, &train));
    assert_eq!(selection.best(), Some(Best { epoch: 6, loss: 89.0 }));
}

#[test]
fn patience_counts_from_the_best_epoch_and_not_before_the_full_beta() {
    let train = TrainConfig { warm_up: 5.0, ..TrainConfig::default() };
    let run = |patience| {
        let mut selection = Selection::new(patience, None);
        let losses = [5.0, 6.0, 7.0, 8.0, 30.0, 29.0, 31.0, 30.0, 29.5, 28.0];
        (1..).zip(losses).find(|&(epoch, loss)| {
            selection.add(epoch, loss, &train);
            selection.is_over(epoch)
        })
    };
    assert_eq!(run(2), Some((8, 30.0)));
    assert_eq!(run(4), None, "epoch 10 is better");
    assert_eq!(run(0), None);
}

/// Trains a small model on 30 of the folder's 40 images, with 10 held out.
fn train(folder: &TempDir, out: &str, more: &[&str]) -> Output {
    command(folder, out, more).output().unwrap()
}

fn command(folder: &TempDir, out: &str, more: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_latent-lab"));
    command.args(["train", "--data", &path(folder, "shapes"), "--out", &path(folder, out)]);
    command.args(["--hidden", "16", "--latent", "2", "--batch", "10", "--validation", "10"]).args(more);
    command
}

fn weights(folder: &TempDir, out: &str) -> Weights {
    Weights::from_bytes(&fs::read(folder.path().join(out)).unwrap()).unwrap()
}

fn notes(folder: &TempDir, out: &str) -> Notes {
    weights(folder, out).notes
}

fn epoch_lines(output: &Output) -> Vec<String> {
    assert!(output.status.success(), "{}", text(&output.stderr));
    text(&output.stdout).lines().filter(|line| line.starts_with("epoch ")).map(String::from).collect()
}

/// The best epoch is never chosen here, so that the held-out images could only matter by being trained on.
#[test]
fn what_the_held_out_images_show_does_not_change_the_weights() {
    let folder = folder(DASHED, <[u8]>::to_vec);
    let options = ["--epochs", "3", "--warm-up", "4"];
    assert!(train(&folder, "a.safetensors", &options).status.success());
    let data = bars(40);
    let held_out = images(&hold_out(&data, 10, 0)[1]);
    let mut pixels: Vec<u8> = Vec::new();
    for at in 0..data.len() {
        let image: Vec<u8> = data.images.pixels(at).map(|pixel| (255.0 * pixel) as u8).collect();
        let is_held_out = held_out.contains(&(image.clone(), data.labels.class(at)));
        pixels.extend(image.into_iter().map(|byte| if is_held_out { 255 - byte } else { byte }));
    }
    fs::write(folder.path().join("shapes").join(DASHED[0]), idx_images(&pixels)).unwrap();
    let output = train(&folder, "b.safetensors", &options);
    assert!(output.status.success());
    let [a, b] = ["a", "b"].map(|name| weights(&folder, &format!("{name}.safetensors")));
    assert_eq!(a.parameters, b.parameters);
    assert_ne!(a.notes["data_sha256"], b.notes["data_sha256"]);
    assert!(text(&output.stdout).contains("No epoch had the full beta"), "{}", text(&output.stdout));
    let warning = text(&output.stderr);
    assert!(warning.contains("the warm-up of 4 epochs is longer than the run of 3: beta ends at 0.750"), "{warning}");
}

#[test]
fn the_best_epoch_after_the_warm_up_is_the_result() {
    let folder = folder(DASHED, <[u8]>::to_vec);
    let output = train(&folder, "m.safetensors", &["--epochs", "6", "--warm-up", "3", "--beta", "4"]);
    let lines = epoch_lines(&output);
    assert_eq!(lines.len(), 6);
    assert!(lines.iter().all(|line| line.contains("validation") && line.contains(" ± ") && !line.contains("test")));
    let best: Vec<bool> = lines.iter().map(|line| line.ends_with("best so far")).collect();
    assert_eq!(best[..3], [false, false, true], "{lines:?}");
    let notes = notes(&folder, "m.safetensors");
    let epoch: usize = notes["best_epoch"].parse().unwrap();
    assert_eq!(best.iter().rposition(|&best| best), Some(epoch - 1));
    let loss: f64 = notes["validation_total"].parse().unwrap();
    assert!(lines[epoch - 1].contains(&format!("validation {loss:.2} ± ")), "{loss} {lines:?}");
    assert_eq!(notes["validation_images"], "10");
    let printed = text(&output.stdout);
    assert_eq!(printed.matches("test ").count(), 1, "scored once: {printed}");
    assert!(printed.contains("± s.e.") && printed.contains(&format!("Best epoch: {epoch}, ")), "{printed}");
    let left = ["m.best.safetensors", "m.resume.safetensors"].map(|name| folder.path().join(name).exists());
    assert_eq!(left, [false, false]);
}

#[test]
fn early_stopping_stops() {
    let folder = folder(DASHED, <[u8]>::to_vec);
    let output = train(&folder, "m.safetensors", &["--epochs", "300", "--learning-rate", "0.1", "--patience", "3"]);
    let lines = epoch_lines(&output);
    let best: usize = notes(&folder, "m.safetensors")["best_epoch"].parse().unwrap();
    assert_eq!(lines.len(), best + 3, "{}", text(&output.stdout));
    let stopped = format!("Stopped after epoch {}: no improvement in 3 epochs.", best + 3);
    assert!(text(&output.stdout).contains(&stopped), "{}", text(&output.stdout));
}

/// The losses of all steps fill the pipe long before the run ends, so it is killed before its end on every machine.
#[test]
fn an_interrupted_run_gives_the_same_file() {
    let folder = folder(DASHED, <[u8]>::to_vec);
    let options = ["--epochs", "60", "--batch", "1", "--warm-up", "2", "--patience", "50", "--log-steps", "1000000"];
    assert!(train(&folder, "whole.safetensors", &options).status.success());
    let mut child =
        command(&folder, "cut.safetensors", &options).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let printed = BufReader::new(child.stdout.take().unwrap());
    let reached = printed.lines().any(|line| line.unwrap().starts_with("epoch 4:"));
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(reached && !folder.path().join("cut.safetensors").exists());
    assert!(folder.path().join("cut.best.safetensors").exists(), "kept meanwhile");
    let without_validation =
        train(&folder, "cut.safetensors", &[&options[..], &["--resume", "--validation", "11"]].concat());
    assert!(text(&without_validation.stderr).contains("other held-out images"));
    let resumed = train(&folder, "cut.safetensors", &[&options[..], &["--resume"]].concat());
    assert!(epoch_lines(&resumed).len() < 60);
    let [whole, cut] = ["whole", "cut"].map(|name| weights(&folder, &format!("{name}.safetensors")));
    assert_eq!(whole, cut);
}

#[test]
fn what_cannot_be_held_out_is_refused() {
    let folder = folder(DASHED, <[u8]>::to_vec);
    let (data, out) = (path(&folder, "shapes"), path(&folder, "m.safetensors"));
    let refused =
        |more: &[&str]| refusal(&[&["train", "--data", &data, "--out", &out, "--batch", "20"], more].concat());
    assert!(refused(&["--validation", "40"]).contains("there are only 40 training images"));
    assert!(refused(&["--validation", "21"]).contains("the 19 that are left do not fill a batch of 20"));
    assert!(refused(&["--patience", "2"]).contains("add --validation"));
    assert!(
        latent_lab(&["train", "--data", &data, "--out", &out, "--validation", "20", "--batch", "20", "--epochs", "1"])
            .status
            .success()
    );
}

/// With importance samples the bound that is trained chooses the epoch, which is tighter than the one of a single sample.
#[test]
fn the_loss_of_an_importance_weighted_model_is_its_own_bound() {
    let folder = folder(DASHED, <[u8]>::to_vec);
    let output = train(&folder, "m.safetensors", &["--epochs", "2", "--samples", "50"]);
    epoch_lines(&output);
    let printed = text(&output.stdout);
    let row = printed.lines().find(|line| line.starts_with("|     2 ")).unwrap();
    let cells: Vec<f64> = row.split('|').filter_map(|cell| cell.trim().parse().ok()).collect();
    let [_, _, _, _, reconstruction, kl, loss, ..] = cells[..] else { panic!("{row}") };
    assert!(loss < reconstruction + kl - 0.1, "{row}");
}
