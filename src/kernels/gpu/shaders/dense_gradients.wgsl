// The gradients of a fully connected layer: of weight and bias, dW = dy^T x and db = sum of dy over the batch, 2 B I O operations and 4 (B O + B I + I O + O) bytes; of the
// input, dx = dy W, as many operations and 4 (B O + O I + 2 B I) bytes. The first workgroups along y compute dW, the others dx.
// `pair`: two layers of one input, with the sum of both dx.
// An invocation computes a tile of ROWS rows and 4 columns; quads share the loads of dy. On a GPU with few of them each takes a slice of the sum.

#input _ dy
#if pair
#input _ other_dy
#end
#input _ x
#if parameters
#output _ dparameters
#end
#if input
#input _ weight
#if pair
#input _ other_weight
#end
#output _ dx
#end
@group(0) @binding(_) var<storage, read> info: Info;

// Functions get sizes from their callers: a software adapter reads them anew in each iteration of a loop.
struct Info {
    rows: u32,
    inputs: u32,
    outputs: u32,
    bias: u32,  // where in dparameters the bias of a layer begins, in elements
    layer: u32, // and the next layer
    rectified: u32, // 1: x is the output of a ReLU, so that dx is zero where it is
}

#if pair
const LAYERS = 2u;
#else
const LAYERS = 1u;
#end

#tile
#slices tile

/// Four gradients of a row of the layer's output.
fn gradient_vec4(layer: u32, start: u32, k: u32, outputs: u32) -> vec4<f32> {
    #if pair
    if layer == 1u { return other_dy_vec4(start, k, outputs); }
    #end
    return dy_vec4(start, k, outputs);
}

#if parameters
/// The same of an image, zero beyond the last image.
fn image_gradients(layer: u32, image: u32, vector: u32, images: u32, outputs: u32) -> vec4<f32> {
    let values = gradient_vec4(layer, dy_row(min(image, images - 1u), outputs), vector, outputs);
    return select(vec4<f32>(), values, image < images);
}

fn parameter_gradients({{ subgroup_parameter }}layer: u32, group: vec2<u32>, slice: u32, member: u32) {
    let images = info.rows;
    let inputs = info.inputs;
    let outputs = info.outputs;
    let row = group.y * GROUP_ROWS + member / ACROSS * ROWS;
    let vector = group.x * ACROSS + member % ACROSS;
    let column = min(vector, (inputs - 1u) / 4u);
    let last = (outputs - 1u) / 4u;

    #lanes
    #repeat vectors let at@ = min(row / 4u + @u, last);
    #repeat rows var s@ = vec4<f32>();
    let fours = (images + 3u) / 4u;
    let start = 4u * slice_start(slice, fours);
    let end = 4u * slice_end(slice, fours);
    for (var image = start; image < end; image += 4u) {
        #repeat 4 let x@ = x_vec4(x_row(min(image + lane0_@, images - 1u), inputs), column, inputs);
        let x = transpose(mat4x4(x0, x1, x2, x3));
        #each vector
        #quad d@ = image_gradients(layer, image + lane, at@, images, outputs)
        let d@ = transpose(mat4x4(d@_0, d@_1, d@_2, d@_3));
        s@_0 += d@[0] * x;
        s@_1 += d@[1] * x;
        s@_2 += d@[2] * x;
        s@_3 += d@[3] * x;
        #end
    }
    // Of the bias, by the first workgroups alone: a loop, because a software adapter takes every branch.
    #repeat vectors var b@ = vec4<f32>();
    for (var image = select(end, start, group.x == 0u); image < end; image += 4u) {
        #each vector
        #quad d@ = image_gradients(layer, image + lane, at@, images, outputs)
        b@ += d@_0 + d@_1 + d@_2 + d@_3;
        #end
    }
    #sum_slices rows s
    #sum_slices vectors b
    if slice > 0u || 4u * vector >= inputs { return; }
    let first = layer * info.layer;
    #each vector
    store_weight(first, row + 4u * @u, vector, inputs, outputs, s@_0);
    store_weight(first, row + 4u * @u + 1u, vector, inputs, outputs, s@_1);
    store_weight(first, row + 4u * @u + 2u, vector, inputs, outputs, s@_2);
    store_weight(first, row + 4u * @u + 3u, vector, inputs, outputs, s@_3);
    if vector == 0u && row + 4u * @u < outputs { dparameters_store(first + info.bias, row / 4u + @u, outputs, b@); }
    #end
}

fn store_weight(first: u32, row: u32, vector: u32, inputs: u32, outputs: u32, sums: vec4<f32>) {
    if row < outputs { dparameters_store(first + dparameters_row(row, inputs), vector, inputs, sums); }
}
#end

#if input
/// Four outputs at a time.
fn input_gradient({{ subgroup_parameter }}group: vec2<u32>, slice: u32, member: u32) {
    let rows = info.rows;
    let inputs = info.inputs;
    let outputs = info.outputs;
    let row = group.y * GROUP_ROWS + member / ACROSS * ROWS;
    let vector = group.x * ACROSS + member % ACROSS;
    let column = min(vector, (inputs - 1u) / 4u);

    #lanes
    #repeat vectors #per_lane at@ = dy_row(min(row + 4u * @u + lane, rows - 1u), outputs)
    #repeat rows var s@ = vec4<f32>();
    let vectors = (outputs + 3u) / 4u;
    let end = slice_end(slice, vectors);
    for (var layer = 0u; layer < LAYERS; layer++) {
        for (var k = slice_start(slice, vectors); k < end; k++) {
            #repeat 4 let w@ = layer_weight(layer, weight_row(min(4u * k + @u, outputs - 1u), inputs), column, inputs);
            let w = transpose(mat4x4(w0, w1, w2, w3));
            #repeat vectors #quad d@ = gradient_vec4(layer, at@?, k, outputs)
            #repeat rows s@ += d@ * w;
        }
    }
    #sum_slices rows s
    if slice > 0u || 4u * vector >= inputs { return; }
    #repeat rows if row + lane@ < rows { store_input(row + lane@, vector, inputs, s@); }
}

/// Zero where x, the output of a ReLU, is zero: x is read once here, instead of once for each gradient in the layer before.
fn store_input(row: u32, vector: u32, inputs: u32, sums: vec4<f32>) {
    let start = dx_row(row, inputs);
    let rises = x_vec4(start, vector, inputs) > vec4<f32>();
    dx_store(start, vector, inputs, select(vec4<f32>(), sums, rises | vec4<bool>(info.rectified == 0u)));
}

fn layer_weight(layer: u32, start: u32, vector: u32, inputs: u32) -> vec4<f32> {
    #if pair
    if layer == 1u { return other_weight_vec4(start, vector, inputs); }
    #end
    return weight_vec4(start, vector, inputs);
}
#end

@compute @workgroup_size(MEMBERS * SLICES)
fn main(
    #subgroup_id
    @builtin(workgroup_id) group: vec3<u32>,
    @builtin(local_invocation_index) invocation_of_group: u32,
) {
    #slice_and_member invocation_of_group
    #if parameters
    let groups_of_layer = (info.outputs + GROUP_ROWS - 1u) / GROUP_ROWS;
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
