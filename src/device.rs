//! The device that tensors are on. Apart from `kernels`, this is the only file that names a backend.

use burn::tensor::Device;

/// The device of this build: the CPU.
///
/// # Errors
/// Never fails; the signature is that of the WebGPU build.
#[cfg(not(feature = "webgpu"))]
pub async fn open() -> crate::Result<Device> {
    Ok(cpu())
}

/// The CPU, by burn-flex.
#[cfg(feature = "cpu")]
pub fn cpu() -> Device {
    Device::flex()
}

/// The device of this build: the browser's GPU. The kernels rely on WebGPU's promise that reads beyond the end of a
/// buffer are harmless. Later calls return the same device, with its compiled kernels.
///
/// cubecl panics where the adapter lacks `timestamp-query`, so the caller makes every adapter seem to have it
/// (`www/worker/timestamp-query.js`).
///
/// # Errors
/// If there is no adapter, or if it does not give a device.
#[cfg(feature = "webgpu")]
pub async fn open() -> crate::Result<Device> {
    use burn::tensor::wgpu::WgpuBackend;
    use std::cell::OnceCell;

    /// Launches per submit: more than one training step takes, so that a step is submitted as a whole.
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

/// The kind of device this build computes on, as the page shows it.
pub const NAME: &str = if cfg!(feature = "webgpu") { "WebGPU" } else { "CPU" };
