//! The training loop: minibatches, losses and updates.

use burn::module::Module;
use burn::tensor::{Device, Tensor};
use rand::RngExt;

use super::minibatch::{DeviceBatches, HostBatches};
use super::{Adam, Loss, TrainConfig};
use crate::data::{Batches, Dataset, Position};
use crate::kernels::Rates;
use crate::model::{ModelConfig, Vae};
use crate::objective::{Batch, Objective, Terms};
use crate::random::{Stream, generator};
use crate::weights::{self, Notes, Weights};
use crate::{Error, Result, snapshot};

/// A model being trained.
#[derive(Debug)]
pub struct Trainer {
    pub(super) model_config: ModelConfig,
    pub(super) config: TrainConfig,
    pub(super) model: Option<Vae>, // `None` only during a step, which consumes it
    pub(super) adam: Adam,
    /// Steps that were taken before `adam` began.
    pub(super) earlier_steps: u64,
    pub(super) batches: Batches,
    /// Indices of the labelled training images, for a classifier; empty until they are needed.
    labelled: Vec<usize>,
    /// Indices of the training images of all classes but the one left out; empty until they are needed.
    kept: Vec<u32>,
    /// What the weights' notes say of the data set.
    notes: Notes,
    pub(super) device: Device,
}

/// Steps share an upload as long as they have no more images than this: 13 MB as numbers.
const IMAGES_AN_UPLOAD: usize = 4096;

/// What several steps need, on the device.
struct Upload {
    main: DeviceBatches,
    labelled: Option<DeviceBatches>,
    objectives: Vec<Objective>,
    rates: Vec<Rates>,
}

