//! Adam (Kingma & Ba 2015, algorithm 1) with the constants of the paper.

use burn::module::{Module, ModuleMapper, Param};
use burn::tensor::{Device, Gradients, Shape, Tensor, TensorData};

use crate::kernels::constants::{ADAM_BETA_1 as BETA_1, ADAM_BETA_2 as BETA_2, ADAM_EPSILON as EPSILON};
use crate::kernels::{self, Parameter};
use crate::{Result, snapshot};

/// Floats in a row of rates: 256 bytes, the alignment at which a GPU buffer can be bound without a copy.
const ROW: usize = 64;

/// Both moments of every parameter's gradient, in the order in which the model visits them; `None` for running statistics.
#[derive(Debug, Clone, Default)]
pub struct Adam {
    step: u64,
    moments: Vec<Option<Tensor<1>>>, // [2 N] for N values: first moments, then second moments
}

impl Adam {
    /// An optimiser from the moments that [`Adam::read`] returned.
    pub fn restore(step: u64, moments: &[[Vec<f32>; 2]], device: &Device) -> Self {
        let device = device.clone().inner();
        let upload = |both: &[Vec<f32>; 2]| Tensor::from_data(both.concat().as_slice(), &device);
        let moments = moments.iter().map(|both| (!both[0].is_empty()).then(|| upload(both))).collect();
        Self { step, moments }
    }

    /// First and second moments of every parameter, in the order in which the model visits them; empty for running statistics.
    ///
    /// # Errors
    /// When the device is lost.
    pub async fn read(&self) -> Result<Vec<[Vec<f32>; 2]>> {
        let held = self.moments.iter().flatten().cloned().collect();
        let mut values = snapshot::read(held).await?.into_iter();
        let mut next = || {
            let mut first = values.next().expect("as many were read as are held");
            let second = first.split_off(first.len() / 2);
            [first, second]
        };
        Ok(self.moments.iter().map(|held| if held.is_some() { next() } else { Default::default() }).collect())
    }

    /// Updates made so far.
    pub fn step(&self) -> u64 {
        self.step
    }

    /// The numbers that the next updates take, `[steps, ROW]`: a row for each learning rate, with step size, epsilon and the
    /// factor `1 / batch` for gradients of a sum over `batch` losses. One upload for all steps, so that no step waits for the
    /// host.
    pub fn rates(&self, learning_rates: &[f64], batch: usize, device: &Device) -> Tensor<2> {
        let mut rows = vec![0.0; learning_rates.len() * ROW];
        for ((row, step), learning_rate) in rows.chunks_exact_mut(ROW).zip(self.step + 1..).zip(learning_rates) {
            let time = step as f64;
            // Both bias corrections as factors of step size and epsilon, as at the end of section 2 of the paper.
            let correction = (1.0 - BETA_2.powf(time)).sqrt();
            let step_size = learning_rate * correction / (1.0 - BETA_1.powf(time));
            let numbers = [step_size, EPSILON * correction, 1.0 / batch as f64];
            row.iter_mut().zip(numbers).for_each(|(place, number)| *place = number as f32);
        }
        Tensor::from_data(TensorData::new(rows, [learning_rates.len(), ROW]), &device.clone().inner())
    }

    /// Updates every parameter of `model` with row `row` of [`rates`](Self::rates).
    pub fn update<M: Module>(&mut self, model: M, gradients: Gradients, rates: &Tensor<2>, row: usize) -> M {
        self.step += 1;
        let rates: Tensor<1> = rates.clone().narrow(0, row, 1).squeeze_dim(0);
        let moments = std::mem::take(&mut self.moments).into_iter();
        let mut take = Take { gradients, moments, taken: Vec::new(), shapes: Vec::new() };
        let model = model.map(&mut take);

        let (mut values, mut moments) = (Vec::new(), Vec::new());
        let mut taken = take.taken.into_iter();
        while let Some(first) = taken.next() {
            for [value, both] in kernels::adam(first, taken.next(), rates.clone()) {
                values.push(value);
                moments.push(both);
            }
        }
        let mut moments = moments.into_iter();
        self.moments = take.shapes.iter().map(|shape| shape.as_ref().and_then(|_| moments.next())).collect();
        model.map(&mut Give { values: values.into_iter(), shapes: take.shapes.into_iter() })
    }
}

/// Takes the values out of a model, so that they are updated in place.
struct Take {
    gradients: Gradients,
    moments: std::vec::IntoIter<Option<Tensor<1>>>,
    taken: Vec<Parameter>,
    shapes: Vec<Option<Shape>>, // `None` for running statistics
}

impl ModuleMapper for Take {
    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        let (id, value, mapper) = param.consume();
        let moments = self.moments.next().flatten();
        let Some(gradient) = value.grad_remove(&mut self.gradients) else {
            assert!(!value.is_require_grad(), "every parameter takes part in the loss");
            self.shapes.push(None);
            return Param::from_mapped_value(id, value, mapper); // running statistics
        };
        let shape = value.shape();
        let left = Tensor::empty([1; D], &value.device());
        let moments = moments.unwrap_or_else(|| Tensor::zeros([2 * shape.num_elements()], &gradient.device()));
        self.shapes.push(Some(shape));
        self.taken.push(Parameter {
            value: value.inner().flatten(0, D - 1),
            gradient: gradient.flatten(0, D - 1),
            moments,
        });
        Param::from_mapped_value(id, left, mapper)
    }
}

/// Puts the updated values back into the model.
struct Give {
    values: std::vec::IntoIter<Tensor<1>>,
    shapes: std::vec::IntoIter<Option<Shape>>,
}

impl ModuleMapper for Give {
    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        let Some(shape) = self.shapes.next().expect("the model is the one that was taken from") else { return param };
        let (id, _, mapper) = param.consume();
        let value = self.values.next().expect("as many values are put back as were taken");
        Param::from_mapped_value(id, Tensor::from_inner(value.reshape(shape)).require_grad(), mapper)
    }
}
