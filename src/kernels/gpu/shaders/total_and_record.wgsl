// The loss of each image, reconstruction + beta divergence, and the batch means of both terms in one row of a table: 4 B operations,
// 12 B bytes. Slices of the batch on a GPU.

@group(0) @binding(0) var<storage, read> reconstruction: array<f32>; // [B]
@group(0) @binding(1) var<storage, read> divergence: array<f32>; // [B]
@group(0) @binding(2) var<storage, read_write> total: array<f32>; // [B]
@group(0) @binding(3) var<storage, read_write> losses: array<f32>; // [S, 2]
@group(0) @binding(4) var<storage, read> sizes: array<u32>; // B, row, bits of beta

#slices 1

@compute @workgroup_size(SLICES)
fn main(@builtin(local_invocation_index) invocation_of_group: u32) {
    #slice_and_member invocation_of_group
    let beta = bitcast<f32>(sizes[2]);
    var s0 = vec4<f32>();
    for (var image = slice; image < sizes[0]; image += SLICES) {
        total[image] = reconstruction[image] + beta * divergence[image];
        s0 += vec4(reconstruction[image], divergence[image], 0.0, 0.0);
    }
    #sum_slices 1 s
    if slice == 0u {
        losses[2u * sizes[1]] = s0.x / f32(sizes[0]);
        losses[2u * sizes[1] + 1u] = s0.y / f32(sizes[0]);
    }
}
