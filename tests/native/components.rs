//! Principal components, compared with published numbers.

use std::f64::consts::TAU;
use std::fs;
use std::sync::LazyLock;

use latent_lab::data::{Corruption, Dataset, PIXELS};
use latent_lab::device::cpu;
use latent_lab::evaluate::{At, REFERENCES, Reference, ReferenceKind, Scoring, bernoulli_entropy, reconstruct, score};
use latent_lab::presets;
use latent_lab::snapshot::{NamedTensor, block_on};
use latent_lab::train::{Components, TrainConfig, principal_components};
use latent_lab::weights::{Notes, Weights};
use nalgebra::{DMatrix, DVector};

use crate::mnist::split;
use crate::samples::{bars, trainer};

const LARGEST: usize = 64;

/// Those of the 60,000 training images, which take some seconds.
static COMPONENTS: LazyLock<Components> =
    LazyLock::new(|| block_on(principal_components(&split("train"), LARGEST, &cpu())).unwrap());

/// A model with the first `k` of 64 components.
fn first(parameters: &[NamedTensor], k: usize) -> Weights {
    let mut model = presets::named("pca").unwrap().model;
    model.latent = k;
    let cut = |it: &NamedTensor| {
        let shape: Vec<usize> = it.shape.iter().map(|&size| if size == LARGEST { k } else { size }).collect();
        let values = match it.shape[..] {
            [PIXELS, LARGEST] => it.values.chunks(LARGEST).flat_map(|row| &row[..k]).copied().collect(),
            _ => it.values[..shape.iter().product()].to_vec(),
        };
        NamedTensor { name: it.name.clone(), shape, values }
    };
    Weights { model, parameters: parameters.iter().map(cut).collect(), notes: Notes::new() }
}

/// Mean squared error per image, and mean cross-entropy in nats of the output clipped to 1e-4..1-1e-4.
fn errors(file: &Weights, data: &Dataset) -> (f64, f64) {
    let model = file.build(&cpu()).unwrap();
    let scoring = Scoring { at: At::Mean, seed: 0, corruption: Corruption::None };
    let nll = block_on(score(&model, &file.model, data, 0..data.len(), scoring, &cpu())).unwrap().reconstruction;
    let squared = 2.0 * nll - PIXELS as f64 * TAU.ln();

    let images: Vec<f32> = (0..data.len()).flat_map(|image| data.images.pixels(image)).collect();
    let output = block_on(reconstruct(&model, images.clone(), None, &cpu())).unwrap();
    let entropy = |(&x, &y): (&f32, &f32)| {
        let (x, y) = (f64::from(x), f64::from(y).clamp(1e-4, 1.0 - 1e-4));
        -x * y.ln() - (1.0 - x) * (1.0 - y).ln()
    };
    (squared, images.iter().zip(&output).map(entropy).sum::<f64>() / data.len() as f64)
}

#[test]
fn explained_variance_and_errors_on_mnist_agree_with_published_numbers() {
    const TABLE: [(usize, f64, f64, f64); 6] = [
        (2, 0.168, 43.64, 179.5),
        (10, 0.488, 26.71, 131.1),
        (16, 0.594, 21.06, 113.9),
        (20, 0.644, 18.45, 106.3),
        (32, 0.744, 13.19, 90.8),
        (64, 0.862, 7.09, 73.0),
    ];
    let (components, test) = (&*COMPONENTS, split("t10k"));
    for (k, explained, squared, entropy) in TABLE {
        let close = |name: &str, found: f64, expected: f64| {
            assert!((found / expected - 1.0).abs() < 0.005, "{name} of {k} components: {found}, not {expected}");
        };
        close("the explained variance", components.explained[k - 1], explained);
        let (found_squared, found_entropy) = errors(&first(&components.parameters, k), &test);
        close("squared error", found_squared, squared);
        close("cross-entropy", found_entropy, entropy);
    }
}

#[test]
fn every_reference_is_what_its_reconstructions_have() {
    let test = split("t10k");
    let mut mean = vec![0.0; PIXELS];
    let mut floor = 0.0;
    for image in 0..test.len() {
        for (mean, x) in mean.iter_mut().zip(test.images.pixels(image)) {
            *mean += f64::from(x) / test.len() as f64;
            floor += bernoulli_entropy(f64::from(x)) / test.len() as f64;
        }
    }
    let found = REFERENCES.map(|Reference { kind, components, .. }| match kind {
        ReferenceKind::Floor => floor,
        ReferenceKind::PrincipalComponents => errors(&first(&COMPONENTS.parameters, components.unwrap()), &test).1,
        ReferenceKind::MeanImage => mean.iter().map(|&mean| bernoulli_entropy(mean)).sum(),
    });
    for (Reference { kind, components, nats }, found) in REFERENCES.into_iter().zip(found) {
        println!("{kind:?} {components:?}: {found:.3} nats");
        assert!((found - nats).abs() < 0.01, "{kind:?} {components:?}: {found}, not {nats}");
    }
    assert!(REFERENCES.is_sorted_by_key(|reference| reference.nats));
}

