// The gradients of a fully connected layer's weight and bias, dW = dy^T x and db = sum of dy over the batch: 2 B I O
// operations, 4 (B O + B I + O I + O) bytes. An invocation makes 8 rows of 8 weights, four images a turn of its loop, because a
// software adapter copies all sums at each.

#four 0 dy
#four 1 x
@group(0) @binding(2) var<storage, read_write> dweight: array<f32>;
@group(0) @binding(3) var<storage, read_write> dbias: array<f32>;
@group(0) @binding(4) var<storage, read> sizes: array<u32>; // B, I, O

fn put(row: u32, column: u32, sums: vec4<f32>) {
    let inputs = sizes[1];
    if row >= sizes[2] { return; }
    for (var j = 0u; j < 4u && column + j < inputs; j++) { dweight[row * inputs + column + j] = sums[j]; }
}

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
    var d = vec4<f32>();
    var e = vec4<f32>();
    var a = vec4<f32>();
    var b = vec4<f32>();
    for (var image = 0u; image < images; image += 4u) {
        d = dy_four(dy_row(image, outputs), low, outputs);
        e = dy_four(dy_row(image, outputs), high, outputs);
        a = x_four(x_row(image, inputs), left, inputs);
        b = x_four(x_row(image, inputs), right, inputs);
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
        let there1 = image + 1u < images;
        let image1 = min(image + 1u, images - 1u);
        d = select(vec4<f32>(), dy_four(dy_row(image1, outputs), low, outputs), there1);
        e = select(vec4<f32>(), dy_four(dy_row(image1, outputs), high, outputs), there1);
        a = x_four(x_row(image1, inputs), left, inputs);
        b = x_four(x_row(image1, inputs), right, inputs);
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
        let there2 = image + 2u < images;
        let image2 = min(image + 2u, images - 1u);
        d = select(vec4<f32>(), dy_four(dy_row(image2, outputs), low, outputs), there2);
        e = select(vec4<f32>(), dy_four(dy_row(image2, outputs), high, outputs), there2);
        a = x_four(x_row(image2, inputs), left, inputs);
        b = x_four(x_row(image2, inputs), right, inputs);
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
        let there3 = image + 3u < images;
        let image3 = min(image + 3u, images - 1u);
        d = select(vec4<f32>(), dy_four(dy_row(image3, outputs), low, outputs), there3);
        e = select(vec4<f32>(), dy_four(dy_row(image3, outputs), high, outputs), there3);
        a = x_four(x_row(image3, inputs), left, inputs);
        b = x_four(x_row(image3, inputs), right, inputs);
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
    put(row, column, l0);
    put(row, column + 4u, r0);
    put(row + 1u, column, l1);
    put(row + 1u, column + 4u, r1);
    put(row + 2u, column, l2);
    put(row + 2u, column + 4u, r2);
    put(row + 3u, column, l3);
    put(row + 3u, column + 4u, r3);
    put(row + 4u, column, l4);
    put(row + 4u, column + 4u, r4);
    put(row + 5u, column, l5);
    put(row + 5u, column + 4u, r5);
    put(row + 6u, column, l6);
    put(row + 6u, column + 4u, r6);
    put(row + 7u, column, l7);
    put(row + 7u, column + 4u, r7);
    if column == 0u {
        for (var j = 0u; j < 4u && row + j < outputs; j++) { dbias[row + j] = low_bias[j]; }
        for (var j = 4u; j < 8u && row + j < outputs; j++) { dbias[row + j] = high_bias[j - 4u]; }
    }
}
