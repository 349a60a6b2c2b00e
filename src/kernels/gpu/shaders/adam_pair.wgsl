// Adam (Kingma & Ba 2015, algorithm 1) on two tensors at once, in place: about 12 N operations, 28 N bytes.
// Moments hold the first ones of a tensor, then its second ones.

#number
@group(0) @binding(0) var<storage, read_write> value: array<Number>;
@group(0) @binding(1) var<storage, read_write> moments: array<Number>;
@group(0) @binding(2) var<storage, read> gradient: array<Number>;
@group(0) @binding(3) var<storage, read_write> other_value: array<Number>;
@group(0) @binding(4) var<storage, read_write> other_moments: array<Number>;
@group(0) @binding(5) var<storage, read> other_gradient: array<Number>;
@group(0) @binding(6) var<storage, read> rates: array<vec4<f32>>; // step size, epsilon, share of a gradient, nothing
@group(0) @binding(7) var<storage, read> sizes: array<u32>; // N of both in Numbers

const BETA_1 = 0.9;
const BETA_2 = 0.999;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let size = sizes[0];
    let other_size = sizes[1];
    let rate = rates[0];
    var at = id.x + id.y * groups.x * 64u;
    if at < size {
        let slope = gradient[at] * rate.z;
        let first = BETA_1 * moments[at] + (1.0 - BETA_1) * slope;
        let second = BETA_2 * moments[size + at] + (1.0 - BETA_2) * slope * slope;
        moments[at] = first;
        moments[size + at] = second;
        value[at] -= rate.x * first / (sqrt(second) + rate.y);
        return;
    }
    at -= size;
    if at < other_size {
        let slope = other_gradient[at] * rate.z;
        let first = BETA_1 * other_moments[at] + (1.0 - BETA_1) * slope;
        let second = BETA_2 * other_moments[other_size + at] + (1.0 - BETA_2) * slope * slope;
        other_moments[at] = first;
        other_moments[other_size + at] = second;
        other_value[at] -= rate.x * first / (sqrt(second) + rate.y);
    }
}
