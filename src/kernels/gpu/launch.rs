//! From a WGSL text to a dispatch on burn's device.

use burn::tensor::DType;
use burn_cubecl::cubecl::ir::metadata::Info;
use burn_cubecl::cubecl::ir::{ElemType, UIntKind};
use burn_cubecl::cubecl::prelude::*;
use burn_cubecl::cubecl::server::{KernelArguments, MetadataBindingInfo};
use burn_cubecl::cubecl::{CubeKernel, PrecompiledSource};
use burn_cubecl::kernel::into_contiguous;
use burn_cubecl::tensor::CubeTensor;

/// Workgroups along one axis: what every WebGPU device allows.
const MOST_GROUPS: usize = 65_535;

/// A compute shader: inputs and outputs as storage buffers in the order of their bindings, then sizes as `array<u32>`.
///
/// A line `#four N name` in its text declares binding N, `name_row(row, length)` for where a row of it begins, and
/// `name_four(start, k, length)` that reads the k-th four numbers of the row that begins there, zeros beyond its end. `#out N name`
/// declares `name_put(row, k, length, four)`, which writes as far as the row goes. A line `#number` declares the type `Number`: four numbers where all lengths are multiples of four, else one.
#[derive(Debug, Clone, Copy)]
pub struct Kernel {
    name: &'static str,
    text: &'static str,
    group: [usize; 2],
    wide: bool,
}

impl Kernel {
    pub const fn new(name: &'static str, text: &'static str, group: [usize; 2]) -> Self {
        Self { name, text, group, wide: false }
    }

    /// Whether all lengths are multiples of four: then one load reads four numbers.
    pub fn wide(self, wide: bool) -> Self {
        Self { wide, ..self }
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
        tensors[0].client.launch(
            Box::new(self),
            CubeCount::Static(columns as u32, rows as u32, 1),
            arguments.with_info(MetadataBindingInfo::custom(words.collect())),
        );
    }

    fn complete(&self) -> String {
        let line = |line: &str| match line.split_once(' ') {
            Some(("#four", rest)) => self.four(rest),
            Some(("#out", rest)) => self.out(rest),
            _ if line == "#number" && self.wide => "alias Number = vec4<f32>;".into(),
            _ if line == "#number" => "alias Number = f32;".into(),
            _ => line.to_owned(),
        };
        self.text.lines().map(line).collect::<Vec<_>>().join("\n")
    }

    fn four(&self, rest: &str) -> String {
        let (binding, name) = rest.split_once(' ').expect("a binding and a name");
        let (element, row, four) = if self.wide {
            ("vec4<f32>", "row * (length / 4u)", format!("return {name}[start + k];"))
        } else {
            let some = format!(
                "let at = start + 4u * k;
                let left = length - 4u * k;
                var four = vec4({name}[at], 0.0, 0.0, 0.0);
                if left > 1u {{ four.y = {name}[at + 1u]; }}
                if left > 2u {{ four.z = {name}[at + 2u]; }}
                if left > 3u {{ four.w = {name}[at + 3u]; }}
                return four;"
            );
            ("f32", "row * length", some)
        };
        format!(
            "@group(0) @binding({binding}) var<storage, read> {name}: array<{element}>;
            fn {name}_row(row: u32, length: u32) -> u32 {{ return {row}; }}
            fn {name}_four(start: u32, k: u32, length: u32) -> vec4<f32> {{ {four} }}"
        )
    }

    fn out(&self, rest: &str) -> String {
        let (binding, name) = rest.split_once(' ').expect("a binding and a name");
        let (element, put) = if self.wide {
            ("vec4<f32>", format!("{name}[row * (length / 4u) + k] = four;"))
        } else {
            let some = format!(
                "let at = row * length + 4u * k;
                let left = length - 4u * k;
                {name}[at] = four.x;
                if left > 1u {{ {name}[at + 1u] = four.y; }}
                if left > 2u {{ {name}[at + 2u] = four.z; }}
                if left > 3u {{ {name}[at + 3u] = four.w; }}"
            );
            ("f32", some)
        };
        format!(
            "@group(0) @binding({binding}) var<storage, read_write> {name}: array<{element}>;
            fn {name}_put(row: u32, k: u32, length: u32, four: vec4<f32>) {{ {put} }}"
        )
    }
}

impl KernelMetadata for Kernel {
    fn name(&self) -> &'static str {
        self.name
    }

    fn id(&self) -> KernelId {
        KernelId::new::<Self>().cube_dim(*self.cube()).info((self.name, self.wide))
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
        Some(PrecompiledSource { source: self.complete(), entrypoint_name: "main".into(), lang: "wgsl" })
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
