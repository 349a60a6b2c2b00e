//! Trials of the fused operations: outputs and gradients for random tensors of odd sizes. The tests compare them with stock
//! burn natively, and WebGPU with the CPU in the browser.

use burn::tensor::activation::sigmoid;
use burn::tensor::{Device, Gradients, Tensor, TensorData};
use rand::RngExt;
use rand::rngs::ChaCha8Rng;
use rand_distr::{Distribution, StandardNormal};

use super::{ADAM_GROUP, Parameter, Rates};
use crate::random::{Stream, generator};
use crate::{Result, snapshot};

/// An implementation of the operations, with the signatures of the functions in [`kernels`](super).
#[derive(Debug, Clone, Copy)]
#[allow(clippy::type_complexity, missing_docs, reason = "types and names are those of the functions in `kernels`")]
pub struct Operations {
    pub pixels: fn(Vec<u8>, usize, &Device) -> Tensor<2>,
    pub dense: fn(Tensor<2>, Tensor<2>, Tensor<1>) -> Tensor<2>,
    /// With a ReLU.
    pub dense_relu: fn(Tensor<2>, Tensor<2>, Tensor<1>) -> Tensor<2>,
    pub product: fn(Tensor<2>, Tensor<2>) -> Tensor<2>,
    pub dense_pair: fn(Tensor<2>, [Tensor<2>; 2], [Tensor<1>; 2]) -> [Tensor<2>; 2],
    /// A layer with a ReLU, and three layers that take its output: a pair and a single one.
    pub hidden_layer: fn(Tensor<2>, [Tensor<2>; 4], [Tensor<1>; 4]) -> [Tensor<2>; 3],
    pub cross_entropy: fn(Tensor<2>, Tensor<2>) -> Tensor<1>,
    pub sample_and_kl: fn(Tensor<2>, Tensor<2>, Tensor<2>) -> (Tensor<2>, Tensor<1>),
    pub conv: fn(Tensor<4>, Tensor<4>) -> Tensor<4>,
    pub conv_transpose: fn(Tensor<4>, Tensor<4>, Option<Tensor<1>>) -> Tensor<4>,
    pub batch_norm: fn(Tensor<4>, Tensor<1>, Tensor<1>, [Tensor<1>; 2], bool) -> (Tensor<4>, [Tensor<1>; 2]),
    pub adam: fn(Vec<Parameter>, Tensor<1>, Rates) -> (Vec<Tensor<1>>, Tensor<1>),
    pub total_and_record: fn([Tensor<1>; 2], f64, Tensor<2>, usize) -> (Tensor<1>, Tensor<2>),
}

/// The operations of [`kernels`](super), and the [product](crate::layers::product) of matrices by them.
pub const FUSED: Operations = Operations {
    pixels: super::pixels,
    dense: super::dense,
    dense_relu: |x, weight, bias| super::dense_relu(x, weight, bias).into_tensor(),
    product: crate::layers::product,
    dense_pair: super::dense_pair,
    hidden_layer,
    cross_entropy: super::cross_entropy,
    sample_and_kl: super::sample_and_kl,
    conv: super::conv,
    conv_transpose: super::conv_transpose,
    batch_norm: super::batch_norm,
    adam: super::adam,
    total_and_record: super::total_and_record,
};

fn hidden_layer(
    x: Tensor<2>,
    [hidden, a, b, c]: [Tensor<2>; 4],
    [hidden_bias, a_bias, b_bias, c_bias]: [Tensor<1>; 4],
) -> [Tensor<2>; 3] {
    let hidden = super::dense_relu(x, hidden, hidden_bias);
    let [a, b] = super::dense_pair(hidden.clone(), [a, b], [a_bias, b_bias]);
    [a, b, super::dense(hidden, c, c_bias)]
}

/// Every output and gradient, by name.
pub type Outcome = Vec<(String, Vec<f32>)>;

