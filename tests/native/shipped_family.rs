//! What the systems of the family are for, asserted of the weights that come with the page.

use latent_lab::data::Corruption;
use latent_lab::device::cpu;
use latent_lab::evaluate::{
    ClusterAccuracy, ClusterScore, RedrawnLevels, Report, ResidualCorrelation, decode, infer, reconstruct,
};
use latent_lab::snapshot::block_on;

use crate::sample_quality::judge;
use crate::shipped::{TEST, loaded, reconstruction_error, report, scored};

fn frechet(report: &Report) -> f64 {
    report.quality.as_ref().expect("there is a judge").frechet.distance.mean
}

#[test]
fn a_second_stage_makes_a_generator_of_the_plain_autoencoder() {
    let [ae, two_stage] = ["ae", "two_stage"].map(report);
    assert!(frechet(&two_stage) < frechet(&ae) / 3.0, "{} {}", frechet(&two_stage), frechet(&ae));
    let [ae, two_stage] = ["ae", "two_stage"].map(scored);
    assert!((two_stage.reconstruction - ae.reconstruction).abs() < 1.5, "{two_stage:?} {ae:?}");
}

#[test]
fn a_wasserstein_autoencoder_s_codes_are_near_the_prior_and_its_samples_better() {
    let [ae, wae] = ["ae", "wae"].map(report);
    let mmd = |report: &Report| report.mmd.expect("the codes are of real numbers").mean;
    assert!(mmd(&wae) < 0.1 * mmd(&ae), "{:?} {:?}", wae.mmd, ae.mmd);
    assert!(frechet(&wae) < 0.3 * frechet(&ae), "{} {}", frechet(&wae), frechet(&ae));
    assert!(wae.sampled.reconstruction.mean > ae.sampled.reconstruction.mean, "it costs reconstruction");
}

#[test]
fn a_second_latent_layer_tightens_the_bound_of_the_vamp_prior() {
    let [hvae, vamp] = ["hvae", "vamp"].map(scored);
    assert!(hvae.total < vamp.total, "{} {}", hvae.total, vamp.total);
}

#[test]
fn structured_residuals_are_likelier_and_correlated_as_real_ones_are() {
    let [structured, sigma] = ["structured", "sigma"].map(scored);
    assert!(structured.total < sigma.total - 500.0, "{} {}", structured.total, sigma.total);
    let correlation = |name| {
        block_on(ResidualCorrelation::of(&loaded(name), &TEST, 0..200, 0)).unwrap().expect("the likelihood is Gaussian")
    };
    let (structured, sigma) = (correlation("structured"), correlation("sigma"));
    assert!((structured.sampled - structured.real).abs() < 0.25, "{structured:?}");
    assert!(sigma.sampled.abs() < 0.05 && sigma.real > 0.3, "independent pixels are dust: {sigma:?}");
}

#[test]
fn two_codebooks_reconstruct_better_and_their_top_codes_decide_the_digit_more_than_chance() {
    let [two, one] = ["vq2", "vq"].map(scored);
    assert!(two.reconstruction < one.reconstruction, "{} {}", two.reconstruction, one.reconstruction);
    let redrawn = block_on(RedrawnLevels::of(&loaded("vq2"), &judge(), &TEST, 0..300, 0)).unwrap();
    let RedrawnLevels { top, bottom, both } = redrawn.expect("it has two codebooks");
    assert!(
        both.mean > 0.5 && top.mean <= both.mean + 0.1 && bottom.mean <= both.mean + 0.1,
        "{top:?} {bottom:?} {both:?}"
    );
}

