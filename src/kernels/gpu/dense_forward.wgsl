// A fully connected layer, y = x W^T + b, then ReLU where asked: 2 B I O operations, 4 (B I + O I + O + B O) bytes.
// An invocation makes 8 rows of 4 outputs, four inputs at a time.

#four 0 x
#four 1 weight
#four 2 bias
#out 3 y
@group(0) @binding(4) var<storage, read> sizes: array<u32>; // B, I, O, ReLU

fn opened(sums: vec4<f32>, relu: bool) -> vec4<f32> {
    return select(sums, vec4<f32>(), (sums < vec4<f32>()) & vec4<bool>(relu));
}

@compute @workgroup_size(8, 8)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
    let rows = sizes[0];
    let inputs = sizes[1];
    let outputs = sizes[2];
    let row = id.y * 8u;
    let column = id.x * 4u;
    if row >= rows || column >= outputs { return; }

    let r0 = x_row(row, inputs);
    let r1 = x_row(min(row + 1u, rows - 1u), inputs);
    let r2 = x_row(min(row + 2u, rows - 1u), inputs);
    let r3 = x_row(min(row + 3u, rows - 1u), inputs);
    let r4 = x_row(min(row + 4u, rows - 1u), inputs);
    let r5 = x_row(min(row + 5u, rows - 1u), inputs);
    let r6 = x_row(min(row + 6u, rows - 1u), inputs);
    let r7 = x_row(min(row + 7u, rows - 1u), inputs);
    let c0 = weight_row(column, inputs);
    let c1 = weight_row(min(column + 1u, outputs - 1u), inputs);
    let c2 = weight_row(min(column + 2u, outputs - 1u), inputs);
    let c3 = weight_row(min(column + 3u, outputs - 1u), inputs);
    var s0x = 0.0;
    var s0y = 0.0;
    var s0z = 0.0;
    var s0w = 0.0;
    var s1x = 0.0;
    var s1y = 0.0;
    var s1z = 0.0;
    var s1w = 0.0;
    var s2x = 0.0;
    var s2y = 0.0;
    var s2z = 0.0;
    var s2w = 0.0;
    var s3x = 0.0;
    var s3y = 0.0;
    var s3z = 0.0;
    var s3w = 0.0;
    var s4x = 0.0;
    var s4y = 0.0;
    var s4z = 0.0;
    var s4w = 0.0;
    var s5x = 0.0;
    var s5y = 0.0;
    var s5z = 0.0;
    var s5w = 0.0;
    var s6x = 0.0;
    var s6y = 0.0;
    var s6z = 0.0;
    var s6w = 0.0;
    var s7x = 0.0;
    var s7y = 0.0;
    var s7z = 0.0;
    var s7w = 0.0;
    let fours = (inputs + 3u) / 4u;
    for (var k = 0u; k < fours; k++) {
        let w0 = weight_four(c0, k, inputs);
        let w1 = weight_four(c1, k, inputs);
        let w2 = weight_four(c2, k, inputs);
        let w3 = weight_four(c3, k, inputs);
        let x0 = x_four(r0, k, inputs);
        s0x += dot(x0, w0);
        s0y += dot(x0, w1);
        s0z += dot(x0, w2);
        s0w += dot(x0, w3);
        let x1 = x_four(r1, k, inputs);
        s1x += dot(x1, w0);
        s1y += dot(x1, w1);
        s1z += dot(x1, w2);
        s1w += dot(x1, w3);
        let x2 = x_four(r2, k, inputs);
        s2x += dot(x2, w0);
        s2y += dot(x2, w1);
        s2z += dot(x2, w2);
        s2w += dot(x2, w3);
        let x3 = x_four(r3, k, inputs);
        s3x += dot(x3, w0);
        s3y += dot(x3, w1);
        s3z += dot(x3, w2);
        s3w += dot(x3, w3);
        let x4 = x_four(r4, k, inputs);
        s4x += dot(x4, w0);
        s4y += dot(x4, w1);
        s4z += dot(x4, w2);
        s4w += dot(x4, w3);
        let x5 = x_four(r5, k, inputs);
        s5x += dot(x5, w0);
        s5y += dot(x5, w1);
        s5z += dot(x5, w2);
        s5w += dot(x5, w3);
        let x6 = x_four(r6, k, inputs);
        s6x += dot(x6, w0);
        s6y += dot(x6, w1);
        s6z += dot(x6, w2);
        s6w += dot(x6, w3);
        let x7 = x_four(r7, k, inputs);
        s7x += dot(x7, w0);
        s7y += dot(x7, w1);
        s7z += dot(x7, w2);
        s7w += dot(x7, w3);
    }
    let relu = sizes[3] == 1u;
    let last = rows - 1u - row;
    let shift = bias_four(0u, id.x, outputs);
    y_put(row, id.x, outputs, opened(vec4(s0x, s0y, s0z, s0w) + shift, relu));
    if last >= 1u { y_put(row + 1u, id.x, outputs, opened(vec4(s1x, s1y, s1z, s1w) + shift, relu)); }
    if last >= 2u { y_put(row + 2u, id.x, outputs, opened(vec4(s2x, s2y, s2z, s2w) + shift, relu)); }
    if last >= 3u { y_put(row + 3u, id.x, outputs, opened(vec4(s3x, s3y, s3z, s3w) + shift, relu)); }
    if last >= 4u { y_put(row + 4u, id.x, outputs, opened(vec4(s4x, s4y, s4z, s4w) + shift, relu)); }
    if last >= 5u { y_put(row + 5u, id.x, outputs, opened(vec4(s5x, s5y, s5z, s5w) + shift, relu)); }
    if last >= 6u { y_put(row + 6u, id.x, outputs, opened(vec4(s6x, s6y, s6z, s6w) + shift, relu)); }
    if last >= 7u { y_put(row + 7u, id.x, outputs, opened(vec4(s7x, s7y, s7z, s7w) + shift, relu)); }
}
