// A fully connected layer, y = x W^T + b, with optional ReLU: 2 B I O operations, 4 (B I + O I + O + B O) bytes.
// `pair`: two layers of one input, the workgroups of the other after those of the first along x.
// An invocation computes 8 rows of 4 outputs, four inputs at a time; quads share the loads of x. On a GPU with few of them each takes a slice of the inputs.

#input _ x
#input _ weight
#input _ bias
#output _ y
#if pair
#input _ other_weight
#input _ other_bias
#output _ other_y
#end
@group(0) @binding(_) var<storage, read> sizes: array<u32>; // B, I, O, 1 with ReLU

fn layer_weight(other: bool, start: u32, k: u32) -> vec4<f32> {
    #if pair
    if other { return other_weight_vec4(start, k, sizes[1]); }
    #end
    return weight_vec4(start, k, sizes[1]);
}

fn store(other: bool, row: u32, vector: u32, sums: vec4<f32>) {
    let start = y_row(row, sizes[2]);
    #if pair
    if other {
        other_y_store(start, vector, sizes[2], sums + other_bias_vec4(0u, vector, sizes[2]));
        return;
    }
    #end
    let values = sums + bias_vec4(0u, vector, sizes[2]);
    y_store(start, vector, sizes[2], select(values, vec4<f32>(), (values < vec4<f32>()) & vec4<bool>(sizes[3] == 1u)));
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
    #if pair
    let groups_of_layer = (outputs + 31u) / 32u;
    let other = group.x >= groups_of_layer;
    let vector = (group.x - select(0u, groups_of_layer, other)) * 8u + member % 8u;
    #else
    const other = false;
    let vector = group.x * 8u + member % 8u;
    #end
    let column = min(4u * vector, outputs - 1u);

    #per_lane upper = x_row(min(row + lane, rows - 1u), inputs)
    #per_lane lower = x_row(min(row + 4u + lane, rows - 1u), inputs)
    #repeat 4 let c@ = weight_row(min(column + @u, outputs - 1u), inputs);
    #repeat 8 var s@ = vec4<f32>();
    let vectors = (inputs + 3u) / 4u;
    let end = slice_end(slice, vectors);
    for (var k = slice_start(slice, vectors); k < end; k++) {
        #repeat 4 let w@ = layer_weight(other, c@, k);
        #quad x0 = x_vec4(upper?, k, inputs)
        #quad x4 = x_vec4(lower?, k, inputs)
        #repeat 8 s@ += vec4(dot(x@, w0), dot(x@, w1), dot(x@, w2), dot(x@, w3));
    }
    #sum_slices 8 s
    if slice > 0u || 4u * vector >= outputs { return; }
    #repeat 8 if row + @u < rows { store(other, row + @u, vector, s@); }
}
