//! Every fused operation on random numbers of odd sizes, its values and its slopes: what a device computes, to be held against
//! plain burn natively and against the CPU in the page.

use burn::tensor::{Device, Tensor, TensorData};
use rand::RngExt;
use rand::rngs::ChaCha8Rng;
use rand_distr::{Distribution, StandardNormal};

use super::Moved;
use crate::random::{Stream, generator};
use crate::{Result, snapshot};

/// The operations under trial; [`FUSED`] are ours.
#[derive(Debug, Clone, Copy)]
#[allow(clippy::type_complexity, reason = "the types are those of the functions beside this file")]
pub struct Operations {
    pub dense: fn(Tensor<2>, Tensor<2>, Tensor<1>, bool) -> Tensor<2>,
    pub cross_entropy: fn(Tensor<2>, Tensor<2>) -> Tensor<1>,
    pub latent: fn(Tensor<2>, Tensor<2>, Tensor<2>) -> (Tensor<2>, Tensor<1>),
    pub conv: fn(Tensor<4>, Tensor<4>) -> Tensor<4>,
    pub up: fn(Tensor<4>, Tensor<4>, Option<Tensor<1>>) -> Tensor<4>,
    pub norm: fn(Tensor<4>, Tensor<1>, Tensor<1>, [Tensor<1>; 2], bool) -> (Tensor<4>, [Tensor<1>; 2]),
    pub adam: fn(Moved, Option<Moved>, Tensor<1>) -> Vec<[Tensor<1>; 2]>,
    pub note: fn(Tensor<1>, Tensor<1>, Tensor<2>, usize) -> Tensor<2>,
}

/// Ours.
pub const FUSED: Operations = Operations {
    dense: super::dense,
    cross_entropy: super::cross_entropy,
    latent: super::latent,
    conv: super::conv,
    up: super::up,
    norm: super::norm,
    adam: super::adam,
    note: super::note,
};

/// What came out under which name.
pub type Outcome = Vec<(String, Vec<f32>)>;

/// All operations once, with the sizes and numbers of `seed`.
///
/// # Errors
/// When the device is lost.
pub async fn trial(operations: Operations, seed: u64, device: &Device) -> Result<Outcome> {
    let random = generator(seed, Stream::Samples);
    let mut bench = Bench { random, device: device.clone().autodiff(), names: Vec::new(), tensors: Vec::new() };
    bench.dense(operations);
    bench.bound(operations);
    bench.pictures(operations);
    bench.updates(operations);
    let values = snapshot::read(bench.tensors).await?;
    Ok(bench.names.into_iter().zip(values).collect())
}

struct Bench {
    random: ChaCha8Rng,
    device: Device,
    names: Vec<String>,
    tensors: Vec<Tensor<1>>,
}

impl Bench {
    fn size(&mut self, most: usize) -> usize {
        self.random.random_range(1..=most)
    }

    fn draw<const D: usize>(&mut self, shape: [usize; D]) -> Tensor<D> {
        let count = shape.iter().product();
        let values: Vec<f32> = StandardNormal.sample_iter(&mut self.random).take(count).collect();
        Tensor::from_data(TensorData::new(values, shape), &self.device)
    }

    fn leaf<const D: usize>(&mut self, shape: [usize; D]) -> Tensor<D> {
        self.draw(shape).require_grad()
    }

    fn keep<const D: usize>(&mut self, name: &str, tensor: Tensor<D>) {
        self.names.push(name.into());
        self.tensors.push(tensor.inner().flatten(0, D - 1));
    }

    /// A number that depends on every entry of `y` in a way of its own.
    fn weighed<const D: usize>(&mut self, y: &Tensor<D>) -> Tensor<1> {
        let weights = self.draw(y.dims());
        (y.clone() * weights).sum()
    }

    fn dense(&mut self, operations: Operations) {
        for relu in [false, true] {
            let [rows, inputs, outputs] = [20, 70, 30].map(|most| self.size(most));
            let (x, weight) = (self.leaf([rows, inputs]), self.leaf([outputs, inputs]));
            let bias = self.leaf([outputs]);
            let y = (operations.dense)(x.clone(), weight.clone(), bias.clone(), relu);
            let mut slopes = self.weighed(&y).backward();
            let name = |of| format!("dense {rows} {inputs} {outputs}, ReLU {relu}: {of}");
            self.keep(&name("y"), y);
            self.keep(&name("dx"), Tensor::from_inner(x.grad_remove(&mut slopes).expect("x counts")));
            self.keep(&name("dW"), Tensor::from_inner(weight.grad_remove(&mut slopes).expect("W counts")));
            self.keep(&name("db"), Tensor::from_inner(bias.grad_remove(&mut slopes).expect("b counts")));
        }
    }

