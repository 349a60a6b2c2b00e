//! Training: a [`Trainer`] owns the weights, the optimiser and its position in the data, and takes steps on request.

mod adam;
mod checkpoint;
mod closed_form;
mod config;
mod minibatch;
mod replay;

pub use adam::Adam;
pub use checkpoint::{Checkpoint, largest_difference};
pub use closed_form::{Components, principal_components};
pub use config::TrainConfig;
pub use replay::{Minibatch, Replay};

use burn::tensor::{Device, Tensor};
use rand::RngExt;
use serde::Serialize;

use self::minibatch::HostBatches;

use crate::Result;
use crate::data::{Batches, Corruption, Dataset, Position};
use crate::kernels;
use crate::model::{ModelConfig, Vae};
use crate::objective::{Batch, LossWeights, Terms};
use crate::random::{Stream, generator};
use crate::snapshot;
use crate::weights::{Notes, Weights};

/// A model being trained.
#[derive(Debug)]
pub struct Trainer {
    model_config: ModelConfig,
    config: TrainConfig,
    model: Option<Vae>, // `None` only during a step, which consumes it
    adam: Adam,
    batches: Batches,
    /// Indices of the labelled training images, for a classifier; empty until they are needed.
    labelled: Vec<usize>,
    device: Device,
}

/// Offset of a step's number for the random numbers of its labelled minibatch.
const LABELLED_STEP: u64 = 1 << 62;

/// Both terms of one training step's loss, in nats per image, unweighted, at a sample of z.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Loss {
    pub step: u64,
    pub reconstruction: f64,
    pub kl: f64,
    /// `reconstruction + kl`: the negative bound, whatever beta is.
    pub total: f64,
}

impl Trainer {
    /// A trainer with random initial weights on `device`.
    ///
    /// # Errors
    /// When a setting is outside its limits.
    pub fn new(model: ModelConfig, train: TrainConfig, device: &Device) -> Result<Self> {
        model.check()?;
        train.check(&model)?;
        let device = device.clone().autodiff();
        Ok(Self {
            model: Some(Vae::new(&model, train.seed, &device)),
            model_config: model,
            batches: Batches::new(train.seed, Position::default()),
            config: train,
            adam: Adam::default(),
            labelled: Vec::new(),
            device,
        })
    }

    /// A new run that starts from these weights.
    ///
    /// # Errors
    /// When a setting is outside its limits, or the weights do not fit the model that they name.
    pub fn from_weights(weights: Weights, train: TrainConfig, device: &Device) -> Result<Self> {
        let mut trainer = Self::new(weights.model.clone(), train, device)?;
        let model = trainer.held();
        trainer.model = Some(weights.fit(&model)?.fill(model));
        Ok(trainer)
    }

    /// Resumes a run where its checkpoint was taken, with the settings `train`.
    ///
    /// # Errors
    /// When a setting is outside its limits, or the weights do not fit the model that they name.
    pub fn from_checkpoint(checkpoint: Checkpoint, train: TrainConfig, device: &Device) -> Result<Self> {
        let mut trainer = Self::new(checkpoint.weights.model.clone(), train, device)?;
        let model = trainer.held();
        let Checkpoint { weights, step, position, moments, .. } = checkpoint.fit(&model)?;
        trainer.model = Some(weights.fill(model));
        trainer.batches = Batches::new(trainer.config.seed, position);
        trainer.adam = Adam::restore(step, &moments, device);
        Ok(trainer)
    }

    /// The weights alone.
    ///
    /// # Errors
    /// When the device is lost.
    pub async fn weights(&self) -> Result<Weights> {
        Ok(Weights {
            model: self.model_config.clone(),
            parameters: snapshot::parameters(&self.model()).await?,
            notes: Notes::new(),
        })
    }

    /// Everything needed to resume exactly here.
    ///
    /// # Errors
    /// When the device is lost.
    pub async fn checkpoint(&self) -> Result<Checkpoint> {
        Ok(Checkpoint {
            weights: self.weights().await?,
            train: self.config.clone(),
            step: self.adam.step(),
            position: self.batches.position(),
            moments: self.adam.read().await?,
        })
    }

    pub fn config(&self) -> &TrainConfig {
        &self.config
    }

    pub fn model_config(&self) -> &ModelConfig {
        &self.model_config
    }

    /// Takes new settings from the next step on, but for the seed, which stays.
    ///
    /// # Errors
    /// When a value is outside its limits; then no setting changes.
    pub fn configure(&mut self, config: TrainConfig) -> Result<()> {
        config.check(&self.model_config)?;
        if config.labels != self.config.labels {
            self.labelled.clear();
        }
        self.config = TrainConfig { seed: self.config.seed, ..config };
        Ok(())
    }

    /// Steps taken so far.
    pub fn step_count(&self) -> u64 {
        self.adam.step()
    }

    /// The model without autodiff, for inference.
    pub fn model(&self) -> Vae {
        use burn::module::Module;
        self.held().valid()
    }

    fn held(&self) -> Vae {
        self.model.clone().expect("no step is in progress")
    }

    /// Epochs done, with a fraction, in full batches of a data set of `images` images.
    pub fn epochs_done(&self, images: usize) -> f64 {
        let batch = self.config.batch;
        let Position { epoch, image } = self.batches.position();
        let steps = image / batch;
        epoch as f64 + (steps as f64 / (images / batch).max(1) as f64).min(1.0)
    }

