//! The devices that tensors are on. Apart from `kernels`, this is the only file that names a backend.

use burn::tensor::Device;

/// The kind of device that the page's module trains on, as the page shows it.
pub const NAME: &str = if cfg!(feature = "webgpu") { "WebGPU" } else { "CPU" };

/// The CPU, by burn-flex.
#[cfg(feature = "cpu")]
pub fn cpu() -> Device {
    Device::flex()
}

/// The device that the page's module trains on: the CPU.
///
/// # Errors
/// Never fails; the signature is that of the WebGPU build.
#[cfg(not(feature = "webgpu"))]
pub async fn open() -> crate::Result<Device> {
    Ok(cpu())
}

/// The device that the page's module trains on: the browser's GPU.
///
/// # Errors
/// If there is no adapter, or if it does not give a device.
#[cfg(feature = "webgpu")]
pub async fn open() -> crate::Result<Device> {
    Ok(gpu().await?.device)
}

/// A GPU, or what takes its place: a software adapter.
#[cfg(feature = "webgpu")]
#[derive(Debug, Clone)]
pub struct Gpu {
    /// Where tensors are.
    pub device: Device,
    /// The adapter's name, driver and interface, such as "NVIDIA H100 (NVIDIA 580.159, Vulkan)"; in a browser often empty.
    pub name: String,
}

/// The GPU: in a browser by WebGPU, natively by Vulkan, Metal or Direct3D 12. Once it is open, calls return the same device, with its compiled kernels.
///
/// The kernels rely on reads beyond the end of a buffer being harmless: WebGPU promises it, Vulkan's robust buffer access, which wgpu
/// turns on, keeps it natively; on Metal and Direct3D 12 it is untested.
///
/// In a browser, cubecl panics where the adapter lacks `timestamp-query`, so the caller makes every adapter seem to have it
/// (`www/worker/timestamp-query.js`).
///
/// # Errors
/// If there is no adapter, or if it does not give a device.
#[cfg(feature = "webgpu")]
pub async fn gpu() -> crate::Result<Gpu> {
    use burn::tensor::wgpu::wgpu::{DeviceType, Features};
    use burn::tensor::wgpu::{MemoryConfiguration, WgpuBackend};
    use std::sync::OnceLock;

    /// Launches per submit: in a browser more than one training step takes, so that a step is submitted as a whole; natively few, so
    /// that the GPU computes the first ones while the host prepares others.
    const LAUNCHES_A_SUBMIT: usize = if cfg!(target_arch = "wasm32") { 256 } else { 32 };

    static OPENED: OnceLock<Gpu> = OnceLock::new();
    if let Some(gpu) = OPENED.get() {
        return Ok(gpu.clone());
    }
    let api = if cfg!(target_arch = "wasm32") { WgpuBackend::WebGpu } else { WgpuBackend::Auto };
    // A buffer for each tensor, as in a browser: a launch may not read one part of a buffer and write another.
    let memory = MemoryConfiguration::ExclusivePages;
    let options = Device::wgpu_options().graphics_api(api).tasks_max(LAUNCHES_A_SUBMIT).memory_config(memory);
    let (device, setup) = options
        .init_with_setup_async()
        .await
        .map_err(|error| crate::Error::DeviceUnavailable { detail: error.to_string().into() })?;
    // In a browser wgpu never asks for subgroups: the worker does, and says so.
    if cfg!(not(target_arch = "wasm32")) && setup.device.features().contains(Features::SUBGROUP) {
        crate::kernels::allow_subgroups();
    }
    let info = setup.adapter.get_info();
    if cfg!(not(target_arch = "wasm32")) && info.device_type != DeviceType::Cpu {
        crate::kernels::assume_parallel();
    }
    let name = format!("{} ({} {}, {:?})", info.name, info.driver, info.driver_info, info.backend);
    Ok(OPENED.get_or_init(|| Gpu { device, name }).clone())
}
