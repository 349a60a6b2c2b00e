//! What the evaluation says of the weights that the page loads.

use std::fs;
use std::process::Command;
use std::sync::{Arc, LazyLock};

use latent_lab::checkpoint::Checkpoint;
use latent_lab::data::Dataset;
use latent_lab::device::cpu;
use latent_lab::evaluate::{Examination, Extent, Report, Subject};
use latent_lab::snapshot::now;

use crate::mnist::split;
use crate::quality::judge;

static TEST: LazyLock<Arc<Dataset>> = LazyLock::new(|| Arc::new(split("t10k")));

fn path(name: &str) -> String {
    format!("{}/www/models/{name}.safetensors", env!("CARGO_MANIFEST_DIR"))
}

fn report(name: &str) -> Report {
    let file = Checkpoint::from_bytes(&fs::read(path(name)).unwrap()).unwrap();
    let subject = Subject { model: file.build(&cpu()).unwrap(), config: file.model, device: cpu() };
    let extent = Extent { images: 200, samples: 5, ..Extent::default() };
    let mut examination = now(Examination::new(subject, judge(), TEST.clone(), extent)).unwrap();
    loop {
        if let Some(report) = now(examination.advance()).unwrap().report {
            return report;
        }
    }
}

#[test]
fn a_learned_prior_s_samples_are_better_and_a_plain_autoencoder_s_worse() {
    let [ae, vae, mixture, vamp] = ["ae", "vae-z20", "mixture", "vamp"].map(report);
    assert!(ae.sampled.reconstruction < vae.sampled.reconstruction, "the plain one reconstructs better");
    let [ae, vae, mixture, vamp] = [ae, vae, mixture, vamp].map(|report| report.quality);
    for learned in [&mixture, &vamp] {
        assert!(learned.frechet < 0.5 * vae.frechet && learned.confidence > vae.confidence, "{learned:?} {vae:?}");
    }
    assert!(ae.frechet > 2.0 * vae.frechet && ae.confidence < vae.confidence, "{ae:?} {vae:?}");
}

#[test]
fn a_larger_beta_leaves_fewer_components_active_and_makes_samples_greyer() {
    let [vae, beta] = ["vae-z20", "beta"].map(report);
    assert!(beta.active_units < vae.active_units);
    assert!(beta.aggregate_kl < vae.aggregate_kl, "and the codes together look more like the prior");
    assert!(beta.quality.greyness > vae.quality.greyness + 10.0);
}

#[test]
fn evaluate_prints_every_number_with_its_name() {
    let output = Command::new(env!("CARGO_BIN_EXE_latent-lab"))
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .args(["evaluate", &path("cvae"), "--images", "20", "--samples", "3", "--draws", "50", "--classify", "10"])
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    for name in ["the bound", "no bound", "log p(x), 3", "active", "I(x; z)", "KL(q(z)", "Fréchet", "50 from the prior"]
    {
        assert!(text.contains(name), "{name}: {text}");
    }
    assert!(text.contains("of 10 test images right"), "{text}");
}
