// The gradients of a fully connected layer's weight and bias, dW = dy^T x and db = sum of dy over the batch: 2 B I O
// operations, 4 (B O + B I + O I + O) bytes.
// An invocation computes 8 rows of 4 weights, four images at a time; quads share the loads of dy. On a GPU with few of them each takes a slice of the images.

#input 0 dy
#input 1 x
#output 2 dweight
@group(0) @binding(3) var<storage, read_write> dbias: array<f32>;
@group(0) @binding(4) var<storage, read> sizes: array<u32>; // B, I, O

/// Four output gradients of an image, zero beyond the last image.
fn gradients(image: u32, vector: u32) -> vec4<f32> {
    let values = dy_vec4(dy_row(min(image, sizes[0] - 1u), sizes[2]), vector, sizes[2]);
    return select(vec4<f32>(), values, image < sizes[0]);
}

#slices 10 32

@compute @workgroup_size(32u * SLICES)
fn main(
    #subgroup_id
    @builtin(workgroup_id) group: vec3<u32>,
    @builtin(local_invocation_index) invocation_of_group: u32,
) {
    let slice = invocation_of_group / 32u;
    let member = invocation_of_group % 32u;
    let images = sizes[0];
    let inputs = sizes[1];
    let outputs = sizes[2];
    let low = (group.y * 4u + member / 8u) * 2u;
    let vector = group.x * 8u + member % 8u;
    let row = 4u * low;
    let last = (outputs - 1u) / 4u;
    let upper = min(low, last);
    let lower = min(low + 1u, last);
    let column = min(vector, (inputs - 1u) / 4u);

    #repeat 10 var s@ = vec4<f32>(); // the last two are sums over the images, for the bias
    let fours = (images + 3u) / 4u;
    let end = 4u * slice_end(slice, fours);
    for (var image = 4u * slice_start(slice, fours); image < end; image += 4u) {
        #quad d0 = gradients(image + lane, upper)
        #quad e0 = gradients(image + lane, lower)
        #repeat 4 let x@ = x_vec4(x_row(min(image + @u, images - 1u), inputs), column, inputs);
        #repeat 4 s0 += d@.x * x@;
        #repeat 4 s1 += d@.y * x@;
        #repeat 4 s2 += d@.z * x@;
        #repeat 4 s3 += d@.w * x@;
        #repeat 4 s4 += e@.x * x@;
        #repeat 4 s5 += e@.y * x@;
        #repeat 4 s6 += e@.z * x@;
        #repeat 4 s7 += e@.w * x@;
        s8 += d0 + d1 + d2 + d3;
        s9 += e0 + e1 + e2 + e3;
    }
    #sum_slices 10 s
    if slice > 0u || 4u * vector >= inputs { return; }
    #repeat 8 if row + @u < outputs { dweight_store(row + @u, vector, inputs, s@); }
    if vector == 0u {
        #repeat 4 if row + @u < outputs { dbias[row + @u] = s8[@]; }
        #repeat 4 if row + 4u + @u < outputs { dbias[row + 4u + @u] = s9[@]; }
    }
}
