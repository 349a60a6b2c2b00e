//! The device that a command computes on.

use burn::tensor::Device;
use latent_lab::device;

use crate::Outcome;

/// Where a command computes.
#[derive(clap::Args)]
pub struct Args {
    /// Where tensors are computed; with gpu, its name is printed to standard error
    #[arg(long, value_enum, default_value_t)]
    device: Kind,
}

#[derive(clap::ValueEnum, Clone, Copy, Default)]
enum Kind {
    #[default]
    Cpu,
    Gpu,
}

impl Args {
    /// Opens the device.
    pub fn open(&self) -> Outcome<Device> {
        match self.device {
            Kind::Cpu => Ok(device::cpu()),
            Kind::Gpu => open_gpu(),
        }
    }
}

#[cfg(feature = "webgpu")]
fn open_gpu() -> Outcome<Device> {
    let device::Gpu { device, name } = latent_lab::snapshot::block_on(device::gpu())?;
    eprintln!("device: {name}");
    Ok(device)
}

#[cfg(not(feature = "webgpu"))]
fn open_gpu() -> Outcome<Device> {
    Err(latent_lab::error::CommandLineError::GpuNotBuilt {}.into())
}
