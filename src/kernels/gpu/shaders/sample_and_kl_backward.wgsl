// What a draw and its KL pass back to mean and log variance: dmean = dz + dkl mean,
// dlog_var = dz noise sigma / 2 + dkl (var - 1) / 2. About 10 B Z operations, 24 B Z bytes.

@group(0) @binding(0) var<storage, read> mean: array<f32>;
@group(0) @binding(1) var<storage, read> log_var: array<f32>;
@group(0) @binding(2) var<storage, read> noise: array<f32>;
@group(0) @binding(3) var<storage, read> dz: array<f32>;
@group(0) @binding(4) var<storage, read> dkl: array<f32>;
@group(0) @binding(5) var<storage, read_write> dmean: array<f32>;
@group(0) @binding(6) var<storage, read_write> dlog_var: array<f32>;
@group(0) @binding(7) var<storage, read> sizes: array<u32>; // B Z, Z, whether the KL takes part

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let at = id.x + id.y * groups.x * 64u;
    if at >= sizes[0] { return; }
    let price = select(0.0, dkl[at / sizes[1]], sizes[2] == 1u);
    let sigma = exp(0.5 * log_var[at]);
    dmean[at] = dz[at] + price * mean[at];
    dlog_var[at] = 0.5 * (dz[at] * noise[at] * sigma + price * (sigma * sigma - 1.0));
}
