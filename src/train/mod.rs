//! Training: a trainer owns the weights, the optimiser and its place in the data, and moves when asked.

mod adam;
mod config;

pub use adam::Adam;
pub use config::TrainConfig;

use burn::tensor::{Device, Tensor, TensorData};
use serde::Serialize;

use crate::Result;
use crate::checkpoint::{Checkpoint, Notes, Progress};
use crate::data::{Batches, Corruption, DIGITS, Dataset, PIXELS, Position, one_hot};
use crate::model::{ModelConfig, Vae};
use crate::objective::{Batch, Terms};
use crate::random::{Stream, generator, normals};
use crate::snapshot;

/// A model being trained.
#[derive(Debug)]
pub struct Trainer {
    model_config: ModelConfig,
    config: TrainConfig,
    model: Vae,
    adam: Adam,
    batches: Batches,
    device: Device,
}

/// Both terms of one training step, in nats per image, z sampled, unweighted.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Loss {
    pub step: u64,
    pub reconstruction: f64,
    pub kl: f64,
    /// `reconstruction + kl`, the bound, whatever beta is.
    pub total: f64,
}

impl Trainer {
    /// A trainer with fresh weights on `device`.
    ///
    /// # Errors
    /// When a setting is outside its limits.
    pub fn new(model: ModelConfig, train: TrainConfig, device: &Device) -> Result<Self> {
        model.check()?;
        train.check()?;
        let device = device.clone().autodiff();
        Ok(Self {
            model: Vae::new(&model, train.seed, &device),
            model_config: model,
            batches: Batches::new(train.seed, Position::default()),
            config: train,
            adam: Adam::default(),
            device,
        })
    }

    /// A trainer that starts from a file's weights, and from its place in training if the file has one.
    ///
    /// # Errors
    /// When a setting is outside its limits, or the file does not fit the model it names.
    pub fn from_checkpoint(file: Checkpoint, train: TrainConfig, device: &Device) -> Result<Self> {
        let mut trainer = Self::new(file.model.clone(), train, device)?;
        let file = file.fit(&trainer.model)?;
        trainer.model = file.fill(trainer.model);
        if let Some(progress) = &file.progress {
            trainer.batches = Batches::new(trainer.config.seed, progress.position);
            trainer.adam = Adam::restore(progress.step, &progress.moments, device);
        }
        Ok(trainer)
    }

    /// The weights, and with `resume` all that is needed to go on exactly here.
    ///
    /// # Errors
    /// When the device is lost.
    pub async fn checkpoint(&self, resume: bool) -> Result<Checkpoint> {
        let progress = if resume {
            Some(Progress {
                train: self.config.clone(),
                step: self.adam.step(),
                position: self.batches.position(),
                moments: self.adam.read().await?,
            })
        } else {
            None
        };
        Ok(Checkpoint {
            model: self.model_config.clone(),
            parameters: snapshot::parameters(&self.model).await?,
            progress,
            notes: Notes::new(),
        })
    }

    pub fn config(&self) -> &TrainConfig {
        &self.config
    }

    pub fn model_config(&self) -> &ModelConfig {
        &self.model_config
    }

    /// New settings from the next step on.
    ///
    /// # Errors
    /// When a value is outside its limits; then nothing changes.
    pub fn configure(&mut self, config: TrainConfig) -> Result<()> {
        config.check()?;
        self.config = config;
        Ok(())
    }

    /// Steps taken so far.
    pub fn step_count(&self) -> u64 {
        self.adam.step()
    }

    /// The model without its gradients, to look at.
    pub fn model(&self) -> Vae {
        use burn::module::Module;
        self.model.valid()
    }

    /// Where training stands in the data: epochs done, with a fraction.
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
        let TrainConfig { seed, batch, corruption, .. } = self.config;
        let ModelConfig { latent, labelled, .. } = self.model_config;
        let corrupted = corruption != Corruption::None;
        let [mut pixels, mut damaged, mut labels, mut noise] = [const { Vec::new() }; 4];
        let mut betas = Vec::with_capacity(steps);
        let first = self.adam.step();
        for step in (first..).take(steps) {
            let damage = &mut generator(seed, Stream::Damage { step });
            for index in self.batches.next(data.len(), batch) {
                pixels.extend(data.images.pixels(index));
                if corrupted {
                    let start = damaged.len();
                    damaged.extend(data.images.pixels(index));
                    corruption.apply(&mut damaged[start..], damage);
                }
                if labelled {
                    labels.extend(one_hot(data.labels.digit(index)));
                }
            }
            noise.extend(normals(seed, Stream::Noise { step }, batch * latent));
            betas.push(self.config.beta_after(self.epochs_done(data.len())));
        }

        let pixels = self.upload(pixels, [steps * batch, PIXELS]);
        let damaged = corrupted.then(|| self.upload(damaged, [steps * batch, PIXELS]));
        let labels = labelled.then(|| self.upload(labels, [steps * batch, DIGITS]));
        let noise = self.upload(noise, [steps * batch, latent]);
        let mut terms = Vec::with_capacity(2 * steps);
        for (step, beta) in betas.into_iter().enumerate() {
            let rows = |of: &Tensor<2>| of.clone().narrow(0, step * batch, batch);
            let images = rows(&pixels);
            let batch = Batch {
                inputs: damaged.as_ref().map_or_else(|| images.clone(), rows),
                images,
                labels: labels.as_ref().map(rows),
                noise: rows(&noise),
            };
            terms.extend(self.step(batch, beta));
        }
        let terms = &snapshot::read(vec![Tensor::cat(terms, 0)]).await?[0];
        Ok((first + 1..).zip(terms.chunks_exact(2)).map(|(step, pair)| Loss::new(step, pair[0], pair[1])).collect())
    }

    /// One step of gradient descent; returns the mean reconstruction and KL, each `[1]`, left on the device.
    fn step(&mut self, batch: Batch, beta: f64) -> [Tensor<1>; 2] {
        let [reconstruction, kl] = Terms::of(&self.model, batch).mean();
        let loss = reconstruction.clone() + kl.clone() * beta;
        let gradients = loss.backward();
        self.model = self.adam.update(self.model.clone(), gradients, self.config.learning_rate);
        [reconstruction.inner(), kl.inner()]
    }

    fn upload(&self, values: Vec<f32>, shape: [usize; 2]) -> Tensor<2> {
        Tensor::from_data(TensorData::new(values, shape), &self.device)
    }
}

impl Loss {
    fn new(step: u64, reconstruction: f32, kl: f32) -> Self {
        let (reconstruction, kl) = (f64::from(reconstruction), f64::from(kl));
        Self { step, reconstruction, kl, total: reconstruction + kl }
    }

    /// False once training has diverged: the weights are spoilt.
    pub fn is_finite(&self) -> bool {
        self.total.is_finite()
    }
}
