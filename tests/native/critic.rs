//! The critic of a VAE-GAN: what its losses are computed from, and what they train.

use burn::tensor::Tensor;
use latent_lab::data::PIXELS;
use latent_lab::device::cpu;
use latent_lab::model::{Mixture, ModelConfig, PriorKind, Vae};
use latent_lab::objective::{Batch, Objective, Terms};
use latent_lab::random::{Stream, normals};
use latent_lab::snapshot::block_on;
use latent_lab::train::{Checkpoint, TrainConfig};

use crate::samples::{SMALL, bars, trainer};
use crate::tensors::{tensor, values};

#[test]
fn a_critic_with_weight_zero_changes_nothing() {
    let mut with =
        trainer(ModelConfig { critic: true, ..SMALL }, TrainConfig { critic_weight: 0.0, ..TrainConfig::default() });
    let mut without = trainer(SMALL, TrainConfig::default());
    let data = bars(128);
    assert_eq!(block_on(with.train(&data, 3)).unwrap(), block_on(without.train(&data, 3)).unwrap());
    with.configure(TrainConfig { critic_weight: 5.0, ..with.config().clone() }).unwrap();
    let (with, without) = (block_on(with.train(&data, 2)).unwrap(), block_on(without.train(&data, 2)).unwrap());
    assert_ne!(with[1], without[1], "with a weight it does");
}

#[test]
fn the_critic_s_generated_images_are_decoded_from_the_model_s_prior() {
    const COMPONENT: [f32; 6] = [0.1, 0.9, 0.5, 0.4, 0.2, 0.7]; // of three with equal weights: 0 2 1 1 0 2
    let device = cpu().autodiff();
    let on_device = |values: &[f32]| Tensor::<1>::from_data(values, &device).reshape([6, values.len() / 6]);
    let data = bars(6);
    let pixels: Vec<f32> = (0..6).flat_map(|image| data.images.pixels(image)).collect();
    let noise = normals(2, Stream::Samples, 6 * SMALL.latent);
    for prior in [PriorKind::Standard, PriorKind::Mixture, PriorKind::Vamp] {
        let config = ModelConfig { critic: true, hidden: 64, components: 3, prior, ..SMALL };
        let model = Vae::new(&config, 5, &device);
        let z: Vec<f32> = match model.learned_prior() {
            None => noise.clone(),
            Some(Mixture { mean, log_var, .. }) => {
                let (mean, log_var) = (values(mean.inner()), values(log_var.inner()));
                let sample = |(at, noise): (usize, &f32)| {
                    let component = (COMPONENT[at / SMALL.latent] * 3.0) as usize;
                    let entry = component * SMALL.latent + at % SMALL.latent;
                    mean[entry] + (0.5 * log_var[entry]).exp() * noise
                };
                noise.iter().enumerate().map(sample).collect()
            }
        };
        let images = on_device(&pixels);
        let reconstructed = model.encode(images.clone(), None).sample(on_device(&noise));
        let decode = |z| model.decode(z, None).mean();
        let logits = [images.clone(), decode(reconstructed), decode(on_device(&z))]
            .map(|images| values(model.critic().unwrap().forward(images, None).logit.inner()));

        let (inputs, noise, component) = (images.clone(), on_device(&noise), Some(on_device(&COMPONENT)));
        let batch = Batch { inputs, images, labels: None, noise, component, prior: None };
        let terms = Terms::of(&model, batch, &Objective::BOUND);
        let auxiliary = terms.loss(&Objective { beta: 0.0, critic: 0.0, ..Objective::BOUND }) - terms.reconstruction;
        let softplus = |logit: f32| logit.exp().ln_1p();
        for (image, found) in values(auxiliary.inner()).into_iter().enumerate() {
            let [real, reconstructed, generated] = [0, 1, 2].map(|kind| logits[kind][image]);
            let expected = softplus(-real) + (softplus(reconstructed) + softplus(generated)) / 2.0;
            assert!((found - expected).abs() < 1e-4, "{prior:?}: {found} is not {expected}");
        }
    }
}

#[test]
fn the_generator_loss_trains_a_learned_prior() {
    for prior in [PriorKind::Mixture, PriorKind::Vamp] {
        let gradient = |critic_weight| {
            let model = ModelConfig { critic: true, components: 3, prior, ..SMALL };
            let mut trainer = trainer(model, TrainConfig { critic_weight, batch: 8, ..TrainConfig::default() });
            block_on(trainer.train(&bars(8), 1)).unwrap();
            let Checkpoint { weights, moments, .. } = block_on(trainer.checkpoint()).unwrap();
            let learned = |name: &str| ["prior.mean", "prior.pseudo_inputs"].contains(&name);
            let at = weights.parameters.iter().position(|it| learned(&it.name)).expect("the prior is learned");
            moments[at][0].clone()
        };
        assert_eq!(gradient(5.0), gradient(5.0));
        assert_ne!(gradient(0.0), gradient(5.0), "{prior:?}");
    }
}

#[test]
fn the_critic_of_a_labelled_model_takes_the_label() {
    let data = bars(6);
    let pixels: Vec<f32> = (0..6).flat_map(|image| data.images.pixels(image)).collect();
    for attributes in [false, true] {
        let config = ModelConfig { critic: true, labelled: true, attributes, ..SMALL };
        let model = Vae::new(&config, 5, &cpu());
        let logits = |digit: usize| {
            let label: Vec<f32> = (0..10).map(|class| f32::from(u8::from(class == digit))).collect();
            let labels = tensor(&label.repeat(6), [6, 10]);
            values(model.critic().unwrap().forward(tensor(&pixels, [6, PIXELS]), Some(labels)).logit)
        };
        assert_ne!(logits(3), logits(4));
        let mut trainer = trainer(config, TrainConfig { batch: 6, ..TrainConfig::default() });
        assert!(block_on(trainer.train(&data, 3)).unwrap().iter().all(|loss| loss.is_finite()));
    }
}
