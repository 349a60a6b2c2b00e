//! The fused operations compared with stock burn: outputs and gradients, for random sizes.

use burn::tensor::activation::relu;
use burn::tensor::module::{batch_norm_train, conv_transpose2d, conv2d, max_pool2d};
use burn::tensor::ops::{ConvOptions, ConvTransposeOptions, MaxPoolOptions};
use burn::tensor::{Device, Tensor, TensorData};
use latent_lab::device::cpu;
use latent_lab::kernels::trial::{FUSED, Operations, trial};
use latent_lab::kernels::{Parameter, Rates};
use latent_lab::snapshot::block_on;

const STOCK: Operations = Operations {
    pixels,
    dense,
    dense_relu: |x, weight, bias| relu(dense(x, weight, bias)),
    product: Tensor::matmul,
    dense_pair,
    hidden_layer,
    cross_entropy,
    sample_and_kl,
    conv,
    conv_transpose,
    batch_norm,
    adam,
    total_and_record,
};

fn pixels(bytes: Vec<u8>, columns: usize, device: &Device) -> Tensor<2> {
    let shape = [bytes.len() / columns, columns];
    Tensor::from_data(TensorData::new(bytes.into_iter().map(f32::from).collect(), shape), device) / 255.0
}

fn dense(x: Tensor<2>, weight: Tensor<2>, bias: Tensor<1>) -> Tensor<2> {
    x.matmul(weight.transpose()) + bias.unsqueeze()
}

fn dense_pair(x: Tensor<2>, [weight, other]: [Tensor<2>; 2], [bias, other_bias]: [Tensor<1>; 2]) -> [Tensor<2>; 2] {
    [dense(x.clone(), weight, bias), dense(x, other, other_bias)]
}

fn hidden_layer(
    x: Tensor<2>,
    [hidden, weights @ ..]: [Tensor<2>; 4],
    [hidden_bias, biases @ ..]: [Tensor<1>; 4],
) -> [Tensor<2>; 3] {
    let hidden = relu(dense(x, hidden, hidden_bias));
    let mut layers = weights.into_iter().zip(biases).map(|(weight, bias)| dense(hidden.clone(), weight, bias));
    std::array::from_fn(|_| layers.next().expect("three layers"))
}

fn cross_entropy(logits: Tensor<2>, images: Tensor<2>) -> Tensor<1> {
    let softplus = logits.clone().clamp_min(0.0) + (-logits.clone().abs()).exp().log1p();
    (softplus - logits * images).sum_dim(1).squeeze_dim(1)
}

fn sample_and_kl(mean: Tensor<2>, log_var: Tensor<2>, noise: Tensor<2>) -> (Tensor<2>, Tensor<1>) {
    let z = mean.clone() + (log_var.clone() * 0.5).exp() * noise;
    let kl = (log_var.clone().exp() + mean.square() - log_var - 1.0) * 0.5;
    (z, kl.sum_dim(1).squeeze_dim(1))
}

fn conv(x: Tensor<4>, weight: Tensor<4>) -> Tensor<4> {
    conv2d(x, weight, None, ConvOptions::new([1, 1], [1, 1], [1, 1], 1))
}

fn conv_transpose(x: Tensor<4>, weight: Tensor<4>, bias: Option<Tensor<1>>) -> Tensor<4> {
    conv_transpose2d(x, weight, bias, ConvTransposeOptions::new([2, 2], [0, 0], [0, 0], [1, 1], 1))
}

fn batch_norm(
    x: Tensor<4>,
    weight: Tensor<1>,
    bias: Tensor<1>,
    [mean, var]: [Tensor<1>; 2],
    pool: bool,
) -> (Tensor<4>, [Tensor<1>; 2]) {
    let [images, _, height, width] = x.dims();
    let count = (images * height * width) as f64;
    let batch = batch_norm_train(x, weight, bias, 1e-5);
    let y = relu(batch.output);
    let y = if pool { max_pool2d(y, MaxPoolOptions::new([2, 2])) } else { y };
    let mean = mean * 0.9 + batch.mean * 0.1;
    (y, [mean, var * 0.9 + batch.variance * (0.1 * count / (count - 1.0))])
}

fn adam(parameters: Vec<Parameter>, moments: Tensor<1>, rates: Rates) -> (Vec<Tensor<1>>, Tensor<1>) {
    let Rates { step_size, epsilon, gradient_factor } = rates;
    let gradients = parameters.iter().map(|of| of.gradient.clone() * gradient_factor).collect();
    let gradient = Tensor::cat(gradients, 0);
    let [size] = gradient.dims();
    let first = moments.clone().narrow(0, 0, size) * 0.9 + gradient.clone() * 0.1;
    let second = moments.narrow(0, size, size) * 0.999 + gradient.square() * 0.001;
    let change = first.clone() / (second.clone().sqrt() + epsilon) * step_size;
    let mut start = 0;
    let step = |Parameter { value, .. }: Parameter| {
        let [size] = value.dims();
        start += size;
        value - change.clone().narrow(0, start - size, size)
    };
    (parameters.into_iter().map(step).collect(), Tensor::cat(vec![first, second], 0))
}

fn total_and_record(
    [reconstruction, divergence]: [Tensor<1>; 2],
    beta: f64,
    losses: Tensor<2>,
    row: usize,
) -> (Tensor<1>, Tensor<2>) {
    let means = Tensor::cat(vec![reconstruction.clone().mean(), divergence.clone().mean()], 0).inner();
    let losses = losses.slice_assign([row..row + 1, 0..2], means.reshape([1, 2]));
    (reconstruction + divergence * beta, Tensor::from_inner(losses))
}

#[test]
fn fused_operations_match_stock_burn() {
    for seed in 0..60 {
        let of = |operations| block_on(trial(operations, seed, &cpu())).unwrap();
        for ((name, fused), (stock_name, stock)) in of(FUSED).into_iter().zip(of(STOCK)) {
            assert_eq!(name, stock_name);
            let largest = stock.iter().fold(1.0_f32, |most, value| most.max(value.abs()));
            assert_eq!(fused.len(), stock.len(), "{name}");
            for (fused, stock) in fused.iter().zip(&stock) {
                assert!((fused - stock).abs() <= 2e-4 * largest, "seed {seed}, {name}: {fused} instead of {stock}");
            }
        }
    }
}

#[test]
fn adam_does_not_change_a_shared_tensor() {
    let values = |tensor: &Tensor<1>| -> Vec<f32> { tensor.clone().into_data().try_into_vec().unwrap() };
    let tensor = |value: f32| Tensor::<1>::from_data([value; 8].as_slice(), &cpu());
    let (value, gradient) = (tensor(1.0), tensor(0.5));
    let moments = Tensor::zeros([16], &cpu());
    let shared = [value.clone(), moments.clone()];
    let rates = Rates { step_size: 0.1, epsilon: 1e-8, gradient_factor: 1.0 };
    let (updated, _) = latent_lab::kernels::adam(vec![Parameter { value, gradient }], moments, rates);
    assert_eq!(values(&shared[0]), [1.0; 8]);
    assert_eq!(values(&shared[1]), [0.0; 16]);
    assert!(values(&updated[0]).iter().all(|value| *value < 1.0));
}
