//! Adam (Kingma & Ba 2015, algorithm 1) with the usual constants.

use burn::module::{Module, ModuleMapper, Param};
use burn::tensor::{Device, Gradients, Tensor};

use crate::{Result, snapshot};

const BETA_1: f64 = 0.9;
const BETA_2: f64 = 0.999;
const EPSILON: f64 = 1e-8;

/// The running moments of every parameter, flat, in the order in which the model visits them; none for running statistics.
#[derive(Debug, Clone, Default)]
pub struct Adam {
    step: u64,
    moments: Vec<Option<Moments>>,
}

/// First and second moment of one parameter's gradient, each flat.
#[derive(Debug, Clone)]
struct Moments {
    first: Tensor<1>,
    second: Tensor<1>,
}

impl Adam {
    /// An optimiser as [`Adam::read`] left it.
    pub fn restore(step: u64, moments: &[[Vec<f32>; 2]], device: &Device) -> Self {
        let device = device.clone().inner();
        let upload = |values: &Vec<f32>| Tensor::from_data(values.as_slice(), &device);
        let moments = moments
            .iter()
            .map(|[first, second]| {
                (!first.is_empty()).then(|| Moments { first: upload(first), second: upload(second) })
            })
            .collect();
        Self { step, moments }
    }

    /// First and second moments of every parameter, in the order in which the model visits them; empty for running statistics.
    ///
    /// # Errors
    /// When the device is lost.
    pub async fn read(&self) -> Result<Vec<[Vec<f32>; 2]>> {
        let held = self.moments.iter().flatten();
        let tensors = held.flat_map(|Moments { first, second }| [first.clone(), second.clone()]).collect();
        let mut values = snapshot::read(tensors).await?.into_iter();
        let mut next = || values.next().expect("as many were read as are held");
        Ok(self.moments.iter().map(|held| if held.is_some() { [next(), next()] } else { Default::default() }).collect())
    }

    /// Updates made so far.
    pub fn step(&self) -> u64 {
        self.step
    }

    /// Moves every parameter of `model` one step against its gradient.
    pub fn update<M: Module>(&mut self, model: M, gradients: Gradients, learning_rate: f64) -> M {
        self.step += 1;
        let time = self.step as f64;
        let correction = (1.0 - BETA_2.powf(time)).sqrt();
        let mut update = Update {
            gradients,
            // Both bias corrections folded into two scalars, so that the moments are read once.
            step_size: learning_rate * correction / (1.0 - BETA_1.powf(time)),
            epsilon: EPSILON * correction,
            old: std::mem::take(&mut self.moments).into_iter(),
            new: &mut self.moments,
        };
        model.map(&mut update)
    }
}

struct Update<'a> {
    gradients: Gradients,
    step_size: f64,
    epsilon: f64,
    old: std::vec::IntoIter<Option<Moments>>,
    new: &'a mut Vec<Option<Moments>>,
}

impl ModuleMapper for Update<'_> {
    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        let (id, value, mapper) = param.consume();
        let old = self.old.next().flatten();
        let Some(gradient) = value.grad_remove(&mut self.gradients) else {
            assert!(!value.is_require_grad(), "every parameter takes part in the loss");
            self.new.push(None);
            return Param::from_mapped_value(id, value, mapper); // running statistics
        };
        let gradient: Tensor<1> = gradient.flatten(0, D - 1);
        let shape = value.shape();
        let value: Tensor<1> = value.inner().flatten(0, D - 1);

        let Moments { first, second } =
            old.unwrap_or_else(|| Moments { first: gradient.zeros_like(), second: gradient.zeros_like() });
        let first = first * BETA_1 + gradient.clone() * (1.0 - BETA_1);
        let second = second * BETA_2 + gradient.square() * (1.0 - BETA_2);
        let delta = first.clone() / (second.clone().sqrt() + self.epsilon) * self.step_size;
        self.new.push(Some(Moments { first, second }));

        let value = Tensor::from_inner((value - delta).reshape(shape)).require_grad();
        Param::from_mapped_value(id, value, mapper)
    }
}
