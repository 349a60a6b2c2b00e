//! Evaluation of the weights that the page loads.

use std::fs;
use std::process::Command;
use std::sync::{Arc, LazyLock};

use latent_lab::data::{Corruption, Dataset};
use latent_lab::device::cpu;
use latent_lab::evaluate::{
    At, Evaluation, Extent, LoadedModel, ReconstructionError, Report, SampleQuality, Score, Scoring, score,
};
use latent_lab::presets::{self, Preset};
use latent_lab::snapshot::block_on;
use latent_lab::weights::Weights;

use crate::mnist::split;
use crate::sample_quality::judge;

pub static TEST: LazyLock<Arc<Dataset>> = LazyLock::new(|| Arc::new(split("t10k")));

pub fn path(name: &str) -> String {
    format!("{}/www/models/{name}.safetensors", env!("CARGO_MANIFEST_DIR"))
}

pub fn loaded(name: &str) -> LoadedModel {
    let file = Weights::from_bytes(&fs::read(path(name)).unwrap()).unwrap();
    LoadedModel { model: file.build(&cpu()).unwrap(), config: file.model, device: cpu() }
}

/// ELBO terms of the first 1,000 test images at one sample of z.
pub fn scored(name: &str) -> Score {
    let LoadedModel { model, config, device } = loaded(name);
    let scoring = Scoring { at: At::Sample, seed: 0, corruption: Corruption::None };
    block_on(score(&model, &config, &TEST, 0..1000, scoring, &device)).unwrap()
}

pub fn reconstruction_error(name: &str, corruption: Corruption) -> ReconstructionError {
    block_on(ReconstructionError::of(&loaded(name), &TEST, 0..1000, corruption, 0)).unwrap()
}

pub fn report(name: &str) -> Report {
    let extent = Extent { images: 200, importance_samples: 5, ..Extent::default() };
    let mut evaluation = block_on(Evaluation::new(loaded(name), Some(judge()), TEST.clone(), extent)).unwrap();
    loop {
        if let Some(report) = block_on(evaluation.advance()).unwrap().report {
            return report;
        }
    }
}

#[test]
fn samples_of_a_learned_prior_are_better_and_of_a_plain_autoencoder_worse() {
    let [ae, vae, mixture, vamp] = ["ae", "vae-z20", "mixture", "vamp"].map(report);
    assert!(
        ae.sampled.reconstruction.mean < vae.sampled.reconstruction.mean,
        "a plain autoencoder reconstructs better"
    );
    let mmd = |report: &Report| report.mmd.expect("the codes are of real numbers").mean;
    assert!(mmd(&ae) > 10.0 * mmd(&vae), "{:?} {:?}", ae.mmd, vae.mmd);
    let [ae, vae, mixture, vamp] = [ae, vae, mixture, vamp].map(|report| report.quality.expect("there is a judge"));
    let frechet = |quality: &SampleQuality| quality.frechet.distance.mean;
    let recall = |quality: &SampleQuality| quality.recall.expect("there are enough samples").mean;
    let precision = |quality: &SampleQuality| quality.precision.expect("there are enough samples").mean;
    for learned in [&mixture, &vamp] {
        assert!(frechet(learned) < 0.5 * frechet(&vae) && learned.confidence > vae.confidence, "{learned:?} {vae:?}");
        let less = vae.frechet.excess_over(&learned.frechet).unwrap();
        assert!(less.mean > 3.0 * less.standard_error, "{less:?}");
        assert!(precision(learned) > precision(&vae), "{learned:?} {vae:?}");
    }
    assert!(frechet(&ae) > 2.0 * frechet(&vae) && ae.confidence < vae.confidence, "{ae:?} {vae:?}");
    // Its samples lie between those of digits, in wide balls: by precision alone they are no worse.
    assert!(recall(&ae) < 0.1 * recall(&vae), "{ae:?} {vae:?}");
}

