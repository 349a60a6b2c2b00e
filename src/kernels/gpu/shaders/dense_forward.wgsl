// A fully connected layer, y = x W^T + b, then ReLU where asked: 2 B I O operations, 4 (B I + O I + O + B O) bytes.
// An invocation makes 8 rows of 4 outputs, four inputs at a time; quads share the rows of x.

#four 0 x
#four 1 weight
#four 2 bias
#out 3 y
@group(0) @binding(4) var<storage, read> sizes: array<u32>; // B, I, O, ReLU

fn opened(sums: vec4<f32>, relu: bool) -> vec4<f32> {
    return select(sums, vec4<f32>(), (sums < vec4<f32>()) & vec4<bool>(relu));
}

@compute @workgroup_size(32)
fn main(
    #lane
    @builtin(workgroup_id) group: vec3<u32>,
    @builtin(local_invocation_index) member: u32,
) {
    let rows = sizes[0];
    let inputs = sizes[1];
    let outputs = sizes[2];
    let row = (group.y * 4u + member / 8u) * 8u;
    let four = group.x * 8u + member % 8u;
    let column = min(4u * four, outputs - 1u);

    #held upper = x_row(min(row + lane, rows - 1u), inputs)
    #held lower = x_row(min(row + 4u + lane, rows - 1u), inputs)
    #each 4 let c@ = weight_row(min(column + @u, outputs - 1u), inputs);
    #each 8 var s@ = vec4<f32>();
    let fours = (inputs + 3u) / 4u;
    for (var k = 0u; k < fours; k++) {
        #each 4 let w@ = weight_four(c@, k, inputs);
        #quad x0 = x_four(upper?, k, inputs)
        #quad x4 = x_four(lower?, k, inputs)
        #each 8 s@ += vec4(dot(x@, w0), dot(x@, w1), dot(x@, w2), dot(x@, w3));
    }
    if 4u * four >= outputs { return; }
    let relu = sizes[3] == 1u;
    let shift = bias_four(0u, four, outputs);
    #each 8 if row + @u < rows { y_put(row + @u, four, outputs, opened(s@ + shift, relu)); }
}
