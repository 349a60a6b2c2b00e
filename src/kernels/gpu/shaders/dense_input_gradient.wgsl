// The gradient of a fully connected layer's input, dx = dy W: 2 B I O operations, 4 (B O + O I + B I) bytes.
// An invocation computes 8 rows of 4 inputs, four outputs at a time; quads share the loads of dy. On a GPU with few of them each takes a slice of the outputs.

#input 0 dy
#input 1 weight
#output 2 dx
@group(0) @binding(3) var<storage, read> sizes: array<u32>; // B, I, O

#slices 8 32

@compute @workgroup_size(32u * SLICES)
fn main(
    #subgroup_id
    @builtin(workgroup_id) group: vec3<u32>,
    @builtin(local_invocation_index) invocation_of_group: u32,
) {
    let slice = invocation_of_group / 32u;
    let member = invocation_of_group % 32u;
    let rows = sizes[0];
    let inputs = sizes[1];
    let outputs = sizes[2];
    let row = (group.y * 4u + member / 8u) * 8u;
    let vector = group.x * 8u + member % 8u;
    let column = min(vector, (inputs - 1u) / 4u);

    #per_lane upper = dy_row(min(row + lane, rows - 1u), outputs)
    #per_lane lower = dy_row(min(row + 4u + lane, rows - 1u), outputs)
    #repeat 8 var s@ = vec4<f32>();
    let vectors = (outputs + 3u) / 4u;
    let end = slice_end(slice, vectors);
    for (var k = slice_start(slice, vectors); k < end; k++) {
        #repeat 4 let w@ = weight_vec4(weight_row(min(4u * k + @u, outputs - 1u), inputs), column, inputs);
        #quad d0 = dy_vec4(upper?, k, outputs)
        #quad d4 = dy_vec4(lower?, k, outputs)
        #repeat 8 s@ += d@.x * w0 + d@.y * w1 + d@.z * w2 + d@.w * w3;
    }
    #sum_slices 8 s
    if slice > 0u || 4u * vector >= inputs { return; }
    #repeat 8 if row + @u < rows { dx_store(row + @u, vector, inputs, s@); }
}
