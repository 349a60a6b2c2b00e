//! Adam (Kingma & Ba 2015, algorithm 1) with the constants of the paper.

use burn::module::{Module, ModuleMapper, Param};
use burn::tensor::{Device, Gradients, Shape, Tensor};

use crate::kernels::constants::{ADAM_BETA_1 as BETA_1, ADAM_BETA_2 as BETA_2, ADAM_EPSILON as EPSILON};
use crate::kernels::{self, ADAM_GROUP, Parameter, Rates};
use crate::{Result, snapshot};

/// Both moments of every parameter's gradient.
#[derive(Debug, Clone, Default)]
pub struct Adam {
    step: u64,
    /// Values of each parameter, in the order in which the model visits them; zero for running statistics.
    sizes: Vec<usize>,
    /// Of each of the [`groups`], `[2 N]` for `N` values: first moments, then second moments.
    moments: Vec<Tensor<1>>,
}

impl Adam {
    /// An optimiser from the moments that [`Adam::read`] returned.
    pub fn restore(step: u64, moments: &[[Vec<f32>; 2]], device: &Device) -> Self {
        let device = device.clone().inner();
        let sizes: Vec<usize> = moments.iter().map(|[first, _]| first.len()).collect();
        let upload = |group: &Vec<usize>| {
            let values: Vec<f32> =
                [0, 1].into_iter().flat_map(|k| group.iter().flat_map(move |&of| moments[of][k].clone())).collect();
            Tensor::from_data(values.as_slice(), &device)
        };
        let moments = groups(&sizes).iter().map(upload).collect();
        Self { step, sizes, moments }
    }

    /// First and second moments of every parameter, in the order in which the model visits them; empty for running statistics.
    ///
    /// # Errors
    /// When the device is lost.
    pub async fn read(&self) -> Result<Vec<[Vec<f32>; 2]>> {
        let mut of_each: Vec<[Vec<f32>; 2]> = self.sizes.iter().map(|_| Default::default()).collect();
        for (group, moments) in groups(&self.sizes).into_iter().zip(snapshot::read(self.moments.clone()).await?) {
            let (first, second) = moments.split_at(moments.len() / 2);
            let mut start = 0;
            for of in group {
                let range = start..start + self.sizes[of];
                start = range.end;
                of_each[of] = [first, second].map(|moments| moments[range.clone()].to_vec());
            }
        }
        Ok(of_each)
    }

    /// Updates made so far.
    pub fn step(&self) -> u64 {
        self.step
    }

    /// The numbers of the next updates, for each learning rate and gradients of a sum over `batch` losses.
    pub fn rates(&self, learning_rates: &[f64], batch: usize) -> Vec<Rates> {
        let of = |(step, learning_rate): (u64, &f64)| {
            let time = step as f64;
            // Both bias corrections as factors of step size and epsilon, as at the end of section 2 of the paper.
            let correction = (1.0 - BETA_2.powf(time)).sqrt();
            Rates {
                step_size: (learning_rate * correction / (1.0 - BETA_1.powf(time))) as f32,
                epsilon: (EPSILON * correction) as f32,
                gradient_factor: (1.0 / batch as f64) as f32,
            }
        };
        (self.step + 1..).zip(learning_rates).map(of).collect()
    }

    /// Updates every parameter of `model`.
    pub fn update<M: Module>(&mut self, model: M, gradients: Gradients, rates: Rates) -> M {
        self.step += 1;
        let mut take = Take { gradients, taken: Vec::new(), shapes: Vec::new() };
        let model = model.map(&mut take);
        self.sizes = take.shapes.iter().map(|shape| shape.as_ref().map_or(0, Shape::num_elements)).collect();

        let mut parameters = take.taken;
        let mut values: Vec<Option<Tensor<1>>> = vec![None; parameters.len()];
        let mut before = std::mem::take(&mut self.moments).into_iter();
        for group in groups(&self.sizes) {
            let zeros = || {
                let size: usize = group.iter().map(|&of| self.sizes[of]).sum();
                let value = &parameters[group[0]].as_ref().expect("a group has parameters").value;
                Tensor::zeros([2 * size], &value.device())
            };
            let moments = before.next().unwrap_or_else(zeros);
            let taken = group.iter().map(|&of| parameters[of].take().expect("a parameter is in one group")).collect();
            let (updated, moments) = kernels::adam(taken, moments, rates);
            group.into_iter().zip(updated).for_each(|(of, value)| values[of] = Some(value));
            self.moments.push(moments);
        }
        let values: Vec<_> = values.into_iter().flatten().collect();
        model.map(&mut Give { values: values.into_iter(), shapes: take.shapes.into_iter() })
    }
}

/// The parameters of each launch, as places in `sizes`: at most [`ADAM_GROUP`], those of similar size together, and of the largest as few as
/// leaves the others full groups. A software adapter looks for each value in every parameter of its launch.
fn groups(sizes: &[usize]) -> Vec<Vec<usize>> {
    let mut places: Vec<usize> = (0..sizes.len()).filter(|&place| sizes[place] > 0).collect();
    places.sort_by_key(|&place| std::cmp::Reverse(sizes[place]));
    let (largest, others) = places.split_at(places.len() % ADAM_GROUP);
    std::iter::once(largest).filter(|group| !group.is_empty()).chain(others.chunks(ADAM_GROUP)).map(Vec::from).collect()
}

/// Takes the values out of a model, so that they are updated in place.
struct Take {
    gradients: Gradients,
    taken: Vec<Option<Parameter>>, // `None` for running statistics, also in the next
    shapes: Vec<Option<Shape>>,
}

impl ModuleMapper for Take {
    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        let (id, value, mapper) = param.consume();
        let Some(gradient) = value.grad_remove(&mut self.gradients) else {
            assert!(!value.is_require_grad(), "every parameter takes part in the loss");
            self.taken.push(None);
            self.shapes.push(None);
            return Param::from_mapped_value(id, value, mapper); // running statistics
        };
        let shape = value.shape();
        let left = Tensor::empty([1; D], &value.device());
        self.shapes.push(Some(shape));
        let (value, gradient) = (value.inner().flatten(0, D - 1), gradient.flatten(0, D - 1));
        self.taken.push(Some(Parameter { value, gradient }));
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
