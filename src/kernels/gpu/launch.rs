//! From a WGSL text to a dispatch on burn's device.

use std::sync::atomic::{AtomicBool, Ordering};

use burn::tensor::DType;
use burn_cubecl::cubecl::ir::metadata::Info;
use burn_cubecl::cubecl::ir::{ElemType, UIntKind};
use burn_cubecl::cubecl::prelude::*;
use burn_cubecl::cubecl::server::{KernelArguments, MetadataBindingInfo};
use burn_cubecl::cubecl::{CubeKernel, PrecompiledSource};
use burn_cubecl::kernel::into_contiguous;
use burn_cubecl::tensor::CubeTensor;

use super::template::{Setting, complete};

/// Workgroups along one axis: what every WebGPU device allows.
const MOST_GROUPS: usize = 65_535;

/// Whether kernels may use subgroups: whether the device was given them.
static SUBGROUPS: AtomicBool = AtomicBool::new(false);

/// Says that the device will be opened with subgroups.
pub fn allow_subgroups() {
    SUBGROUPS.store(true, Ordering::Relaxed);
}

/// A compute shader: inputs and outputs as storage buffers in the order of their bindings, then sizes as `array<u32>`. Its text is
/// completed by [`template::complete`].
#[derive(Debug, Clone, Copy)]
pub struct Kernel {
    name: &'static str,
    text: &'static str,
    group: [usize; 2],
    setting: Setting,
}

impl Kernel {
    pub const fn new(name: &'static str, text: &'static str, group: [usize; 2]) -> Self {
        Self { name, text, group, setting: Setting { wide: false, quads: false } }
    }

    /// Whether all lengths are multiples of four: then one load reads four numbers.
    pub fn wide(self, wide: bool) -> Self {
        Self { setting: Setting { wide, ..self.setting }, ..self }
    }

    /// At least `threads` invocations along both axes. Where the first is too long for a device and the second one long, the
    /// rest continues there, for kernels that ask how many workgroups there are.
    pub fn launch(self, threads: [usize; 2], tensors: &[&CubeTensor], sizes: &[usize]) {
        let [mut columns, mut rows] = [0, 1].map(|axis| threads[axis].div_ceil(self.group[axis]));
        if rows == 1 && columns > MOST_GROUPS && self.text.contains("num_workgroups") {
            (columns, rows) = (MOST_GROUPS, columns.div_ceil(MOST_GROUPS));
        }
        assert!(columns.max(rows) <= MOST_GROUPS, "{}: too many numbers for one launch", self.name);
        let arguments =
            tensors.iter().fold(KernelArguments::new(), |all, tensor| all.with_buffer(tensor.handle.clone().binding()));
        let words = sizes.chunks(2).map(|pair| pair[0] as u64 | (pair.get(1).copied().unwrap_or(0) as u64) << 32);
        let quads = SUBGROUPS.load(Ordering::Relaxed);
        tensors[0].client.launch(
            Box::new(Self { setting: Setting { quads, ..self.setting }, ..self }),
            CubeCount::Static(columns as u32, rows as u32, 1),
            arguments.with_info(MetadataBindingInfo::custom(words.collect())),
        );
    }
}

impl KernelMetadata for Kernel {
    fn name(&self) -> &'static str {
        self.name
    }

    fn id(&self) -> KernelId {
        KernelId::new::<Self>().cube_dim(*self.cube()).info((self.name, self.setting))
    }

    fn address_type(&self) -> ElemType {
        UIntKind::U32.into()
    }
}

impl Kernel {
    fn cube(&self) -> CubeDim {
        CubeDim::new_2d(self.group[0] as u32, self.group[1] as u32)
    }
}

impl CubeKernel for Kernel {
    fn define(&self) -> KernelDefinition {
        let settings = KernelSettings::new(*self.cube(), ExecutionMode::Checked, AddressType::U32);
        KernelDefinition { body: Scope::root(settings.clone()), settings, info: Info::default() }
    }

    fn source(&self) -> Option<PrecompiledSource> {
        Some(PrecompiledSource {
            source: complete(self.text, self.setting),
            entrypoint_name: "main".into(),
            lang: "wgsl",
        })
    }
}

/// Whether four numbers at a time come out even in rows of these lengths.
pub fn is_wide(lengths: &[usize]) -> bool {
    lengths.iter().all(|length| length % 4 == 0)
}

/// Room for a tensor beside another one.
pub fn empty<const D: usize>(beside: &CubeTensor, shape: [usize; D]) -> CubeTensor {
    let bytes = shape.iter().product::<usize>() * size_of::<f32>();
    let handle = beside.client.empty(bytes);
    CubeTensor::new_contiguous(beside.client.clone(), beside.device.clone(), shape.into(), handle, DType::F32)
}

/// The same numbers, row after row without gaps.
pub fn plain(tensor: CubeTensor) -> CubeTensor {
    into_contiguous(tensor)
}

/// The same numbers where nobody else sees them change.
pub fn owned(tensor: CubeTensor) -> CubeTensor {
    let tensor = plain(tensor);
    if tensor.can_mut() { tensor } else { tensor.copy() }
}
