// Pixels in 0..=1 from bytes: 5 bytes of traffic a pixel.

@group(0) @binding(0) var<storage, read> bytes: array<u32>; // [B, P / 4], the first pixel in the lowest bits
@group(0) @binding(1) var<storage, read_write> pixels: array<vec4<f32>>; // [B, P]
@group(0) @binding(2) var<storage, read> sizes: array<u32>; // B P / 4

@compute @workgroup_size(256)
fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let at = id.x + id.z * groups.x * 256u;
    if at < sizes[0] { pixels[at] = unpack4x8unorm(bytes[at]); }
}
