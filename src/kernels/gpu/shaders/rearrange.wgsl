// Moves the elements of a tensor to another order of its six axes, and sums over a seventh if there is one. Reads 4 bytes
// per term and writes 4 per element; the rest is index arithmetic.

struct Info {
    sizes: array<u32, 6>,          // of the axes, outermost first
    source_strides: array<u32, 6>,
    result_strides: array<u32, 6>,
    terms: u32,                    // elements of the seventh axis
    term_stride: u32,
    biased: u32,                   // 1: adds the bias, which has an element for each index of the fourth axis
}

@group(0) @binding(0) var<storage, read> source: array<f32>;
@group(0) @binding(1) var<storage, read> bias: array<f32>; // [sizes[3]]; not read unless `biased`
@group(0) @binding(2) var<storage, read_write> result: array<f32>;
@group(0) @binding(3) var<storage, read> info: Info;

fn offset(strides: array<u32, 6>, a: u32, b: u32, c: u32, d: u32, f: u32) -> u32 {
    return a * strides[0] + b * strides[1] + c * strides[2] + d * strides[3] + f * strides[5];
}

@compute @workgroup_size(16, 4, 1)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
    // id.x enumerates axes 1, 2 and 6, id.y axes 3 and 4; the loop below enumerates axis 5.
    let ab = id.x / info.sizes[5];
    let f = id.x - ab * info.sizes[5];
    let a = ab / info.sizes[1];
    let b = ab - a * info.sizes[1];
    let c = id.y / info.sizes[3];
    let d = id.y - c * info.sizes[3];
    if a >= info.sizes[0] || c >= info.sizes[2] {
        return;
    }
    let shift = select(0.0, bias[d], info.biased == 1u);
    var source_at = offset(info.source_strides, a, b, c, d, f);
    var result_at = offset(info.result_strides, a, b, c, d, f);
    for (var e = 0u; e < info.sizes[4]; e++) {
        var sum = source[source_at] + shift;
        for (var term = 1u; term < info.terms; term++) {
            sum += source[source_at + term * info.term_stride];
        }
        result[result_at] = sum;
        source_at += info.source_strides[4];
        result_at += info.result_strides[4];
    }
}
