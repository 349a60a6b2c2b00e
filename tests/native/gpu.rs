//! The GPU, natively: the same numbers as on the CPU. Mesa's software adapter is enough.

use std::sync::LazyLock;

use burn::tensor::{Device, Tensor, TensorData};
use latent_lab::data::Dataset;
use latent_lab::device;
use latent_lab::kernels::trial::{FUSED, trial};
use latent_lab::kernels::{assume_parallel, conv_transpose, sample_and_kl};
use latent_lab::presets::{self, Preset};
use latent_lab::snapshot::block_on;
use latent_lab::train::Trainer;

use crate::samples::bars;

static GPU: LazyLock<Device> =
    LazyLock::new(|| block_on(device::gpu()).expect("a GPU, or Mesa's software adapter (mesa-vulkan-drivers)").device);

/// The totals of the first steps, in nats per image.
fn losses(Preset { model, train, .. }: Preset, data: &Dataset, device: &Device) -> Vec<f64> {
    let mut trainer = Trainer::new(model, train, device).unwrap();
    block_on(trainer.train(data, 4)).unwrap().iter().map(|loss| loss.total).collect()
}

#[test]
fn every_fused_operation_gives_the_same_as_on_the_cpu() {
    for seed in 0..24 {
        if seed == 12 {
            assume_parallel(); // the rest with the kernels for real GPUs
        }
        let of = |device| block_on(trial(FUSED, seed, device)).unwrap();
        for ((name, on_gpu), (_, on_cpu)) in of(&GPU).into_iter().zip(of(&device::cpu())) {
            let largest = on_cpu.iter().fold(1.0_f32, |most, value| most.max(value.abs()));
            let worst = on_gpu.iter().zip(&on_cpu).fold(0.0_f32, |most, (a, b)| most.max((a - b).abs()));
            assert!(worst <= 2e-4 * largest, "seed {seed}, {name}: {worst} of {largest}");
        }
    }
}

/// A tensor of numbers between -1 and 1.
fn numbers<const D: usize>(shape: [usize; D], device: &Device) -> Tensor<D> {
    let values: Vec<f32> = (0..shape.iter().product()).map(|at: usize| (at % 997) as f32 / 498.0 - 1.0).collect();
    Tensor::from_data(TensorData::new(values, shape), device)
}

#[test]
fn more_workgroups_than_fit_on_one_axis_are_launched_on_two() {
    let transposed = |device: &Device| {
        let y = conv_transpose(numbers([8_200, 1, 16, 16], device), numbers([1, 1, 2, 2], device), None);
        vec![y.flatten::<1>(0, 3)]
    };
    let sampled = |device: &Device| {
        let [mean, log_var, noise] = [(); 3].map(|()| numbers([70_000, 64], &device.clone().autodiff()).require_grad());
        let (z, kl) = sample_and_kl(mean.clone(), log_var, noise);
        let gradients = (z.clone().sum() + kl.clone().sum()).backward();
        vec![z.inner().flatten(0, 1), kl.inner(), mean.grad(&gradients).expect("a gradient").flatten(0, 1)]
    };
    let operations: [&dyn Fn(&Device) -> Vec<Tensor<1>>; 2] = [&transposed, &sampled];
    for of in operations {
        for (on_gpu, on_cpu) in of(&GPU).into_iter().zip(of(&device::cpu())) {
            let [on_gpu, on_cpu] = [on_gpu, on_cpu].map(|tensor| tensor.into_data().try_to_vec::<f32>().unwrap());
            let worst = on_gpu.iter().zip(&on_cpu).fold(0.0_f32, |most, (a, b)| most.max((a - b).abs()));
            assert!(on_gpu.len() == on_cpu.len() && worst < 1e-3, "{worst} of {} numbers", on_gpu.len());
        }
    }
}

#[test]
fn the_first_losses_of_every_system_are_those_of_the_cpu() {
    let data = bars(256);
    for mut preset in presets::all() {
        preset.train.batch = 32;
        let name = preset.name;
        let [on_cpu, on_gpu] = [device::cpu(), GPU.clone()].map(|device| losses(preset.clone(), &data, &device));
        for (step, (cpu, gpu)) in on_cpu.iter().zip(&on_gpu).enumerate() {
            assert!((gpu - cpu).abs() <= 2e-3 * cpu.abs().max(1.0), "{name}, step {step}: {gpu}, on the CPU {cpu}");
        }
    }
}
