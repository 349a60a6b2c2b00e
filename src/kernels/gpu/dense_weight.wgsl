// The gradients of a fully connected layer's weight and bias, dW = dy^T x and db = sum of dy over the batch: 2 B I O
// operations, 4 (B O + B I + O I + O) bytes. An invocation makes 8 rows of 8 weights, an image at a time.

#four 0 dy
#four 1 x
#out 2 dweight
@group(0) @binding(3) var<storage, read_write> dbias: array<f32>;
@group(0) @binding(4) var<storage, read> sizes: array<u32>; // B, I, O

@compute @workgroup_size(8, 8)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
    let images = sizes[0];
    let inputs = sizes[1];
    let outputs = sizes[2];
    let row = id.y * 8u;
    let column = id.x * 8u;
    if row >= outputs || column >= inputs { return; }

    let low = id.y * 2u;
    let high = min(low + 1u, (outputs - 1u) / 4u);
    let left = id.x * 2u;
    let right = min(left + 1u, (inputs - 1u) / 4u);
    var l0 = vec4<f32>();
    var r0 = vec4<f32>();
    var l1 = vec4<f32>();
    var r1 = vec4<f32>();
    var l2 = vec4<f32>();
    var r2 = vec4<f32>();
    var l3 = vec4<f32>();
    var r3 = vec4<f32>();
    var l4 = vec4<f32>();
    var r4 = vec4<f32>();
    var l5 = vec4<f32>();
    var r5 = vec4<f32>();
    var l6 = vec4<f32>();
    var r6 = vec4<f32>();
    var l7 = vec4<f32>();
    var r7 = vec4<f32>();
    var low_bias = vec4<f32>();
    var high_bias = vec4<f32>();
    for (var image = 0u; image < images; image++) {
        let d = dy_four(dy_row(image, outputs), low, outputs);
        let e = dy_four(dy_row(image, outputs), high, outputs);
        let a = x_four(x_row(image, inputs), left, inputs);
        let b = x_four(x_row(image, inputs), right, inputs);
        l0 += d.x * a;
        r0 += d.x * b;
        l1 += d.y * a;
        r1 += d.y * b;
        l2 += d.z * a;
        r2 += d.z * b;
        l3 += d.w * a;
        r3 += d.w * b;
        l4 += e.x * a;
        r4 += e.x * b;
        l5 += e.y * a;
        r5 += e.y * b;
        l6 += e.z * a;
        r6 += e.z * b;
        l7 += e.w * a;
        r7 += e.w * b;
        low_bias += d;
        high_bias += e;
    }
    let last = outputs - 1u - row;
    dweight_put(row, left, inputs, l0);
    if last >= 1u { dweight_put(row + 1u, left, inputs, l1); }
    if last >= 2u { dweight_put(row + 2u, left, inputs, l2); }
    if last >= 3u { dweight_put(row + 3u, left, inputs, l3); }
    if last >= 4u { dweight_put(row + 4u, left, inputs, l4); }
    if last >= 5u { dweight_put(row + 5u, left, inputs, l5); }
    if last >= 6u { dweight_put(row + 6u, left, inputs, l6); }
    if last >= 7u { dweight_put(row + 7u, left, inputs, l7); }
    if right > left {
        dweight_put(row, right, inputs, r0);
        if last >= 1u { dweight_put(row + 1u, right, inputs, r1); }
        if last >= 2u { dweight_put(row + 2u, right, inputs, r2); }
        if last >= 3u { dweight_put(row + 3u, right, inputs, r3); }
        if last >= 4u { dweight_put(row + 4u, right, inputs, r4); }
        if last >= 5u { dweight_put(row + 5u, right, inputs, r5); }
        if last >= 6u { dweight_put(row + 6u, right, inputs, r6); }
        if last >= 7u { dweight_put(row + 7u, right, inputs, r7); }
    }
    if column == 0u {
        for (var j = 0u; j < 4u && row + j < outputs; j++) { dbias[row + j] = low_bias[j]; }
        for (var j = 4u; j < 8u && row + j < outputs; j++) { dbias[row + j] = high_bias[j - 4u]; }
    }
}
