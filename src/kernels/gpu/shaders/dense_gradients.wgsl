// The gradients of a fully connected layer: of weight and bias, dW = dy^T x and db = sum of dy over the batch, 2 B I O operations and 4 (B O + B I + I O + O) bytes; of the
// input, dx = dy W, as many operations and 4 (B O + O I + B I) bytes. The first workgroups along y compute dW, the others dx.
// `masked`: the layer ended in a ReLU, so that dy is zero where its output y is. `pair`: two layers of one input, with the sum of both dx.
// An invocation computes 8 rows of 4 elements; quads share the loads of dy. On a GPU with few of them each takes a slice of the sum.

#input _ dy
#if pair
#input _ other_dy
#end
#if masked
#input _ y
#end
#if parameters
#input _ x
#output _ dparameters
#end
#if input
#input _ weight
#if pair
#input _ other_weight
#end
#output _ dx
#end
@group(0) @binding(_) var<storage, read> sizes: array<u32>; // B, I, O, where in dparameters the bias of a layer begins, and the next layer

#if pair
const LAYERS = 2u;
#else
const LAYERS = 1u;
#end

#slices 32

/// Four gradients of a row of the layer's output before its ReLU.
fn gradient_vec4(layer: u32, start: u32, k: u32) -> vec4<f32> {
    #if pair
    if layer == 1u { return other_dy_vec4(start, k, sizes[2]); }
    #end
    let values = dy_vec4(start, k, sizes[2]);
    #if masked
    return select(vec4<f32>(), values, y_vec4(start, k, sizes[2]) > vec4<f32>());
    #else
    return values;
    #end
}

#if parameters
/// The same of an image, zero beyond the last image.
fn image_gradients(layer: u32, image: u32, vector: u32) -> vec4<f32> {
    let values = gradient_vec4(layer, dy_row(min(image, sizes[0] - 1u), sizes[2]), vector);
    return select(vec4<f32>(), values, image < sizes[0]);
}

fn parameter_gradients({{ subgroup_parameter }}layer: u32, group: vec2<u32>, slice: u32, member: u32) {
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
        #quad d0 = image_gradients(layer, image + lane, upper)
        #quad e0 = image_gradients(layer, image + lane, lower)
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
    let first = layer * sizes[4];
    #repeat 8 if row + @u < outputs { dparameters_store(first + dparameters_row(row + @u, inputs), vector, inputs, s@); }
    if vector == 0u {
        if row < outputs { dparameters_store(first + sizes[3], low, outputs, s8); }
        if row + 4u < outputs { dparameters_store(first + sizes[3], low + 1u, outputs, s9); }
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
    for (var layer = 0u; layer < LAYERS; layer++) {
        for (var k = slice_start(slice, vectors); k < end; k++) {
            #repeat 4 let w@ = layer_weight(layer, weight_row(min(4u * k + @u, outputs - 1u), inputs), column);
            #quad d0 = gradient_vec4(layer, upper?, k)
            #quad d4 = gradient_vec4(layer, lower?, k)
            #repeat 8 s@ += d@.x * w0 + d@.y * w1 + d@.z * w2 + d@.w * w3;
        }
    }
    #sum_slices 8 s
    if slice > 0u || 4u * vector >= inputs { return; }
    #repeat 8 if row + @u < rows { dx_store(dx_row(row + @u, inputs), vector, inputs, s@); }
}

fn layer_weight(layer: u32, start: u32, k: u32) -> vec4<f32> {
    #if pair
    if layer == 1u { return other_weight_vec4(start, k, sizes[1]); }
    #end
    return weight_vec4(start, k, sizes[1]);
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
    let groups_of_layer = (sizes[2] + 31u) / 32u;
    let weight_groups = LAYERS * groups_of_layer;
    if group.y < weight_groups {
        let layer = group.y / groups_of_layer;
        let rows = vec2(group.x, group.y - layer * groups_of_layer);
        parameter_gradients({{ subgroup_argument }}layer, rows, slice, member);
    }
    #else
    let weight_groups = 0u;
    #end
    #if input
    if group.y >= weight_groups { input_gradient({{ subgroup_argument }}vec2(group.x, group.y - weight_groups), slice, member); }
    #end
}