#[test]
fn a_weight_on_the_total_correlation_lowers_it_with_less_loss_than_one_on_the_whole_kl() {
    let [vae, beta, tcvae] = ["vae-z20", "beta", "tcvae"].map(report);
    let total_correlation =
        |report: &Report| report.kl_parts.expect("the posterior is a Gaussian").total_correlation.mean;
    assert!(total_correlation(&tcvae) < 0.6 * total_correlation(&vae), "{:?}", tcvae.kl_parts);
    assert!(tcvae.sampled.total.mean < beta.sampled.total.mean + 20.0, "{:?} {:?}", tcvae.sampled, beta.sampled);
}

#[test]
fn free_bits_keep_all_components_and_a_capacity_keeps_the_kl() {
    let free_bits = scored("free_bits");
    assert!(free_bits.usage.iter().all(|&kl| kl > 0.4), "{:?}", free_bits.usage);
    let capacity = scored("capacity");
    assert!((capacity.kl - 25.0).abs() < 1.5, "{}", capacity.kl);
}

#[test]
fn ten_clusters_are_found_better_than_by_chance() {
    let ClusterAccuracy { kind, share, .. } = report("clusters").cluster_accuracy.expect("the prior is a mixture");
    assert_eq!(kind, ClusterScore::Accuracy, "as many components as classes are assigned one to one");
    assert!(share.mean > 0.3, "{share:?}");
}

#[test]
fn a_critic_that_sees_the_label_sharpens_samples_of_a_label() {
    let [cvae, cvae_gan] = ["cvae", "cvae_gan"].map(report);
    assert!(frechet(&cvae_gan) < frechet(&cvae), "{} {}", frechet(&cvae_gan), frechet(&cvae));
    let accuracy = cvae_gan.quality.unwrap().accuracy.expect("the model is conditional");
    assert!(accuracy > 0.85, "{accuracy}");
}

#[test]
fn digits_that_were_seen_are_drawn_from_their_segments() {
    let by_class = report("unseen").quality.unwrap().accuracy_by_class.expect("the model is conditional");
    let seen = (0..10).filter(|&digit| digit != 8).map(|digit| by_class[digit].unwrap());
    assert!(seen.clone().sum::<f64>() / 9.0 > 0.7, "{:?}", seen.collect::<Vec<_>>());
}

#[test]
fn a_kl_costs_the_small_network_reconstructions_and_buys_samples() {
    let error = |name| reconstruction_error(name, Corruption::None).squared_error;
    assert!(error("small_kl") > 1.2 * error("small"));
    let [without, with] = ["small", "small_kl"].map(report);
    assert!(frechet(&with) < 0.7 * frechet(&without), "{} {}", frechet(&with), frechet(&without));
}

/// The walk of the texts behind this project: one component of an 8's code is moved, and a 3 is read.
#[test]
fn an_eight_becomes_a_three_along_one_component_of_the_small_network() {
    let model = loaded("small_kl");
    let latent = model.config.latent;
    let becomes_three = |image: usize| {
        let pixels: Vec<f32> = TEST.images.pixels(image).collect();
        let code = block_on(infer(&model.model, pixels, None, vec![0.0; latent], &cpu())).unwrap().mean;
        (0..latent).any(|component| {
            let walk: Vec<f32> = (-30..=30)
                .flat_map(|step| {
                    let mut moved = code.clone();
                    moved[component] = 0.1 * step as f32;
                    moved
                })
                .collect();
            let pictures = block_on(decode(&model.model, walk, latent, None, &cpu())).unwrap();
            let read = block_on(judge().classify(pictures, &cpu())).unwrap();
            read.most_likely().any(|(digit, probability)| digit == 3 && probability > 0.9)
        })
    };
    let read_as_eight = |image: &usize| {
        let picture = block_on(reconstruct(&model.model, TEST.images.pixels(*image).collect(), None, &cpu())).unwrap();
        block_on(judge().classify(picture, &cpu())).unwrap().most_likely().next().unwrap().0 == 8
    };
    let mut eights = (0..1000).filter(|&image| TEST.labels.class(image) == 8).filter(read_as_eight);
    assert!(eights.any(becomes_three), "no 8 of the first 1,000 test images");
}