/// Of 0.1, 1, 4 and 20, each after 40 epochs.
#[test]
fn a_larger_beta_leaves_less_kl_and_fewer_active_units_and_blurs_samples() {
    let pixel_entropy = |report: &Report| report.quality.as_ref().expect("there is a judge").pixel_entropy;
    let aggregate_kl = |report: &Report| report.kl_parts.expect("the posterior is a Gaussian").aggregate_kl.mean;
    let collapsed = |report: &Report| report.collapsed.as_ref().expect("the prior is N(0, I)").units;
    let reports = ["beta-0.1", "vae-z20", "beta", "beta-20"].map(report);
    for [smaller, larger] in reports.array_windows() {
        assert!(larger.active_units <= smaller.active_units && collapsed(larger) >= collapsed(smaller));
        assert!(larger.sampled.kl.mean < 0.5 * smaller.sampled.kl.mean, "{:?} {:?}", larger.sampled, smaller.sampled);
        assert!(larger.sampled.reconstruction.mean > smaller.sampled.reconstruction.mean);
        assert!(aggregate_kl(larger) < aggregate_kl(smaller), "the aggregate posterior is closer to the prior");
        assert!(pixel_entropy(larger) > pixel_entropy(smaller) + 10.0);
    }
    assert!(reports[2].active_units < reports[1].active_units);
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
    for name in [
        "Reconstruction",
        "-ELBO",
        "no bound",
        "standard errors",
        " ± ",
        "-log p(x), 3 importance samples",
        "Active units",
        "Mutual information I(x; z)",
        "KL(q(z) || p(z))",
        "Conditional accuracy",
        "Fréchet distance",
        "Bits per dimension",
        "Collapsed units",
        "Total correlation",
        "Dimension-wise KL",
        "MMD^2",
        "Precision",
        "Recall",
        "Pixel entropy",
        "50 prior samples",
    ] {
        assert!(text.contains(name), "{name}: {text}");
    }
    assert!(text.contains(" % of 10 test images"), "{text}");
}

/// The files by preset, the one for its own settings first, with the settings that the others change. The page has the same list in
/// `www/settings/sources.js`.
fn shipped() -> Vec<(String, Preset)> {
    let changed = |preset: &Preset, file: &str, change: fn(&mut Preset)| {
        let mut preset = preset.clone();
        change(&mut preset);
        (file.to_string(), preset)
    };
    let files = |preset: Preset| match preset.name {
        "vae" => {
            vec![changed(&preset, "vae-z20", |_| {}), changed(&preset, "vae-z2", |preset| preset.model.latent = 2)]
        }
        "ae" => vec![changed(&preset, "ae", |_| {}), changed(&preset, "ae-z2", |preset| preset.model.latent = 2)],
        "full" => {
            vec![changed(&preset, "full", |_| {}), changed(&preset, "full-z2", |preset| preset.model.latent = 2)]
        }
        "beta" => vec![
            changed(&preset, "beta", |_| {}),
            changed(&preset, "beta-0.1", |preset| preset.train.beta = 0.1),
            changed(&preset, "beta-20", |preset| preset.train.beta = 20.0),
        ],
        name => vec![(name.to_string(), preset)],
    };
    presets::all().into_iter().flat_map(files).collect()
}

#[test]
fn files_are_small_and_hold_the_model_of_their_preset() {
    for (file, preset) in shipped() {
        let path = path(&file);
        let bytes = fs::read(&path).unwrap_or_else(|error| panic!("{path}: {error}; latent-lab train makes it"));
        let most = if file == "conv" { 3_000_000 } else { 1_500_000 };
        assert!(bytes.len() <= most, "{file} has {} bytes", bytes.len());
        let Weights { model, notes, .. } = Weights::from_bytes(&bytes).unwrap();
        assert_eq!(model, preset.model, "{file}");
        assert_eq!(notes["beta"], preset.train.beta.to_string(), "{file}");
    }
}

#[test]
fn every_file_is_a_judge_or_of_a_preset() {
    let mut expected: Vec<String> = shipped().into_iter().map(|(file, _)| format!("{file}.safetensors")).collect();
    expected.push("judge.safetensors".into());
    let others =
        OTHER_DATA.iter().flat_map(|data| ["vae", "ae", "judge"].map(|name| format!("{data}-{name}.safetensors")));
    expected.extend(others);
    expected.extend(["beta", "tcvae"].map(|name| format!("sprites-{name}.safetensors")));
    expected.sort();
    let files = fs::read_dir(format!("{}/www/models", env!("CARGO_MANIFEST_DIR"))).unwrap();
    let names = files.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut found: Vec<String> = names.filter(|name| name.ends_with(".safetensors")).collect();
    found.sort();
    assert_eq!(found, expected);
}