/// Runs all operations on sizes and numbers drawn from `seed`.
///
/// # Errors
/// If the device is lost.
pub async fn trial(operations: Operations, seed: u64, device: &Device) -> Result<Outcome> {
    let random = generator(seed, Stream::Samples);
    let mut trial = Trial { random, device: device.clone().autodiff(), names: Vec::new(), tensors: Vec::new() };
    trial.pixels(operations);
    trial.dense(operations);
    trial.product(operations);
    trial.dense_pair(operations);
    trial.hidden_layer(operations);
    trial.cross_entropy(operations);
    trial.sample_and_kl(operations);
    let sizes = [4, 12, 12, 9, 9].map(|most| trial.size(most));
    trial.conv(operations, sizes);
    trial.conv_transpose(operations, sizes);
    trial.batch_norm(operations, sizes);
    trial.adam(operations);
    trial.total_and_record(operations);
    let values = snapshot::read(trial.tensors).await?;
    Ok(trial.names.into_iter().zip(values).collect())
}

struct Trial {
    random: ChaCha8Rng,
    device: Device,
    names: Vec<String>,
    tensors: Vec<Tensor<1>>,
}

impl Trial {
    /// A random size in `1..=most`.
    fn size(&mut self, most: usize) -> usize {
        self.random.random_range(1..=most)
    }

    /// A tensor of samples of N(0, 1).
    fn draw<const D: usize>(&mut self, shape: [usize; D]) -> Tensor<D> {
        let count = shape.iter().product();
        let values: Vec<f32> = StandardNormal.sample_iter(&mut self.random).take(count).collect();
        Tensor::from_data(TensorData::new(values, shape), &self.device)
    }

    /// The same, with a gradient.
    fn leaf<const D: usize>(&mut self, shape: [usize; D]) -> Tensor<D> {
        self.draw(shape).require_grad()
    }

    /// Adds an output to the outcome.
    fn keep<const D: usize>(&mut self, name: &str, tensor: Tensor<D>) {
        self.names.push(name.into());
        self.tensors.push(tensor.inner().flatten(0, D - 1));
    }

    /// A loss that depends on every entry of `y` with a different, random weight.
    fn random_loss<const D: usize>(&mut self, y: &Tensor<D>) -> Tensor<1> {
        let weights = self.draw(y.dims());
        (y.clone() * weights).sum()
    }

    fn keep_gradient<const D: usize>(&mut self, name: &str, leaf: &Tensor<D>, gradients: &mut Gradients) {
        let gradient = leaf.grad_remove(gradients).expect("the loss depends on every leaf");
        self.keep(name, Tensor::from_inner(gradient));
    }

    fn pixels(&mut self, operations: Operations) {
        let (rows, columns) = (self.size(20), 4 * self.size(200));
        let bytes = (0..rows * columns).map(|_| self.random.random()).collect();
        let pixels = (operations.pixels)(bytes, columns, &self.device);
        self.keep(&format!("pixels {rows} {columns}"), pixels);
    }

    fn dense(&mut self, operations: Operations) {
        for relu in [false, true] {
            // With ReLU large enough for the tall tiles of a software adapter.
            let least = if relu { [8, 64, 64] } else { [0; 3] };
            let [rows, inputs, outputs] = [(0, 20), (1, 70), (2, 30)].map(|(side, most)| least[side] + self.size(most));
            let (x, weight) = (self.leaf([rows, inputs]), self.leaf([outputs, inputs]));
            let bias = self.leaf([outputs]);
            let layer = if relu { operations.dense_relu } else { operations.dense };
            let y = layer(x.clone(), weight.clone(), bias.clone());
            let mut gradients = self.random_loss(&y).backward();
            let name = |of| format!("dense {rows} {inputs} {outputs}, ReLU {relu}: {of}");
            self.keep(&name("y"), y);
            self.keep_gradient(&name("dx"), &x, &mut gradients);
            self.keep_gradient(&name("dweight"), &weight, &mut gradients);
            self.keep_gradient(&name("dbias"), &bias, &mut gradients);
        }
    }

    fn product(&mut self, operations: Operations) {
        let [rows, depth, columns] = [20, 70, 30].map(|most| self.size(most));
        let (a, b) = (self.leaf([rows, depth]), self.leaf([depth, columns]));
        let c = (operations.product)(a.clone(), b.clone());
        let mut gradients = self.random_loss(&c).backward();
        let name = |of| format!("product {rows} {depth} {columns}: {of}");
        self.keep(&name("c"), c);
        self.keep_gradient(&name("da"), &a, &mut gradients);
        self.keep_gradient(&name("db"), &b, &mut gradients);
    }

