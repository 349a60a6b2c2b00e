// What a fully connected layer passes back to its inputs, dx = dy W: 2 B I O operations, 4 (B O + O I + B I) bytes.
// An invocation makes 8 rows of 4 inputs, four outputs at a time; quads share the rows of dy.

#four 0 dy
#four 1 weight
#out 2 dx
@group(0) @binding(3) var<storage, read> sizes: array<u32>; // B, I, O

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
    let column = min(four, (inputs - 1u) / 4u);

    #held upper = dy_row(min(row + lane, rows - 1u), outputs)
    #held lower = dy_row(min(row + 4u + lane, rows - 1u), outputs)
    #each 8 var s@ = vec4<f32>();
    let fours = (outputs + 3u) / 4u;
    for (var k = 0u; k < fours; k++) {
        #each 4 let w@ = weight_four(weight_row(min(4u * k + @u, outputs - 1u), inputs), column, inputs);
        #quad d0 = dy_four(upper?, k, outputs)
        #quad d4 = dy_four(lower?, k, outputs)
        #each 8 s@ += d@.x * w0 + d@.y * w1 + d@.z * w2 + d@.w * w3;
    }
    if 4u * four >= inputs { return; }
    #each 8 if row + @u < rows { dx_put(row + @u, four, inputs, s@); }
}