    /// Takes `steps` steps over `data` and returns their losses, with one upload and one readback for all of them.
    ///
    /// # Errors
    /// When the device is lost.
    pub async fn train(&mut self, data: &Dataset, steps: usize) -> Result<Vec<Loss>> {
        if steps == 0 {
            return Ok(Vec::new());
        }
        if self.closed_form() {
            return self.fit(data).await;
        }
        let TrainConfig { batch, critic_weight, .. } = self.config;
        let semi_supervised = self.model_config.classifier && self.config.labels > 0;
        let labels = (self.model_config.labelled && !semi_supervised).then_some(&data.labels);
        let [mut main, mut labelled] = [HostBatches::default(), HostBatches::default()];
        let (mut weights, mut learning_rates) = (Vec::with_capacity(steps), Vec::with_capacity(steps));
        let first = self.adam.step();
        for step in (first..).take(steps) {
            let indices = self.batches.next(data.len(), batch);
            main.add((&data.images, labels), &indices, step, &self.model_config, &self.config);
            if semi_supervised {
                let indices = self.labelled_batch(data, step);
                let (images, step) = ((&data.images, Some(&data.labels)), step + LABELLED_STEP);
                labelled.add(images, &indices, step, &self.model_config, &self.config);
            }
            let epochs = self.epochs_done(data.len());
            weights.push(LossWeights { beta: self.config.beta_after(epochs), critic: critic_weight });
            learning_rates.push(self.config.learning_rate_after(epochs));
        }

        let main = main.upload(&self.device);
        let labelled = semi_supervised.then(|| labelled.upload(&self.device));
        let rates = self.adam.rates(&learning_rates, batch, &self.device);
        let mut recorded = Tensor::empty([steps, 2], &self.device.clone().without_autodiff());
        for (n, weights) in weights.into_iter().enumerate() {
            let terms =
                self.step(main.batch(n), labelled.as_ref().map(|labelled| labelled.batch(n)), weights, (&rates, n));
            recorded = kernels::note(terms.reconstruction.inner(), terms.divergence.inner(), recorded, n);
        }
        let recorded = &snapshot::read(vec![recorded]).await?[0];
        Ok((first + 1..).zip(recorded.chunks_exact(2)).map(|(step, pair)| Loss::new(step, pair[0], pair[1])).collect())
    }

    /// Whether the optimal weights are known in closed form.
    pub fn closed_form(&self) -> bool {
        self.model_config.closed_form() && self.config.corruption == Corruption::None
    }

    /// Sets the optimal weights in one step, which counts as the whole run; returns the loss of the first images.
    async fn fit(&mut self, data: &Dataset) -> Result<Vec<Loss>> {
        let TrainConfig { batch, epochs, .. } = self.config;
        let device = self.device.clone().without_autodiff();
        let Components { parameters, .. } = principal_components(data, self.model_config.latent, &device).await?;
        let moments = parameters.iter().map(|it| [(); 2].map(|()| vec![0.0; it.values.len()])).collect();
        let position = Position { epoch: epochs - 1, image: data.len().max(batch) };
        let weights = Weights { model: self.model_config.clone(), parameters, notes: Notes::new() };
        let checkpoint = Checkpoint { weights, train: self.config.clone(), step: 1, position, moments };
        *self = Self::from_checkpoint(checkpoint, self.config.clone(), &self.device)?;

        let mut host = HostBatches::default();
        let indices: Vec<usize> = (0..batch.min(data.len())).collect();
        host.add((&data.images, None), &indices, 0, &self.model_config, &self.config);
        let terms = Terms::of(&self.model(), host.upload(&device).batch(0), 1);
        let terms = snapshot::read(terms.mean().to_vec()).await?;
        Ok(vec![Loss::new(1, terms[0][0], terms[1][0])])
    }

    /// One step of gradient descent with row `row` of the optimiser's `rates`; returns the terms of `batch`, on the device.
    fn step(
        &mut self,
        batch: Batch,
        labelled: Option<Batch>,
        weights: LossWeights,
        (rates, row): (&Tensor<2>, usize),
    ) -> Terms {
        let model = self.model.take().expect("one step at a time");
        let samples = self.config.samples;
        let terms = Terms::of(&model, batch, samples);
        let mut loss = terms.loss(weights);
        if let Some(labelled) = labelled {
            loss = loss + Terms::of(&model, labelled, samples).loss(weights);
        }
        let mut model = self.adam.update(model, loss.backward(), rates, row);
        if let Some(codes) = &terms.codes {
            model = model.update_codebook(codes);
        }
        self.model = Some(model);
        terms
    }

    /// The labelled minibatch of one step, sampled with replacement from the labelled training images, which are balanced by digit.
    fn labelled_batch(&mut self, data: &Dataset, step: u64) -> Vec<usize> {
        let TrainConfig { seed, batch, labels, .. } = self.config;
        if self.labelled.is_empty() {
            self.labelled = data.few(labels, seed);
        }
        let random = &mut generator(seed, Stream::Labelled { step });
        (0..batch).map(|_| self.labelled[random.random_range(0..self.labelled.len())]).collect()
    }
}

impl Loss {
    fn new(step: u64, reconstruction: f32, kl: f32) -> Self {
        let (reconstruction, kl) = (f64::from(reconstruction), f64::from(kl));
        Self { step, reconstruction, kl, total: reconstruction + kl }
    }

    /// False once training has diverged; then the weights are of no use.
    pub fn is_finite(&self) -> bool {
        self.total.is_finite()
    }
}
