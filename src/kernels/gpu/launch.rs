//! Launching a WGSL shader on burn's device.

use std::sync::atomic::{AtomicBool, Ordering};

use burn::tensor::DType;
use burn_wgpu::{CubeDim, CubeTensor, KernelSource, SourceKernel, SourceTemplate, into_contiguous};
use cubecl::prelude::{CubeCount, KernelId};
use cubecl::server::{KernelArguments, MetadataBindingInfo};

use super::template::{ACROSS, Tile, Variant, complete};

/// The most workgroups along one axis that every WebGPU device allows.
const MAX_WORKGROUPS: usize = 65_535;

/// Whether the device has subgroups.
static SUBGROUPS: AtomicBool = AtomicBool::new(false);

/// Whether the device runs tens of thousands of invocations at once.
static PARALLEL: AtomicBool = AtomicBool::new(false);

/// Invocations below which long sums are split among more of them.
const FEW_INVOCATIONS: usize = 32_768;

/// Lets kernels use subgroups. To be called before the first launch, if the device is opened with them.
pub fn allow_subgroups() {
    SUBGROUPS.store(true, Ordering::Relaxed);
}

/// Lets kernels split few long sums, and share matrices out, among more invocations. To be called before the first launch, if
/// the device is a GPU and no software adapter.
pub fn assume_parallel() {
    PARALLEL.store(true, Ordering::Relaxed);
}

/// Whether the device runs tens of thousands of invocations at once, so that it is better to have many of them than to share loads in each.
pub fn parallel() -> bool {
    PARALLEL.load(Ordering::Relaxed)
}

/// A shader of this folder's `shaders`, as name and text.
macro_rules! shader {
    ($name:literal) => {
        ($name, include_str!(concat!("shaders/", $name, ".wgsl")))
    };
}
pub(super) use shader;

/// A compute shader. Its bindings are the input and output tensors as storage buffers, then the launch's own numbers, 32 bits each.
/// [`complete`] fills in its text.
#[derive(Debug, Clone, Copy)]
pub struct Kernel {
    name: &'static str,
    text: &'static str,
    workgroup: [usize; 2],
    variant: Variant,
}

impl Kernel {
    pub const fn new((name, text): (&'static str, &'static str), workgroup: [usize; 2]) -> Self {
        let tile = Tile { rows: 4, down: 1 };
        Self {
            name,
            text,
            workgroup,
            variant: Variant { vec4: false, subgroups: false, tile, slices: 1, defined: [""; 3] },
        }
    }

    /// With `vec4` the variant that reads four numbers per load, for rows whose lengths are multiples of four.
    pub fn vec4(self, vec4: bool) -> Self {
        Self { variant: Variant { vec4, ..self.variant }, ..self }
    }

    /// The variant that defines `name` if `condition`.
    ///
    /// # Panics
    /// If it is a fourth name.
    pub fn defining(mut self, name: &'static str, condition: bool) -> Self {
        if condition {
            let place = self.variant.defined.iter_mut().find(|place| place.is_empty());
            *place.expect("a variant has three names at most") = name;
        }
        self
    }

    /// With `tile` for the part of a matrix that an invocation and its workgroup compute.
    pub fn tiled(self, tile: Tile) -> Self {
        Self { workgroup: [ACROSS, tile.down], variant: Variant { tile, ..self.variant }, ..self }
    }

    /// With `slices` invocations for each of `threads`, where those alone leave a GPU idle.
    pub fn sliced(self, slices: usize, threads: [usize; 2]) -> Self {
        let few = parallel() && threads[0] * threads[1] < FEW_INVOCATIONS;
        Self { variant: Variant { slices: if few { slices } else { 1 }, ..self.variant }, ..self }
    }