    fn dense_pair(&mut self, operations: Operations) {
        for with_other in [true, false] {
            let [rows, inputs, outputs] = [20, 70, 40].map(|most| self.size(most));
            let x = self.leaf([rows, inputs]);
            let (weights, biases) =
                ([(); 2].map(|()| self.leaf([outputs, inputs])), [(); 2].map(|()| self.leaf([outputs])));
            let [y, other] = (operations.dense_pair)(x.clone(), weights.clone(), biases.clone());
            let mut loss = self.random_loss(&y);
            if with_other {
                loss = loss + self.random_loss(&other);
            }
            let mut gradients = loss.backward();
            let name = |of: &str| format!("two dense {rows} {inputs} {outputs}, both in the loss {with_other}: {of}");
            self.keep(&name("y"), y);
            self.keep(&name("other y"), other);
            self.keep_gradient(&name("dx"), &x, &mut gradients);
            for (layer, (weight, bias)) in weights.iter().zip(&biases).enumerate().take(1 + usize::from(with_other)) {
                self.keep_gradient(&name(&format!("dweight {layer}")), weight, &mut gradients);
                self.keep_gradient(&name(&format!("dbias {layer}")), bias, &mut gradients);
            }
        }
    }

    fn hidden_layer(&mut self, operations: Operations) {
        // Large enough for the tall tiles of a software adapter, then small.
        for least in [[8, 64, 64], [0; 3]] {
            let [rows, width, outputs] = [0, 1, 2].map(|side| least[side] + self.size(40));
            let x = self.leaf([rows, 30]);
            let shapes = [[width, 30], [outputs, width], [outputs, width], [outputs, width]];
            let (weights, biases) = (shapes.map(|shape| self.leaf(shape)), shapes.map(|[units, _]| self.leaf([units])));
            let y = (operations.hidden_layer)(x.clone(), weights.clone(), biases.clone());
            let losses = y.each_ref().map(|y| self.random_loss(y));
            let mut gradients = losses.into_iter().reduce(|sum, loss| sum + loss).expect("three losses").backward();
            let name = |of: &str| format!("hidden layer {rows} {width} {outputs}: {of}");
            for (output, y) in y.into_iter().enumerate() {
                self.keep(&name(&format!("y {output}")), y);
            }
            self.keep_gradient(&name("dx"), &x, &mut gradients);
            for (layer, (weight, bias)) in weights.iter().zip(&biases).enumerate() {
                self.keep_gradient(&name(&format!("dweight {layer}")), weight, &mut gradients);
                self.keep_gradient(&name(&format!("dbias {layer}")), bias, &mut gradients);
            }
        }
    }

    fn cross_entropy(&mut self, operations: Operations) {
        let [rows, pixels] = [20, 200].map(|most| self.size(most));
        let logits = (self.draw([rows, pixels]) * 8.0).detach().require_grad();
        let images = sigmoid(self.draw([rows, pixels]));
        let loss = (operations.cross_entropy)(logits.clone(), images);
        let mut gradients = self.random_loss(&loss).backward();
        let name = |of| format!("cross-entropy {rows} {pixels}: {of}");
        self.keep(&name("loss"), loss);
        self.keep_gradient(&name("dlogits"), &logits, &mut gradients);
    }

    fn sample_and_kl(&mut self, operations: Operations) {
        let [rows, components] = [20, 40].map(|most| self.size(most));
        for with_kl in [true, false] {
            let (mean, log_var) = (self.leaf([rows, components]), self.leaf([rows, components]));
            let noise = self.draw([rows, components]);
            let (z, kl) = (operations.sample_and_kl)(mean.clone(), log_var.clone(), noise);
            let mut loss = self.random_loss(&z);
            if with_kl {
                loss = loss + self.random_loss(&kl);
            }
            let mut gradients = loss.backward();
            let name = |of| format!("sample and KL {rows} {components}, KL in the loss {with_kl}: {of}");
            self.keep(&name("z"), z);
            self.keep(&name("KL"), kl);
            self.keep_gradient(&name("dmean"), &mean, &mut gradients);
            self.keep_gradient(&name("dlog_var"), &log_var, &mut gradients);
        }
    }