    fn bound(&mut self, operations: Operations) {
        let [rows, pixels, latent] = [20, 200, 40].map(|most| self.size(most));
        let logits = (self.draw([rows, pixels]) * 8.0).detach().require_grad();
        let images = burn::tensor::activation::sigmoid(self.draw([rows, pixels]));
        let cost = (operations.cross_entropy)(logits.clone(), images);
        let mut slopes = self.weighed(&cost).backward();
        self.keep(&format!("cross-entropy {rows} {pixels}: cost"), cost);
        self.keep("its slope", Tensor::from_inner(logits.grad_remove(&mut slopes).expect("logits count")));

        for priced in [true, false] {
            let (mean, log_var) = (self.leaf([rows, latent]), self.leaf([rows, latent]));
            let noise = self.draw([rows, latent]);
            let (z, kl) = (operations.latent)(mean.clone(), log_var.clone(), noise);
            let mut loss = self.weighed(&z);
            if priced {
                loss = loss + self.weighed(&kl);
            }
            let mut slopes = loss.backward();
            let name = |of| format!("latent {rows} {latent}, KL counts {priced}: {of}");
            self.keep(&name("z"), z);
            self.keep(&name("KL"), kl);
            self.keep(&name("dmean"), Tensor::from_inner(mean.grad_remove(&mut slopes).expect("it counts")));
            self.keep(&name("dlog var"), Tensor::from_inner(log_var.grad_remove(&mut slopes).expect("it counts")));
        }
    }

    fn pictures(&mut self, operations: Operations) {
        let [images, from, to, height, width] = [4, 12, 12, 9, 9].map(|most| self.size(most));
        let (x, weight) = (self.leaf([images, from, height, width]), self.leaf([to, from, 3, 3]));
        let y = (operations.conv)(x.clone(), weight.clone());
        let mut slopes = self.weighed(&y).backward();
        let sizes = format!("{images} {from} {to} {height} {width}");
        self.keep(&format!("conv {sizes}: y"), y);
        self.keep("conv: dx", Tensor::from_inner(x.grad_remove(&mut slopes).expect("x counts")));
        self.keep("conv: dW", Tensor::from_inner(weight.grad_remove(&mut slopes).expect("W counts")));

        for biased in [false, true] {
            let (x, weight) = (self.leaf([images, from, height, width]), self.leaf([from, to, 2, 2]));
            let bias = biased.then(|| self.leaf([to]));
            let y = (operations.up)(x.clone(), weight.clone(), bias.clone());
            let mut slopes = self.weighed(&y).backward();
            self.keep(&format!("up {sizes}: y"), y);
            self.keep("up: dx", Tensor::from_inner(x.grad_remove(&mut slopes).expect("x counts")));
            self.keep("up: dW", Tensor::from_inner(weight.grad_remove(&mut slopes).expect("W counts")));
            if let Some(bias) = bias {
                self.keep("up: db", Tensor::from_inner(bias.grad_remove(&mut slopes).expect("b counts")));
            }
        }

        for pool in [false, true] {
            let [height, width] = [height, width].map(|side| side + 1); // a window must fit
            let x = self.leaf([images + 1, from, height, width]);
            let (weight, bias) = (self.leaf([from]), self.leaf([from]));
            let running = [self.draw([from]), self.draw([from])];
            let (y, [mean, var]) = (operations.norm)(x.clone(), weight.clone(), bias.clone(), running, pool);
            let mut slopes = self.weighed(&y).backward();
            let name = |of| format!("norm {} {from} {height} {width}, pool {pool}: {of}", images + 1);
            self.keep(&name("y"), y);
            self.keep(&name("running mean"), mean);
            self.keep(&name("running var"), var);
            self.keep(&name("dx"), Tensor::from_inner(x.grad_remove(&mut slopes).expect("x counts")));
            self.keep(&name("dweight"), Tensor::from_inner(weight.grad_remove(&mut slopes).expect("it counts")));
            self.keep(&name("dbias"), Tensor::from_inner(bias.grad_remove(&mut slopes).expect("it counts")));
        }
    }

    fn updates(&mut self, operations: Operations) {
        let plain = self.device.clone().inner();
        let rates = |rates: [f32; 4]| Tensor::<1>::from_data(rates, &plain);
        let (quick, slow) = (rates([0.1, 0.01, 0.5, 0.0]), rates([0.02, 0.001, 1.0, 0.0]));
        let [one, other, rows] = [90, 60, 50].map(|most| self.size(most));
        let mut moved = |size: usize| Moved {
            value: self.draw([size]).inner(),
            gradient: self.draw([size]).inner(),
            moments: self.draw([2 * size]).square().inner(),
        };
        let mut pairs = (operations.adam)(moved(one), Some(moved(other)), slow.clone());
        pairs.extend((operations.adam)(moved(4 * one), Some(moved(4 * other)), slow));
        pairs.extend((operations.adam)(moved(one), None, quick));
        for (n, [value, moments]) in pairs.into_iter().enumerate() {
            self.keep(&format!("Adam {n}: value"), Tensor::from_inner(value));
            self.keep(&format!("Adam {n}: moments"), Tensor::from_inner(moments));
        }
        let [first, second] = [self.draw([rows]).inner(), self.draw([rows]).inner()];
        let notes = (operations.note)(first, second, Tensor::zeros([3, 2], &plain), 1);
        self.keep("note", Tensor::from_inner(notes));
    }
}
