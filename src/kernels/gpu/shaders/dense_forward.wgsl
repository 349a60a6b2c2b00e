// A fully connected layer, y = x W^T + b, with optional ReLU: 2 B I O operations, 4 (B I + O I + O + B O) bytes.
// An invocation computes 8 rows of 4 outputs, four inputs at a time; quads share the loads of x. On a GPU with few of them each takes a slice of the inputs.

#input 0 x
#input 1 weight
#input 2 bias
#output 3 y
@group(0) @binding(4) var<storage, read> sizes: array<u32>; // B, I, O, 1 with ReLU

fn activate(sums: vec4<f32>, relu: bool) -> vec4<f32> {
    return select(sums, vec4<f32>(), (sums < vec4<f32>()) & vec4<bool>(relu));
}

#slices 32

@compute @workgroup_size(32u * SLICES)
fn main(
    #subgroup_id
    @builtin(workgroup_id) group: vec3<u32>,
    @builtin(local_invocation_index) invocation_of_group: u32,
) {
    #slice_and_member invocation_of_group
    let rows = sizes[0];
    let inputs = sizes[1];
    let outputs = sizes[2];
    let row = (group.y * 4u + member / 8u) * 8u;
    let vector = group.x * 8u + member % 8u;
    let column = min(4u * vector, outputs - 1u);

    #per_lane upper = x_row(min(row + lane, rows - 1u), inputs)
    #per_lane lower = x_row(min(row + 4u + lane, rows - 1u), inputs)
    #repeat 4 let c@ = weight_row(min(column + @u, outputs - 1u), inputs);
    #repeat 8 var s@ = vec4<f32>();
    let vectors = (inputs + 3u) / 4u;
    let end = slice_end(slice, vectors);
    for (var k = slice_start(slice, vectors); k < end; k++) {
        #repeat 4 let w@ = weight_vec4(c@, k, inputs);
        #quad x0 = x_vec4(upper?, k, inputs)
        #quad x4 = x_vec4(lower?, k, inputs)
        #repeat 8 s@ += vec4(dot(x@, w0), dot(x@, w1), dot(x@, w2), dot(x@, w3));
    }
    #sum_slices 8 s
    if slice > 0u || 4u * vector >= outputs { return; }
    let relu = sizes[3] == 1u;
    let shift = bias_vec4(0u, vector, outputs);
    #repeat 8 if row + @u < rows { y_store(row + @u, vector, outputs, activate(s@ + shift, relu)); }
}