/// Added to a step's number to select the random numbers of its labelled minibatch.
const LABELLED_STEP: u64 = 1 << 62;

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
            earlier_steps: 0,
            labelled: Vec::new(),
            kept: Vec::new(),
            notes: Notes::new(),
            device,
        })
    }

    /// A new run that starts from these weights.
    ///
    /// # Errors
    /// When a setting is outside its limits, or the weights do not fit the model that they name.
    pub fn from_weights(weights: Weights, train: TrainConfig, device: &Device) -> Result<Self> {
        let mut trainer = Self::new(weights.model.clone(), train, device)?;
        let model = trainer.current();
        trainer.model = Some(weights.fit(&model)?.fill(model));
        Ok(trainer)
    }

    /// The weights, without the training state.
    ///
    /// # Errors
    /// When the device is lost.
    pub async fn weights(&self) -> Result<Weights> {
        Ok(Weights {
            model: self.model_config.clone(),
            parameters: snapshot::parameters(&self.model()).await?,
            notes: weights::with_left_out(self.notes.clone(), self.left_out()),
        })
    }

    /// The weights' notes name this data set from now on, with its [`Dataset::sha256`].
    pub fn note_data(&mut self, train: &Dataset, sha256: String) {
        self.notes = weights::notes_of(train, sha256);
        self.forget_choices();
    }

    /// The images of a data set that are trained on are chosen anew.
    fn forget_choices(&mut self) {
        self.labelled.clear();
        self.kept.clear();
    }

    /// The class whose images are not trained on.
    pub fn left_out(&self) -> Option<u8> {
        self.config.left_out_of(&self.model_config)
    }

    /// The settings of the next step.
    pub fn config(&self) -> &TrainConfig {
        &self.config
    }

    /// The configuration of the model.
    pub fn model_config(&self) -> &ModelConfig {
        &self.model_config
    }

    /// Uses new settings from the next step on, except for the seed and `closed_form`, which stay.
    ///
    /// # Errors
    /// When a value is outside its limits; then no setting changes.
    pub fn configure(&mut self, config: TrainConfig) -> Result<()> {
        config.check(&self.model_config)?;
        if (config.labels, config.left_out) != (self.config.labels, self.config.left_out) {
            self.forget_choices();
        }
        let TrainConfig { seed, closed_form, .. } = self.config;
        self.config = TrainConfig { seed, closed_form, ..config };
        Ok(())
    }

    /// Steps taken so far.
    pub fn step_count(&self) -> u64 {
        self.earlier_steps + self.adam.step()
    }

    /// The model without autodiff, for inference.
    pub fn model(&self) -> Vae {
        self.current().valid()
    }

    /// The model with autodiff, as it is trained.
    pub(super) fn current(&self) -> Vae {
        self.model.clone().expect("no step is in progress")
    }

    /// Epochs done, with the fraction of the current one, for a data set of `images` images cut into full batches.
    pub fn epochs_done(&self, images: usize) -> f64 {
        let batch = self.config.batch;
        let Position { epoch, image } = self.batches.position();
        let steps = image / batch;
        epoch as f64 + (steps as f64 / (images / batch).max(1) as f64).min(1.0)
    }

    /// Takes `steps` steps over `data` and returns their losses, with one readback for all of them.
    ///
    /// # Errors
    /// When the model needs labels that the data set does not have, or the device is lost.
    pub async fn train(&mut self, data: &Dataset, steps: usize) -> Result<Vec<Loss>> {
        if steps == 0 {
            return Ok(Vec::new());
        }
        data.check_labels_for(&self.model_config)?;
        if self.closed_form() {
            return self.fit(data).await;
        }
        self.choose_images(data)?;
        let first = self.step_count();
        let together = (IMAGES_AN_UPLOAD / self.config.batch).max(1);
        let mut recorded = Tensor::empty([steps, 2], &self.device.clone().without_autodiff());
        for begin in (0..steps).step_by(together) {
            let upload = self.upload(data, together.min(steps - begin));
            for (n, objective) in upload.objectives.iter().enumerate() {
                let labelled = upload.labelled.as_ref().map(|labelled| labelled.batch(n));
                recorded = self.step(upload.main.batch(n), labelled, objective, upload.rates[n], (recorded, begin + n));
            }
        }
        let recorded = &snapshot::read(vec![recorded]).await?[0];
        Ok((first + 1..).zip(recorded.chunks_exact(2)).map(|(step, pair)| Loss::new(step, pair[0], pair[1])).collect())
    }

    /// Uploads what the next `steps` steps need.
    fn upload(&mut self, data: &Dataset, steps: usize) -> Upload {
        let TrainConfig { batch, .. } = self.config;
        let semi_supervised = self.model_config.classifier && self.config.labels > 0;
        let labels = (self.model_config.labelled && !semi_supervised).then_some(&data.labels);
        let mut main = HostBatches::with_capacity(steps, batch);
        let mut labelled = HostBatches::default();
        let (mut objectives, mut learning_rates) = (Vec::with_capacity(steps), Vec::with_capacity(steps));
        for step in (self.step_count()..).take(steps) {
            let mut indices = self.batches.next(data.len(), batch);
            self.replace_left_out(&mut indices, data, step);
            main.add((&data.images, labels), &indices, step, &self.model_config, &self.config);
            if semi_supervised {
                let indices = self.labelled_batch(data, step);
                let (images, step) = ((&data.images, Some(&data.labels)), step + LABELLED_STEP);
                labelled.add(images, &indices, step, &self.model_config, &self.config);
            }
            let epochs = self.epochs_done(data.len());
            objectives.push(self.config.objective_after(epochs, data.len(), &self.model_config));
            learning_rates.push(self.config.learning_rate_after(epochs));
        }
        let first = self.adam.step() == 0;
        Upload {
            main: main.upload(first, &self.device),
            labelled: semi_supervised.then(|| labelled.upload(first, &self.device)),
            objectives,
            rates: self.adam.rates(&learning_rates, batch),
        }
    }

    /// Lists the images of `data` that are trained on, where a class is left out.
    ///
    /// # Errors
    /// When none is left.
    fn choose_images(&mut self, data: &Dataset) -> Result<()> {
        let Some(class) = self.left_out() else { return Ok(()) };
        if self.kept.is_empty() {
            self.kept = (0..data.len() as u32).filter(|&image| data.labels.class(image as usize) != class).collect();
        }
        match self.kept.is_empty() {
            true => Err(Error::LeftOutAll { class: usize::from(class).into() }),
            false => Ok(()),
        }
    }

    /// Images of the class that is left out give way to random ones of the others, so that an epoch has as many steps as with all
    /// classes: position, schedules and progress are the same.
    fn replace_left_out(&self, indices: &mut [usize], data: &Dataset, step: u64) {
        let Some(class) = self.left_out() else { return };
        let random = &mut generator(self.config.seed, Stream::LeftOut { step });
        for index in indices.iter_mut().filter(|index| data.labels.class(**index) == class) {
            *index = self.kept[random.random_range(0..self.kept.len())] as usize;
        }
    }

    /// One step of gradient descent; returns `losses` with the terms of `batch` in row `row`.
    fn step(
        &mut self,
        batch: Batch,
        labelled: Option<Batch>,
        objective: &Objective,
        rates: Rates,
        (losses, row): (Tensor<2>, usize),
    ) -> Tensor<2> {
        let model = self.model.take().expect("one step at a time");
        let terms = Terms::of(&model, batch, objective);
        let (mut loss, losses) = terms.loss_and_record(objective, losses, row);
        if let Some(labelled) = labelled {
            loss = loss + Terms::of(&model, labelled, objective).loss(objective);
        }
        let mut model = self.adam.update(model, loss.backward(), rates);
        if let Some(codes) = &terms.codes {
            model = model.update_codebook(codes);
        }
        if model.has_fitted_prior() {
            model = model.update_prior(terms.z.clone().inner());
        }
        self.model = Some(model);
        losses.inner()
    }

    /// The labelled minibatch of one step, sampled with replacement from the labelled training images, which are balanced by
    /// class.
    fn labelled_batch(&mut self, data: &Dataset, step: u64) -> Vec<usize> {
        let TrainConfig { seed, batch, labels, .. } = self.config;
        if self.labelled.is_empty() {
            self.labelled = data.labelled_subset(labels, seed, self.left_out());
        }
        let random = &mut generator(seed, Stream::LabelledBatch { step });
        (0..batch).map(|_| self.labelled[random.random_range(0..self.labelled.len())]).collect()
    }
}
