// Adam (Kingma & Ba 2015, algorithm 1) on two parameters at once, in place: about 12 N operations, 28 N bytes.

#element
@group(0) @binding(0) var<storage, read_write> value: array<Element>; // [N]
@group(0) @binding(1) var<storage, read_write> moments: array<Element>; // [2 N]: first moments, then second moments
@group(0) @binding(2) var<storage, read> gradient: array<Element>;
@group(0) @binding(3) var<storage, read_write> other_value: array<Element>;
@group(0) @binding(4) var<storage, read_write> other_moments: array<Element>;
@group(0) @binding(5) var<storage, read> other_gradient: array<Element>;
@group(0) @binding(6) var<storage, read> rates: array<vec4<f32>>; // step size, epsilon, factor for each gradient, unused
@group(0) @binding(7) var<storage, read> sizes: array<u32>; // N of both in Elements

const BETA_1 = {{ adam_beta_1 }};
const BETA_2 = {{ adam_beta_2 }};

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let size = sizes[0];
    let other_size = sizes[1];
    let rate = rates[0];
    var at = id.x + id.y * groups.x * 64u;
    if at < size {
        let scaled = gradient[at] * rate.z;
        let first = BETA_1 * moments[at] + (1.0 - BETA_1) * scaled;
        let second = BETA_2 * moments[size + at] + (1.0 - BETA_2) * scaled * scaled;
        moments[at] = first;
        moments[size + at] = second;
        value[at] -= rate.x * first / (sqrt(second) + rate.y);
        return;
    }
    at -= size;
    if at < other_size {
        let scaled = other_gradient[at] * rate.z;
        let first = BETA_1 * other_moments[at] + (1.0 - BETA_1) * scaled;
        let second = BETA_2 * other_moments[other_size + at] + (1.0 - BETA_2) * scaled * scaled;
        other_moments[at] = first;
        other_moments[other_size + at] = second;
        other_value[at] -= rate.x * first / (sqrt(second) + rate.y);
    }
}
