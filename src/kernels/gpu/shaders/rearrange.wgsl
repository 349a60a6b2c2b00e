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

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    // An invocation for each place on all axes but the fifth, which the loop below enumerates; the last axis is the innermost, then 2, 1, 4 and 3.
    let at = id.x + id.z * groups.x * 64u;
    let abcd = at / info.sizes[5];
    let f = at - abcd * info.sizes[5];
    let acd = abcd / info.sizes[1];
    let b = abcd - acd * info.sizes[1];
    let cd = acd / info.sizes[0];
    let a = acd - cd * info.sizes[0];
    let c = cd / info.sizes[3];
    let d = cd - c * info.sizes[3];
    if c >= info.sizes[2] { return; }
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
