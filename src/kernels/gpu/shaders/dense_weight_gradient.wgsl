// The gradients of a fully connected layer's weight and bias, dW = dy^T x and db = sum of dy over the batch: 2 B I O
// operations, 4 (B O + B I + O I + O) bytes. An invocation makes 8 rows of 4 weights, four images at a time; quads share dy.

#four 0 dy
#four 1 x
#out 2 dweight
@group(0) @binding(3) var<storage, read_write> dbias: array<f32>;
@group(0) @binding(4) var<storage, read> sizes: array<u32>; // B, I, O

/// Four of the gradients of an image, zeros beyond the last image.
fn slopes(image: u32, four: u32) -> vec4<f32> {
    let values = dy_four(dy_row(min(image, sizes[0] - 1u), sizes[2]), four, sizes[2]);
    return select(vec4<f32>(), values, image < sizes[0]);
}

@compute @workgroup_size(32)
fn main(
    #lane
    @builtin(workgroup_id) group: vec3<u32>,
    @builtin(local_invocation_index) member: u32,
) {
    let images = sizes[0];
    let inputs = sizes[1];
    let outputs = sizes[2];
    let low = (group.y * 4u + member / 8u) * 2u;
    let four = group.x * 8u + member % 8u;
    let row = 4u * low;
    let last = (outputs - 1u) / 4u;
    let upper = min(low, last);
    let lower = min(low + 1u, last);
    let column = min(four, (inputs - 1u) / 4u);

    #each 8 var s@ = vec4<f32>();
    var upper_bias = vec4<f32>();
    var lower_bias = vec4<f32>();
    for (var image = 0u; image < images; image += 4u) {
        #quad d0 = slopes(image + lane, upper)
        #quad e0 = slopes(image + lane, lower)
        #each 4 let x@ = x_four(x_row(min(image + @u, images - 1u), inputs), column, inputs);
        #each 4 s0 += d@.x * x@;
        #each 4 s1 += d@.y * x@;
        #each 4 s2 += d@.z * x@;
        #each 4 s3 += d@.w * x@;
        #each 4 s4 += e@.x * x@;
        #each 4 s5 += e@.y * x@;
        #each 4 s6 += e@.z * x@;
        #each 4 s7 += e@.w * x@;
        upper_bias += d0 + d1 + d2 + d3;
        lower_bias += e0 + e1 + e2 + e3;
    }
    if 4u * four >= inputs { return; }
    #each 8 if row + @u < outputs { dweight_put(row + @u, four, inputs, s@); }
    if four == 0u {
        #each 4 if row + @u < outputs { dbias[row + @u] = upper_bias[@]; }
        #each 4 if row + 4u + @u < outputs { dbias[row + 4u + @u] = lower_bias[@]; }
    }
}
