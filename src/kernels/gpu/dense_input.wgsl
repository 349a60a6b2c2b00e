// What a fully connected layer passes back to its inputs, dx = dy W: 2 B I O operations, 4 (B O + O I + B I) bytes.
// An invocation makes 8 rows of 4 inputs, four outputs at a time.

#four 0 dy
#four 1 weight
#out 2 dx
@group(0) @binding(3) var<storage, read> sizes: array<u32>; // B, I, O

@compute @workgroup_size(8, 8)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
    let rows = sizes[0];
    let inputs = sizes[1];
    let outputs = sizes[2];
    let row = id.y * 8u;
    let column = id.x * 4u;
    if row >= rows || column >= inputs { return; }

    let r0 = dy_row(row, outputs);
    let r1 = dy_row(min(row + 1u, rows - 1u), outputs);
    let r2 = dy_row(min(row + 2u, rows - 1u), outputs);
    let r3 = dy_row(min(row + 3u, rows - 1u), outputs);
    let r4 = dy_row(min(row + 4u, rows - 1u), outputs);
    let r5 = dy_row(min(row + 5u, rows - 1u), outputs);
    let r6 = dy_row(min(row + 6u, rows - 1u), outputs);
    let r7 = dy_row(min(row + 7u, rows - 1u), outputs);
    var s0 = vec4<f32>();
    var s1 = vec4<f32>();
    var s2 = vec4<f32>();
    var s3 = vec4<f32>();
    var s4 = vec4<f32>();
    var s5 = vec4<f32>();
    var s6 = vec4<f32>();
    var s7 = vec4<f32>();
    let fours = (outputs + 3u) / 4u;
    for (var k = 0u; k < fours; k++) {
        let w0 = weight_four(weight_row(4u * k, inputs), id.x, inputs);
        let w1 = weight_four(weight_row(min(4u * k + 1u, outputs - 1u), inputs), id.x, inputs);
        let w2 = weight_four(weight_row(min(4u * k + 2u, outputs - 1u), inputs), id.x, inputs);
        let w3 = weight_four(weight_row(min(4u * k + 3u, outputs - 1u), inputs), id.x, inputs);
        let d0 = dy_four(r0, k, outputs);
        s0 += d0.x * w0 + d0.y * w1 + d0.z * w2 + d0.w * w3;
        let d1 = dy_four(r1, k, outputs);
        s1 += d1.x * w0 + d1.y * w1 + d1.z * w2 + d1.w * w3;
        let d2 = dy_four(r2, k, outputs);
        s2 += d2.x * w0 + d2.y * w1 + d2.z * w2 + d2.w * w3;
        let d3 = dy_four(r3, k, outputs);
        s3 += d3.x * w0 + d3.y * w1 + d3.z * w2 + d3.w * w3;
        let d4 = dy_four(r4, k, outputs);
        s4 += d4.x * w0 + d4.y * w1 + d4.z * w2 + d4.w * w3;
        let d5 = dy_four(r5, k, outputs);
        s5 += d5.x * w0 + d5.y * w1 + d5.z * w2 + d5.w * w3;
        let d6 = dy_four(r6, k, outputs);
        s6 += d6.x * w0 + d6.y * w1 + d6.z * w2 + d6.w * w3;
        let d7 = dy_four(r7, k, outputs);
        s7 += d7.x * w0 + d7.y * w1 + d7.z * w2 + d7.w * w3;
    }
    let last = rows - 1u - row;
    dx_put(row, id.x, inputs, s0);
    if last >= 1u { dx_put(row + 1u, id.x, inputs, s1); }
    if last >= 2u { dx_put(row + 2u, id.x, inputs, s2); }
    if last >= 3u { dx_put(row + 3u, id.x, inputs, s3); }
    if last >= 4u { dx_put(row + 4u, id.x, inputs, s4); }
    if last >= 5u { dx_put(row + 5u, id.x, inputs, s5); }
    if last >= 6u { dx_put(row + 6u, id.x, inputs, s6); }
    if last >= 7u { dx_put(row + 7u, id.x, inputs, s7); }
}
