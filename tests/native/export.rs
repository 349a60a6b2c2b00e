//! The exported PyTorch script where PyTorch is installed, else the exported weights in NumPy, else a notice that neither ran.

use std::process::Command;

use latent_lab::data::PIXELS;
use latent_lab::device::cpu;
use latent_lab::evaluate::infer;
use latent_lab::model::ModelConfig;
use latent_lab::snapshot::block_on;
use latent_lab::train::TrainConfig;
use latent_lab::weights::Precision;

use crate::samples::{SMALL, bars, small_trainer, trainer};

/// The script's model in NumPy: the loss of an empty image at the posterior mean.
const NUMPY: &str = r#"
import json, struct, sys, numpy as np
data = open(sys.argv[1] + "/vae.safetensors", "rb").read()
n = struct.unpack("<Q", data[:8])[0]
t = {k: np.frombuffer(data[8 + n:][slice(*v["data_offsets"])], "<f4").reshape(v["shape"]).astype("f8")
     for k, v in json.loads(data[8:8 + n]).items() if k != "__metadata__"}
dense = lambda name, x: t[name + ".weight"] @ x + t[name + ".bias"]
h = np.maximum(dense("encoder.hidden", np.zeros(784)), 0)
mean, log_var = dense("encoder.mean", h), dense("encoder.log_var", h)
logits = dense("decoder.logits", np.maximum(dense("decoder.hidden", mean), 0))
loss = np.logaddexp(0, logits).sum() + 0.5 * (np.exp(log_var) + mean**2 - log_var - 1).sum()
print(f"an empty image, at the mean: {loss:.3f} nats")
"#;

fn python(arguments: &[&str]) -> Option<String> {
    let output = Command::new("python3").args(arguments).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}

#[test]
fn the_exported_model_has_our_loss() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).display().to_string();
    let mut trainer = small_trainer(4);
    block_on(trainer.train(&bars(12), 20)).unwrap();
    let bytes = block_on(trainer.checkpoint()).unwrap().to_bytes();
    std::fs::write(path("model.safetensors"), bytes).unwrap();
    let status = Command::new(env!("CARGO_BIN_EXE_latent-lab"))
        .args(["export", &path("model.safetensors"), "--out", &path("export")])
        .status()
        .unwrap();
    assert!(status.success());
    let script = std::fs::read_to_string(path("export/vae.py")).unwrap();
    assert!(script.contains("LATENT = 3\nHIDDEN = 16"));

    let output = if python(&["-c", "import torch, safetensors.torch"]).is_some() {
        python(&[&path("export/vae.py")]).expect("the script runs")
    } else if python(&["-c", "import numpy"]).is_some() {
        python(&["-c", NUMPY, &path("export")]).expect("the check runs")
    } else {
        eprintln!("SKIPPED: python3 has neither torch and safetensors nor numpy; the exported weights were not run");
        return;
    };
    let inference =
        block_on(infer(&trainer.model(), vec![0.0; PIXELS], None, vec![0.0; SMALL.latent], &cpu())).unwrap();
    let ours = inference.at_mean.reconstruction + inference.kl_per_component.iter().sum::<f32>();
    let theirs: f32 = output.split_whitespace().nth(6).and_then(|word| word.parse().ok()).expect("a number of nats");
    assert!((ours - theirs).abs() < 0.01, "{ours} against {theirs}");
}

#[test]
fn a_model_other_than_the_script_s_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let labelled = trainer(ModelConfig { labelled: true, ..SMALL }, TrainConfig::default());
    let file = folder.path().join("model.safetensors");
    std::fs::write(&file, block_on(labelled.weights()).unwrap().to_bytes(Precision::Single)).unwrap();
    let out = folder.path().join("export");
    let output =
        Command::new(env!("CARGO_BIN_EXE_latent-lab")).arg("export").arg(&file).arg("--out").arg(&out).output();
    let output = output.unwrap();
    assert!(!output.status.success() && !out.exists());
    assert!(String::from_utf8_lossy(&output.stderr).contains("plain VAE"));
}

#[test]
fn a_file_that_cannot_be_read_is_named() {
    let output = Command::new(env!("CARGO_BIN_EXE_latent-lab")).args(["export", "no/such/file"]).output().unwrap();
    let message = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success() && message.contains("no/such/file cannot be read: "), "{message}");
}

#[test]
fn the_command_line_prints_errors_from_the_catalogue() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("model.safetensors");
    std::fs::write(&file, "no weights").unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_latent-lab")).arg("export").arg(&file).output().unwrap();
    let message = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success() && message.contains("Not a valid safetensors file ("), "{message}");
}
