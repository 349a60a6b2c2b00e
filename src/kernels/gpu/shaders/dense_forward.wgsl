// A fully connected layer, y = x W^T + b, with optional ReLU: 2 B I O operations, 4 (B I + O I + O + B O) bytes.
// `pair`: two layers of one input, the workgroups of the other after those of the first along x.
// An invocation computes a tile of ROWS rows and 4 outputs, four inputs at a time; quads share the loads of x. On a GPU with few of them each takes a slice of the
// inputs.

#input _ x
#input _ weight
#input _ bias
#output _ y
#if pair
#input _ other_weight
#input _ other_bias
#output _ other_y
#end
@group(0) @binding(_) var<storage, read> info: Info;

struct Info {
    rows: u32,
    inputs: u32,
    outputs: u32,
    relu: u32, // 1: there is one
}

fn layer_weight(other: bool, start: u32, k: u32, inputs: u32) -> vec4<f32> {
    #if pair
    if other { return other_weight_vec4(start, k, inputs); }
    #end
    return weight_vec4(start, k, inputs);
}

fn store(other: bool, row: u32, vector: u32, outputs: u32, sums: vec4<f32>) {
    let start = y_row(row, outputs);
    #if pair
    if other {
        other_y_store(start, vector, outputs, sums);
        return;
    }
    #end
    y_store(start, vector, outputs, select(sums, vec4<f32>(), (sums < vec4<f32>()) & vec4<bool>(info.relu == 1u)));
}

fn layer_bias(other: bool, vector: u32, outputs: u32) -> vec4<f32> {
    #if pair
    if other { return other_bias_vec4(0u, vector, outputs); }
    #end
    return bias_vec4(0u, vector, outputs);
}

#tile
#slices tile

@compute @workgroup_size(MEMBERS * SLICES)
fn main(
    #subgroup_id
    @builtin(workgroup_id) group: vec3<u32>,
    @builtin(local_invocation_index) invocation_of_group: u32,
) {
    #slice_and_member invocation_of_group
    let rows = info.rows;
    let inputs = info.inputs;
    let outputs = info.outputs;
    let row = group.y * GROUP_ROWS + member / ACROSS * ROWS;
    #if pair
    let groups_of_layer = (outputs + 4u * ACROSS - 1u) / (4u * ACROSS);
    let other = group.x >= groups_of_layer;
    let vector = (group.x - select(0u, groups_of_layer, other)) * ACROSS + member % ACROSS;
    #else
    const other = false;
    let vector = group.x * ACROSS + member % ACROSS;
    #end
    let column = min(4u * vector, outputs - 1u);

    #lanes
    #repeat vectors #per_lane at@ = x_row(min(row + 4u * @u + lane, rows - 1u), inputs)
    #repeat 4 let c@ = weight_row(min(column + @u, outputs - 1u), inputs);
    #repeat rows var s@ = vec4<f32>();
    let vectors = (inputs + 3u) / 4u;
    let end = slice_end(slice, vectors);
    for (var k = slice_start(slice, vectors); k < end; k++) {
        #repeat 4 let w@ = layer_weight(other, c@, k, inputs);
        let w = mat4x4(w0, w1, w2, w3);
        #repeat vectors #quad x@ = x_vec4(at@?, k, inputs)
        #repeat rows s@ += x@ * w;
    }
    #sum_slices rows s
    if slice > 0u || 4u * vector >= outputs { return; }
    let bias_vector = layer_bias(other, vector, outputs);
    #repeat rows if row + lane@ < rows { store(other, row + lane@, vector, outputs, s@ + bias_vector); }
}
