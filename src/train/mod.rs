//! Training: a trainer owns the weights, the optimiser and its place in the data, and moves when asked.

mod adam;
mod closed_form;
mod config;
mod feed;

pub use adam::Adam;
pub use closed_form::{Components, principal_components};
pub use config::TrainConfig;

use burn::tensor::{Device, Tensor};
use rand::RngExt;
use serde::Serialize;

use self::feed::Gathered;

use crate::Result;
use crate::checkpoint::{Checkpoint, Notes, Progress};
use crate::data::{Batches, Corruption, Dataset, Position};
use crate::kernels;
use crate::model::{ModelConfig, Vae};
use crate::objective::{Batch, Terms, Weights};
use crate::random::{Stream, generator};
use crate::snapshot;

/// A model being trained.
#[derive(Debug)]
pub struct Trainer {
    model_config: ModelConfig,
    config: TrainConfig,
    model: Option<Vae>, // none only while a step moves it
    adam: Adam,
    batches: Batches,
    /// The training images that keep their labels, for a classifier.
    labelled: Vec<usize>,
    device: Device,
}

/// Added to a step's number for the random numbers of its labelled images.
const LABELLED_STEP: u64 = 1 << 62;

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

    /// A trainer that starts from a file's weights, and from its place in training if the file has one.
    ///
    /// # Errors
    /// When a setting is outside its limits, or the file does not fit the model it names.
    pub fn from_checkpoint(file: Checkpoint, train: TrainConfig, device: &Device) -> Result<Self> {
        let mut trainer = Self::new(file.model.clone(), train, device)?;
        let model = trainer.held();
        let file = file.fit(&model)?;
        trainer.model = Some(file.fill(model));
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
            parameters: snapshot::parameters(&self.model()).await?,
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

    /// New settings from the next step on; the seed stays.
    ///
    /// # Errors
    /// When a value is outside its limits; then nothing changes.
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

    /// The model without its gradients, to look at.
    pub fn model(&self) -> Vae {
        use burn::module::Module;
        self.held().valid()
    }

    fn held(&self) -> Vae {
        self.model.clone().expect("no step is under way")
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
        if self.closed_form() {
            return self.fit(data).await;
        }
        let TrainConfig { batch, critic_weight, .. } = self.config;
        let partly = self.model_config.classifier && self.config.labels > 0;
        let told = self.model_config.labelled && !partly;
        let [mut main, mut labelled] = [Gathered::default(), Gathered::default()];
        let (mut weights, mut learning_rates) = (Vec::with_capacity(steps), Vec::with_capacity(steps));
        let first = self.adam.step();
        for step in (first..).take(steps) {
            let indices = self.batches.next(data.len(), batch);
            main.add((data, &indices, told), step, &self.model_config, &self.config);
            if partly {
                let indices = self.labelled_batch(data, step);
                labelled.add((data, &indices, true), step + LABELLED_STEP, &self.model_config, &self.config);
            }
            let epochs = self.epochs_done(data.len());
            weights.push(Weights { beta: self.config.beta_after(epochs), critic: critic_weight });
            learning_rates.push(self.config.learning_rate_after(epochs));
        }

        let main = main.upload(&self.device);
        let labelled = partly.then(|| labelled.upload(&self.device));
        let rates = self.adam.rates(&learning_rates, batch, &self.device);
        let mut notes = Tensor::empty([steps, 2], &self.device.clone().without_autodiff());
        for (n, weights) in weights.into_iter().enumerate() {
            let terms = self.step(main.batch(n), labelled.as_ref().map(|feed| feed.batch(n)), weights, (&rates, n));
            notes = kernels::record_losses(terms.reconstruction.inner(), terms.divergence.inner(), notes, n);
        }
        let notes = &snapshot::read(vec![notes]).await?[0];
        Ok((first + 1..).zip(notes.chunks_exact(2)).map(|(step, pair)| Loss::new(step, pair[0], pair[1])).collect())
    }

    /// Whether the best weights are known without training.
    pub fn closed_form(&self) -> bool {
        self.model_config.closed_form() && self.config.corruption == Corruption::None
    }

    /// Takes the best weights there are, as one step that is all the training: returns its loss on the first batch.
    async fn fit(&mut self, data: &Dataset) -> Result<Vec<Loss>> {
        let TrainConfig { batch, epochs, .. } = self.config;
        let device = self.device.clone().without_autodiff();
        let Components { parameters, .. } = principal_components(data, self.model_config.latent, &device).await?;
        let moments = parameters.iter().map(|it| [(); 2].map(|()| vec![0.0; it.values.len()])).collect();
        let position = Position { epoch: epochs - 1, image: data.len().max(batch) };
        let progress = Progress { train: self.config.clone(), step: 1, position, moments };
        let model = self.model_config.clone();
        let file = Checkpoint { model, parameters, progress: Some(progress), notes: Notes::new() };
        *self = Self::from_checkpoint(file, self.config.clone(), &self.device)?;

        let mut gathered = Gathered::default();
        let indices: Vec<usize> = (0..batch.min(data.len())).collect();
        gathered.add((data, &indices, false), 0, &self.model_config, &self.config);
        let terms = Terms::of(&self.model(), gathered.upload(&device).batch(0));
        let terms = snapshot::read(terms.mean().to_vec()).await?;
        Ok(vec![Loss::new(1, terms[0][0], terms[1][0])])
    }

    /// One step of gradient descent by row `row` of `rates`; returns what `batch` cost, left on the device.
    fn step(
        &mut self,
        batch: Batch,
        labelled: Option<Batch>,
        weights: Weights,
        (rates, row): (&Tensor<2>, usize),
    ) -> Terms {
        let model = self.model.take().expect("one step at a time");
        let terms = Terms::of(&model, batch);
        let mut loss = terms.loss(weights);
        if let Some(labelled) = labelled {
            loss = loss + Terms::of(&model, labelled).loss(weights);
        }
        let mut model = self.adam.update(model, loss.backward(), rates, row);
        if let Some(codes) = &terms.codes {
            model = model.learned(codes);
        }
        self.model = Some(model);
        terms
    }

    /// The labelled images of one step, drawn with repetition from those that keep their labels: as many of each digit.
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

    /// False once training has diverged: the weights are spoilt.
    pub fn is_finite(&self) -> bool {
        self.total.is_finite()
    }
}
