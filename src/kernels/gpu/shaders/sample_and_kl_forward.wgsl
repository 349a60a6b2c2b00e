// A reparameterised sample z = mean + exp(log_var / 2) noise, and KL(N(mean, var) || N(0, I)) of each image: about 10 B Z
// operations, 16 B Z bytes. One workgroup per image.

@group(0) @binding(0) var<storage, read> mean: array<f32>;
@group(0) @binding(1) var<storage, read> log_var: array<f32>;
@group(0) @binding(2) var<storage, read> noise: array<f32>;
@group(0) @binding(3) var<storage, read_write> z: array<f32>;
@group(0) @binding(4) var<storage, read_write> kl: array<f32>; // [B]; all others [B, Z]
@group(0) @binding(5) var<storage, read> sizes: array<u32>; // B, Z

var<workgroup> parts: array<f32, 32>;

@compute @workgroup_size(32)
fn main(
    @builtin(workgroup_id) group: vec3<u32>,
    @builtin(num_workgroups) groups: vec3<u32>,
    @builtin(local_invocation_id) local: vec3<u32>,
) {
    let image = group.x + group.z * groups.x;
    let exists = image < sizes[0];
    let components = select(0u, sizes[1], exists);
    var sum = 0.0;
    for (var component = local.x; component < components; component += 32u) {
        let at = image * components + component;
        let sigma = exp(0.5 * log_var[at]);
        z[at] = mean[at] + sigma * noise[at];
        sum += 0.5 * (sigma * sigma + mean[at] * mean[at] - log_var[at] - 1.0);
    }
    parts[local.x] = sum;
    workgroupBarrier();
    for (var half = 16u; half > 0u; half >>= 1u) {
        if local.x < half { parts[local.x] += parts[local.x + half]; }
        workgroupBarrier();
    }
    if local.x == 0u && exists { kl[image] = parts[0]; }
}
