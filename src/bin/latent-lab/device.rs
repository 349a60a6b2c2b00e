//! The device that a command computes on.

use burn::tensor::Device;
use latent_lab::device;

use crate::Outcome;
use crate::memory::physical_memory;

/// Where a command computes.
#[derive(clap::Args, Clone)]
#[group(skip)]
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
    /// Its memory in bytes, infinite where that is unknown: a GPU has its own.
    pub fn memory(&self) -> f64 {
        match self.device {
            Kind::Cpu => physical_memory().unwrap_or(f64::INFINITY),
            Kind::Gpu => f64::INFINITY,
        }
    }

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
