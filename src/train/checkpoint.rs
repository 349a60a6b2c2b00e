//! What resumes a training run: the weights, Adam's moments, and the position in the data, as one safetensors file.

use std::collections::HashMap;

use burn::tensor::Device;

use super::{Adam, TrainConfig, Trainer};
use crate::data::{Batches, Position};
use crate::model::Vae;
use crate::snapshot::NamedTensor;
use crate::weights::{File, LARGEST_CHECKPOINT, OPTIMISER, Precision, Weights};
use crate::{Error, Result};

/// The largest count of steps, epochs or images that is read: exact in JavaScript.
const LARGEST_COUNT: u64 = (1 << 53) - 1;

/// The state of a training run after some step.
#[derive(Debug, Clone, PartialEq)]
pub struct Checkpoint {
    /// The model's weights and configuration.
    pub weights: Weights,
    /// The settings in use when the checkpoint was taken.
    pub train: TrainConfig,
    /// Updates made so far.
    pub step: u64,
    /// How many of these came before the optimiser's moments began anew; 0 where they never did.
    pub earlier_steps: u64,
    /// Position in the shuffled training images.
    pub position: Position,
    /// Adam's first and second moments, one pair per parameter, in the order of the weights; empty for running statistics. No
    /// pairs before the first step after they began.
    pub moments: Vec<[Vec<f32>; 2]>,
}

impl Checkpoint {
    /// Of a run that goes on from these `weights`, which another run with the settings `train` had after `step` steps and `epochs` epochs
    /// of `images` images: with the batches and random numbers that came next there, and without the moments, which begin at zero.
    pub fn branch(weights: Weights, train: TrainConfig, step: u64, epochs: f64, images: usize) -> Self {
        let position = Position::after(epochs, images, train.batch);
        Self { weights, train, step, earlier_steps: step, position, moments: Vec::new() }
    }

    /// The file's bytes, in single precision: those of the [`Weights`], with the moments as further tensors.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut contents = self.weights.contents(Precision::Single);
        contents.set("train", &self.train);
        contents.set("step", &self.step);
        if self.earlier_steps > 0 {
            contents.set("earlier_steps", &self.earlier_steps);
        }
        contents.set("position", &self.position);
        let moments = self.weights.parameters.iter().zip(&self.moments);
        for (NamedTensor { name, shape, .. }, moments) in moments.filter(|(values, _)| !values.is_running_statistic()) {
            for (order, moment) in ["first", "second"].into_iter().zip(moments) {
                contents.push(moment_name(order, name), shape, moment, Precision::Single);
            }
        }
        contents.to_bytes()
    }

    /// Reads a file.
    ///
    /// # Errors
    /// When the file's weights cannot be used, or it holds no training state.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self> {
        let mut file = File::parse(bytes, LARGEST_CHECKPOINT)?;
        let (Some(train), Some(step), Some(position)) =
            (file.take("train")?, file.take::<u64>("step")?, file.take::<Position>("position")?)
        else {
            return Err(Error::WeightsWithoutTraining {});
        };
        let earlier_steps: u64 = file.take("earlier_steps")?.unwrap_or(0);
        for (entry, count) in [("step", step), ("position", position.epoch), ("position", position.image as u64)] {
            if count > LARGEST_COUNT {
                let detail = format!("{count} is more than {LARGEST_COUNT}").into();
                return Err(Error::WeightsMetadata { entry: entry.into(), detail });
            }
        }
        let Some(updates) = step.checked_sub(earlier_steps) else {
            let detail = format!("{earlier_steps} is more than {step}").into();
            return Err(Error::WeightsMetadata { entry: "earlier_steps".into(), detail });
        };
        let weights = Weights::read(&mut file)?;
        let moments = match updates {
            0 => Vec::new(),
            _ => weights.parameters.iter().map(|values| moments(&file, values)).collect::<Result<_>>()?,
        };
        Ok(Self { weights, train, step, earlier_steps, position, moments })
    }

    /// This checkpoint with weights and moments in the order in which `model` visits its parameters.
    ///
    /// # Errors
    /// When a parameter is missing or of another shape.
    pub fn fit(self, model: &Vae) -> Result<Self> {
        let names = self.weights.parameters.iter().map(|values| values.name.clone());
        let mut moments: HashMap<_, _> = names.zip(self.moments).collect();
        let weights = self.weights.fit(model)?;
        let moments = weights.parameters.iter().filter_map(|values| moments.remove(&values.name)).collect();
        Ok(Self { weights, moments, ..self })
    }
}

impl Trainer {
    /// Resumes a run where its checkpoint was taken, with the settings `train`.
    ///
    /// # Errors
    /// When a setting is outside its limits, or the weights do not fit the model that they name.
    pub fn from_checkpoint(checkpoint: Checkpoint, train: TrainConfig, device: &Device) -> Result<Self> {
        let mut trainer = Self::new(checkpoint.weights.model.clone(), train, device)?;
        let model = trainer.current();
        let Checkpoint { weights, step, earlier_steps, position, moments, .. } = checkpoint.fit(&model)?;
        trainer.model = Some(weights.fill(model));
        trainer.batches = Batches::new(trainer.config.seed, position);
        trainer.earlier_steps = earlier_steps;
        trainer.adam = Adam::restore(step - earlier_steps, &moments, device);
        Ok(trainer)
    }

    /// Everything needed to resume exactly here.
    ///
    /// # Errors
    /// When the device is lost.
    pub async fn checkpoint(&self) -> Result<Checkpoint> {
        Ok(Checkpoint {
            weights: self.weights().await?,
            train: self.config.clone(),
            step: self.step_count(),
            earlier_steps: self.earlier_steps,
            position: self.batches.position(),
            moments: self.adam.read().await?,
        })
    }
}

fn moments(file: &File, values: &NamedTensor) -> Result<[Vec<f32>; 2]> {
    if values.is_running_statistic() {
        return Ok(Default::default());
    }
    let moment = |order| {
        let moment = file.tensor(&moment_name(order, &values.name))?;
        match moment.shape == values.shape {
            true => Ok(moment.values),
            false => Err(Error::tensor_shape(&moment.name, &moment.shape, &values.shape)),
        }
    };
    Ok([moment("first")?, moment("second")?])
}

fn moment_name(order: &str, parameter: &str) -> String {
    format!("{OPTIMISER}{order}.{parameter}")
}

/// Where two checkpoints of the same run differ most in their gradients' first moments: the parameter's name, and the
/// norm of the difference relative to the norm in `a`. After one step this compares the gradients of two devices.
///
/// # Errors
/// When either file is damaged or has no training state, or the models differ.
pub fn largest_difference(a: &[u8], b: &[u8]) -> Result<(String, f64)> {
    let (a, b) = (Checkpoint::from_bytes(a)?, Checkpoint::from_bytes(b)?);
    a.weights.check_model(&b.weights.model)?;
    let norm = |values: &mut dyn Iterator<Item = f32>| values.map(|x| f64::from(x).powi(2)).sum::<f64>().sqrt();
    let relative = |x: &[f32], y: &[f32]| {
        let difference = norm(&mut x.iter().zip(y).map(|(x, y)| x - y));
        difference / norm(&mut x.iter().copied()).max(f64::MIN_POSITIVE)
    };
    let moments = a.moments.iter().zip(&b.moments).map(|([x, _], [y, _])| relative(x, y));
    let differences = a.weights.parameters.iter().zip(moments);
    let (parameter, largest) = differences.max_by(|(_, x), (_, y)| x.total_cmp(y)).ok_or(Error::WeightsUntrained {})?;
    Ok((parameter.name.clone(), largest))
}
