// The gradient of the logits through a binary cross-entropy, (sigmoid(l) - x) dloss: about 8 B P operations, 12 B P bytes.

@group(0) @binding(0) var<storage, read> logits: array<f32>; // [B, P]
@group(0) @binding(1) var<storage, read> images: array<f32>; // [B, P]
@group(0) @binding(2) var<storage, read> dloss: array<f32>; // [B]
@group(0) @binding(3) var<storage, read_write> dlogits: array<f32>; // [B, P]
@group(0) @binding(4) var<storage, read> sizes: array<u32>; // B P, P

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let at = id.x + id.z * groups.x * 64u;
    if at >= sizes[0] { return; }
    let e = exp(-abs(logits[at]));
    let sigmoid = select(e, 1.0, logits[at] >= 0.0) / (1.0 + e);
    dlogits[at] = (sigmoid - images[at]) * dloss[at / sizes[1]];
}