/// Data sets beside MNIST, by the beginning of their files' names.
const OTHER_DATA: [&str; 3] = ["fashion", "sprites", "animals"];

#[test]
fn weights_of_other_data_sets_are_of_their_presets_and_say_what_they_were_trained_on() {
    for (data, name) in OTHER_DATA.into_iter().zip(["Fashion-MNIST", "Sprites", "Animals"]) {
        for preset in ["vae", "ae"] {
            let file = fs::read(path(&format!("{data}-{preset}"))).unwrap();
            let weights = Weights::from_bytes(&file).unwrap();
            assert_eq!(weights.model, presets::named(preset).unwrap().model);
            assert_eq!(weights.trained_on().unwrap().name, name);
            assert!(file.len() <= 1_500_000);
        }
    }
}

/// Sprites are drawn and not read, so that their weights can be scored wherever this runs.
#[test]
fn components_of_models_of_sprites_depend_on_their_factors_most_with_a_weight_on_the_total_correlation() {
    let mutual_information_gap = |name: &str| {
        let output = Command::new(env!("CARGO_BIN_EXE_latent-lab"))
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .args(["evaluate", &format!("www/models/{name}.safetensors"), "--data", "sprites", "--images", "500"])
            .args(["--importance-samples", "1", "--prior-samples", "100"])
            .output()
            .unwrap();
        let printed = String::from_utf8(output.stdout).unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        assert!(printed.contains("Total correlation") && !printed.contains("trained on another data set"), "{printed}");
        let gap = printed.split_once("(MIG): ").and_then(|(_, rest)| rest.lines().next()?.parse::<f64>().ok());
        gap.expect("the factors of sprites are known")
    };
    let [vae, beta, tcvae] = ["sprites-vae", "sprites-beta", "sprites-tcvae"].map(mutual_information_gap);
    assert!(vae > 0.03 && tcvae > 2.0 * beta && tcvae > 0.3, "{vae} {beta} {tcvae}");
}

#[test]
fn conditional_samples_show_the_digit_of_their_label() {
    let accuracy = report("cvae").quality.expect("there is a judge").accuracy.unwrap();
    assert!(accuracy >= 0.95, "{accuracy}");
}

#[test]
fn unlabelled_images_improve_the_accuracy_of_few_labels() {
    const SUPERVISED: f64 = 0.7473; // with the same labels alone: `latent-lab judge --labels 100 --shift 0 --epochs 400`
    let accuracy = scored("semi").accuracy.unwrap();
    assert!(accuracy > SUPERVISED + 0.1, "{accuracy}");
}

#[test]
fn a_critic_sharpens_and_a_codebook_reconstructs_better() {
    let [vae, gan] = ["vae-z20", "gan"].map(|name| reconstruction_error(name, Corruption::None));
    assert!(gan.pixel_entropy < vae.pixel_entropy - 5.0, "{gan:?} {vae:?}");
    let [vae, vq, conv] = ["vae-z20", "vq", "conv"].map(scored);
    assert!(vq.reconstruction < vae.reconstruction - 10.0);
    assert!(vq.perplexity.unwrap() > 30.0 && conv.total < 112.0);
}

#[test]
fn unit_variance_blurs_and_a_denoising_model_removes_noise() {
    let [unit, learned] = ["mse", "sigma"].map(|name| reconstruction_error(name, Corruption::None));
    assert!(unit.pixel_entropy > 1.5 * learned.pixel_entropy && unit.squared_error > 2.0 * learned.squared_error);
    let sigma = scored("sigma").pixel_sigma.unwrap();
    assert!((0.07..0.1).contains(&sigma), "{sigma}");
    let denoised = reconstruction_error("denoise", Corruption::Noise);
    assert!(denoised.squared_error < 0.25 * denoised.input_squared_error, "{denoised:?}");
}