    fn conv(&mut self, operations: Operations, [images, from, to, height, width]: [usize; 5]) {
        let (x, weight) = (self.leaf([images, from, height, width]), self.leaf([to, from, 3, 3]));
        let y = (operations.conv)(x.clone(), weight.clone());
        let mut gradients = self.random_loss(&y).backward();
        let name = |of| format!("conv {images} {from} {to} {height} {width}: {of}");
        self.keep(&name("y"), y);
        self.keep_gradient(&name("dx"), &x, &mut gradients);
        self.keep_gradient(&name("dweight"), &weight, &mut gradients);
    }

    fn conv_transpose(&mut self, operations: Operations, [images, from, to, height, width]: [usize; 5]) {
        for biased in [false, true] {
            let (x, weight) = (self.leaf([images, from, height, width]), self.leaf([from, to, 2, 2]));
            let bias = biased.then(|| self.leaf([to]));
            let y = (operations.conv_transpose)(x.clone(), weight.clone(), bias.clone());
            let mut gradients = self.random_loss(&y).backward();
            let name = |of| format!("conv transpose {images} {from} {to} {height} {width}, bias {biased}: {of}");
            self.keep(&name("y"), y);
            self.keep_gradient(&name("dx"), &x, &mut gradients);
            self.keep_gradient(&name("dweight"), &weight, &mut gradients);
            if let Some(bias) = bias {
                self.keep_gradient(&name("dbias"), &bias, &mut gradients);
            }
        }
    }

    fn batch_norm(&mut self, operations: Operations, [images, channels, _, height, width]: [usize; 5]) {
        // Larger than for the convolutions: a pooling window fits, and a variance has two terms.
        let [images, height, width] = [images, height, width].map(|size| size + 1);
        for pool in [false, true] {
            let x = self.leaf([images, channels, height, width]);
            let (weight, bias) = (self.leaf([channels]), self.leaf([channels]));
            let running = [self.draw([channels]), self.draw([channels])];
            let (y, [mean, var]) = (operations.batch_norm)(x.clone(), weight.clone(), bias.clone(), running, pool);
            let mut gradients = self.random_loss(&y).backward();
            let name = |of| format!("batch norm {images} {channels} {height} {width}, pool {pool}: {of}");
            self.keep(&name("y"), y);
            self.keep(&name("running mean"), mean);
            self.keep(&name("running var"), var);
            self.keep_gradient(&name("dx"), &x, &mut gradients);
            self.keep_gradient(&name("dweight"), &weight, &mut gradients);
            self.keep_gradient(&name("dbias"), &bias, &mut gradients);
        }
    }

    fn adam(&mut self, operations: Operations) {
        let rates = Rates { step_size: 0.02, epsilon: 0.001, gradient_factor: 0.5 };
        for count in 1..=ADAM_GROUP {
            for multiple in [1, 4] {
                let sizes: Vec<usize> = (0..count).map(|_| multiple * self.size(90)).collect();
                let parameter = |&size: &usize| {
                    let [value, gradient] = [(); 2].map(|()| self.draw([size]).inner());
                    Parameter { value, gradient }
                };
                let parameters = sizes.iter().map(parameter).collect();
                let moments = self.draw([2 * sizes.iter().sum::<usize>()]).square().inner();
                let (values, moments) = (operations.adam)(parameters, moments, rates);
                for (n, value) in values.into_iter().enumerate() {
                    self.keep(&format!("Adam of {sizes:?}: value {n}"), Tensor::from_inner(value));
                }
                self.keep(&format!("Adam of {sizes:?}: moments"), Tensor::from_inner(moments));
            }
        }
    }

    fn total_and_record(&mut self, operations: Operations) {
        for beta in [1.0, 0.25] {
            let rows = self.size(50);
            let [reconstruction, divergence] = [(); 2].map(|()| self.leaf([rows]));
            let losses = Tensor::zeros([3, 2], &self.device.clone().inner());
            let terms = [reconstruction.clone(), divergence.clone()];
            let (total, losses) = (operations.total_and_record)(terms, beta, losses, 1);
            let mut gradients = self.random_loss(&total).backward();
            let name = |of| format!("total of {rows}, beta {beta}: {of}");
            self.keep(&name("total"), total);
            self.keep(&name("recorded losses"), losses);
            self.keep_gradient(&name("dreconstruction"), &reconstruction, &mut gradients);
            self.keep_gradient(&name("ddivergence"), &divergence, &mut gradients);
        }
    }
}
