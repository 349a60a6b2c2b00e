// The gradient of a ReLU's input: dy where the output y is positive, else zero. N operations, 12 N bytes.

@group(0) @binding(0) var<storage, read> y: array<f32>;
@group(0) @binding(1) var<storage, read> dy: array<f32>;
@group(0) @binding(2) var<storage, read_write> dx: array<f32>;
@group(0) @binding(3) var<storage, read> sizes: array<u32>; // N

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let at = id.x + id.y * groups.x * 64u;
    if at < sizes[0] { dx[at] = select(0.0, dy[at], y[at] > 0.0); }
}
