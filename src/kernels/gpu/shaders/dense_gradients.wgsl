// The gradients of a fully connected layer: of weight and bias, dW = dy^T x and db = sum of dy over the batch, 2 B I O operations and 4 (B O + B I + I O + O) bytes; of the
// input, dx = dy W, as many operations and 4 (B O + O I + B I) bytes. The first workgroups along y compute dW, the others dx.
// `masked`: the layer ended in a ReLU, so that dy is zero where its output y is.
// An invocation computes 8 rows of 4 elements; quads share the loads of dy. On a GPU with few of them each takes a slice of the sum.

#input _ dy
#if masked
#input _ y
#end
#if parameters
#input _ x
#output _ dweight
@group(0) @binding(_) var<storage, read_write> dbias: array<f32>;
#end
#if input
#input _ weight
#output _ dx
#end
@group(0) @binding(_) var<storage, read> sizes: array<u32>; // B, I, O

#slices 32

/// Four gradients of a row of the layer's output before its ReLU.
fn gradient_vec4(start: u32, k: u32) -> vec4<f32> {
    let values = dy_vec4(start, k, sizes[2]);
    #if masked
    return select(vec4<f32>(), values, y_vec4(start, k, sizes[2]) > vec4<f32>());
    #else
    return values;
    #end
}

#if parameters
/// The same of an image, zero beyond the last image.
fn image_gradients(image: u32, vector: u32) -> vec4<f32> {
    let values = gradient_vec4(dy_row(min(image, sizes[0] - 1u), sizes[2]), vector);
    return select(vec4<f32>(), values, image < sizes[0]);
}

fn parameter_gradients({{ subgroup_parameter }}group: vec2<u32>, slice: u32, member: u32) {
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
        #quad d0 = image_gradients(image + lane, upper)
        #quad e0 = image_gradients(image + lane, lower)
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
#end

#if input
/// Four outputs at a time.
fn input_gradient({{ subgroup_parameter }}group: vec2<u32>, slice: u32, member: u32) {
    let rows = sizes[0];
    let inputs = sizes[1];
    let outputs = sizes[2];
    let row = (group.y * 4u + member / 8u) * 8u;
    let vector = group.x * 8u + member % 8u;
    let column = min(vector, (inputs - 1u) / 4u);

    #per_lane upper = dy_row(min(row + lane, rows - 1u), outputs)
    #per_lane lower = dy_row(min(row + 4u + lane, rows - 1u), outputs)
    #repeat 8 var s@ = vec4<f32>();
    let vectors = (outputs + 3u) / 4u;
    let end = slice_end(slice, vectors);
    for (var k = slice_start(slice, vectors); k < end; k++) {
        #repeat 4 let w@ = weight_vec4(weight_row(min(4u * k + @u, outputs - 1u), inputs), column, inputs);
        #quad d0 = gradient_vec4(upper?, k)
        #quad d4 = gradient_vec4(lower?, k)
        #repeat 8 s@ += d@.x * w0 + d@.y * w1 + d@.z * w2 + d@.w * w3;
    }
    #sum_slices 8 s
    if slice > 0u || 4u * vector >= inputs { return; }
    #repeat 8 if row + @u < rows { dx_store(row + @u, vector, inputs, s@); }
}
#end

@compute @workgroup_size(32u * SLICES)
fn main(
    #subgroup_id
    @builtin(workgroup_id) group: vec3<u32>,
    @builtin(local_invocation_index) invocation_of_group: u32,
) {
    #slice_and_member invocation_of_group
    #if parameters
    let weight_groups = (sizes[2] + 31u) / 32u;
    if group.y < weight_groups { parameter_gradients({{ subgroup_argument }}group.xy, slice, member); }
    #else
    let weight_groups = 0u;
    #end
    #if input
    if group.y >= weight_groups { input_gradient({{ subgroup_argument }}vec2(group.x, group.y - weight_groups), slice, member); }
    #end
}
