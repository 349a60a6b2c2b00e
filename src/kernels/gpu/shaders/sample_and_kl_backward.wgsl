// The gradients of mean and log variance through a sample and its KL: dmean = dz + dkl mean and
// dlog_var = dz noise sigma / 2 + dkl (var - 1) / 2. About 10 B Z operations, 24 B Z bytes.

@group(0) @binding(0) var<storage, read> mean: array<f32>;
@group(0) @binding(1) var<storage, read> log_var: array<f32>;
@group(0) @binding(2) var<storage, read> noise: array<f32>;
@group(0) @binding(3) var<storage, read> dz: array<f32>;
@group(0) @binding(4) var<storage, read> dkl: array<f32>; // [B]; all others [B, Z]
@group(0) @binding(5) var<storage, read_write> dmean: array<f32>;
@group(0) @binding(6) var<storage, read_write> dlog_var: array<f32>;
@group(0) @binding(7) var<storage, read> sizes: array<u32>; // B Z, Z, 1 if the loss depends on the KL

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let at = id.x + id.z * groups.x * 64u;
    if at >= sizes[0] { return; }
    let kl_gradient = select(0.0, dkl[at / sizes[1]], sizes[2] == 1u);
    let sigma = exp(0.5 * log_var[at]);
    dmean[at] = dz[at] + kl_gradient * mean[at];
    dlog_var[at] = 0.5 * (dz[at] * noise[at] * sigma + kl_gradient * (sigma * sigma - 1.0));
}
