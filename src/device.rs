//! Which device to compute on; the only file that names a backend.

use burn::tensor::Device;

/// The device of this build: the CPU.
///
/// # Errors
/// None on the CPU; the signature is that of the WebGPU build.
#[cfg(not(feature = "webgpu"))]
pub async fn open() -> crate::Result<Device> {
    Ok(cpu())
}

/// The CPU, by burn-flex.
#[cfg(feature = "cpu")]
pub fn cpu() -> Device {
    Device::flex()
}

/// The device of this build: the browser's GPU, whose reads beyond the end of a buffer are harmless, as the kernels expect. Asked
/// for again, it is the same device with the kernels it has compiled.
///
/// The caller has made sure that the adapter has `timestamp-query`: cubecl panics without it.
///
/// # Errors
/// When there is no adapter, or it refuses a device.
#[cfg(feature = "webgpu")]
pub async fn open() -> crate::Result<Device> {
    use burn::tensor::wgpu::WgpuBackend;
    use std::cell::OnceCell;

    /// Launches recorded before a submit: more than one training step needs, so that a step is not cut in two.
    const LAUNCHES_A_SUBMIT: usize = 256;

    thread_local! {
        static OPENED: OnceCell<Device> = const { OnceCell::new() };
    }
    if let Some(device) = OPENED.with(|opened| opened.get().cloned()) {
        return Ok(device);
    }
    let device = Device::wgpu_options()
        .graphics_api(WgpuBackend::WebGpu)
        .tasks_max(LAUNCHES_A_SUBMIT)
        .init_async()
        .await
        .map_err(|error| crate::Error::DeviceUnavailable { detail: error.to_string().into() })?;
    Ok(OPENED.with(|opened| opened.get_or_init(|| device).clone()))
}

/// What this build computes on, as the page shows it.
pub const NAME: &str = if cfg!(feature = "webgpu") { "WebGPU" } else { "CPU" };
