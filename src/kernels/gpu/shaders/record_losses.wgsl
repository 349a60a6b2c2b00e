// Writes the batch means of two loss terms into one row of a table: 2 B operations, 8 B bytes.

@group(0) @binding(0) var<storage, read> reconstruction: array<f32>; // [B]
@group(0) @binding(1) var<storage, read> divergence: array<f32>; // [B]
@group(0) @binding(2) var<storage, read_write> losses: array<f32>; // [S, 2]
@group(0) @binding(3) var<storage, read> sizes: array<u32>; // B, row

@compute @workgroup_size(2)
fn main(@builtin(local_invocation_id) id: vec3<u32>) {
    var sum = 0.0;
    for (var image = 0u; image < sizes[0]; image++) {
        sum += select(divergence[image], reconstruction[image], id.x == 0u);
    }
    losses[2u * sizes[1] + id.x] = sum / f32(sizes[0]);
}
