// A fully connected layer, y = x W^T + b, then ReLU where asked: 2 B I O operations, 4 (B I + O I + O + B O) bytes.
// An invocation makes 8 rows of 4 outputs, four inputs at a time.

#four 0 x
#four 1 weight
@group(0) @binding(2) var<storage, read> bias: array<f32>;
@group(0) @binding(3) var<storage, read_write> y: array<f32>;
@group(0) @binding(4) var<storage, read> sizes: array<u32>; // B, I, O, ReLU

fn put(row: u32, column: u32, sums: vec4<f32>) {
    let outputs = sizes[2];
    if row >= sizes[0] { return; }
    for (var j = 0u; j < 4u && column + j < outputs; j++) {
        let value = sums[j] + bias[column + j];
        y[row * outputs + column + j] = select(value, 0.0, sizes[3] == 1u && value < 0.0);
    }
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
    var s0 = vec4<f32>();
    var s1 = vec4<f32>();
    var s2 = vec4<f32>();
    var s3 = vec4<f32>();
    var s4 = vec4<f32>();
    var s5 = vec4<f32>();
    var s6 = vec4<f32>();
    var s7 = vec4<f32>();
    let fours = (inputs + 3u) / 4u;
    for (var k = 0u; k < fours; k++) {
        let w0 = weight_four(c0, k, inputs);
        let w1 = weight_four(c1, k, inputs);
        let w2 = weight_four(c2, k, inputs);
        let w3 = weight_four(c3, k, inputs);
        let x0 = x_four(r0, k, inputs);
        s0 += vec4(dot(x0, w0), dot(x0, w1), dot(x0, w2), dot(x0, w3));
        let x1 = x_four(r1, k, inputs);
        s1 += vec4(dot(x1, w0), dot(x1, w1), dot(x1, w2), dot(x1, w3));
        let x2 = x_four(r2, k, inputs);
        s2 += vec4(dot(x2, w0), dot(x2, w1), dot(x2, w2), dot(x2, w3));
        let x3 = x_four(r3, k, inputs);
        s3 += vec4(dot(x3, w0), dot(x3, w1), dot(x3, w2), dot(x3, w3));
        let x4 = x_four(r4, k, inputs);
        s4 += vec4(dot(x4, w0), dot(x4, w1), dot(x4, w2), dot(x4, w3));
        let x5 = x_four(r5, k, inputs);
        s5 += vec4(dot(x5, w0), dot(x5, w1), dot(x5, w2), dot(x5, w3));
        let x6 = x_four(r6, k, inputs);
        s6 += vec4(dot(x6, w0), dot(x6, w1), dot(x6, w2), dot(x6, w3));
        let x7 = x_four(r7, k, inputs);
        s7 += vec4(dot(x7, w0), dot(x7, w1), dot(x7, w2), dot(x7, w3));
    }
    put(row, column, s0);
    put(row + 1u, column, s1);
    put(row + 2u, column, s2);
    put(row + 3u, column, s3);
    put(row + 4u, column, s4);
    put(row + 5u, column, s5);
    put(row + 6u, column, s6);
    put(row + 7u, column, s7);
}