/// The columns of a linear model's decoder, `[P, Z]`.
fn columns(file: &Weights) -> DMatrix<f64> {
    let decoder = file.parameters.iter().find(|it| it.name == "decoder.logits.weight").unwrap();
    DMatrix::from_row_iterator(decoder.shape[0], decoder.shape[1], decoder.values.iter().map(|&it| f64::from(it)))
}

/// `cargo test --release the_trained_linear -- --nocapture` prints the figures of `www/models/README.md`.
#[test]
fn the_trained_linear_autoencoder_spans_the_principal_subspace_along_other_axes() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/www/models/linear.safetensors");
    let file = Weights::from_bytes(&fs::read(path).unwrap()).unwrap();
    let (latent, test) = (file.model.latent, split("t10k"));
    let principal = columns(&first(&COMPONENTS.parameters, latent)).qr().q(); // orthogonal already: the eigenvectors
    let trained = columns(&file);
    let basis = trained.clone().qr().q();

    // Of principal angles, the cosines are the singular values of the product of two orthonormal bases.
    let degrees = |cosine: f64| cosine.min(1.0).acos().to_degrees();
    let cosines = (principal.transpose() * basis).singular_values();
    let angles: Vec<f64> = cosines.iter().map(|&cosine| degrees(cosine)).collect();
    let to_nearest = |axis: DVector<f64>| degrees((principal.transpose() * axis).amax());
    let nearest: Vec<f64> = trained.column_iter().map(|axis| to_nearest(axis.normalize())).collect();
    let share = |k: usize| 100.0 * (COMPONENTS.explained[k - 1] - COMPONENTS.explained[k - 2]);
    println!("variance that the 20th and 21st component explain: {:.2} % and {:.2} %", share(20), share(21));
    println!("principal angles between the subspaces, in degrees: {angles:.2?}");
    println!("from each decoder column to the nearest principal axis: {nearest:.0?}");
    let largest = angles.iter().copied().fold(0.0, f64::max);
    let closest = nearest.iter().copied().fold(f64::INFINITY, f64::min);
    assert!(largest < 3.0, "{angles:?}");
    assert!(closest > 20.0, "{nearest:?}");

    let [found, optimal] = [&file, &first(&COMPONENTS.parameters, latent)].map(|it| errors(it, &test).0);
    println!("squared error of the test images: {found:.3}, principal components {optimal:.3}");
    assert!((found / optimal - 1.0).abs() < 0.005, "{found}, not {optimal}");
}

#[test]
fn one_step_is_the_whole_training_and_codes_have_variance_one() {
    let data = bars(60);
    let pca = presets::named("pca").unwrap();
    let mut trainer = trainer(pca.model.clone(), TrainConfig { epochs: 3, ..pca.train });
    let losses = block_on(trainer.train(&data, 7)).unwrap();
    assert_eq!((losses.len(), trainer.step_count(), trainer.epochs_done(60)), (1, 1, 3.0));

    let images: Vec<f32> = (0..60).flat_map(|image| data.images.pixels(image)).collect();
    let images = burn::tensor::Tensor::<1>::from_data(images.as_slice(), &cpu()).reshape([60, PIXELS]);
    let codes = trainer.model().encode(images, None).mean();
    let moments = [codes.clone().mean_dim(0), codes.square().mean_dim(0)];
    let [mean, square] = moments.map(|it| block_on(latent_lab::snapshot::read(vec![it])).unwrap().remove(0));
    assert!(mean.iter().all(|mean| mean.abs() < 1e-3), "{mean:?}");
    assert!(square[..4].iter().all(|square| (square - 1.0).abs() < 1e-2), "{square:?}");
}

#[test]
fn a_linear_autoencoder_that_is_not_solved_takes_steps() {
    let data = bars(60);
    let linear = presets::named("linear").unwrap();
    let mut trainer = trainer(linear.model, TrainConfig { batch: 20, ..linear.train.clone() });
    let losses = block_on(trainer.train(&data, 7)).unwrap();
    assert_eq!((losses.len(), trainer.step_count()), (7, 7));
    assert!(losses[6].reconstruction < losses[0].reconstruction, "{losses:?}");

    trainer.configure(TrainConfig { closed_form: true, ..linear.train }).unwrap();
    assert!(!trainer.closed_form(), "only a new model is solved");
}