    /// Launches at least `threads` invocations along both axes. A shader that reads `num_workgroups` may have more workgroups along the first
    /// axis than a device allows: the others follow on a third axis.
    pub fn launch(self, threads: [usize; 2], tensors: &[&CubeTensor], sizes: &[usize]) {
        let arguments =
            tensors.iter().fold(KernelArguments::new(), |all, tensor| all.with_buffer(tensor.handle.clone().binding()));
        let words = sizes.chunks(2).map(|pair| pair[0] as u64 | (pair.get(1).copied().unwrap_or(0) as u64) << 32);
        let subgroups = SUBGROUPS.load(Ordering::Relaxed);
        let kernel = Self { variant: Variant { subgroups, ..self.variant }, ..self };
        tensors[0].client.launch(
            Box::new(SourceKernel::new(kernel, kernel.cube_dim())),
            self.workgroups(threads),
            arguments.with_info(MetadataBindingInfo::custom(words.collect())),
        );
    }

    fn workgroups(&self, threads: [usize; 2]) -> CubeCount {
        let [along, down] = [0, 1].map(|axis| threads[axis].div_ceil(self.workgroup[axis]));
        let planes = along.div_ceil(MAX_WORKGROUPS).max(1);
        let continues = planes == 1 || self.text.contains("num_workgroups");
        assert!(continues && down <= MAX_WORKGROUPS, "{}: too many elements for one launch", self.name);
        CubeCount::Static(along.div_ceil(planes) as u32, down as u32, planes as u32)
    }

    fn cube_dim(&self) -> CubeDim {
        let [columns, rows] = self.workgroup.map(|side| side as u32);
        CubeDim::new_3d(columns, rows, self.variant.slices as u32)
    }
}

impl KernelSource for Kernel {
    fn source(&self) -> SourceTemplate {
        complete(self.text, self.variant)
    }

    fn id(&self) -> KernelId {
        KernelId::new::<Self>().cube_dim(*self.cube_dim()).info((self.name, self.variant))
    }

    fn lang(&self) -> &'static str {
        "wgsl"
    }
}

/// Whether rows of these lengths consist of whole groups of four numbers.
pub fn fits_vec4(lengths: &[usize]) -> bool {
    lengths.iter().all(|length| length.is_multiple_of(4))
}

/// An uninitialised tensor on the device of `like`.
pub fn empty<const D: usize>(like: &CubeTensor, shape: [usize; D]) -> CubeTensor {
    let bytes = shape.iter().product::<usize>() * size_of::<f32>();
    let handle = like.client.empty(bytes);
    CubeTensor::new_contiguous(like.client.clone(), like.device.clone(), shape.into(), handle, DType::F32)
}

/// The alignment of tensors within a buffer, in elements: 256 bytes, which every WebGPU device can bind.
const ALIGNMENT: usize = 64;

/// An uninitialised buffer with a tensor of each shape in it, one after the other; and each tensor, with the element at which it begins.
pub fn parts_of_one_buffer(like: &CubeTensor, shapes: &[Vec<usize>]) -> (CubeTensor, Vec<(usize, CubeTensor)>) {
    let lengths: Vec<usize> = shapes.iter().map(|shape| shape.iter().product()).collect();
    let whole = empty(like, [lengths.iter().map(|length| length.next_multiple_of(ALIGNMENT)).sum()]);
    let bytes = |elements: usize| (elements * size_of::<f32>()) as u64;
    let mut start = 0;
    let part = |(shape, length): (&Vec<usize>, usize)| {
        let begins = start;
        start += length.next_multiple_of(ALIGNMENT);
        let end = bytes(whole.meta.shape().num_elements() - begins - length);
        let handle = whole.handle.clone().offset_start(bytes(begins)).offset_end(end);
        let shape = shape.as_slice().into();
        (begins, CubeTensor::new_contiguous(whole.client.clone(), whole.device.clone(), shape, handle, DType::F32))
    };
    let parts = shapes.iter().zip(lengths).map(part).collect();
    (whole, parts)
}

/// The same tensor in memory of its own: copied only if another tensor shares it.
pub fn into_exclusive(tensor: CubeTensor) -> CubeTensor {
    let tensor = into_contiguous(tensor);
    if tensor.can_mut() { tensor } else { tensor.copy() }
}
