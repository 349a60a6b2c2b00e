// Numbers moved from one order of six axes to another, and summed over a seventh where there is one: reads 4 bytes per term,
// writes 4 per number; no more than index arithmetic.

struct Info {
    sizes: array<u32, 6>,          // of what is written, outermost first
    source_strides: array<u32, 6>,
    result_strides: array<u32, 6>,
    terms: u32,
    term_stride: u32,
    biased: u32,            // 1: the bias of this place on the fourth axis is added
}

@group(0) @binding(0) var<storage, read> source: array<f32>;
@group(0) @binding(1) var<storage, read> bias: array<f32>; // [sizes[3]]; anything where not `biased`
@group(0) @binding(2) var<storage, read_write> result: array<f32>;
@group(0) @binding(3) var<storage, read> info: Info;

fn place(strides: array<u32, 6>, a: u32, b: u32, c: u32, d: u32, e: u32, f: u32) -> u32 {
    return a * strides[0] + b * strides[1] + c * strides[2] + d * strides[3] + e * strides[4] + f * strides[5];
}

@compute @workgroup_size(32, 2, 1)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
    // Two axes to each number of the invocation.
    let a = id.z / info.sizes[1];
    let b = id.z % info.sizes[1];
    let c = id.y / info.sizes[3];
    let d = id.y % info.sizes[3];
    let e = id.x / info.sizes[5];
    let f = id.x % info.sizes[5];
    if c >= info.sizes[2] || e >= info.sizes[4] {
        return;
    }
    let at = place(info.source_strides, a, b, c, d, e, f);
    var sum = source[at];
    for (var term = 1u; term < info.terms; term++) {
        sum += source[at + term * info.term_stride];
    }
    if info.biased == 1u {
        sum += bias[d];
    }
    result[place(info.result_strides, a, b, c, d, e, f)] = sum;
}
